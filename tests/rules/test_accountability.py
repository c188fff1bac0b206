"""The ratio and the line: the worked examples of the trade, numbers as printed there.

Areas are written in mu; one mu is 10,000 units here, for only the proportions matter.
"""

import random
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.rules.accountability import (
    Sums,
    measure,
    reclaim_to_line,
    room_to_line,
    shared_ranks,
)
from pipeline.terms import OfficialRatio
from tests.pieces import accountability

MU = 10_000
NET = accountability()
NUMERATOR = accountability(official="ratio_numerator")
GROSS = accountability(official="ratio_gross")


def mu(value: str | int) -> int:
    units = Fraction(value) * MU
    assert units.denominator == 1
    return int(units)


def sums(legal=0, illegal=0, **others):
    named = {f"{name}_farmland": mu(value) for name, value in others.items()}
    return Sums(legal_farmland=mu(legal), illegal_farmland=mu(illegal), **named)


def township(made, config=NET):
    return measure(made, config.township, config)


def percent(ratio, places=2):
    return f"{float(ratio) * 100:.{places}f}"


def test_1_plain():
    found = township(sums(legal=180, illegal=12))
    assert percent(found.official) == "6.25"
    assert not found.is_accountable
    assert found.reclaim_to_line == 0


def test_2_fangcheng_2009():
    found = township(sums(legal="119.8", illegal="263.17"))
    assert percent(found.gross) == "68.72"


def test_3_exactly_at_the_line():
    eight = sums(legal=92, illegal=8)
    fifteen = sums(legal=85, illegal=15)
    assert not township(eight).is_accountable
    assert measure(fifteen, NET.county, NET).is_accountable
    # the other comparison gives the other answer, and only on the line
    swapped = NET.township.model_copy(update={"comparison": ">="})
    assert measure(eight, swapped, NET).is_accountable
    one_less = Sums(legal_farmland=92 * MU + 1, illegal_farmland=8 * MU)
    assert not measure(one_less, swapped, NET).is_accountable
    one_more = Sums(legal_farmland=92 * MU - 1, illegal_farmland=8 * MU)
    assert township(one_more).is_accountable
    county = NET.county.model_copy(update={"comparison": ">"})
    assert not measure(fifteen, county, NET).is_accountable


def test_4_rounding_trap():
    found = township(sums(legal="91.996", illegal="8.004"))
    assert percent(found.official) == "8.00"
    assert percent(found.official, 4) == "8.0040"
    assert found.is_accountable


def test_5_reclamation():
    found = township(sums(legal=354, illegal=46, reclaimed=31))
    assert percent(found.gross) == "11.50"
    assert percent(found.numerator) == "3.75"
    assert percent(found.net) == "4.07"


def test_6_both_against_one():
    found = township(sums(legal=90, illegal=10, reclaimed=3))
    assert percent(found.numerator) == "7.00"
    assert percent(found.net) == "7.22"


def test_7_headroom():
    made = sums(legal=354, illegal=46)
    assert township(made, NUMERATOR).reclaim_to_line == mu(14)
    # 14 / 0.92 = 15.217391304…, rounded up to one unit; printed there as 15.22
    assert township(made, NET).reclaim_to_line == 152174


def test_8_regularised():
    found = township(sums(legal=354, illegal=46, regularised=20))
    assert percent(found.with_regularised) == "6.50"
    assert percent(found.net) == "11.50"


def test_13_nothing_built():
    found = township(sums())
    assert (found.official, found.low, found.high) == (None, None, None)
    assert not found.is_accountable
    assert found.reclaim_to_line is None


def test_14_all_illegal():
    found = township(sums(illegal="0.3"))
    assert found.official == 1
    assert found.reclaim_to_line == mu("0.3")


def test_everything_reclaimed_leaves_no_ratio_on_net():
    found = township(sums(illegal=10, reclaimed=10))
    assert (found.gross, found.numerator, found.net) == (1, 0, None)
    assert not found.is_accountable
    assert found.reclaim_to_line is None


def test_exempt_farmland_leaves_the_numerator_only():
    found = township(sums(legal=80, illegal=20, exempt=15))
    assert percent(found.gross) == "5.00"


def test_denominator_of_all_new_construction():
    config = accountability(denominator="new_construction")
    made = Sums(new_construction=200 * MU, legal_farmland=50 * MU, illegal_farmland=10 * MU)
    assert percent(township(made, config).official) == "5.00"


