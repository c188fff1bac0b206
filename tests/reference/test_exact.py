"""Exact areas by hand."""

from fractions import Fraction

import pytest
import shapely
from shapely import MultiPolygon, Polygon, box

from tests.reference.exact import exact_areas

BOTH, ONE, OTHER = (True, True), (True, False), (False, True)


@pytest.mark.parametrize(
    ("one", "other", "areas"),
    [
        (box(0, 0, 2, 2), box(1, 1, 3, 3), {BOTH: 1, ONE: 3, OTHER: 3}),
        (box(0, 0, 2, 2), box(0, 0, 2, 2), {BOTH: 4}),
        (box(0, 0, 2, 2), box(2, 0, 3, 2), {ONE: 4, OTHER: 2}),  # an edge in common
        (box(0, 0, 4, 4) - box(1, 1, 3, 3), box(0, 0, 2, 2), {BOTH: 3, ONE: 9, OTHER: 1}),
        (
            MultiPolygon([box(0, 0, 1, 1), box(1, 1, 2, 2)]),  # in touch
            box(0, 0, 2, 1),
            {BOTH: 1, ONE: 1, OTHER: 1},
        ),
        # x/3 against 1 − x: they cross at x = 3/4, y = 1/4
        (
            Polygon([(0, 0), (3, 0), (3, 1)]),
            Polygon([(0, 0), (1, 0), (0, 1)]),
            {BOTH: Fraction(1, 8), ONE: Fraction(11, 8), OTHER: Fraction(3, 8)},
        ),
        (Polygon(), box(0, 0, 1, 1), {OTHER: 1}),
    ],
)
def test_areas_of_two(one, other, areas):
    found = exact_areas(one, other)
    assert {key: area for key, area in found.items() if area} == areas


@pytest.mark.parametrize(
    ("corners", "area"),
    [
        ([(0, 0), (2, 2), (2, 0), (0, 2)], 2),  # a bow tie
        ([(0, 0), (4, 0), (4, 4), (0, 4), (0, 0), (4, 0), (4, 4), (0, 4)], 0),  # twice around
        ([(0, 0), (2, 0), (2, 2), (9, 9), (2, 2), (0, 2)], 4),  # a spike
        ([(0, 0), (2, 2), (4, 4)], 0),
    ],
)
def test_the_even_odd_rule(corners, area):
    assert sum(exact_areas(Polygon(corners)).values()) == area


def test_a_tenth_is_the_double_that_is_written():
    tenth = Fraction(0.1)
    assert exact_areas(box(0, 0, 0.1, 0.1)) == {(True,): tenth * tenth}
    assert tenth != Fraction(1, 10)


def test_three_shapes():
    found = exact_areas(box(0, 0, 2, 1), box(1, 0, 3, 1), shapely.box(1, 0, 2, 9))
    assert {key: area for key, area in found.items() if area} == {
        (True, False, False): 1,
        (True, True, True): 1,
        (False, True, False): 1,
        (False, False, True): 8,
    }
