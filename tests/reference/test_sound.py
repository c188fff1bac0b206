"""Mending what rounding folded."""

import numpy as np
import pytest
import shapely

from tests.reference.sound import all_sound, sound


def test_a_folded_hair_is_mended_without_losing_ground():
    # a square whose upper edge comes back on itself a micrometre too far
    folded = shapely.Polygon([(0, 0), (10, 0), (10, 10), (5, 10), (5, 10.000001), (4.999999, 9.999999),
                              (5.000001, 9.999999), (0, 10)])  # fmt: skip
    assert not folded.is_valid
    assert sound(folded).is_valid
    assert sound(folded).area == pytest.approx(100, abs=1e-5)
    box = shapely.box(0, 0, 1, 1)
    made = all_sound(np.array([box, folded, shapely.Point(0, 0)], dtype=object))
    assert shapely.area(made) == pytest.approx([1, 100, 0], abs=1e-5)
    assert made[0] is box
