"""One change with everything on it, drawn in local metres, for tests of the sheets."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely import affinity, box

from pipeline.report.explain.text import Evidence
from pipeline.report.sheets.map import Surroundings
from pipeline.report.sheets.names import SheetNames
from pipeline.report.sheets.sheet import Context
from pipeline.schema import derived, received
from tests.report import county
from tests.worlds import CRS, ORIGIN

TOWN, OTHER = "990101005", "990101006"


def placed(*edges):
    return affinity.translate(box(*edges), *ORIGIN)


CHANGE = placed(0, 0, 20, 10)


def frame(table, *rows):
    blank = dict.fromkeys(table.names)
    return pd.DataFrame([{**blank, **row} for row in rows], columns=table.names)


def piece(number, area, farmland=0.0, shape=None, **columns):
    """A piece of C1: farmland where some is given, 0601 else."""
    return {
        **dict.fromkeys(derived.JUDGED.names),
        "piece_id": f"C1-{number:03}",
        "change_id": "C1",
        "township_code": TOWN,
        "land_class": "0101" if farmland else "0601",
        "land_group": "farm" if farmland else "construction",
        "is_farmland": farmland > 0,
        "is_permanent_farmland": False,
        "area_m2": area,
        "farmland_m2": farmland,
        "proposed_verdict": "illegal",
        "verdict": "illegal",
        "rule_id": "unapproved",
        "act": "未批先建",
        "legal_basis": "《土地管理法》第七十七条",
        "is_regularised": False,
        "geometry": shape,
        **columns,
    }


def evidence_of(*pieces, change=CHANGE, **tables):
    """The evidence of C1; ``tables`` are rows by field name."""
    area = sum(one["area_m2"] for one in pieces)
    judged = frame(derived.JUDGED, *pieces).assign(
        geometry=np.array([one["geometry"] for one in pieces], dtype=object)
    )
    change_row = {
        "change_id": "C1",
        "change_type": "20",
        "stated_area_m2": area,
        "geometry": change,
    }
    days = dict.fromkeys(("before_earliest", "before_latest"), date(2023, 3, 11))
    days |= {"after_earliest": date(2024, 3, 1), "after_latest": date(2024, 3, 31)}
    result = {
        "change_id": "C1",
        "township_code": TOWN,
        "area_m2": area,
        "permanent_farmland_m2": 0.0,
        "verdict": "illegal",
        "rule_id": "unapproved",
        "reason": f"疑似违法 {area} ㎡:未见有效批准手续(未批先建)。",
    }
    rows = {
        "coverage": derived.COVERAGE,
        "constraints": derived.CONSTRAINT_AREAS,
        "rulings": received.RULINGS,
        "rectifications": received.RECTIFICATIONS,
        "rectified": derived.RECTIFIED,
        "findings": derived.DEFECTS,
    }
    cut = {name: frame(table, *tables.get(name, ())) for name, table in rows.items()}
    return Evidence(
        change_id="C1",
        source="a.shp",
        original={},
        received=gpd.GeoDataFrame(
            frame(received.CHANGES, change_row | days).assign(geometry=[change]), crs=CRS
        ),
        pieces=judged,
        result=frame(derived.CHANGE_RESULTS, result | tables.get("result", {})),
        townships=frame(
            derived.TOWNSHIP_RANKING,
            {"township_code": TOWN, "township_name": "石门街道", "office_name": "石门所"},
        ),
        **cut,
    )


ALONE = (("石门街道", placed(-99, -99, 99, 99)),)


def around(farmland=(), permanent=(), townships=ALONE, approvals=()):
    shapes = [np.array([*part], dtype=object) for part in (farmland, permanent)]
    return Surroundings(*shapes, list(townships), list(approvals))


def context(**heading):
    names = SheetNames(
        {"20": "建/构筑物"},
        {"0101": "水田", "0601": "工业用地"},
        {TOWN: "石门街道", OTHER: "桃渚镇"},
    )
    return Context(county.heading(**heading), names, ["变化图斑 a.shp", "地类图斑 b.gdb"])
