"""The county that bad inputs are made from: shapefiles, an XLSX, a config, figures by hand.

Local metres; ``tests.county`` puts them on the map. Twenty-three changes of 50 × 100 m::

    y 1000 ┌──────────────┬──────────────┬──────────────┐
           │ P2 forest    │ P4 forest    │              │
       500 ├──────────────┤──────────────┤ P5 forest    │
           │ P1 0101      │ P3 0101      │              │
           │ ▯▯▯▯▯▯▯▯▯▯   │ ▯▯▯▯▯▯▯▯▯▯   │ ▯▯▯          │
         0 └──────────────┴──────────────┴──────────────┘
           0    甲镇     1000   乙镇    2000   丙镇    3000  x

甲镇: ten changes of 5,000 m² of farmland; of …0010 three fifths have no approval: 3,000 of
50,000, and 1,000 of them were reclaimed. 乙镇: of …0009 a fifth has no approval, …0010 none at
all: 6,000 of 50,000, over the line. 丙镇: three changes on forest, the last without approval: no
farmland, no ratio.
"""

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio

from tests.county import FIELDS, frame

JIA, YI, BING = "331082001", "331082002", "331082003"
CONFIG = "county.toml"
# What people read in townships.csv: illegal, new and doubtful farmland, reclaimed, accountable.
FIGURES = {
    JIA: (3_000, 50_000, 0, 1_000, False),
    YI: (6_000, 50_000, 0, 0, True),
    BING: (0, 0, 0, 0, False),
}

Layer = gpd.GeoDataFrame


def _change_id(town: str, number: int) -> str:
    return f"{town}{number:04d}"


def _boxes() -> dict[str, tuple[float, float, float, float]]:
    """Return the place of each change by its number."""
    return {
        _change_id(town, number if town != BING else 100 + number): (
            x0 + 90 * number,
            100,
            x0 + 90 * number + 50,
            200,
        )
        for town, x0, count in ((JIA, 0, 10), (YI, 1000, 10), (BING, 2000, 3))
        for number in range(1, count + 1)
    }


BOXES = _boxes()
_WITHOUT_APPROVAL = {_change_id(YI, 10), _change_id(BING, 103)}
# the eastern edge of the approval, where it does not cover the whole change
_APPROVED_METRES = {_change_id(JIA, 10): 20, _change_id(YI, 9): 40}


def layers() -> dict[str, Layer]:
    """Return every layer of the clean county by the name of its file."""
    return {
        "change": frame([_change(change_id, at) for change_id, at in BOXES.items()]),
        "townships": frame(
            [
                ((0, 0, 1000, 1000), {"XZQDM": JIA, "XZQMC": "甲镇"}),
                ((1000, 0, 2000, 1000), {"XZQDM": YI, "XZQMC": "乙镇"}),
                ((2000, 0, 3000, 1000), {"XZQDM": BING, "XZQMC": "丙镇"}),
            ]
        ),
        "farmland": frame(
            [
                ((0, 0, 1000, 500), {"BSM": "P1", "DLBM": "0101", "KCXS": 0.0}),
                ((0, 500, 1000, 1000), {"BSM": "P2", "DLBM": "0301", "KCXS": 0.0}),
                ((1000, 0, 2000, 500), {"BSM": "P3", "DLBM": "0101", "KCXS": 0.0}),
                ((1000, 500, 2000, 1000), {"BSM": "P4", "DLBM": "0301", "KCXS": 0.0}),
                ((2000, 0, 3000, 1000), {"BSM": "P5", "DLBM": "0301", "KCXS": 0.0}),
            ]
        ),
        "approved": frame(
            [
                _approval(change_id, at)
                for change_id, at in BOXES.items()
                if change_id not in _WITHOUT_APPROVAL
            ]
        ),
    }


def _change(change_id, at):
    row = {"JCBH": change_id, "TBLX": "20", "QSX": "20231015", "HSX": "20240930"}
    return at, row | {"JCMJ": 5_000.0, "XZQDM": change_id[:9]}


