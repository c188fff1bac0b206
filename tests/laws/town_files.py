"""Townships at their line drawn as files: every change a rectangle of just so many units.

A township is a square of 200 m. Its changes lie one above the other, 20 m high; under those that
are legal lies a conversion that reaches a metre beyond them. Areas are those of the plane.
"""

import math
import random
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from pipeline.terms import OfficialRatio
from tests.laws.towns_at_the_line import Town, changes_of, reclaimed_of

CRS = "EPSG:4549"
ORIGIN = (520_000, 3_190_000)
SIDE, STEP, HEIGHT = 200, 24, 20


def write_towns(
    made: list[Town],
    folder: Path,
    dice: random.Random,
    line: str,
    comparison: str,
    official: OfficialRatio,
) -> Path:
    """Write the townships, every layer in any order; return the config."""
    (folder / "raw").mkdir(parents=True)
    places = _places(len(made))
    towns, changes, papers = [], [], []
    for town, (x, y) in zip(made, places, strict=True):
        towns.append((town.code, shapely.box(x, y, x + SIDE, y + SIDE)))
        for row, (change_id, verdict, units) in enumerate(changes_of(town)):
            low = y + 2 + STEP * row
            drawn = shapely.box(x + 2, low, x + 2 + units / 10_000 / HEIGHT, low + HEIGHT)
            changes.append((change_id, drawn))
            if verdict == "legal":
                papers.append((f"转{change_id}", shapely.buffer(drawn, 1, join_style="mitre")))
    _write(folder, "changes", changes, dice, TBLX="20", QSX="20231015", HSX="20240930")
    _write(folder, "townships", towns, dice, XZQMC="某镇")
    _write(folder, "land_use", towns, dice, DLBM="0101", KCXS=0.0)
    _write(folder, "conversion", papers, dice, PZRQ="2023-05-01")
    rows = [row for town in made for row in reclaimed_of(town)]
    pd.DataFrame(
        [(one, f"{units / 10_000:.4f}") for one, units in dice.sample(rows, len(rows))],
        columns=["change_id", "farmland_m2"],
    ).assign(method="拆除复耕", accepted_on="2025-03-31", document="验1号").to_csv(
        folder / "rectifications.csv", index=False, encoding="utf-8-sig"
    )
    config = folder / "towns.toml"
    config.write_text(
        _CONFIG.format(line=line, comparison=comparison, official=official), encoding="utf-8"
    )
    return config


def _places(count: int) -> list[tuple[int, int]]:
    wide = math.isqrt(count - 1) + 1
    return [
        (ORIGIN[0] + SIDE * (number % wide), ORIGIN[1] + SIDE * (number // wide))
        for number in range(count)
    ]


def _write(
    folder: Path,
    name: str,
    records: list[tuple[str, shapely.Geometry]],
    dice: random.Random,
    **columns: object,
) -> None:
    keys, shapes = zip(*dice.sample(records, len(records)), strict=True)
    frame = gpd.GeoDataFrame(
        pd.DataFrame({"BH": keys, **columns}), geometry=np.array(shapes), crs=CRS
    )
    pyogrio.write_dataframe(frame, folder / "raw" / f"{name}.gpkg", driver="GPKG")


_CONFIG = f"""
[inspection]
name = "towns"
county_code = "990000"
county_name = "线上县"
year = 2024
crs = "{CRS}"
workspace = "workspace"

[layers.changes]
path = "raw/changes.gpkg"
fields = {{{{ change_id = "BH", change_type = "TBLX", before_date = "QSX", after_date = "HSX" }}}}

[layers.townships]
path = "raw/townships.gpkg"
fields = {{{{ township_code = "BH", township_name = "XZQMC" }}}}

[layers.land_use]
path = "raw/land_use.gpkg"
fields = {{{{ parcel_id = "BH", land_class = "DLBM", ridge_coefficient = "KCXS" }}}}

[[layers.approvals]]
kind = "conversion"
path = "raw/conversion.gpkg"
fields = {{{{ approval_no = "BH", approved_on = "PZRQ" }}}}

[hand]
rectifications = "rectifications.csv"

[accountability]
official = "{{official}}"
as_of = 2025-03-31
township = {{{{ ratio = {{line}}, comparison = "{{comparison}}", basis = "责任状" }}}}
county = {{{{ ratio = 0.15, comparison = ">=", basis = "第15号令" }}}}

[area]
kind = "plane"
"""
