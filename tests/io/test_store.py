"""Layers lie along a curve in row groups by corners; blocks make the same file each time."""

import datetime as dt
import random

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from shapely.geometry import Point, box

from pipeline.io import store
from pipeline.io.store import growing_table, read_table, row_count, write_layer, write_table
from pipeline.io.table_writer import TableWriter, schema_of
from pipeline.schema.conform import conform
from pipeline.schema.received import LAND_USE, QUARANTINE, RULINGS

CRS = "EPSG:4549"


def parcels(cells):
    """Return a parcel on each cell of a chessboard of 10 m, named after the cell."""
    return gpd.GeoDataFrame(
        {
            "parcel_id": [f"{x},{y}" for x, y in cells],
            "land_class": "0101",
            "land_group": "farm",
            "is_farmland": [None if x == 0 else True for x, _ in cells],
            "ridge_coefficient": 0.125,
        },
        geometry=[box(10 * x, 10 * y, 10 * x + 10, 10 * y + 10) for x, y in cells],
        crs=CRS,
    )


FOUR_BY_FOUR = [(x, y) for x in range(4) for y in range(4)]


def test_a_layer_lies_along_a_hilbert_curve(tmp_path):
    write_layer(tmp_path / "a.parquet", parcels(FOUR_BY_FOUR), LAND_USE)
    cells = [
        tuple(map(int, name.split(",")))
        for name in read_table(tmp_path / "a.parquet")["parcel_id"]
    ]
    steps = np.abs(np.diff(np.array(cells), axis=0)).sum(axis=1)
    assert sorted(cells) == FOUR_BY_FOUR
    assert steps.tolist() == [1] * 15  # each parcel beside the one before


def test_the_order_of_records_changes_no_byte(tmp_path):
    two_on_one_place = [*FOUR_BY_FOUR, (1, 1), (1, 1)]
    frame = parcels(two_on_one_place)
    frame["parcel_id"] = [f"P{i}" for i in range(len(frame))]
    frame.loc[16, "parcel_id"] = None
    write_layer(tmp_path / "a.parquet", frame)
    for seed in range(3):
        order = random.Random(seed).sample(range(len(frame)), len(frame))
        write_layer(tmp_path / "b.parquet", frame.iloc[order])
        assert (tmp_path / "b.parquet").read_bytes() == (tmp_path / "a.parquet").read_bytes()


