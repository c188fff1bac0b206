"""Edges in a tile of 10 × 10 m: what is kept of them, and what they tell of the lower side."""

import numpy as np
import pytest
import shapely
from shapely import Point, Polygon, affinity, box

from pipeline.geometry.sweep.clip import edges_for, gather
from pipeline.geometry.sweep.rings import rings_of
from pipeline.geometry.sweep.rows import rows_over
from tests.geometry.sweep.sweeping import column


def gathered(shape, at=(0.0, 0.0), size=(10.0, 10.0), room=4096):
    """Edges as (x left, y left, x right, y right), turns, and whether the corner is inside."""
    rings = rings_of(column(shape))
    edges = edges_for(room)
    where = [float(value) for value in (*at, *size)]
    zero = np.int64(0)
    n, turns, inside = gather(rings, rows_over(rings), zero, *where, zero, edges, zero, zero)
    if n < 0:
        return None
    x0, y0, x1, slope = edges.line[:n].T
    assert edges.begin[:n].tolist() == x0.tolist()
    lines = zip(x0, y0, x1, y0 + (x1 - x0) * slope, strict=True)
    kept = sorted(tuple(map(float, line)) for line in lines)
    return kept, sorted(edges.turn[:turns].tolist()), bool(inside)


@pytest.mark.parametrize(
    ("shape", "edges", "turns", "inside"),
    [
        # all of a triangle in the tile; its vertical side encloses nothing
        (Polygon([(2, 2), (8, 2), (8, 5)]), [(2, 2, 8, 2), (2, 2, 8, 5)], [], False),
        # left, right, above, below: nothing of it, and the corner is outside
        (box(-5, 2, 0, 8), [], [], False),
        (box(10, 2, 15, 8), [], [], False),
        (box(2, 10, 8, 15), [], [], False),
        (box(2, -5, 8, 0), [], [], False),
        (box(-9, -9, -1, -1), [], [], False),
        # over all sides: no edge, all of the tile inside
        (box(-5, -5, 15, 15), [], [], True),
        # the sides of the tile itself: its lower side is inside from 0 on
        (box(0, 0, 10, 10), [], [0], False),
        # through the left, the right and both
        (box(-5, 2, 5, 8), [(0, 2, 5, 2), (0, 8, 5, 8)], [], False),
        (box(5, 2, 15, 8), [(5, 2, 10, 2), (5, 8, 10, 8)], [], False),
        (box(-5, 2, 15, 8), [(0, 2, 10, 2), (0, 8, 10, 8)], [], False),
        # through the lower side: it turns where the shape begins and ends
        (box(2, -5, 8, 5), [(2, 5, 8, 5)], [2, 8], False),
        (box(-2, -5, 8, 5), [(0, 5, 8, 5)], [8], True),
        (box(2, -5, 12, 5), [(2, 5, 10, 5)], [2], False),
        # through the upper side
        (box(2, 5, 8, 15), [(2, 5, 8, 5)], [], False),
        # standing on the lower side, and hanging from the upper one
        (box(2, 0, 8, 5), [(2, 5, 8, 5)], [2, 8], False),
        (box(2, 5, 8, 10), [(2, 5, 8, 5)], [], False),
        # slanting edges end at the sides
        (
            Polygon([(-2, -2), (12, 12), (-2, 12)]),
            [(0, 0, 10, 10)],
            [0],
            True,
        ),
        (
            Polygon([(5, -5), (15, 5), (5, 15), (-5, 5)]),  # a diamond around the tile
            [],
            [0],
            False,
        ),
        # its tip just within
        (Polygon([(5, -2), (9, 2), (1, 2)]), [(1, 2, 3, 0), (1, 2, 9, 2), (7, 0, 9, 2)], [3, 7],
         False),
        # a corner on the lower side: it turns twice in one place
        (Polygon([(5, 0), (9, 4), (1, 4)]), [(1, 4, 5, 0), (1, 4, 9, 4), (5, 0, 9, 4)], [5, 5],
         False),
        # with a hole on the corner of the tile
        (box(-9, -9, 5, 5) - box(-1, -1, 1, 1), [(0, 1, 1, 1), (0, 5, 5, 5)], [1, 5], False),
    ],
)  # fmt: skip
def test_edges_end_at_the_sides(shape, edges, turns, inside):
    assert gathered(shape) == (edges, turns, inside)
    # whichever way round the ring runs
    assert gathered(shape.reverse()) == (edges, turns, inside)


def test_a_tile_elsewhere_sees_the_same():
    shape = Polygon([(5, -2), (9, 2), (1, 2)])
    there = gathered(affinity.translate(shape, 500_000, 3_190_000), at=(500_000, 3_190_000))
    assert there == gathered(shape)


@pytest.mark.parametrize("at", [(0, 0), (-20, 5), (13, -60), (-70, -70), (50, 50)])
def test_of_a_large_polygon_the_same_is_seen_through_its_rows(at, monkeypatch):
    circle = Point(0, 0).buffer(64, quad_segs=500) - Point(0, 0).buffer(30, quad_segs=500)
    through_rows = gathered(circle, at, (31.0, 17.0))
    monkeypatch.setattr("pipeline.geometry.sweep.rows._LARGE", 1_000_000)
    assert gathered(circle, at, (31.0, 17.0)) == through_rows


def test_what_has_no_room_is_said_before_anything_is_written():
    assert gathered(Point(5, 5).buffer(3, quad_segs=4), room=17) is not None
    assert gathered(Point(5, 5).buffer(3, quad_segs=4), room=16) is None
    large = shapely.segmentize(box(1, 1, 9, 9), 0.1)
    assert gathered(large, room=2000) is not None
    assert gathered(large, room=40) is None
