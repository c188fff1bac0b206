"""2,000 pairs that all but coincide: none raises, and every identity of areas holds."""

import random

import pytest

from tests.laws.hair_pairs import (
    EASTINGS,
    KINDS,
    error_against_fractions_m2,
    overlay_errors,
    pairs,
    worst,
)

COUNT = 170  # of each kind in each form of the easting


@pytest.mark.parametrize("easting", EASTINGS)
@pytest.mark.parametrize("kind", KINDS)
def test_identities_of_areas(kind, easting):
    dice = random.Random(f"{kind} {easting}")
    ones, others = pairs(COUNT, kind, easting, dice)

    relative, m2 = worst(ones, others)

    assert relative < 1e-7
    assert m2 < 0.01
    for row in dice.sample(range(COUNT), 5):
        assert error_against_fractions_m2(ones[row], others[row]) < 1e-6


@pytest.mark.parametrize("kind", KINDS)
def test_the_overlay_books_them(kind):
    ones, others = pairs(40, kind, "607,340", random.Random(kind))
    assert overlay_errors(ones, others) == []
