"""A county small enough to be examined by hand: two townships, four parcels, a few approvals.

y 100 ┌──────────────┬──────────────┐
      │ P2  0201     │ P4  0601     │
   50 ├──────────────┼──────────────┤
      │ P1  0101     │ P3  0101     │
    0 └──────────────┴──────────────┘
      0     A       100     B      200  x
"""

from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from pyproj import CRS
from shapely import Polygon, area, box
from shapely.affinity import translate

from pipeline.geometry.settings import AreaSettings
from pipeline.rules.land_classes import find_code_system, load_code_system
from pipeline.rules.pack import find_pack, load_pack
from pipeline.schema import received
from pipeline.schema.conform import conform
from pipeline.stages.examine import Delivery, Handed, examine

EAST, NORTH = 600_000.0, 3_190_000.0
WORKING = CRS.from_user_input("EPSG:4549")
CONFIGS = Path(__file__).resolve().parents[3] / "configs"
A, B = "990101001", "990101002"
TABLES = {
    table.name: table
    for table in (
        received.CHANGES, received.TOWNSHIPS, received.LAND_USE,
        received.PERMANENT_FARMLAND, received.APPROVALS,
    )
}  # fmt: skip


def at(shape):
    """Return a shape, or a box by its corners, in the working CRS."""
    whole = shape if isinstance(shape, Polygon) else box(*shape)
    return translate(whole, EAST, NORTH)


def delivery(layer, rows, *, file=None, fields=None, land_class=()):
    """Return a delivery of rows: a shape or its corners, and the received columns."""
    table = TABLES[layer]
    shapes = [at(shape) for shape, _ in rows]
    values = [{name: row.get(name) for name in table.names} for _, row in rows]
    frame = gpd.GeoDataFrame(
        conform(pd.DataFrame(values, columns=table.names), table), geometry=shapes, crs=WORKING
    )
    keys = frame[table.names[1 if layer == "approvals" else 0]] if table.names else None
    return Delivery(
        layer=layer,
        file=file or f"{layer}.gpkg",
        records=[f"第 {n + 1} 条" for n in range(len(rows))] if keys is None else list(keys),
        fields=pd.DataFrame(fields or {}, index=frame.index),
        shapes=np.array(shapes, dtype=object),
        area_m2=area(shapes),
        is_counted=np.ones(len(rows), dtype=bool),
        table=frame,
        land_class=land_class,
    )


def townships(*rows):
    """Return townships by corners and code."""
    rows = rows or (((0, 0, 100, 100), A), ((100, 0, 200, 100), B))
    return delivery("townships", [(shape, {"township_code": code}) for shape, code in rows])


def parcel(corners, parcel_id, land_class="0101"):
    """Return one row of land use."""
    system = load_code_system(find_code_system("sandiao-2020", [CONFIGS]))
    known = system.classify(land_class)
    row = {"parcel_id": parcel_id, "land_class": land_class, "land_group": known.group}
    return corners, row | {"is_farmland": known.is_farmland, "ridge_coefficient": 0.0}


PARCELS = (
    parcel((0, 0, 100, 50), "P1"),
    parcel((0, 50, 100, 100), "P2", "0201"),
    parcel((100, 0, 200, 50), "P3"),
    parcel((100, 50, 200, 100), "P4", "0601"),
)


def land_use(*rows, **more):
    """Return the land use, the four parcels where nothing else is given."""
    return delivery("land_use", list(rows or PARCELS), **more)


def change(shape, change_id="C1", **more):
    """Return one row of changes, of the year 2024."""
    day = date(2024, 6, 1)
    row = {"change_id": change_id, "change_type": "20", "after_earliest": day}
    return shape, row | {"after_latest": day, "stated_township_code": None} | more


def changes(*rows, **more):
    """Return the changes."""
    return delivery("changes", list(rows or [change((10, 10, 30, 30))]), **more)


def approval(shape, number="转1号", day=date(2024, 1, 1), last=None, **more):
    """Return one row of approvals, known to the day unless ``last`` says otherwise."""
    row = {"approval_kind": "conversion", "approval_no": number, "approved_earliest": day}
    return shape, row | {"approved_latest": last or day} | more


def approvals(*rows, **more):
    """Return one delivery of approvals."""
    return delivery("approvals", list(rows), **more)


def permanent(*corners):
    """Return permanent farmland."""
    return delivery("permanent_farmland", [(one, {}) for one in corners])


def handed(*deliveries, **more):
    """Return what is handed in: the deliveries, and the standard layers that they leave out."""
    given = {one.layer for one in deliveries}
    standard = [make() for make in (townships, land_use, changes) if make.__name__ not in given]
    every = [*deliveries, *standard]
    tables = {}
    for name in {one.layer for one in every}:
        frames = [one.table for one in every if one.layer == name]
        tables[name] = frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
    made = Handed(
        tables=tables,
        deliveries=every,
        crs=WORKING,
        area=AreaSettings(kind="plane"),
        county_code="990101",
        year=2024,
        as_of=date(2025, 3, 31),
        pack=load_pack(find_pack("default-2024", [CONFIGS])),
        codes=load_code_system(find_code_system("sandiao-2020", [CONFIGS])),
    )
    return replace(made, **more)


def found(*deliveries, **more):
    """Return what the doctor finds: (layer, code, record, m² to the unit) of each."""
    return [
        (
            one.finding.layer,
            one.finding.code,
            one.finding.record,
            None if one.finding.area_m2 is None else round(one.finding.area_m2, 4),
        )
        for one in examine(handed(*deliveries, **more))
    ]


def told(*deliveries, **more):
    """Return the messages of what the doctor finds."""
    return [one.finding.message for one in examine(handed(*deliveries, **more))]
