"""The records of one layer on their way in: gated, keyed, accounted for (入库)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import GeometryType

from pipeline.errors import Finding, Severity, refusal
from pipeline.geometry.repair import Gated, gate, nowhere, on_earth
from pipeline.io.delivery import NUMBERED
from pipeline.runner.receiving import columns as read
from pipeline.runner.receiving.columns import Columns
from pipeline.runner.receiving.placing import Geometries, Place
from pipeline.schema.personal import masked
from pipeline.units import to_units

COUNTED, QUARANTINED, EXCLUDED = "counted", "quarantined", "excluded"
# The first and the last day that each record's date may be.
Days = tuple[list[date | None], list[date | None]]
POLYGONS = (GeometryType.POLYGON, GeometryType.MULTIPOLYGON)
# A layer most of whose records share their key was given the wrong key field.
_MOST, _SEVERAL = 0.5, 3
_SHOWN = 20  # characters of a field that stands for a record without key and shape


@dataclass
class Layer:
    """The records of one layer, each counted, quarantined or excluded, none lost."""

    name: str
    file: str
    columns: Columns
    original: pd.DataFrame
    geometry: Geometries
    raw_units: npt.NDArray[np.int64]
    units: npt.NDArray[np.int64]
    status: npt.NDArray[np.object_]
    place: Place
    shapes: Geometries
    unsound: npt.NDArray[np.int64]
    lost: Mapping[int, str]
    path: str | None = None  # of its only file, as manifests show it

    @property
    def findings(self) -> list[Finding]:
        """Everything found about this layer so far."""
        return self.columns.findings

    @property
    def rows(self) -> list[int]:
        """The numbers of the records that count."""
        return [int(row) for row in np.flatnonzero(self.status == COUNTED)]

    @property
    def counted(self) -> npt.NDArray[np.bool_]:
        """The records that count."""
        return np.asarray(self.status == COUNTED, dtype=bool)

    def quarantine(self, row: int, code: str, message: str, remedy: str = "") -> None:
        """Take a record out of the count, with its reason and its area."""
        self._take_out(row, QUARANTINED, code, "quarantined", message, remedy)

    def exclude(self, row: int, code: str, message: str, remedy: str = "") -> None:
        """Leave a record out because the rules say so (a split parent); noted."""
        self._take_out(row, EXCLUDED, code, "noted", message, remedy)

    def _take_out(
        self, row: int, status: str, code: str, severity: Severity, message: str, remedy: str
    ) -> None:
        if self.status[row] != COUNTED:
            return
        self.status[row] = status
        area = float(self.units[row] or self.raw_units[row]) / 10_000
        finding = Finding(
            self.name,
            self.columns.name(row),
            code,
            severity,
            message,
            remedy,
            area,
        )
        self.findings.append(finding)

    def key(self, column: str) -> list[str | None]:
        """Read the key: a missing one quarantines the record."""
        keys = read.codes(self.columns, column)
        self.name_by_key(keys)
        written = self.columns.frame[column].tolist()
        for row, key in enumerate(keys):
            if key is None:
                said = read.text(written[row])
                what = f"没有编号(missing id,字段 {column}{f',写的是 {said}' if said else ''})"
                self.quarantine(row, "missing-id", what, "补上编号")
        return keys

    def name_by_key(self, keys: Sequence[str | None]) -> None:
        """Call the records by their keys, also in what was found when only places were known.

        A record without a key is called by where it lies: the number it has in the file is
        another one in every delivery.
        """
        self.columns.keys = keys
        self.columns.describe = self._described
        row_of = {place: row for row, place in enumerate(self.columns.places)}
        self.columns.findings[:] = [
            replace(found, record=self.columns.name(row_of[found.record]))
            if found.record in row_of
            else found
            for found in self.columns.findings
        ]

    def _described(self, row: int) -> str:
        """Tell a record without a key from others, whatever the order of the records."""
        place = self.columns.places[row]
        file = NUMBERED.sub("", place)
        if file == place or row in self.lost:
            return place  # a block has a name of its own; of what is lost, the number is all
        covered = _covering(
            None, self.shapes[row]
        )  # as handed in: the same before and after gating
        if covered is not None:
            x0, y0, x1, y1 = shapely.bounds(covered)
            return f"{file} ({(x0 + x1) / 2:.2f}, {(y0 + y1) / 2:.2f})"
        fields = self.columns.frame.iloc[row].dropna()
        said = "、".join(str(value)[:_SHOWN] for value in fields)
        return f"{file} 没有图形:{masked(said) or '各字段都空'}"

    def optional_codes(self, column: str) -> list[str | None]:
        """Read a column of codes or words that need not be there; without it, nulls."""
        if column not in self.columns.frame:
            return [None] * len(self.status)
        return read.codes(self.columns, column)

    def optional_days(self, column: str) -> Days:
        """Read a column of dates that need not be there; without it, nulls."""
        if column not in self.columns.frame:
            return [None] * len(self.status), [None] * len(self.status)
        return read.dates(self.columns, column)

    def gate(self, stated_m2: Sequence[float | None] | None = None) -> None:
        """Mend or quarantine every geometry that is not a sound polygon."""
        rows = [int(row) for row in self.unsound]
        mended = [self._gated(row, stated_m2[row] if stated_m2 else None) for row in rows]
        for row, gated in zip(rows, mended, strict=True):
            self.geometry[row] = gated.geometry
        self.raw_units[rows] = self._booked(self.shapes[rows])
        self.units[rows] = self._booked(self.geometry[rows])
        for row, gated in zip(rows, mended, strict=True):
            if gated.severity == "quarantined":
                self.quarantine(row, gated.code, gated.note, gated.remedy)
            elif gated.code:
                self.findings.append(
                    Finding(
                        self.name,
                        self.columns.name(row),
                        gated.code,
                        "repaired",
                        gated.note,
                        gated.remedy,
                        float(self.units[row]) / 10_000,
                    )
                )

    def _gated(self, row: int, stated_m2: float | None) -> Gated:
        """Gate a shape; one without an area lies where the working CRS has no place for it."""
        shape = self.shapes[row]
        gated = gate(shape, stated_m2)
        if gated.geometry is None:
            return gated
        one = np.array([gated.geometry], dtype=object)
        if np.isfinite(self.place.measure(one)).all():
            return gated
        self.shapes[row] = None  # nowhere: it touches nothing, and is told as without a place
        return nowhere(shape)

    def _booked(self, shapes: Geometries) -> npt.NDArray[np.int64]:
        """Return the areas of shapes that may not be sound; what covers no ground has none."""
        here = np.isin(shapely.get_type_id(shapes), POLYGONS)
        coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
        here[owner[~on_earth(coordinates)]] = False
        areas = np.zeros(len(shapes))
        areas[here] = np.abs(self.place.measure(shapes[here]))
        return to_units(np.where(np.isfinite(areas), areas, 0))

    def exclude_repeats(self) -> None:
        """Leave out the records that repeat another one in shape and in every field we read."""
        boxes = pd.DataFrame(shapely.bounds(self.geometry))
        suspects = np.flatnonzero(boxes.duplicated(keep=False).to_numpy() & self.counted)
        shapes = shapely.to_wkb(shapely.normalize(self.geometry[suspects]))
        fields = self.columns.frame.iloc[suspects].astype(str).to_numpy()
        first: dict[tuple[object, ...], int] = {}
        for row, shape, values in zip(suspects.tolist(), shapes, fields, strict=True):
            if first.setdefault((shape, *values), row) != row:
                what = "与另一条记录的图形和内容都相同(重复 duplicate),只计一次"
                self.exclude(row, "duplicate", what, "删去重复的记录")

    def refuse_duplicates(self, keys: Sequence[str | None], column: str) -> None:
        """Quarantine the records that share a key; those alike in everything are one record."""
        self.exclude_repeats()
        rows = self.rows
        times = Counter(str(keys[row]) for row in rows)
        shared: dict[str, list[int]] = {}
        for row in rows:
            if times[str(keys[row])] > 1:
                shared.setdefault(str(keys[row]), []).append(row)
        if sum(map(len, shared.values())) > _MOST * len(rows) and len(rows) > _SEVERAL:
            what = f"{self.file} 的字段 {column} 不是唯一编号(duplicate id):{len(shared)} 个编号各有多条记录"
            self.findings.append(
                refusal(
                    self.name,
                    self.file,
                    "key-not-unique",
                    what,
                    "换一个唯一的字段,或改正重复编号",
                )
            )
            return
        for key, rows in sorted(shared.items()):
            for row in rows:
                what = (
                    f"编号重复(duplicate id):{key} 有 {len(rows)} 条记录,"
                    "图形或内容不同,无法判断哪条为准"
                )
                self.quarantine(row, "duplicate-id", what, "在原始数据中删去或改正重复的记录")

    def table(self, **values: Sequence[object]) -> gpd.GeoDataFrame:
        """Return the counted records with the given columns and their geometry."""
        keep = self.counted
        frame = pd.DataFrame(
            {
                name: pd.Series(list(column), dtype=object)[keep]
                for name, column in values.items()
            }
        ).reset_index(drop=True)
        return gpd.GeoDataFrame(frame, geometry=self.geometry[keep], crs=self.place.working)

    def quarantined(self, stated_township: Sequence[str | None] | None = None) -> pd.DataFrame:
        """Return the quarantined records with the place they may cover (schema QUARANTINE)."""
        rows = [int(row) for row in np.flatnonzero(self.status == QUARANTINED)]
        return pd.DataFrame(
            {
                "layer": [self.name] * len(rows),
                "record": [self.columns.name(row) for row in rows],
                "is_reference": [self.name != "changes"] * len(rows),
                "stated_township_code": [
                    stated_township[row] if stated_township else None for row in rows
                ],
                "geometry": [_covering(self.geometry[row], self.shapes[row]) for row in rows],
            }
        )

    def balance(self) -> dict[str, object]:
        """Return handed in + repaired = counted + quarantined + excluded, in records and area."""
        sums = {status: self.status == status for status in (COUNTED, QUARANTINED, EXCLUDED)}
        used = np.where(self.units > 0, self.units, self.raw_units)
        return {
            "layer": self.name,
            "file": self.file,
            "path": self.path,
            "records": {
                "handed_in": len(self.status),
                **{k: int(m.sum()) for k, m in sums.items()},
            },
            "units": {
                "handed_in": int(self.raw_units.sum()),
                "repaired": int((used - self.raw_units).sum()),
                **{k: int(used[m].sum()) for k, m in sums.items()},
            },
        }


def later(one: date | None, other: date | None) -> bool:
    """Tell whether a known day is after another known day."""
    return one is not None and other is not None and one > other


def _covering(mended: object, shape: object) -> object:
    """Return the shape a quarantined record covers, else its bounding box, else nothing."""
    if mended is not None:
        return mended
    if shape is None or shapely.is_empty(shape):
        return None
    coordinates = shapely.get_coordinates(shape)
    coordinates = coordinates[on_earth(coordinates)]
    if len(coordinates) == 0:
        return None
    return shapely.box(*coordinates.min(axis=0), *coordinates.max(axis=0))
