"""A layer in memory answers where its records lie."""

import geopandas as gpd
import numpy as np
import pytest
import shapely
from shapely.geometry import box

from pipeline.geometry.source import divided
from tests.memory_source import MemorySource

LAYER = MemorySource(
    gpd.GeoDataFrame(
        {"n": [1, 2, 3, 4]},
        geometry=[box(0, 0, 2, 2), None, box(2, 0, 4, 2), shapely.Polygon()],
        crs="EPSG:4549",
    )
)


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ((0.5, 0.5, 1, 1), [1]),
        ((1, 1, 3, 3), [1, 3]),
        ((2, 0, 4, 2), [3]),  # a border alone is not shared
        ((5, 5, 6, 6), []),
    ],
)
def test_near(asked, found):
    near = LAYER.near(np.array([asked], dtype=float), ["n"])
    assert near.column_names == ["n", "geometry"]
    assert near["n"].to_pylist() == found


def test_blocks():
    assert (LAYER.rows, LAYER.columns) == (4, ["n"])
    blocks = [LAYER.block(rows, ["n"]) for rows in divided(LAYER.rows, 3)]
    assert [block["n"].to_pylist() for block in blocks] == [[1, 2, 3], [4]]
    assert shapely.from_wkb(blocks[0]["geometry"][2].as_py()).equals(box(2, 0, 4, 2))
    assert divided(0, 3) == []


def test_a_layer_of_shapes_alone():
    alone = MemorySource(gpd.GeoDataFrame(geometry=[box(0, 0, 2, 2)] * 2, crs="EPSG:4549"))
    assert (alone.rows, alone.columns) == (2, [])
    assert alone.near(np.array([[1.0, 1.0, 3.0, 3.0]]), []).num_rows == 2
