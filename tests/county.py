"""A county of squares as files: once as clean GeoPackages, once as a bureau delivers it.

Local metres start at ``ORIGIN`` in EPSG:4549. ``SQUARES`` is drawn and counted in
``test_county_of_squares.py``; everything here only writes it down.
"""

from dataclasses import dataclass, field
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pyogrio
from shapely import box
from shapely.affinity import translate

CRS = "EPSG:4549"  # CGCS2000, 3-degree zone, central meridian 120 E, no zone prefix
PREFIXED = "EPSG:4528"  # the same with zone 40 before the easting
ORIGIN = (600_000, 3_190_000)

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class County:
    """The records of a county: boxes in local metres with their attributes."""

    changes: list[tuple[Box, dict]]
    townships: list[tuple[Box, dict]]
    land_use: list[tuple[Box, dict]]
    permanent_farmland: list[tuple[Box, dict]]
    plan_zones: list[tuple[Box, dict]]
    approvals: dict[str, list[tuple[Box, dict]]]
    hand: dict[str, list[dict]] = field(default_factory=dict)


def frame(records: list[tuple[Box, dict]]) -> gpd.GeoDataFrame:
    """Return records as a layer in EPSG:4549."""
    return gpd.GeoDataFrame(
        pd.DataFrame([row for _, row in records]),
        geometry=[translate(box(*corners), *ORIGIN) for corners, _ in records],
        crs=CRS,
    )


FIELDS = {
    "changes": '{ change_id = "JCBH", change_type = "TBLX", before_date = "QSX", after_date = "HSX", '
    'stated_area_m2 = "JCMJ", township_code = "XZQDM" }',
    "townships": '{ township_code = "XZQDM", township_name = "XZQMC" }',
    "land_use": '{ parcel_id = "BSM", land_class = "DLBM", ridge_coefficient = "KCXS" }',
    "plan_zones": '{ zone = "GHFQ" }',
    "approvals": '{ approval_no = "PZWH", approved_on = "PZRQ", valid_until = "YXQZ" }',
}


def config(layers: str, *, rest: str = "", as_of: str = "2025-03-31") -> str:
    """Return a config over the given layer sections; areas in the plane can be counted."""
    return f"""
[inspection]
name = "squares"
county_code = "990101"
county_name = "方格县"
year = 2024
crs = "{CRS}"
workspace = "workspace"

{layers}
[hand]
rulings = "hand/rulings.csv"
rectifications = "hand/rectifications.csv"
offices = "hand/offices.csv"

[accountability]
township = {{ ratio = 0.08, comparison = ">", basis = "年度考核责任状" }}
county = {{ ratio = 0.15, comparison = ">=", basis = "监察部等三部门第15号令" }}
as_of = {as_of}
{rest}
[area]
kind = "plane"
"""


def section(name: str, path: str, *, extra: str = "") -> str:
    """Return one layer's section."""
    fields = f"fields = {FIELDS[name]}\n" if name in FIELDS else ""
    return f'[layers.{name}]\npath = "{path}"\n{fields}{extra}\n'


def approval_section(kind: str, path: str, *, extra: str = "") -> str:
    """Return one approvals section."""
    return (
        f'[[layers.approvals]]\nkind = "{kind}"\npath = "{path}"\nfields = {FIELDS["approvals"]}\n'
        f"{extra}\n"
    )


def write_clean(county: County, folder: Path, **settings: str) -> Path:
    """Write the county as GeoPackages in the working CRS; return the config."""
    raw = folder / "raw"
    raw.mkdir(parents=True)
    sections = []
    for name in ("changes", "townships", "land_use", "permanent_farmland", "plan_zones"):
        pyogrio.write_dataframe(
            frame(getattr(county, name)), raw / f"{name}.gpkg", driver="GPKG"
        )
        sections.append(section(name, f"raw/{name}.gpkg"))
    for kind, records in county.approvals.items():
        pyogrio.write_dataframe(frame(records), raw / f"{kind}.gpkg", driver="GPKG")
        sections.append(approval_section(kind, f"raw/{kind}.gpkg"))
    return _finish(county, folder, sections, settings)


