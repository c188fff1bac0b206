"""Needles in valid outlines: found with their tip and length, corners are none."""

import numpy as np
import pytest
from shapely import MultiPolygon, Polygon, box

from pipeline.geometry.spikes import spikes

SQUARE = [(0, 0), (10, 0), (10, 10), (0, 10)]


def found(*shapes):
    return spikes(np.array(shapes, dtype=object))


@pytest.mark.parametrize("turn", range(7))
def test_a_needle_is_found_wherever_the_ring_begins(turn):
    ring = [*SQUARE[:3], (10, 60), (9.99, 10), SQUARE[3]]
    (spike,) = found(Polygon([*ring[turn % 6 :], *ring[: turn % 6]]))

    assert (spike.shape, spike.x, spike.y) == (0, 10, 60)
    assert spike.length_m == pytest.approx(50, abs=0.01)


def test_the_longest_needle_of_each_shape_is_told():
    ring = [*SQUARE[:3], (10, 60), (9.99, 10), (0, 10), (0, 9.99), (-20, 9.985), (0, 9.98)]
    shapes = MultiPolygon([box(100, 0, 110, 10), Polygon(ring)])

    assert [(one.shape, round(one.length_m)) for one in found(box(0, 0, 1, 1), shapes)] == [
        (1, 50)
    ]


@pytest.mark.parametrize(
    "shape",
    [
        Polygon(SQUARE),
        Polygon([*SQUARE[:3], (5, 10), SQUARE[3]]),  # straight on
        Polygon([(0, 0), (50, 0), (50, 1)]),  # a wedge of one degree
        Polygon([*SQUARE[:3], (10, 10.5), (9.999, 10), SQUARE[3]]),  # half a metre
        Polygon(SQUARE, [[(2, 2), (4, 2), (4, 4)]]),
    ],
)
def test_a_corner_is_no_needle(shape):
    assert found(shape) == []


def test_nothing_has_no_needles():
    assert found() == []
