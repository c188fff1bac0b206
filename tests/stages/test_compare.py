"""Two inspections of three changes each: one gone, one new, one judged otherwise, one the same."""

import pandas as pd
import pytest

from pipeline.stages.compare import compare


def changes(*rows):
    columns = ["change_id", "township_code", "verdict", "rule_id", "illegal_farmland_m2"]
    frame = pd.DataFrame(rows, columns=columns)
    for verdict in ("legal", "illegal", "other", "doubtful"):
        frame[f"{verdict}_m2"] = (frame["verdict"] == verdict) * 100.0
    return frame


def townships(*rows):
    columns = ["township_code", "township_name", "ratio_net", "ratio_gross", "rank"]
    columns += ["is_accountable", "illegal_farmland_m2", "new_farmland_m2"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"rank": "Int64", "is_accountable": "boolean"})


BEFORE = changes(
    ("A", "1", "doubtful", "undated", 0.0),
    ("B", "1", "legal", "approved", 0.0),
    ("C", "2", "illegal", "unapproved", 70.0),
)
AFTER = changes(
    ("A", "1", "illegal", "unapproved", 90.1),
    ("B", "1", "legal", "approved", 0.0),
    ("D", "2", "illegal", "unapproved", 50.0),
)
TOWNS = (
    townships(
        ("1", "甲镇", 0.05, 0.06, 1, False, 10.0, 200.0),
        ("2", "乙镇", None, None, None, False, 0.0, 0.0),
    ),
    townships(
        ("1", "甲镇", 0.09, 0.10, 1, True, 18.0, 200.0),
        ("2", "乙镇", None, None, None, False, 0.0, 0.0),
    ),
)


@pytest.fixture
def difference():
    return compare(TOWNS, (BEFORE, AFTER), ("ratio_net", "ratio_net"))


def test_only_what_differs_is_listed(difference):
    pairs = difference.changes[["change_id", "verdict_before", "verdict_after"]]
    found = [tuple(row) for row in pairs.astype(object).where(pairs.notna(), None).to_numpy()]
    assert found == [
        ("A", "doubtful", "illegal"),
        ("C", "illegal", None),
        ("D", None, "illegal"),
    ]
    assert list(difference.townships["township_code"]) == ["1"]


def test_a_township_without_a_ratio_in_both_is_the_same(difference):
    (town,) = difference.townships.to_dict("records")
    assert (town["official_before"], town["official_after"]) == (0.05, 0.09)
    assert (town["is_accountable_before"], town["is_accountable_after"]) == (False, True)


def test_each_verdict_is_counted_and_added_up(difference):
    table = difference.verdicts.set_index("verdict")
    assert list(table.loc["illegal"]) == [1, 2, 100.0, 200.0]
    assert list(table.loc["doubtful"]) == [1, 0, 100.0, 0.0]
    assert list(table.loc["legal"]) == [1, 1, 100.0, 100.0]


def test_moves_tell_from_where_to_where(difference):
    table = difference.moves.astype(object).where(difference.moves.notna(), None)
    assert [tuple(row) for row in table.to_numpy()] == [
        ("doubtful", "illegal", 1, 0.0, 90.1),
        ("illegal", None, 1, 70.0, 0.0),
        (None, "illegal", 1, 0.0, 50.0),
    ]


def test_each_is_held_against_its_own_ratio():
    difference = compare(TOWNS, (BEFORE, BEFORE), ("ratio_gross", "ratio_net"))
    assert difference.townships["official_before"].tolist() == [0.06]
    assert difference.changes.empty
    assert difference.moves.empty


def test_the_same_twice_is_no_difference():
    difference = compare((TOWNS[0],) * 2, (BEFORE, BEFORE), ("ratio_net",) * 2)
    assert difference.townships.empty
    assert difference.changes.empty
