"""Connected parts without approval: what is one part, which piece lies in it, how wide it is."""

import numpy as np
import pytest
import shapely
from shapely import box

from tests.reference.unapproved import mean_width_m, part_of, unapproved_parts


def column(*shapes):
    return np.array(shapes, dtype=object)


def parts_of(whole, *approved):
    made = unapproved_parts(
        column(whole), np.zeros(len(approved), dtype=int), column(*approved)
    )
    assert made.proven.all()
    return made


@pytest.mark.parametrize(
    ("approved", "areas"),
    [
        ([], [200]),
        ([box(0, 0, 20, 10)], []),
        ([box(8, 0, 12, 10)], [80, 80]),  # two halves
        ([box(8, 1, 12, 10)], [164]),  # joined below
        ([box(0, 0, 10, 5), box(10, 5, 20, 10)], [50, 50]),  # joined in a point only
        ([box(0, 0, 15, 10), box(5, 0, 18, 10)], [20]),  # approvals that overlap
    ],
)
def test_parts_share_edges(approved, areas):
    parts = parts_of(box(0, 0, 20, 10), *approved)
    assert sorted(shapely.area(parts.shape)) == areas


def test_each_change_has_its_own_parts():
    wholes = column(box(0, 0, 10, 10), box(0, 0, 10, 10), box(0, 0, 10, 10))
    parts = unapproved_parts(
        wholes, np.array([2, 0]), column(box(0, 0, 10, 5), box(4, 0, 6, 10))
    )
    assert parts.change.tolist() == [0, 0, 1, 2]
    assert shapely.area(parts.shape).tolist() == [40, 40, 100, 50]


def test_a_piece_lies_in_the_part_around_it():
    parts = parts_of(box(0, 0, 20, 10), box(8, 0, 18, 10))
    both = shapely.MultiPolygon([box(18, 0, 20, 10), box(0, 0, 1, 1)])
    dust = shapely.MultiPolygon([box(18, 0, 20, 10), box(0, 0, 0.001, 0.001)])
    holder = part_of(
        column(box(0, 0, 8, 5), box(18, 0, 20, 10), both, dust), np.zeros(4, int), parts
    )
    assert shapely.area(parts.shape[holder]).tolist() == [80, 20, 80, 20]


def test_a_piece_of_an_approved_change_lies_in_no_part():
    parts = parts_of(box(0, 0, 20, 10), box(0, 0, 20, 10))
    assert part_of(column(box(0, 0, 20, 10)), np.zeros(1, int), parts).tolist() == [-1]


@pytest.mark.parametrize(
    ("shape", "width"),
    [(box(0, 0, 1000, 1), 2000 / 2002), (box(0, 0, 10, 10), 5), (box(0, 0, 20, 2), 80 / 44)],
)
def test_the_mean_width_of_a_strip_is_its_width(shape, width):
    assert mean_width_m(column(shape))[0] == pytest.approx(width)