def _approval(change_id, at):
    x0, y0, x1, y1 = at
    x1 = x0 + _APPROVED_METRES.get(change_id, x1 - x0)
    number = f"浙土字[2023]第{change_id[6:]}号"
    return (x0, y0, x1, y1), {"PZWH": number, "PZRQ": "2023-05-01", "YXQZ": "2039-12-31"}


TOML = f"""
[inspection]
name = "bad-inputs"
county_code = "331082"
county_name = "方格县"
year = 2024
crs = "EPSG:4549"
workspace = "workspace"

[layers.changes]
path = "data/change.shp"
fields = {FIELDS["changes"]}

[layers.townships]
path = "data/townships.shp"
fields = {FIELDS["townships"]}

[layers.land_use]
path = "data/farmland.shp"
fields = {FIELDS["land_use"]}

[[layers.approvals]]
kind = "conversion"
path = "data/approved.shp"
fields = {FIELDS["approvals"]}

[hand]
rectifications = "hand/cases.xlsx"

[accountability]
township = {{ ratio = 0.08, comparison = ">", basis = "年度考核责任状" }}
county = {{ ratio = 0.15, comparison = ">=", basis = "监察部等三部门第15号令" }}
as_of = 2025-03-31

[area]
kind = "plane"

[report]
sheets = "none"
gis = false
"""


def write_county(folder: Path) -> Path:
    """Write the clean county; return its config."""
    for part in ("data", "hand"):
        (folder / part).mkdir(parents=True)
    for name, layer in layers().items():
        write_layer(folder, name, layer)
    write_cases(folder / "hand" / "cases.xlsx")
    config = folder / CONFIG
    config.write_text(TOML, encoding="utf-8")
    return config


def write_layer(folder: Path, name: str, layer: Layer, *, encoding: str = "UTF-8") -> None:
    """Write a layer as the shapefile that the config names, in place of what was there."""
    remove(folder, name)
    pyogrio.write_dataframe(
        layer, part(folder, name, ".shp"), driver="ESRI Shapefile", encoding=encoding
    )


def write_cases(path: Path) -> None:
    """Write the ledger of rectifications, which has one row."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["change_id", "method", "farmland_m2", "accepted_on", "document"])
    sheet.append([_change_id(JIA, 10), "拆除复耕", 1_000, "2025-01-15", "验1号"])
    book.save(path)


def part(folder: Path, name: str, end: str) -> Path:
    """Return one file of a layer: ``part(folder, "change", ".dbf")``."""
    return folder / "data" / f"{name}{end}"


def remove(folder: Path, name: str) -> None:
    """Remove every file of a layer."""
    for file in (folder / "data").glob(f"{name}.*"):
        file.unlink()


def change_layer(name: str, edit: Callable[[Layer], Layer]) -> Callable[[Path], None]:
    """Return a spoiler that writes a layer again as ``edit`` returns it."""

    def spoil(folder: Path) -> None:
        write_layer(folder, name, edit(layers()[name]))

    return spoil


def set_value(name: str, column: str, values: dict[int, object]) -> Callable[[Path], None]:
    """Return a spoiler that sets a column of some records, counted from 0."""

    def edit(layer: Layer) -> Layer:
        column_values = pd.Series(layer[column].tolist(), dtype=object)
        for row, value in values.items():
            column_values[row] = value
        return layer.assign(**{column: column_values.to_numpy()})

    return change_layer(name, edit)


def change_config(*pairs: tuple[str, str]) -> Callable[[Path], None]:
    """Return a spoiler that replaces text of the config, which must be there."""

    def spoil(folder: Path) -> None:
        text = (folder / CONFIG).read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text, old
            text = text.replace(old, new, 1)
        (folder / CONFIG).write_text(text, encoding="utf-8")

    return spoil


def both(*spoilers: Callable[[Path], None]) -> Callable[[Path], None]:
    """Return a spoiler that does one thing after another."""

    def spoil(folder: Path) -> None:
        for one in spoilers:
            one(folder)

    return spoil
