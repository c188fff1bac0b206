"""Working copies of a review as people left them: a workbook or a layer (复核工作副本)."""

import shutil
import sqlite3
import tempfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyogrio
import shapely
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from pipeline.errors import Refused, refusal
from pipeline.io.arrow import plain_columns
from pipeline.io.grid import Cell, Grid, UnreadableLedger
from pipeline.io.ledger_header import find_header
from pipeline.io.sniff import Format, sniff
from pipeline.io.sqlite_file import read_only
from pipeline.io.xlsx_grid import read_xlsx_grids

_NOT_OURS = "交回由 make review 写出的 .xlsx 或 .gpkg"
_FEWEST = 5  # columns of a review that a sheet has at least; the notes name one or two
_FORMULA = Cell("是公式,打开一次可能变一次")


@dataclass(frozen=True)
class Row:
    """A row as it was left (一行): where it stands, its cells, its shape in a layer.

    Values are str, number, date, None for a blank, ``Cell`` for one that cannot be used.
    """

    place: str
    values: Mapping[str, object]
    shape: BaseGeometry | None = None
    has_shape: bool = False  # whether it comes from a layer, where a shape belongs to it


def read_copy(
    path: Path, labels: Mapping[str, str], *, needed: Collection[str], layer: str
) -> list[Row]:
    """Return the rows of a working copy, columns by their name or by their Chinese label.

    Sorted, moved and hidden columns and rows are read like any other; of the columns (name →
    label) those ``needed`` must be there. Raises ``Refused`` where the file is none of ours.
    """
    kind = sniff(path)
    if kind is Format.XLSX:
        return _of_workbook(path, labels, needed)
    if kind is Format.GEOPACKAGE:
        rows = _of_layer(path, layer)
        _refuse_missing(path, labels, needed, rows[0].values if rows else needed)
        return rows
    raise _refused(path, f"不是复核表(格式是{kind})")


def _refuse_missing(
    path: Path, labels: Mapping[str, str], needed: Collection[str], there: Collection[str]
) -> None:
    missing = [f"{name}({labels[name]})" for name in needed if name not in there]
    if missing:
        raise _refused(path, f"缺少列 {'、'.join(missing)}")


def _refuse_twice(path: Path, labels: Mapping[str, str], names: Sequence[str]) -> None:
    twice = [label for name, label in labels.items() if names.count(name) > 1]
    if twice:
        raise _refused(path, f"的表头里有几列都叫 {'、'.join(twice)}")


def _refused(path: Path, what: str) -> Refused:
    reason = refusal("review", path.name, "not-a-review", f"{path.name} {what}", _NOT_OURS)
    return Refused([reason])


def _of_workbook(path: Path, labels: Mapping[str, str], needed: Collection[str]) -> list[Row]:
    """Return the rows of every sheet that is a review: people copy sheets and go on in both."""
    try:
        grids = read_xlsx_grids(path)
    except UnreadableLedger as unreadable:
        raise _refused(path, f"读不了:{unreadable}") from None
    by_label = {label: name for name, label in labels.items()}
    rows: list[Row] = []
    found = 0
    for grid in grids:
        header = find_header([grid], {*labels, *labels.values()})
        if header is None or header.found < _FEWEST:
            continue
        names = {place: by_label.get(name, name) for place, name in header.names.items()}
        _refuse_missing(path, labels, needed, set(names.values()))
        _refuse_twice(path, labels, list(names.values()))
        found += 1
        rows += [
            Row(f"{grid.name} 第 {row} 行", _cells(grid, row, names))
            for row in sorted(grid.rows)
            if row > header.row
        ]
    if not found:
        raise _refused(path, "里没有复核表的表头(header)")
    return rows


def _cells(grid: Grid, row: int, names: Mapping[int, str]) -> dict[str, object]:
    cells = grid.rows[row]
    return {
        name: _FORMULA if (row, place) in grid.formulas else cells.get(place)
        for place, name in names.items()
    }


def _of_layer(path: Path, layer: str) -> list[Row]:
    with snapshot(path) as copy:
        try:
            meta, table = pyogrio.raw.read_arrow(
                copy, layer=layer, return_fids=True, datetime_as_string=False
            )
        except (DataSourceError, DataLayerError, OSError, ValueError, RuntimeError) as error:
            raise _refused(path, f"里没有图层 {layer},或已损坏:{error}") from None
    fid = meta["fid_column"] or table.column_names[0]
    geometry = meta["geometry_name"] or "wkb_geometry"
    fids, wkb = table[fid].to_pylist(), table[geometry].to_pylist()
    columns, _ = plain_columns(table.drop_columns([fid, geometry]), layer=layer, file=path.name)
    shapes = [None if one is None else shapely.from_wkb(one) for one in wkb]
    records = zip(fids, shapes, zip(*columns.values(), strict=True), strict=True)
    return [
        Row(f"fid {number}", dict(zip(columns, values, strict=True)), shape, has_shape=True)
        for number, shape, values in records
    ]


@contextmanager
def snapshot(path: Path) -> Iterator[Path]:
    """Give a copy of a GeoPackage as it stands, with what QGIS has saved but not yet merged.

    While QGIS has a file open, edits wait in ``-wal`` beside it. The copy is made by SQLite
    itself, in one transaction; where that is impossible (a folder without locks or without
    write access), file by file. The file stays as it is, and nothing is left beside it.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.gpkg"
        try:
            with read_only(path) as source, closing(sqlite3.connect(copy)) as target:
                source.backup(target)
        except sqlite3.Error:
            copy.unlink(missing_ok=True)
            for end in ("", "-wal"):
                beside = path.with_name(path.name + end)
                if beside.exists():
                    shutil.copyfile(beside, copy.with_name(copy.name + end))
        yield copy
