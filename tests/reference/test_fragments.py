"""Cells of layers laid over one another, and the two sums that each cut must keep."""

import numpy as np
import pytest
import shapely
from shapely import box

from tests.reference import fragments as module
from tests.reference.fragments import laid_over, uncut
from tests.reference.share import Shared


def column(*shapes):
    return np.array(shapes, dtype=object)


def cells(*shapes, change=None):
    """The cells of one layer, coded 0, 1, …; all of change 0 unless told otherwise."""
    count = np.arange(len(shapes))
    owner = np.zeros(len(shapes), dtype=int) if change is None else np.array(change)
    true = np.ones(len(set(owner.tolist())), dtype=bool)
    return Shared(owner, count, column(*shapes), column(), true)


#   0011      a change of 4 × 2, left and right half in the first layer,
#   0011      lower and upper half in the second
LEFT_RIGHT = cells(box(0, 0, 2, 2), box(2, 0, 4, 2))
BELOW_ABOVE = cells(box(0, 0, 4, 1), box(0, 1, 4, 2))


def laid(*layers, wholes=None):
    made = uncut(column(box(0, 0, 4, 2)) if wholes is None else wholes)
    for layer in layers:
        made, proven = laid_over(made, layer)
        assert proven.all()
    return made


def test_fragments_carry_the_codes_of_all_layers():
    made = laid(LEFT_RIGHT, BELOW_ABOVE)
    assert made.codes.tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert shapely.area(made.shape).tolist() == [2, 2, 2, 2]


def test_a_layer_with_one_answer_cuts_nothing():
    made = laid(cells(box(0, 0, 4, 2)), LEFT_RIGHT)
    assert made.codes.tolist() == [[0, 0], [0, 1]]


def test_changes_are_cut_by_their_own_cells_only():
    wholes = column(box(0, 0, 4, 2), box(0, 0, 4, 2))
    made = laid(cells(box(0, 0, 3, 2), box(3, 0, 4, 2), box(0, 0, 4, 2), change=[0, 0, 1]),
                wholes=wholes)  # fmt: skip
    assert made.change.tolist() == [0, 0, 1]
    assert shapely.area(made.shape).tolist() == [6, 2, 8]


def test_ground_given_to_the_wrong_cell_is_noticed_and_cut_again(monkeypatch):
    def swapped(wholes, knives):
        made, right = honest(wholes, knives)
        if len(made):  # the parts of the first fragment still add up to it
            made[0], made[1] = box(0, 0, 1, 1), box(0, 0, 2, 2) - box(0, 0, 1, 1)
        return made, right

    honest = module._intersections
    monkeypatch.setattr(module, "_intersections", swapped)
    made = laid(LEFT_RIGHT, BELOW_ABOVE)
    assert shapely.area(made.shape).tolist() == [2, 2, 2, 2]


def test_what_no_cutting_can_prove_is_said(monkeypatch):
    monkeypatch.setattr(module, "_in_turn", lambda _, knives: (knives, False))
    monkeypatch.setattr(
        module, "_intersections", lambda wholes, _: (wholes, np.zeros(len(wholes), dtype=bool))
    )
    halves, _ = laid_over(uncut(column(box(0, 0, 4, 2))), LEFT_RIGHT)
    _, proven = laid_over(halves, BELOW_ABOVE)
    assert not proven.any()


def test_an_exception_of_geos_is_survived(monkeypatch):
    def broken(*_, **__):
        raise shapely.errors.GEOSException("TopologyException")

    monkeypatch.setattr(shapely, "intersection", broken)
    made = laid(LEFT_RIGHT, BELOW_ABOVE)
    assert shapely.area(made.shape) == pytest.approx([2, 2, 2, 2])
