"""Cuts are proven: GEOS invents ground, and nothing of it may come through."""

from pathlib import Path

import numpy as np
import pytest
import shapely

from tests.reference import cut as module
from tests.reference.cut import cut, within

CASES = Path(__file__).parents[1] / "data" / "geos_invented_area"


def pair(name):
    lines = (CASES / f"{name}.hexwkb").read_text().split()
    return tuple(np.array([shapely.from_wkb(line)], dtype=object) for line in lines)


def column(*shapes):
    return np.array(shapes, dtype=object)


@pytest.mark.parametrize(
    ("name", "common"),
    [
        ("sliver_30285", 0),
        ("sliver_40486", 0),
        ("sliver_59137", 0),
        ("balanced_3461", 5.1739),
        ("balanced_0005", 1.2172),
    ],
)
def test_invented_ground_does_not_come_through(name, common):
    whole, knife = pair(name)
    made = cut(whole, knife)
    assert made.proven.all()
    assert made.parts[0].area == pytest.approx(common, abs=1e-4)
    assert made.parts[0].area + made.rests[0].area == pytest.approx(whole[0].area, abs=1e-6)


@pytest.mark.parametrize("name", ["balanced_3461", "balanced_0005"])
def test_a_perfect_balance_is_no_proof(name):
    """Where this fails, GEOS has been mended and the case can go."""
    whole, knife = pair(name)
    part, rest = shapely.intersection(whole, knife), shapely.difference(whole, knife)
    assert shapely.area(part) + shapely.area(rest) == pytest.approx(shapely.area(whole))
    assert not within(module.all_sound(part), knife)[0]


def test_a_cut_that_no_way_can_prove_is_not_believed(monkeypatch):
    monkeypatch.setattr(module, "tolerance_m2", lambda _: -1.0)
    made = cut(column(shapely.box(0, 0, 2, 2)), column(shapely.box(1, 0, 3, 2)))
    assert not made.proven[0]


@pytest.mark.parametrize(
    ("knife", "part", "rest"),
    [
        (shapely.box(1, 0, 3, 2), 2, 2),
        (shapely.box(0, 0, 9, 9), 4, 0),
        (shapely.box(2, 0, 3, 2), 0, 4),  # an edge in common
        (shapely.box(5, 5, 6, 6), 0, 4),
        (shapely.box(0.5, 0.5, 1.5, 1.5), 1, 3),  # a hole
        (shapely.Polygon(), 0, 4),
    ],
)
def test_part_and_rest(knife, part, rest):
    made = cut(column(shapely.box(0, 0, 2, 2)), column(knife))
    assert (made.parts[0].area, made.rests[0].area, made.proven[0]) == (part, rest, True)


def test_every_other_way_cuts_the_same():
    whole = shapely.MultiPolygon([shapely.box(0, 0, 4, 2), shapely.box(6, 0, 8, 2)])
    knife = shapely.MultiPolygon([shapely.box(1, 1, 7, 3), shapely.box(1, -1, 2, 0.5)])
    ways = list(module._ways(whole, knife))
    assert len(ways) == 7
    for way in ways:
        part, rest = way()
        assert (part.area, rest.area) == (pytest.approx(4.5), pytest.approx(7.5))
        assert part.is_valid
        assert rest.is_valid


def test_what_only_touches_is_not_cut():
    touching = module.cut_again(shapely.box(0, 0, 2, 2), shapely.box(2, 0, 3, 2))
    assert (touching[0].area, touching[1].area, touching[2]) == (0, 4, True)


def test_an_exception_of_geos_is_another_reason_to_try_again(monkeypatch):
    def broken(*_):
        raise shapely.errors.GEOSException("TopologyException")

    monkeypatch.setattr(shapely, "intersection", broken)
    made = cut(column(shapely.box(0, 0, 2, 2)), column(shapely.box(1, 0, 3, 2)))
    assert (made.parts[0].area, made.rests[0].area, made.proven[0]) == (2, 2, True)
