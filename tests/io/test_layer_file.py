"""Of a file on disk only what lies near is read, and that once."""

import os
import pickle
import random
import shutil
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import fsspec
import geopandas as gpd
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely.geometry import box

from pipeline.errors import PipelineError
from pipeline.io import layer_file, store
from pipeline.io.layer_file import LayerFile
from pipeline.io.row_group_cache import Kept
from pipeline.io.store import write_layer, write_table
from tests.memory_source import MemorySource

CRS = "EPSG:4549"


def boxes(*several):
    return np.array(several, dtype=float).reshape(-1, 4)


@pytest.fixture
def kept(monkeypatch):
    fresh = Kept(1 << 20)
    monkeypatch.setattr(layer_file, "KEPT", fresh)
    return fresh


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """Return a chessboard of 8 × 8 cells of 10 m, a row group each four."""
    cells = [(x, y) for x in range(8) for y in range(8)]
    frame = gpd.GeoDataFrame(
        {"cell": [f"{x},{y}" for x, y in cells], "x": [x for x, _ in cells]},
        geometry=[box(10 * x, 10 * y, 10 * x + 10, 10 * y + 10) for x, y in cells],
        crs=CRS,
    )
    path = tmp_path_factory.mktemp("layers") / "board.parquet"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(store, "_CORNERS", 20)
        write_layer(path, frame)
    return str(path)


def test_a_file_tells_what_it_holds(board):
    layer = LayerFile(board)
    assert (layer.rows, layer.columns, layer.crs) == (64, ["cell", "x"], CRS)


@pytest.mark.parametrize(
    ("asked", "cells", "read"),
    [
        (boxes((1, 1, 9, 9)), {"0,0"}, 2),  # the boxes of one row group, and its shapes
        (boxes((0, 0, 10, 10)), {"0,0"}, 2),  # a border alone is not shared
        (boxes((5, 5, 15, 6)), {"0,0", "1,0"}, 2),
        (boxes((1, 1, 2, 2), (75, 75, 76, 76)), {"0,0", "7,7"}, 4),
        (boxes((15, 5, 25, 6)), {"1,0", "2,0"}, 4),  # of two row groups
        (boxes((-9, -9, -1, -1)), set(), 0),
        (boxes(), set(), 0),
    ],
)
def test_only_what_lies_near_is_read(board, kept, asked, cells, read):
    near = LayerFile(board).near(asked, ["cell"])
    assert near.column_names == ["cell", "geometry"]
    assert set(near["cell"].to_pylist()) == cells
    assert kept.read == read


def test_a_row_group_without_a_row_near_is_not_decoded(tmp_path, kept):
    frame = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1), box(9, 9, 10, 10)], crs=CRS)
    write_layer(tmp_path / "a.parquet", frame)
    assert LayerFile(str(tmp_path / "a.parquet")).near(boxes((4, 4, 5, 5)), []).num_rows == 0
    assert kept.read == 1  # its boxes


def test_rows_come_in_the_order_of_the_file(board):
    layer = LayerFile(board)
    everything = layer.block(range(64), ["cell", "x"])
    assert layer.near(boxes((-1, -1, 99, 99)), ["cell", "x"]).equals(everything)
    assert layer.near(boxes((-1, -1, 99, 99)), ["x"]).column_names == ["x", "geometry"]


@pytest.mark.parametrize("size", [1, 3, 4, 30, 64, 100])
def test_blocks_are_the_file(board, size):
    layer = LayerFile(board)
    blocks = [layer.block(rows, ["cell"]) for rows in layer.blocks(size)]
    assert [block.num_rows for block in blocks[:-1]] == [size] * (len(blocks) - 1)
    cells = [cell for block in blocks for cell in block["cell"].to_pylist()]
    assert cells == layer.block(range(64), ["cell"])["cell"].to_pylist()
    assert layer.block(range(5, 5), ["cell"]).num_rows == 0


@settings(deadline=None)  # a busy machine is no mistake
@given(
    asked=st.lists(
        st.tuples(*[st.integers(-2, 9)] * 2, *[st.integers(0, 4)] * 2), max_size=4
    ).map(lambda some: [(5 * x, 5 * y, 5 * (x + w), 5 * (y + h)) for x, y, w, h in some])
)
def test_a_file_and_the_memory_answer_the_same(board, asked):
    layer = LayerFile(board)
    memory = MemorySource(layer.block(range(64), ["cell", "x"]))
    near = layer.near(boxes(*asked), ["x"])
    assert near.equals(memory.near(boxes(*asked), ["x"]))


