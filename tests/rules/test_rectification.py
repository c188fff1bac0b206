"""Sharing out what was reclaimed: caps, proportion, largest remainder."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules.rectification import reclaimed_by_township, share_out


def test_in_proportion():
    assert share_out(30, {"A": 100, "B": 50}) == {"A": 20, "B": 10}


def test_remainders_go_to_the_largest_then_to_the_smallest_code():
    # 10 over 3 equal ones: 3.33 each, the odd unit to A; 5 over 1 and 5: 0.83 and 4.17
    assert share_out(10, {"C": 7, "B": 7, "A": 7}) == {"C": 3, "B": 3, "A": 4}
    assert share_out(5, {"A": 1, "B": 5}) == {"A": 1, "B": 4}


def test_no_more_than_there_is():
    assert share_out(999, {"A": 3, "B": 4}) == {"A": 3, "B": 4}
    assert share_out(5, {}) == {}
    assert share_out(5, {"A": 0}) == {"A": 0}


def test_rows_with_a_township_come_first():
    illegal = {"A": 100, "B": 50}
    assert reclaimed_by_township(illegal, {"A": 70}) == {"A": 70, "B": 0}
    # 30 is left in A, 50 in B: 16 of 80 is a fifth of each
    assert reclaimed_by_township(illegal, {"A": 70, None: 16}) == {"A": 76, "B": 10}
    assert reclaimed_by_township(illegal, {"A": 120, None: 999}) == {"A": 100, "B": 50}
    assert reclaimed_by_township(illegal, {"X": 10}) == {"A": 0, "B": 0}


_CAPACITIES = st.dictionaries(st.sampled_from("ABCDE"), st.integers(0, 1000), min_size=1)


@settings(max_examples=80, deadline=None)
@given(capacities=_CAPACITIES, amount=st.integers(0, 6000))
def test_all_of_it_is_shared_and_nobody_gets_too_much(capacities, amount):
    shares = share_out(amount, capacities)
    assert sum(shares.values()) == min(amount, sum(capacities.values()))
    assert all(0 <= shares[code] <= capacities[code] for code in capacities)
    assert share_out(amount, dict(reversed(capacities.items()))) == shares