@pytest.mark.parametrize(
    ("config", "low", "high"),
    [
        # legal 80, illegal 20, reclaimed 5, doubtful 10
        (GROSS, Fraction(20, 110), Fraction(30, 110)),
        (NUMERATOR, Fraction(15, 110), Fraction(25, 110)),
        (NET, Fraction(15, 105), Fraction(25, 105)),
    ],
)
def test_doubtful_farmland_bounds_the_official_ratio(config, low, high):
    found = township(sums(legal=80, illegal=20, reclaimed=5, doubtful=10), config)
    assert (found.low, found.high) == (low, high)


def test_only_doubtful_farmland():
    found = township(sums(doubtful=3))
    assert (found.official, found.low, found.high) == (None, 0, 1)


def test_reclaiming_to_the_line_where_the_line_itself_is_too_much():
    # 20 of 100 at ">= 15 %": numerator 5 exactly, and one unit more to be under
    county = NET.county
    net, numerator, gross = OfficialRatio.NET, OfficialRatio.NUMERATOR, OfficialRatio.GROSS
    assert reclaim_to_line(200_000, 1_000_000, county, numerator) == 50_001
    # 5 / 0.85 = 5.88235…: the next whole unit is under the line already
    assert reclaim_to_line(200_000, 1_000_000, county, net) == 58_824
    assert reclaim_to_line(150_000, 1_000_000, county, net) == 1
    assert reclaim_to_line(149_999, 1_000_000, county, net) == 0
    assert reclaim_to_line(200_000, 1_000_000, county, gross) is None
    # no more can be reclaimed than there is
    assert reclaim_to_line(100, 100, county, net) == 100


@settings(max_examples=60, deadline=None)
@given(
    legal=st.integers(0, 10**7),
    illegal=st.integers(1, 10**7),
    official=st.sampled_from([OfficialRatio.NET, OfficialRatio.NUMERATOR]),
    is_county=st.booleans(),
)
def test_reclaiming_that_much_ends_accountability_and_one_unit_less_does_not(
    legal, illegal, official, is_county
):
    config = accountability(official=official)
    line = config.county if is_county else config.township

    def after(units):
        left = Sums(legal_farmland=legal, illegal_farmland=illegal, reclaimed_farmland=units)
        return measure(left, line, config).is_accountable

    least = measure(Sums(legal_farmland=legal, illegal_farmland=illegal), line, config)
    assert least.reclaim_to_line is not None
    assert not after(least.reclaim_to_line)
    if least.reclaim_to_line:
        assert after(least.reclaim_to_line - 1)


@settings(max_examples=60, deadline=None)
@given(legal=st.integers(0, 10**9), illegal=st.integers(1, 10**9), moved=st.integers(0, 10**9))
def test_an_approval_never_raises_a_ratio(legal, illegal, moved):
    moved = min(moved, illegal)
    before = township(Sums(legal_farmland=legal, illegal_farmland=illegal))
    after = township(Sums(legal_farmland=legal + moved, illegal_farmland=illegal - moved))
    assert after.net <= before.net


def test_shared_ranks():
    ratios = [Fraction(1, 4), None, Fraction(1, 2), Fraction(2, 4), Fraction(0), None]
    assert shared_ranks(ratios) == [3, None, 1, 1, 4, None]
    assert shared_ranks([Fraction(9, 10), Fraction(1, 2), Fraction(1, 2), Fraction(1, 9)]) == [
        1,
        2,
        2,
        4,
    ]


def test_ratios_closer_than_a_float_can_tell_are_told_apart():
    near = [Fraction(10**17, 3 * 10**17 + 1), Fraction(1, 3)]
    assert float(near[0]) == float(near[1])
    assert shared_ranks(near) == [2, 1]


def test_5000_townships_at_exactly_8_percent_share_the_first_rank_in_any_order():
    chance = random.Random(2024)
    all_ = [
        township(Sums(legal_farmland=92 * k, illegal_farmland=8 * k)) for k in range(1, 5001)
    ]
    chance.shuffle(all_)
    assert not any(each.is_accountable for each in all_)
    assert set(shared_ranks([each.official for each in all_])) == {1}


@pytest.mark.parametrize(
    ("illegal", "occupied", "comparison", "room"),
    [
        # 6 of 100 mu, line 8 %: 2 / 0.92 = 2.17391304… mu more, whole units down
        ("6", "100", ">", 21_739),
        ("6", "100", ">=", 21_739),
        # exactly on the line after 2 mu more: (5.36 + 2) / (90 + 2) = 0.08
        ("5.36", "90", ">", 20_000),
        ("5.36", "90", ">=", 19_999),
        ("8", "100", ">", 0),
        ("9", "100", ">", 0),
        ("0", "0", ">", None),
    ],
)
def test_room_to_the_line(illegal, occupied, comparison, room):
    line = NET.township.model_copy(update={"comparison": comparison})
    assert room_to_line(mu(illegal), mu(occupied), line) == room