def test_row_groups_hold_so_many_corners(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_CORNERS", 17)  # three squares of five corners, and two over
    write_layer(tmp_path / "a.parquet", parcels(FOUR_BY_FOUR))
    file = pq.read_metadata(tmp_path / "a.parquet")
    groups = [file.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert groups == [3, 3, 3, 3, 3, 1]


def test_a_shape_of_many_corners_has_a_row_group_of_its_own(tmp_path, monkeypatch):
    monkeypatch.setattr(store, "_CORNERS", 12)
    monkeypatch.setattr(store, "_ROWS", 2)
    frame = gpd.GeoDataFrame(
        geometry=[Point(0, 0).buffer(1), *[box(5, 5, 6, 6)] * 2, None, None, None], crs=CRS
    )
    write_layer(tmp_path / "a.parquet", frame)
    file = pq.read_metadata(tmp_path / "a.parquet")
    groups = [file.row_group(i).num_rows for i in range(file.num_row_groups)]
    assert groups == [1, 2, 2, 1]


def test_a_layer_comes_back_as_it_was(tmp_path):
    frame = parcels([(0, 0), (1, 0)])
    write_layer(tmp_path / "a.parquet", frame, LAND_USE)
    back = read_table(tmp_path / "a.parquet", LAND_USE)
    assert list(back.columns) == [*LAND_USE.names, "geometry"]
    assert back.crs == CRS
    assert back["parcel_id"].tolist() == ["0,0", "1,0"]
    assert back["is_farmland"].tolist() == [pd.NA, True]
    assert back.geometry.geom_equals(frame.geometry).all()


def test_records_without_a_place_come_last(tmp_path):
    shapes = [None, box(0, 0, 1, 1), shapely.Polygon(), None]
    frame = gpd.GeoDataFrame(
        {
            "layer": "land_use",
            "record": list("abcd"),
            "is_reference": True,
            "stated_township_code": None,
        },
        geometry=shapes,
        crs=CRS,
    )
    write_layer(tmp_path / "a.parquet", frame, QUARANTINE)
    back = read_table(tmp_path / "a.parquet", QUARANTINE)
    assert back["record"].tolist() == ["b", "a", "d", "c"]
    assert back["stated_township_code"].isna().all()


def test_an_empty_layer_keeps_its_columns(tmp_path):
    write_layer(tmp_path / "a.parquet", parcels([]), LAND_USE)
    back = read_table(tmp_path / "a.parquet", LAND_USE)
    assert row_count(tmp_path / "a.parquet") == 0
    assert list(back.columns) == [*LAND_USE.names, "geometry"]
    assert back.crs == CRS


def test_a_plain_table_keeps_the_order_of_its_rows(tmp_path):
    day = dt.date(2024, 5, 1)
    frame = pd.DataFrame({"name": ["b", None, "a"], "day": [day, None, day]})
    write_table(tmp_path / "a.parquet", frame)
    back = read_table(tmp_path / "a.parquet")
    assert [name for name in back["name"] if isinstance(name, str)] == ["b", "a"]
    assert back["day"].isna().tolist() == [False, True, False]
    assert back["day"].iloc[2] == day


def written(path, blocks, schema, crs=None):
    with TableWriter(path, schema, crs) as file:
        for block in blocks:
            file.append(block)
    return path


def test_blocks_of_frames_and_of_arrow_tables_are_the_same(tmp_path):
    frame = parcels(FOUR_BY_FOUR)[["parcel_id", "geometry"]]
    schema = schema_of(frame)
    halves = [frame.iloc[:8], frame.iloc[8:]]
    tables = [
        pa.table({"geometry": half.geometry.to_wkb(), "parcel_id": list(half["parcel_id"])})
        for half in halves
    ]
    one = written(tmp_path / "a.parquet", halves, schema, CRS)
    other = written(tmp_path / "b.parquet", tables, schema, CRS)
    assert one.read_bytes() == other.read_bytes()
    assert pq.read_metadata(one).num_row_groups == 2
    assert list(pq.read_table(one)["bbox"][5].as_py().values()) == [10, 10, 20, 20]
    assert read_table(one)["parcel_id"].tolist() == frame["parcel_id"].tolist()


def test_no_block_makes_an_empty_table(tmp_path):
    frame = pd.DataFrame({"count": pd.array([1], "Int64"), "flag": pd.array([None], "boolean")})
    nothing = pa.table({"count": pa.array([], pa.int64()), "flag": pa.array([], pa.bool_())})
    for blocks in ([], [nothing]):
        path = written(tmp_path / "a.parquet", blocks, schema_of(frame))
        assert read_table(path).dtypes.tolist() == frame.dtypes.tolist()
        assert row_count(path) == 0


def test_blocks_of_a_contract_read_like_the_whole(tmp_path):
    ruling = {
        "change_id": ["C1"],
        "township_code": [None],
        "verdict": ["legal"],
        "reason": ["r"],
        "ruled_by": [None],
        "ruled_on": [dt.date(2024, 5, 1)],
    }
    frame = conform(pd.DataFrame(ruling), RULINGS)
    with growing_table(tmp_path / "a.parquet", RULINGS) as file:
        file.append(frame)
        file.append(frame)
    write_table(tmp_path / "b.parquet", pd.concat([frame, frame]), RULINGS)
    one, other = (read_table(tmp_path / name, RULINGS) for name in ("a.parquet", "b.parquet"))
    pd.testing.assert_frame_equal(one, other)


def test_nothing_is_there_until_all_is_written(tmp_path):
    path = tmp_path / "new" / "a.parquet"
    with TableWriter(path, pa.schema([("n", pa.int64())])) as file:
        file.append(pa.table({"n": [1]}))
        assert not path.exists()
    assert row_count(path) == 1

    with pytest.raises(ZeroDivisionError), TableWriter(path, pa.schema([])):
        raise ZeroDivisionError
    assert [file.name for file in path.parent.iterdir()] == ["a.parquet"]
    assert row_count(path) == 1
