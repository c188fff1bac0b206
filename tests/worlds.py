"""Small worlds of rectangles, countable on fingers, for every test.

Layers are received tables (``pipeline.schema.received``) in EPSG:4549. Local metres start at
``ORIGIN``, on the central meridian: there a plane square metre is an ellipsoidal one to 1e-11,
so the areas below are the whole numbers that you count.

    changes(change(rect(0, 0, 20, 10), "C1"))          # one change of 200 m²
    approvals(approval(rect(0, 5, 10, 10), "A1", kind="supply", approved="2023"))
    townships()                                        # no record, all columns
"""

from typing import Any

import geopandas as gpd
import pandas as pd
from shapely import Polygon, affinity, box
from shapely.geometry.base import BaseGeometry

from pipeline.schema import received
from pipeline.schema.dates import parse_date
from pipeline.schema.table import Table

CRS = "EPSG:4549"
ORIGIN = (500_000, 3_190_000)
TOWN_A, TOWN_B = "331082001", "331082002"

Row = dict[str, Any]

_GROUPS = {"05": "construction", "06": "construction", "07": "construction", "12": "unused"}


def rect(x0: float, y0: float, x1: float, y1: float) -> Polygon:
    """Return the rectangle between two corners, in local metres."""
    return placed(box(x0, y0, x1, y1))


def placed(shape: BaseGeometry) -> Any:
    """Return a shape drawn in local metres at its place on the map."""
    return affinity.translate(shape, *ORIGIN)


def layer(table: Table, *rows: Row, crs: str = CRS) -> gpd.GeoDataFrame:
    """Return the rows as a received table: all columns, in order, null where not given."""
    names = [*table.names, "geometry"]
    for row in rows:
        unknown = set(row) - set(names)
        if unknown:
            raise KeyError(f"{table.name} has no {sorted(unknown)}")
    columns = {name: [row.get(name) for row in rows] for name in table.names}
    frame = pd.DataFrame(columns, dtype=object)
    shapes = gpd.GeoSeries([row.get("geometry") for row in rows], crs=crs)
    return gpd.GeoDataFrame(frame, geometry=shapes)


def days(name: str, value: object) -> Row:
    """Return the two columns of a date: ``days("after", "2024-06")``; None is unknown."""
    interval = parse_date(value)
    return {
        f"{name}_earliest": interval and interval.earliest,
        f"{name}_latest": interval and interval.latest,
    }


def change(
    shape: BaseGeometry | None,
    change_id: str = "C1",
    *,
    change_type: str | None = "20",
    before: object = "2023-06-30",
    after: object = "2024-06-30",
    **columns: Any,
) -> Row:
    """Return a change polygon (变化图斑): a building of 2024-06-30 unless told otherwise."""
    row = {"geometry": shape, "change_id": change_id, "change_type": change_type}
    return {**row, **days("before", before), **days("after", after), **columns}


def township(shape: BaseGeometry, code: str = TOWN_A, name: str | None = None) -> Row:
    """Return a township (乡镇)."""
    return {
        "geometry": shape,
        "township_code": code,
        "township_name": name or f"乡镇{code[-3:]}",
    }


def parcel(
    shape: BaseGeometry, parcel_id: str = "P1", land_class: str = "0101", ridge: float = 0.0
) -> Row:
    """Return a land-use parcel (地类图斑): paddy without a ridge unless told otherwise."""
    return {
        "geometry": shape,
        "parcel_id": parcel_id,
        "land_class": land_class,
        "land_group": _GROUPS.get(land_class[:2], "farm"),
        "is_farmland": land_class in {"0101", "0102", "0103"},
        "ridge_coefficient": ridge,
    }


def approval(
    shape: BaseGeometry,
    approval_no: str = "A1",
    *,
    kind: str = "conversion",
    approved: object = "2023-01-15",
    valid_from: object = None,
    valid_until: object = None,
    **columns: Any,
) -> Row:
    """Return an approval (批准用地): a conversion of 2023-01-15 unless told otherwise."""
    row = {"geometry": shape, "approval_kind": kind, "approval_no": approval_no}
    dates = {
        **days("approved", approved),
        **days("valid_from", valid_from),
        **days("valid_until", valid_until),
    }
    return {**row, **dates, **columns}


def quarantined(
    shape: BaseGeometry | None,
    layer_name: str = "approvals",
    record: str = "A9",
    *,
    is_reference: bool = True,
) -> Row:
    """Return a record in quarantine (隔离记录)."""
    return {
        "geometry": shape,
        "layer": layer_name,
        "record": record,
        "is_reference": is_reference,
    }


def changes(*rows: Row) -> gpd.GeoDataFrame:
    """Return the layer of changes."""
    return layer(received.CHANGES, *rows)


def townships(*rows: Row) -> gpd.GeoDataFrame:
    """Return the layer of townships."""
    return layer(received.TOWNSHIPS, *rows)


def land_use(*rows: Row) -> gpd.GeoDataFrame:
    """Return the layer of land-use parcels."""
    frame = layer(received.LAND_USE, *rows)
    return frame.astype({"is_farmland": bool, "ridge_coefficient": float})


def permanent_farmland(*shapes: BaseGeometry) -> gpd.GeoDataFrame:
    """Return the layer of permanent farmland, which has shapes only."""
    return layer(received.PERMANENT_FARMLAND, *({"geometry": shape} for shape in shapes))


def plan_zones(*rows: tuple[BaseGeometry, str]) -> gpd.GeoDataFrame:
    """Return the layer of plan zones from pairs of a shape and its zone."""
    made = [{"geometry": shape, "zone": zone} for shape, zone in rows]
    return layer(received.PLAN_ZONES, *made)


def approvals(*rows: Row) -> gpd.GeoDataFrame:
    """Return the layer of approvals of all kinds."""
    return layer(received.APPROVALS, *rows)


def constraints(*rows: tuple[BaseGeometry, str]) -> gpd.GeoDataFrame:
    """Return the constraint layers from pairs of a shape and its layer's name."""
    made = [{"geometry": shape, "constraint_name": name} for shape, name in rows]
    return layer(received.CONSTRAINTS, *made)


def quarantine(*rows: Row) -> gpd.GeoDataFrame:
    """Return the records in quarantine."""
    return layer(received.QUARANTINE, *rows).astype({"is_reference": bool})
