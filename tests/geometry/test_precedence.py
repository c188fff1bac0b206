"""One order for all records, whatever order they came in; and who is in force when."""

import numpy as np
import pandas as pd
import pytest

from pipeline.geometry.precedence import (
    after_days,
    by_after_date,
    by_approval,
    by_code,
    by_shape,
    codes_of,
    terms,
)
from pipeline.geometry.sweep.areas import Cover, ground_of, swept
from pipeline.geometry.sweep.rings import rings_of
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


def table(frame):
    """The records as the engine has them: shapes as WKB."""
    return pd.DataFrame(frame.to_wkb())


def both_ways(rows, layer):
    return table(layer(*rows)), table(layer(*rows[::-1]))


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


def test_approvals_stand_by_date_then_number():
    rows = [
        approval(HERE, "D", approved=None),
        approval(HERE, "C", approved="2023-05-02"),
        approval(HERE, "B", approved="2023-05-01"),
        approval(HERE, "A", approved="2023-05-01"),
        approval(HERE, "E", approved="2023-05"),  # from the same day, to a later one
        approval(HERE, "F", approved="2023-05-01", valid_until="2025"),
    ]
    for frame in both_ways(rows, approvals):
        assert "".join(by_approval(frame)["approval_no"]) == "ABFECD"


def test_records_alike_stand_by_their_shapes():
    lots = HERE, rect(2, 0, 3, 1)
    one, two = (table(permanent_farmland(*some)) for some in (lots, lots[::-1]))
    assert by_shape(one)["geometry"].tolist() == by_shape(two)["geometry"].tolist()
    papers = [approval(rect(k, 0, k + 1, 1), "A1") for k in range(3)]
    first, second = (by_approval(frame) for frame in both_ways(papers, approvals))
    assert first["geometry"].tolist() == second["geometry"].tolist()


def test_equal_answers_share_a_code():
    assert codes_of(["a", "a", "b", ("c", 1), ("c", 1)]).tolist() == [0, 0, 1, 2, 2]
    assert codes_of([]).tolist() == []


def decides(paper, after):
    """Tell whether a paper has the ground before one that stands before it, but is never in force."""
    first = approval(HERE, "A0", approved=None)
    frame = table(approvals(first, approval(HERE, "A1", **paper)))
    shapes = rings_of(np.array([HERE, HERE]))
    ground = ground_of([Cover(shapes, np.array([0, 1]), terms(frame))])
    one = rings_of(np.array([HERE]))
    made = swept(one, ground, days=after_days(table(changes(change(HERE, after=after)))))
    assert made.area.tolist() == [1]
    return bool(made.polygon[0, 0] == 1)


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
        ({"approved": "2020", "valid_from": "2024"}, False),  # as late as the last
        ({"approved": "2020", "valid_until": "2024-06-29"}, False),
        ({"approved": "2020", "valid_until": "2024-06"}, False),  # as early as the first
        ({"approved": "2020", "valid_until": "2024-07"}, True),
    ],
)
def test_in_force_is_certain_or_it_is_not(paper, certain):
    assert decides(paper, "2024-06-30") == certain


@pytest.mark.parametrize(
    ("paper", "certain"),
    [
        ({"approved": "2024-06-01"}, True),
        ({"approved": "2024-06-02"}, False),
        ({"approved": "2020", "valid_until": "2024-06-29"}, False),
        ({"approved": "2020", "valid_until": "2024-06-30"}, True),
    ],
)
def test_on_a_partial_after_date_every_day_must_agree(paper, certain):
    assert decides(paper, "2024-06") == certain


def test_without_an_after_date_nothing_is_certainly_in_force():
    assert not decides({"approved": "2020"}, None)
    assert not decides({"approved": None}, None)
