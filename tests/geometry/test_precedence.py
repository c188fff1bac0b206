"""One order for all records, whatever order they came in."""

import pytest

from pipeline.geometry.precedence import (
    by_after_date,
    by_approval,
    by_code,
    by_shape,
    codes_of,
    in_force,
)
from tests.worlds import (
    approval,
    approvals,
    change,
    changes,
    land_use,
    parcel,
    permanent_farmland,
    rect,
)

HERE = rect(0, 0, 1, 1)


def both_ways(rows, table):
    return table(*rows), table(*rows[::-1])


def test_changes_claim_ground_by_after_date_then_id():
    rows = [
        change(HERE, "D", after=None),
        change(HERE, "C", after="2024"),
        change(HERE, "B", after="2024-06-30"),
        change(HERE, "A", after="2024-06-30"),
        change(HERE, "E", after="2024-12-31"),
        change(HERE, "F", after="2024-12"),
    ]
    for frame in both_ways(rows, changes):
        assert "".join(by_after_date(frame)["change_id"]) == "ABCFED"


def test_codes_stand_in_code_point_order():
    rows = [parcel(HERE, "9"), parcel(HERE, "10"), parcel(HERE, "a"), parcel(HERE, "B")]
    for frame in both_ways(rows, land_use):
        assert by_code(frame, "parcel_id")["parcel_id"].tolist() == ["10", "9", "B", "a"]


def test_records_alike_stand_by_their_shapes():
    one, two = (
        permanent_farmland(HERE, rect(2, 0, 3, 1)),
        permanent_farmland(rect(2, 0, 3, 1), HERE),
    )
    assert by_shape(one).geometry.tolist() == by_shape(two).geometry.tolist()
    papers = [approval(rect(k, 0, k + 1, 1), "A1") for k in range(3)]
    first, second = (by_approval(frame) for frame in both_ways(papers, approvals))
    assert first.geometry.tolist() == second.geometry.tolist()


def test_equal_answers_share_a_code():
    assert codes_of(["a", "a", "b", ("c", 1), ("c", 1)]).tolist() == [0, 0, 1, 2, 2]
    assert codes_of([]).tolist() == []


@pytest.mark.parametrize(
    ("paper", "certain"),
    [
        ({"approved": "2024-06-30"}, True),
        ({"approved": "2024-07-01"}, False),
        ({"approved": "2024-06"}, True),
        ({"approved": "2024"}, False),
        ({"approved": None}, False),
        ({"approved": "2024", "valid_from": "2020"}, False),
        ({"approved": "2020", "valid_from": "2024-06-30", "valid_until": "2024-06-30"}, True),
        ({"approved": "2020", "valid_from": "2024-07-01"}, False),
        ({"approved": "2020", "valid_until": "2024-06-29"}, False),
        ({"approved": "2020", "valid_until": "2024-06"}, False),  # as early as the first
        ({"approved": "2020", "valid_until": "2024-07"}, True),
    ],
)
def test_in_force_is_certain_or_it_is_not(paper, certain):
    found = in_force(
        changes(change(HERE, after="2024-06-30")), approvals(approval(HERE, **paper))
    )
    assert found.tolist() == [certain]


def test_on_a_partial_after_date_every_day_must_agree():
    month = changes(change(HERE, after="2024-06"))
    for paper, certain in [("2024-06-01", True), ("2024-06-02", False)]:
        assert in_force(month, approvals(approval(HERE, approved=paper))).tolist() == [certain]
    late = approvals(approval(HERE, approved="2020", valid_until="2024-06-29"))
    assert in_force(month, late).tolist() == [False]
