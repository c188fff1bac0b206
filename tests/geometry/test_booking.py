"""Fixed-point booking: parts that add up to the unit."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.geometry.booking import book, farmland_units


@pytest.mark.parametrize(
    ("total", "parts", "units"),
    [
        (200.0, [200.0], [2_000_000]),
        (0.00005, [0.00005], [1]),  # half up
        (0.00004, [0.00004], [0]),
        # 1.0000 in three: floored to 3333, the one missing unit goes to the first of equals
        (1.0, [1 / 3, 1 / 3, 1 / 3], [3334, 3333, 3333]),
        # the largest remainder gets it, wherever it stands
        (0.0003, [0.00011, 0.00019], [1, 2]),
        (0.0005, [0.00019, 0.00016, 0.00015], [2, 2, 1]),
        # rounding made the parts more than the whole: the largest gives
        (1.0, [0.5, 0.50011], [5000, 5000]),
        (0.0, [], []),
    ],
)
def test_parts_are_floored_and_the_missing_units_go_to_the_largest_remainders(
    total, parts, units
):
    owner = np.zeros(len(parts), dtype=np.int64)
    assert book(np.array([total]), np.array(parts), owner).tolist() == units


def test_every_whole_is_booked_by_itself():
    totals = np.array([1.0, 5.0, 0.0003, 2.0])  # the second one has no parts
    parts = np.array([1 / 3, 1 / 3, 1 / 3, 0.00011, 0.00019, 2.0])
    owner = np.array([0, 0, 0, 2, 2, 3])
    assert book(totals, parts, owner).tolist() == [3334, 3333, 3333, 1, 2, 20_000]


@settings(max_examples=50, deadline=None)
@given(st.lists(st.lists(st.floats(0, 1e6), min_size=1, max_size=30), min_size=1, max_size=4))
def test_booked_parts_add_up_to_their_booked_whole(wholes):
    totals = np.array([sum(parts) for parts in wholes])
    owner = np.repeat(np.arange(len(wholes)), [len(parts) for parts in wholes])
    units = book(totals, np.concatenate(wholes), owner)
    booked = np.bincount(owner, units).astype(int).tolist()
    assert booked == [int(total * 10_000 + 0.5) for total in totals.tolist()]
    assert (units >= 0).all()


@pytest.mark.parametrize(
    ("area", "coefficient", "farmland"),
    [
        (1_000_000, 0.0, 1_000_000),
        (1_000_000, 0.1, 900_000),
        (10, 0.05, 10),  # 9.5, half up
        (10, 0.051, 9),
        (3, 0.5, 2),  # 1.5, half up
        (1_234_567, 0.1135, 1_094_444),  # 1,094,443.6455
        (
            5,
            0.3,
            4,
        ),  # 3.5 as written; 0.3 in binary is less, and 1 - 0.3 is 0.7 to the bit below
    ],
)
def test_farmland_is_what_the_ridge_leaves_with_the_decimal_as_written(
    area, coefficient, farmland
):
    assert farmland_units(area, coefficient) == farmland
