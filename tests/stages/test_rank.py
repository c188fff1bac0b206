"""Ranking: shared ranks, the exact line, units without new farmland."""

import random

import numpy as np
import pandas as pd
import pytest

from pipeline.schema.derived import COUNTY_RESULT, OFFICE_RANKING, SUMS, TOWNSHIP_RANKING
from pipeline.stages.rank import rank
from tests.pieces import accountability

AREAS = [column.name for column in SUMS]


def sums(**units):
    """Return sums of units from ``name=(legal farmland, illegal farmland, …)``."""
    rows = []
    for legal, illegal, *others in units.values():
        row = dict.fromkeys(AREAS, 0) | {
            "legal_farmland_m2": legal,
            "illegal_farmland_m2": illegal,
            "new_farmland_m2": legal + illegal,
        }
        rows.append(row | (others[0] if others else {}))
    return pd.DataFrame(rows, columns=AREAS, index=pd.Index(list(units), name="code"))


def ranked(units, **config):
    towns = units.reset_index(names="township_code").assign(
        township_name="某镇", office_name="所"
    )
    own = units.reset_index(names="office_name")
    whole = units.sum().to_frame().T
    return rank(
        towns,
        own,
        whole,
        county_code="331082",
        county_name="示例县",
        accountability=accountability(**config),
    )


FIVE = sums(A=(96, 4), B=(90, 10), C=(0, 0), D=(45, 5), E=(92, 8))


def test_order_ranks_and_accountability():
    found = ranked(FIVE).townships
    assert found["township_code"].tolist() == ["B", "D", "E", "A", "C"]
    assert found["rank"].tolist()[:4] == [1, 1, 3, 4]
    assert found["rank"].isna().tolist() == [False] * 4 + [True]
    assert found["is_accountable"].tolist() == [True, True, False, False, False]
    assert found["ratio_net"].tolist()[:4] == [0.1, 0.1, 0.08, 0.04]


def test_unit_without_new_farmland_has_no_figures():
    last = ranked(FIVE).townships.iloc[-1]
    names = [name for name in TOWNSHIP_RANKING.names if name.startswith("ratio")]
    assert last[[*names, "rank", "reclaim_to_line_m2"]].isna().all()


def test_tables_keep_the_contract():
    made = ranked(FIVE)
    for table, frame in (
        (TOWNSHIP_RANKING, made.townships),
        (OFFICE_RANKING, made.offices),
        (COUNTY_RESULT, made.county),
    ):
        table.check(frame)
        assert list(frame.columns) == table.names


def test_offices_are_held_against_the_township_line_and_the_county_against_its_own():
    ten = sums(A=(90, 10))
    made = ranked(ten)
    assert made.townships["is_accountable"].tolist() == [True]
    assert made.offices["is_accountable"].tolist() == [True]
    assert made.county["is_accountable"].tolist() == [False]
    assert ranked(sums(A=(85, 15))).county["is_accountable"].tolist() == [True]
    assert made.county[["county_code", "county_name", "rank"]].to_numpy().tolist() == [
        ["331082", "示例县", 1]
    ]


@pytest.mark.parametrize(
    ("official", "reclaim"),
    [("ratio_net", 2.1740), ("ratio_numerator", 2.0), ("ratio_gross", None)],
)
def test_reclaim_to_the_line_follows_the_official_ratio(official, reclaim):
    # 10 of 100: 2 on numerator, 2 / 0.92 = 2.17391… on net
    (found,) = ranked(sums(A=(90, 10)), official=official).townships["reclaim_to_line_m2"]
    assert found == reclaim or (reclaim is None and np.isnan(found))


def test_every_ratio():
    row = {
        "reclaimed_farmland_m2": 10,
        "regularised_farmland_m2": 5,
        "doubtful_farmland_m2": 20,
        "exempt_farmland_m2": 8,
        "new_construction_m2": 400,
    }
    (found,) = ranked(sums(A=(140, 60, row))).townships.to_dict("records")
    # N0 = 60 - 8, D0 = 200, Rd = 10, Rr = 5, X = 20
    assert found["ratio_gross"] == 52 / 200
    assert found["ratio_numerator"] == 42 / 200
    assert found["ratio_net"] == 42 / 190
    assert found["ratio_with_regularised"] == 37 / 190
    assert found["ratio_low"] == 42 / 210
    assert found["ratio_high"] == 62 / 210
    (wide,) = ranked(sums(A=(140, 60, row)), denominator="new_construction").townships.to_dict(
        "records"
    )
    assert wide["ratio_gross"] == 52 / 400
    assert wide["ratio_net"] == 42 / 390


def test_5000_townships_at_exactly_8_percent_never_flip():
    codes = [f"{number:09}" for number in range(5000)]
    shares = {code: (0.92 * k, 0.08 * k) for k, code in enumerate(codes, start=1)}
    units = sums(**shares)
    order = list(range(5000))
    random.Random(8).shuffle(order)
    found, shuffled = ranked(units).townships, ranked(units.iloc[order]).townships
    assert not found["is_accountable"].any()
    assert found["rank"].eq(1).all()
    assert found["township_code"].tolist() == codes
    assert shuffled.equals(found)
