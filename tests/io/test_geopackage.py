import hashlib
import sqlite3
from datetime import date, datetime
from decimal import Decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
from shapely import MultiPolygon, box

from pipeline.io.geopackage import write_geopackage
from pipeline.io.source import read_source
from tests.io.deliveries import section


def frame():
    return gpd.GeoDataFrame(
        {
            "change_id": ["001", "002", "003"],
            "图斑面积": [1.5, None, 2.0],
            "count": [1, 2, 3],
            "gaps": pd.array([1, None, 3], dtype="Int64"),
            "exact": [Decimal("0.25"), None, Decimal(1)],
            "on": [date(2024, 3, 15), None, date(2024, 1, 1)],
            "stamp": pd.to_datetime(["2024-03-15", None, "2024-01-01"]),
            "clock": [datetime(2024, 3, 15, 8, 30), None, date(2024, 1, 1)],  # noqa: DTZ001
            "flag": [True, None, np.False_],
            "mixed": [1, "a", None],
            "nothing": [None, None, None],
        },
        geometry=[box(0, 0, 1, 1), MultiPolygon([box(2, 0, 3, 1)]), None],
        crs=4549,
    )


def write(path, rows, **aliases):
    write_geopackage(path, rows, layer="图斑", aliases=aliases)
    return path


def test_every_kind_of_value_comes_back(tmp_path):
    source = read_source(section(), [write(tmp_path / "a.gpkg", frame())], label="x")
    assert source.frame.to_dict("list") == {
        "change_id": ["001", "002", "003"],
        "图斑面积": [1.5, None, 2.0],
        "count": [1, 2, 3],
        "gaps": [1, None, 3],
        "exact": [0.25, None, 1.0],
        "on": [date(2024, 3, 15), None, date(2024, 1, 1)],
        "stamp": [date(2024, 3, 15), None, date(2024, 1, 1)],
        "clock": [datetime(2024, 3, 15, 8, 30), None, date(2024, 1, 1)],  # noqa: DTZ001
        "flag": [True, None, False],
        "mixed": ["1", "a", None],
        "nothing": [None, None, None],
    }
    assert [shape and shape.geom_type for shape in source.geometry] == [
        "MultiPolygon",
        "MultiPolygon",
        None,
    ]
    assert source.crs.to_epsg() == 4549


def test_aliases_and_version(tmp_path):
    path = write(tmp_path / "a.gpkg", frame(), change_id="图斑编号")
    schema = pyogrio.raw.read_arrow(path)[1].schema
    assert (
        schema.field("change_id").metadata[b"GDAL:OGR:alternative_name"].decode() == "图斑编号"
    )
    with sqlite3.connect(path) as base:
        assert base.execute("PRAGMA user_version").fetchone() == (10200,)


def test_the_same_rows_give_the_same_bytes(tmp_path):
    hashes = {
        hashlib.sha256(write(tmp_path / name, frame()).read_bytes()).hexdigest()
        for name in ("a.gpkg", "b.gpkg")
    }
    assert len(hashes) == 1


def test_names_that_differ_in_case_alone_are_kept_apart(tmp_path):
    rows = frame()[["change_id", "geometry"]].assign(CHANGE_ID="x", FID=1, geom="y")
    path = write(tmp_path / "a.gpkg", rows)
    assert list(read_source(section(), [path], label="x").frame) == [
        "change_id",
        "CHANGE_ID_2",
        "FID_2",
        "geom_2",
    ]


def test_no_rows(tmp_path):
    source = read_source(section(), [write(tmp_path / "a.gpkg", frame().iloc[:0])], label="x")
    assert list(source.frame) == list(frame().columns[:-1])


def test_the_frame_is_left_as_it_was(tmp_path):
    rows = frame()
    write(tmp_path / "a.gpkg", rows)
    assert rows.geometry.iloc[0].geom_type == "Polygon"
