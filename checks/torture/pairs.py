"""100,000 pairs of shapes that all but coincide: no exception, no identity of areas broken."""

import random

from tests.laws.hair_pairs import (
    EASTINGS,
    KINDS,
    error_against_fractions_m2,
    overlay_errors,
    pairs,
    worst,
)

PAIRS, BATCH = 100_000, 833
EXACT_EVERY, OVERLAID = 40, 200


def run():
    relative = m2 = exact = 0.0
    count = checked = booked = 0
    for kind in KINDS:
        for easting in EASTINGS:
            dice = random.Random(f"{kind} {easting}")
            for _ in range(-(-PAIRS // (BATCH * len(KINDS) * len(EASTINGS)))):
                ones, others = pairs(BATCH, kind, easting, dice)
                found = worst(ones, others)
                relative, m2, count = max(relative, found[0]), max(m2, found[1]), count + BATCH
                for row in range(0, BATCH, EXACT_EVERY):
                    exact = max(exact, error_against_fractions_m2(ones[row], others[row]))
                    checked += 1
                wrong = overlay_errors(ones[:OVERLAID], others[:OVERLAID])
                assert not wrong, wrong
                booked += OVERLAID
            print(f"{kind} {easting}: {relative:.1e} relative, {m2:.1e} m² so far", flush=True)
    assert count >= PAIRS
    assert relative <= 1e-7
    assert m2 <= 0.01
    assert exact <= 1e-6
    return {
        "pairs": count,
        "worst relative": f"{relative:.1e}",
        "worst m²": f"{m2:.1e}",
        f"worst m² against fractions ({checked})": f"{exact:.1e}",
        "through the whole overlay": booked,
    }