def write_messy(county: County, folder: Path, **settings: str) -> Path:
    """Write the same county as it is delivered; return the config.

    Changes: GBK shapefile without .cpg and language byte, zone-prefixed. Land use: FileGDB.
    Conversions: coordinate TXT with an XLSX ledger. Other approvals and zones: degrees with
    11 decimals.
    """
    raw = folder / "raw"
    raw.mkdir(parents=True)
    changes = frame(county.changes).to_crs(PREFIXED)
    pyogrio.write_dataframe(
        changes.assign(BZ="变化图斑"),
        raw / "changes.shp",
        driver="ESRI Shapefile",
        encoding="GBK",
    )
    (raw / "changes.cpg").unlink()
    with (raw / "changes.dbf").open("r+b") as dbf:
        dbf.seek(29)
        dbf.write(b"\0")
    pyogrio.write_dataframe(frame(county.townships), raw / "townships.fgb", driver="FlatGeobuf")
    pyogrio.write_dataframe(
        frame(county.land_use), raw / "DLTB.gdb", layer="DLTB", driver="OpenFileGDB"
    )
    frame(county.permanent_farmland).to_parquet(raw / "pbf.parquet")
    _degrees(county.plan_zones, raw / "zones.geojson")
    sections = [
        section("changes", "raw/changes.shp"),
        section("townships", "raw/townships.fgb"),
        section("land_use", "raw/DLTB.gdb"),
        section("permanent_farmland", "raw/pbf.parquet"),
        section("plan_zones", "raw/zones.geojson"),
    ]
    for kind, records in county.approvals.items():
        if kind == "conversion":
            _coordinate_texts(records, raw / "红线")
            extra = 'ledger = "raw/台账.xlsx"\nledger_key = { file = "文件名" }'
            sections.append(approval_section(kind, "raw/红线", extra=extra))
            _ledger(records, raw / "台账.xlsx")
        else:
            _degrees(records, raw / f"{kind}.geojson")
            sections.append(approval_section(kind, f"raw/{kind}.geojson"))
    return _finish(county, folder, sections, settings)


def _degrees(records: list[tuple[Box, dict]], path: Path) -> None:
    """Write a layer in degrees with 11 decimals, about a micrometre."""
    options = {"COORDINATE_PRECISION": "11", "RFC7946": "NO"}
    layer = frame(records).to_crs("EPSG:4490")
    pyogrio.write_dataframe(layer, path, driver="GeoJSON", layer_options=options)


def _coordinate_texts(records: list[tuple[Box, dict]], folder: Path) -> None:
    folder.mkdir()
    for number, (corners, _) in enumerate(records):
        shape = translate(box(*corners), *ORIGIN)
        points = list(shape.exterior.coords)
        lines = [
            "[属性描述]", "坐标系=2000国家大地坐标系", "几度分带=3", "投影类型=高斯克吕格",
            "计量单位=米", "带号=40", "精度=0.001", "转换参数=,,,,,,", "[地块坐标]",
            f"{len(points)},{shape.area / 10_000:.4f},{number + 1},地块{number + 1},面,,工业用地,,@",
        ]  # fmt: skip
        lines += [f"J{i % 4 + 1},1,{y:.3f},40{x:.3f}" for i, (x, y) in enumerate(points)]
        (folder / f"红线{number}.txt").write_text("\r\n".join(lines), encoding="gbk")


def _ledger(records: list[tuple[Box, dict]], path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["建设用地批准台账"])
    sheet.append(["文件名", "PZWH", "PZRQ", "YXQZ"])
    for number, (_, row) in enumerate(records):
        sheet.append([f"红线{number}.txt", row["PZWH"], row["PZRQ"], row["YXQZ"]])
    book.save(path)


def _finish(
    county: County, folder: Path, sections: list[str], settings: dict[str, str]
) -> Path:
    (folder / "hand").mkdir()
    for name, header in _HAND.items():
        rows = pd.DataFrame(county.hand.get(name, []), columns=header)
        rows.to_csv(folder / "hand" / f"{name}.csv", index=False, encoding="utf-8-sig")
    path = folder / "squares.toml"
    path.write_text(config("".join(sections), **settings), encoding="utf-8")
    return path


_HAND = {
    "rulings": ["change_id", "township_code", "verdict", "reason", "ruled_by", "ruled_on"],
    "rectifications": ["change_id", "township_code", "method", "farmland_m2", "accepted_on", "document"],
    "offices": ["township_code", "office_name", "township_head", "office_head"],
}  # fmt: skip
