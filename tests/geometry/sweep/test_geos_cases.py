"""Hundreds of pairs that overlays are known to fail on, against areas from fractions."""

from fractions import Fraction

import numpy as np
import pytest
import shapely

from pipeline.geometry.sweep.areas import Cover, ground_of, swept
from pipeline.geometry.sweep.rings import rings_of
from tests.reference.exact import exact_areas
from tests.reference.geos_cases import pairs, scaled

PAIRS, PASSED_OVER = pairs()
FILES = sorted({pair.name.split()[0] for pair in PAIRS})


def areas(change, parcel):
    """What a parcel has of a change, and the rest."""
    ground = ground_of([Cover(rings_of(np.array([parcel])), np.zeros(1, dtype=np.int64))])
    made = swept(rings_of(np.array([change])), ground)
    covered = made.polygon[:, 0] >= 0
    return made.area[covered].sum(), made.area[~covered].sum()


def test_the_cases_are_all_there():
    assert len(PAIRS) == 396
    assert sum(PASSED_OVER.values()) == 218  # points, lines, collections, empty shapes


@pytest.mark.parametrize("file", FILES)
def test_areas_are_those_of_fractions(file):
    for pair in PAIRS:
        if pair.name.split()[0] != file:
            continue
        exact = exact_areas(pair.one, pair.other)
        common = exact.get((True, True), 0)
        for key, change, parcel in (
            ((True, False), pair.one, pair.other),
            ((False, True), pair.other, pair.one),
        ):
            one, other, factor = scaled(change, parcel)
            square = Fraction(factor) ** 2
            wanted = float(common * square), float(exact.get(key, 0) * square)
            assert areas(one, other) == pytest.approx(wanted, rel=0, abs=1e-6), pair.name


@pytest.mark.parametrize(
    ("name", "error_m2"),
    [
        ("sliver_40486.hexwkb", 1000),
        ("balanced_3461.hexwkb", 2),
        ("robust/overlay/TestOverlay-isochrone.xml 32", 1e-4),
        ("robust/overlay/TestOverlay-geos-1051.xml 1", 1e-5),
    ],
)
def test_cutting_shapes_is_worse_on_some(name, error_m2):
    """Where this fails, GEOS has been mended: the docs name these figures."""
    (pair,) = (pair for pair in PAIRS if pair.name == name)
    one, other, _ = scaled(pair.one, pair.other)
    exact = exact_areas(one, other)
    common, rest = (float(exact.get((True, inside), 0)) for inside in (True, False))
    found = one.intersection(other).area, one.difference(other).area
    assert max(abs(found[0] - common), abs(found[1] - rest)) > error_m2
    assert areas(one, other) == pytest.approx((common, rest), rel=0, abs=1e-7)
    assert shapely.is_valid([one, other]).all()
