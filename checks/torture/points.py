"""200,000 points thrown at each of 40 worlds: no bias in what the overlay calls unapproved."""

import numpy as np

from tests.laws.thrown_points import thrown

WORLDS, POINTS = 40, 200_000


def run():
    found = [thrown(seed, POINTS) for seed in range(WORLDS)]
    zs = [one.unapproved for one in found if one.unapproved]
    kinds = [z for one in found for z in one.kinds.values()]
    mean, largest = float(np.mean(zs)), max(map(abs, zs))
    figures = {
        "worlds": WORLDS,
        "mean z": f"{mean:.2f}",
        "largest z": f"{largest:.2f}",
        f"largest of {len(kinds)} kinds of ground": f"{max(map(abs, kinds)):.2f}",
        "spread of those": f"{np.std(kinds):.2f}",
    }
    print(figures, flush=True)
    assert abs(mean) < 0.5
    assert largest < 4
    assert max(map(abs, kinds)) < 5
    return figures
