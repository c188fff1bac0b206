"""A damaged GeoPackage read record by record, and the records that are lost (GeoPackage 恢复).

SQLite keeps a table as pages, and reading it from end to end ends at the first bad one, here
without a word. So each record is asked for by its number (fiona), the numbers come from the
spatial index, and the count from what the file says of itself.
"""

import sqlite3
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fiona
import numpy as np
import shapely
from fiona.errors import FionaError
from pyproj import CRS
from pyproj.exceptions import CRSError

from pipeline.errors import Finding, Refused
from pipeline.io.delivery import Source, frame_of
from pipeline.io.recovery import beyond_recovery, recovered, somewhere_in
from pipeline.io.settings import LayerSettings
from pipeline.io.sqlite_file import read_only

# The spatial index keeps boxes in single precision, rounded outwards.
_SAME_BOX = 1.0
_UNREADABLE = (FionaError, KeyError, ValueError, TypeError, RuntimeError, UnicodeError)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class _Declared:
    """What the file says of a layer: how many records, and the box of each that has a shape."""

    layer: str
    records: int
    boxes: dict[int, Box]

    @property
    def numbers(self) -> list[int]:
        """The numbers that a record may have: those indexed, and the first ones."""
        return sorted({*self.boxes, *range(1, self.records + 1)})


@dataclass(frozen=True)
class _Record:
    """One record that was asked for: its attributes and shape, or what of it is lost."""

    number: int
    values: dict[str, Any]
    shape: Any
    lost: str = ""


def recover_geopackage(
    path: Path, section: LayerSettings, reasons: list[Finding], *, label: str
) -> Source:
    """Read what can be read of a damaged GeoPackage; ``reasons`` say what is wrong with it.

    Raises ``Refused`` where the file no longer says how many records it should hold.
    """
    try:
        declared = _declared(path, section.layer)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            crs, records = _read(path, declared)
    except (sqlite3.Error, *_UNREADABLE):
        raise Refused(beyond_recovery(reasons)) from None
    places = [f"{path.name} {declared.layer} 第 {one.number} 条" for one in records]
    missing = declared.records - len(records)
    places += [
        f"{path.name} {declared.layer} 下落不明的第 {one + 1} 条" for one in range(missing)
    ]
    lost = {row: one.lost for row, one in enumerate(records) if one.lost}
    lost |= dict.fromkeys(range(len(records), len(places)), "图形和属性")
    names = list(dict.fromkeys(name for one in records for name in one.values))
    columns = {
        name: [one.values.get(name) for one in records] + [None] * missing for name in names
    }
    shapes = np.empty(len(places), dtype=object)
    shapes[: len(records)] = [one.shape for one in records]
    told = recovered(reasons, path.name, len(places), len(lost), label)
    return Source(
        frame_of(columns, len(places)), shapely.force_2d(shapes), crs, places, [told], lost
    )


def _declared(path: Path, wanted: str | None) -> _Declared:
    """Return what the file says of the layer; raises ``sqlite3.Error`` where it cannot say it."""
    with read_only(path) as base:
        layers = base.execute("SELECT table_name, column_name FROM gpkg_geometry_columns")
        columns = dict(layers.fetchall())
        name = wanted or (next(iter(columns)) if len(columns) == 1 else "")
        query = "SELECT feature_count FROM gpkg_ogr_contents WHERE table_name = ?"
        (count,) = base.execute(query, [name]).fetchone() or (None,)
        if name not in columns or count is None:
            raise sqlite3.DatabaseError
        index = f"rtree_{name}_{columns[name]}".replace('"', '""')
        try:
            rows = base.execute(f'SELECT id, minx, miny, maxx, maxy FROM "{index}"').fetchall()  # noqa: S608
        except sqlite3.Error:
            rows = []
        return _Declared(name, int(count), {row[0]: row[1:] for row in rows})


def _read(path: Path, declared: _Declared) -> tuple[CRS | None, list[_Record]]:
    with fiona.open(str(path), driver="GPKG", layer=declared.layer) as file:
        crs = _crs(file.crs_wkt)
        records = list(_records(file, declared))
    return crs, records


def _records(file: Any, declared: _Declared) -> Iterator[_Record]:
    """Ask for every record by its number; one that is indexed and does not come is lost."""
    for number in declared.numbers:
        box = declared.boxes.get(number)
        try:
            found = file.get(number)
            values = (
                {} if found is None else {k: _plain(v) for k, v in found.properties.items()}
            )
            drawn = None if found is None or found.geometry is None else found.geometry
            shape = None if drawn is None else shapely.geometry.shape(drawn)
        except (*_UNREADABLE, shapely.GEOSException):
            found, values, shape = None, {}, None
        if found is None:
            if box is not None:
                yield _Record(number, {}, somewhere_in(box), "图形和属性")
        elif box is not None and not _fits(shape, box):
            yield _Record(number, values, somewhere_in(box), "图形")
        else:
            yield _Record(number, values, shape)


def _fits(shape: Any, box: Box) -> bool:
    """Whether a shape lies where the index says."""
    return shape is not None and bool(
        np.abs(np.array(shapely.bounds(shape)) - np.array(box)).max() < _SAME_BOX
    )


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.rstrip("\0 ") or None
    return None if isinstance(value, bytes) else value


def _crs(text: str) -> CRS | None:
    try:
        crs = CRS.from_user_input(text) if text else None
    except CRSError:
        return None
    return None if crs is None or crs.name.lower().startswith("undefined") else crs
