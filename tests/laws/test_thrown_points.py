"""Points thrown at small worlds find the areas that the overlay says."""

import numpy as np

from tests.laws.thrown_points import thrown


def test_points_find_the_areas():
    found = [thrown(seed, 20_000) for seed in range(6)]
    kinds = [z for one in found for z in one.kinds.values()]
    assert len(kinds) > 20
    assert max(map(abs, kinds)) < 4
    assert abs(np.mean([one.unapproved for one in found])) < 1.5