def test_neighbours_share_what_was_read(board, kept):
    layer = LayerFile(board)
    blocks = [boxes((10 * x + 1, 1, 10 * x + 2, 79)) for x in range(8)]
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda asked: layer.near(asked, ["cell"]).num_rows, blocks))
    assert found == [8] * 8
    assert (kept.asked, kept.read) == (64, 32)  # 16 row groups, their boxes and their shapes


def test_a_layer_is_not_read_where_another_file_is_seen_in_its_place(board, tmp_path):
    path = tmp_path / "a.parquet"
    shutil.copy(board, path)
    travelled = pickle.dumps(LayerFile(str(path)))
    later = path.stat().st_mtime_ns + 10**9
    os.utime(path, ns=(later, later))
    with pytest.raises(PipelineError, match="stale file"):
        _ = pickle.loads(travelled).rows


def test_a_layer_travels_as_its_path(board):
    layer = LayerFile(board)
    layer.near(boxes((1, 1, 9, 9)), [])
    travelled = pickle.dumps(layer)
    assert len(travelled) < 300
    assert pickle.loads(travelled).rows == 64


def test_a_file_written_anew_is_read_anew(tmp_path):
    path = tmp_path / "a.parquet"
    for names in (["a"], ["b", "c"]):
        frame = gpd.GeoDataFrame({"n": names}, geometry=[box(0, 0, 1, 1)] * len(names), crs=CRS)
        write_layer(path, frame)
        near = LayerFile(str(path)).near(boxes((0, 0, 1, 1)), ["n"])
        assert near["n"].to_pylist() == names


def test_shapes_without_a_place_are_never_near(tmp_path):
    frame = gpd.GeoDataFrame({"n": [1, 2]}, geometry=[box(0, 0, 1, 1), None], crs=CRS)
    write_layer(tmp_path / "a.parquet", frame)
    layer = LayerFile((tmp_path / "a.parquet").as_uri())
    assert layer.near(boxes((-9, -9, 9, 9)), ["n"])["n"].to_pylist() == [1]
    assert layer.block(range(2), ["n"])["geometry"].to_pylist()[1] is None


def test_a_layer_may_lie_where_fsspec_finds_it(board):
    fsspec.filesystem("memory").pipe("/board.parquet", Path(board).read_bytes())
    layer = LayerFile("memory://board.parquet")
    assert layer.near(boxes((1, 1, 9, 9)), ["cell"])["cell"].to_pylist() == ["0,0"]
    assert layer.block(range(64), []).equals(LayerFile(board).block(range(64), []))


def test_an_empty_layer_has_nothing_near(tmp_path):
    write_layer(tmp_path / "a.parquet", gpd.GeoDataFrame({"n": []}, geometry=[], crs=CRS))
    layer = LayerFile(str(tmp_path / "a.parquet"))
    assert (layer.rows, layer.blocks(9)) == (0, [])
    assert layer.near(boxes((0, 0, 1, 1)), ["n"]).column_names == ["n", "geometry"]


def test_a_file_without_a_covering_is_refused(tmp_path):
    write_table(tmp_path / "a.parquet", gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs=CRS))
    with pytest.raises(ValueError, match="covering bbox"):
        _ = LayerFile(str(tmp_path / "a.parquet")).rows
    with pytest.raises(FileNotFoundError):
        _ = LayerFile(str(tmp_path / "b.parquet")).rows


def test_what_was_asked_first_makes_room():
    kept = Kept(most_bytes=16)
    numbers = {name: np.zeros(1) for name in "abc"}
    for name in "abaca":
        kept.get(name, lambda name=name: numbers[name])
    assert (kept.asked, kept.read, kept.bytes) == (5, 3, 16)
    kept.get("b", lambda: numbers["b"])  # c came and b went
    assert kept.read == 4


def test_two_threads_read_once_and_both_hear_of_a_failure():
    kept, begun = Kept(100), threading.Event()

    def slowly():
        begun.set()
        time.sleep(random.Random(1).random() / 20)
        raise OSError("gone")

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(kept.get, "a", slowly)
        begun.wait()
        second = pool.submit(kept.get, "a", slowly)
        for asked in (first, second):
            with pytest.raises(OSError, match="gone"):
                asked.result()
    assert kept.read == 1
    assert len(kept.get("a", lambda: np.zeros(2))) == 2
