"""A county on the grid written as files: layers, CSV ledgers and the config.

How it is written is a ``Style``: GeoPackages in the order of the world unless told otherwise.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from tests.laws.world import Shape, World

CRS = "EPSG:4549"
ORIGIN = (600_000, 3_190_000)

FIELDS = {
    "changes": {
        "change_id": "JCBH", "change_type": "TBLX", "after_date": "HSX",
        "parent_id": "YJCBH", "split_state": "TBZT",
    },
    "townships": {"township_code": "XZQDM", "township_name": "XZQMC"},
    "land_use": {"parcel_id": "BSM", "land_class": "DLBM", "ridge_coefficient": "KCXS"},
    "permanent_farmland": {},
    "plan_zones": {"zone": "GHFQ"},
    "approvals": {
        "approval_no": "PZWH", "approved_on": "PZRQ",
        "valid_from": "YXQQ", "valid_until": "YXQZ",
    },
}  # fmt: skip


def geopackage(frame: gpd.GeoDataFrame, stem: Path) -> str:
    """Write a layer beside ``stem``; return the lines of its section that say where it is."""
    path = stem.with_suffix(".gpkg")
    pyogrio.write_dataframe(frame, path, driver="GPKG", geometry_type="Unknown")
    return f'path = "raw/{path.name}"'


def _as_it_is(frame: gpd.GeoDataFrame, _name: str) -> gpd.GeoDataFrame:
    return frame


@dataclass(frozen=True)
class Style:
    """How a county is written (写法).

    ``drawn`` gets every shape as it lies in the county, ``redone`` every layer and its name;
    ``saved`` writes one and says where. ``more`` are further sections of the config.
    """

    drawn: Callable[[shapely.Geometry], shapely.Geometry] = lambda shape: shape
    redone: Callable[[gpd.GeoDataFrame, str], gpd.GeoDataFrame] = _as_it_is
    saved: Callable[[gpd.GeoDataFrame, Path], str] = geopackage
    is_reversed: bool = False  # the sections of the layers in the other order
    workers: int = 1
    more: str = ""


PLAIN = Style()


def polygon(shape: Shape) -> shapely.Geometry:
    """Return a shape of whole metres as it lies in the county."""
    whole = shapely.union_all([shapely.box(*corners) for corners in shape.boxes])
    holes = shapely.union_all([shapely.box(*corners) for corners in shape.cut_out])
    return shapely.transform(whole.difference(holes), lambda xy: xy + ORIGIN)


def write(world: World, folder: Path, style: Style = PLAIN) -> Path:
    """Write the county; return its config."""
    (folder / "raw").mkdir(parents=True)
    (folder / "hand").mkdir()
    sections = [
        _layer(folder, style, "changes", "changes", world.changes),
        _layer(folder, style, "townships", "townships", world.townships),
        _layer(folder, style, "land_use", "land_use", world.parcels),
    ]
    if world.permanent_farmland is not None:
        shapes = [_Bare(shape) for shape in world.permanent_farmland]
        sections.append(
            _layer(folder, style, "permanent_farmland", "permanent_farmland", shapes)
        )
    if world.zones is not None:
        sections.append(_layer(folder, style, "plan_zones", "plan_zones", world.zones))
    for kind in world.kinds:
        records = [approval for approval in world.approvals if approval.kind == kind]
        sections.append(_layer(folder, style, "approvals", kind, records))
    _write_hand(world, folder / "hand")
    layers = "\n".join(reversed(sections) if style.is_reversed else sections)
    path = folder / "grid.toml"
    path.write_text(_config(world, f"{layers}{style.more}\n", style.workers), encoding="utf-8")
    return path


class _Bare:
    """A record that is nothing but its shape."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape


def _layer(folder: Path, style: Style, name: str, stem: str, records: Iterable[object]) -> str:
    """Write one layer; return its section of the config."""
    records = list(records)
    table = {
        field: pd.Series([getattr(record, term) for record in records], dtype="object")
        for term, field in FIELDS[name].items()
    }
    if "KCXS" in table:
        table["KCXS"] = table["KCXS"].astype(float)
    if not table:
        table["BH"] = pd.Series([str(number) for number in range(len(records))])
    frame = gpd.GeoDataFrame(
        table, geometry=[style.drawn(polygon(record.shape)) for record in records], crs=CRS
    )
    place = style.saved(style.redone(frame, name), folder / "raw" / stem)
    head = (
        f"[[layers.approvals]]\nkind = '{stem}'" if name == "approvals" else f"[layers.{name}]"
    )
    fields = ", ".join(f'{term} = "{field}"' for term, field in FIELDS[name].items())
    return f"""{head}
{place}
{f"fields = {{ {fields} }}" if fields else ""}
{"" if records else "allow_empty = true"}
"""


def _write_hand(world: World, folder: Path) -> None:
    rulings = pd.DataFrame(
        [
            (row.change_id, row.township_code, row.verdict, "现场核查", "张三", row.ruled_on)
            for row in world.rulings
        ],
        columns=["change_id", "township_code", "verdict", "reason", "ruled_by", "ruled_on"],
    )
    rectifications = pd.DataFrame(
        [
            (row.change_id, row.township_code, row.method, row.farmland_m2, row.accepted_on,
             f"验{number}号")
            for number, row in enumerate(world.rectifications)
        ],
        columns=["change_id", "township_code", "method", "farmland_m2", "accepted_on", "document"],
    )  # fmt: skip
    offices = pd.DataFrame(
        list(world.offices.items()), columns=["township_code", "office_name"]
    )
    for name, table in (
        ("rulings", rulings), ("rectifications", rectifications), ("offices", offices),
    ):  # fmt: skip
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8-sig")


def _config(world: World, layers: str, workers: int) -> str:
    township, county = world.township_line, world.county_line
    acts = ", ".join(f'"{act}"' for act in world.exempt_acts)
    return f"""
[inspection]
name = "grid"
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

[rules]
sliver_width_m = {world.sliver_width_m}
sliver_area_m2 = {world.sliver_area_m2}

[accountability]
denominator = "{world.denominator}"
official = "{world.official}"
as_of = {world.as_of}
exempt_acts = [{acts}]
township = {{ ratio = {township.ratio}, comparison = "{township.comparison}", basis = "责任状" }}
county = {{ ratio = {county.ratio}, comparison = "{county.comparison}", basis = "第15号令" }}

[area]
kind = "plane"

[overlay]
workers = {workers}
geometry = "{world.pieces_kept}"
"""
