"""Connected ground: one part or several, its area and its outline by hand."""

import random

import numpy as np
import pytest
import shapely

from pipeline.geometry.sweep.areas import ground_of, swept
from pipeline.geometry.sweep.parts import parts_of
from pipeline.geometry.sweep.rings import rings_of
from pipeline.geometry.sweep.slab import Trace
from tests.laws.near_coincident import star


def traced(*slabs):
    """A trace of slabs: left and right x, then pairs of below and above, level."""
    rows = [(x0, x1, low, low, high, high) for x0, x1, *pairs in slabs for low, high in pairs]
    table = np.array(rows, dtype=float)
    x, y = table[:, :2].copy(), table[:, 2:].copy()
    area = (x[:, 1] - x[:, 0]) * (y[:, 2] - y[:, 0])
    return Trace(x, y, area, np.zeros(len(rows), dtype=np.int64))


@pytest.mark.parametrize(
    ("slabs", "parts"),
    [
        ([(0, 2, (0, 1))], [(2, 6)]),
        ([(0, 2, (0, 1), (1, 3))], [(6, 10)]),  # one above the other
        ([(0, 2, (0, 1), (2, 3))], [(2, 6), (2, 6)]),
        ([(0, 2, (0, 1)), (2, 5, (0, 1))], [(5, 12)]),
        ([(0, 2, (0, 1)), (2, 5, (1, 2))], [(2, 6), (3, 8)]),  # they touch in a corner
        ([(0, 2, (0, 1)), (2, 5, (0.5, 2))], [(6.5, 14)]),
        ([(0, 2, (0, 1)), (3, 5, (0, 1))], [(2, 6), (2, 6)]),  # nothing between
        # a ring: its hole counts as outline
        ([(0, 1, (0, 3)), (1, 2, (0, 1), (2, 3)), (2, 3, (0, 3))], [(8, 16)]),
        # a U: two arms, one part
        ([(0, 1, (0, 1), (2, 3)), (1, 2, (0, 3))], [(5, 12)]),
        # a slab without width between others
        ([(0, 1, (0, 1)), (1, 1, (0, 1)), (1, 2, (0, 1)), (2, 3, (0, 1))], [(3, 8)]),
        ([(0, 1, (0, 1), (2, 3)), (1, 1, (0, 1), (2, 3)), (1, 2, (0, 1))], [(2, 6), (1, 4)]),
    ],
)
def test_slabs_by_hand(slabs, parts):
    trace = traced(*slabs)
    rows = np.zeros(len(trace.row), dtype=np.int64)
    found = parts_of(trace, rows, np.ones(len(rows), dtype=bool))
    assert list(zip(found.area, found.perimeter, strict=True)) == parts
    assert (found.plane_area == found.area).all()


def test_what_is_not_wanted_divides():
    trace = traced((0, 1, (0, 1), (1, 2), (2, 3)), (1, 2, (0, 3)))
    change = np.array([0, 0, 0, 1])
    found = parts_of(trace, change, np.array([True, False, True, True]))
    assert found.of.tolist() == [0, -1, 1, 2]  # the last one belongs to another change
    assert found.perimeter.tolist() == [4, 4, 8]


def test_any_polygon_is_one_part_with_its_own_outline():
    """Corners on the lower side of the tile once fell a rounding apart from their edges."""
    shapes = np.array([star(random.Random(seed)) for seed in range(1000)])
    areas = swept(rings_of(shapes), ground_of([]), is_traced=True)
    change = areas.change[areas.trace.row]
    parts = parts_of(areas.trace, change, np.ones(len(change), dtype=bool))
    assert len(parts.area) == len(shapes)
    owner = np.zeros(len(shapes), dtype=np.int64)
    owner[parts.of] = change
    assert parts.area == pytest.approx(shapely.area(shapes)[owner], rel=1e-12)
    assert parts.plane_area == pytest.approx(parts.area, rel=1e-12)
    assert parts.perimeter == pytest.approx(shapely.length(shapes)[owner], rel=1e-12)
