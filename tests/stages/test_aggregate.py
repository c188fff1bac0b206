"""Adding up: a county of two townships and an office, every number counted by hand."""

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import ConservationError
from pipeline.schema.derived import CHANGE_RESULTS
from pipeline.stages.aggregate import aggregate
from pipeline.stages.rectify import rectify
from tests.pieces import (
    DEFAULT,
    accountability,
    judged,
    offices,
    piece,
    reclaimed,
    rectifications,
)
from tests.worlds import TOWN_A, TOWN_B, rect, township, townships

TOWN_C = "331082003"
B = {"township_code": TOWN_B}
NOBODY = pd.DataFrame({"quarantine_no": [], "township_code": []}, dtype="str")
ONE_OFFICE = offices((TOWN_A, "一所"))

# C1 lies in A (legal 60, illegal 40 of which 30 farmland, permanent) and B (illegal 50, 20
# farmland); C2 in B is doubtful, C3 in A other, 7 of it outside every township.
WORLD = [
    piece("C1-1", area=60, verdict="legal", rule_id="approved-and-supplied", approval_no="批1"),
    piece(
        "C1-2",
        area=40,
        farmland=30,
        verdict="illegal",
        rule_id="over-extent",
        act="批少占多",
        is_permanent_farmland=True,
    ),
    piece(
        "C1-3",
        area=50,
        farmland=20,
        verdict="illegal",
        rule_id="unapproved",
        act="未批先建",
        **B,
    ),
    piece(
        "C2-1",
        area=80,
        farmland=70,
        verdict="doubtful",
        rule_id="earth-moving",
        act="动土",
        **B,
    ),
    piece("C3-1", area=5, verdict="other", rule_id="not-construction"),
    piece("C3-2", area=7, farmland=0, township_code=None, rule_id="outside"),
]


def run(rows=WORLD, *, ledger=(), own=ONE_OFFICE, quarantine=NOBODY, has=True, **config):
    settings = accountability(**config)
    places = townships(*(township(rect(0, 0, 1, 1), code) for code in (TOWN_C, TOWN_B, TOWN_A)))
    credited = rectify(
        judged(*rows), rectifications(*ledger), accountability=settings
    ).rectified
    return aggregate(
        judged(*rows),
        credited,
        places,
        own,
        quarantine,
        pack=DEFAULT,
        accountability=settings,
        has_permanent_farmland=has,
    )


def row(table, key):
    return table.set_index(table.columns[0]).loc[key].to_dict()


def measures(found):
    short = {
        "change_count": "changes",
        "illegal_count": "illegal",
        "area_m2": "area",
        "new_construction_m2": "built",
        "legal_farmland_m2": "L",
        "illegal_farmland_m2": "I",
        "doubtful_farmland_m2": "X",
        "new_farmland_m2": "D",
        "illegal_permanent_farmland_m2": "PBF",
    }
    return {name: found[column] for column, name in short.items()}


A_SUMS = {
    "changes": 2,
    "illegal": 1,
    "area": 105,
    "built": 100,
    "L": 60,
    "I": 30,
    "X": 0,
    "D": 90,
    "PBF": 30,
}
B_SUMS = {
    "changes": 2,
    "illegal": 1,
    "area": 130,
    "built": 50,
    "L": 0,
    "I": 20,
    "X": 70,
    "D": 20,
    "PBF": 0,
}


def test_townships():
    made = run().townships
    assert made["township_code"].tolist() == [TOWN_A, TOWN_B, TOWN_C]
    assert made["township_name"].tolist() == ["乡镇001", "乡镇002", "乡镇003"]
    assert made["office_name"].tolist() == ["一所", "未列所", "未列所"]
    assert measures(row(made, TOWN_A)) == A_SUMS
    assert measures(row(made, TOWN_B)) == B_SUMS
    assert set(measures(row(made, TOWN_C)).values()) == {0}


def test_offices_are_sums_of_their_townships():
    made = run().offices
    assert measures(row(made, "一所")) == A_SUMS
    assert measures(row(made, "未列所")) == B_SUMS


def test_county_counts_a_change_once():
    (found,) = run().county.to_dict("records")
    assert measures(found) == {
        "changes": 3,
        "illegal": 1,
        "area": 235,
        "built": 150,
        "L": 60,
        "I": 50,
        "X": 70,
        "D": 110,
        "PBF": 30,
    }


def test_one_office_for_all():
    own = offices((TOWN_A, "一所"), (TOWN_B, "一所"), (TOWN_C, "一所"), ("999999999", "二所"))
    made = run(own=own).offices
    assert made["office_name"].tolist() == ["一所"]
    assert row(made, "一所")["change_count"] == 3


def test_rectified_land_and_quarantined_records_go_to_their_units():
    # record 1 is astride both towns, 2 is in B, 3 has no place at all
    records = [("1", TOWN_A), ("1", TOWN_B), ("2", TOWN_B), ("3", None)]
    quarantine = pd.DataFrame(records, columns=["quarantine_no", "township_code"], dtype="str")
    made = run(ledger=[reclaimed("C1", 10)], quarantine=quarantine)
    names = ["reclaimed_farmland_m2", "quarantined_count"]
    # 10 of 30 in A and 20 in B: six and four
    assert made.townships[names].to_numpy().tolist() == [[6, 1], [4, 2], [0, 0]]
    assert made.offices.set_index("office_name")[names].loc["未列所"].tolist() == [4, 2]
    assert made.county[names].to_numpy().tolist() == [[10, 3]]


def test_exempt_farmland_is_illegal_farmland_too():
    made = run(exempt_acts=("批少占多",)).townships
    assert row(made, TOWN_A)["exempt_farmland_m2"] == 30
    assert row(made, TOWN_A)["illegal_farmland_m2"] == 30


def test_permanent_farmland_is_null_without_its_layer():
    made = run(has=False)
    assert made.townships["illegal_permanent_farmland_m2"].isna().all()
    assert made.county["illegal_permanent_farmland_m2"].isna().all()
    names = ["permanent_farmland_m2", "illegal_permanent_farmland_m2"]
    assert made.changes[names].isna().to_numpy().all()


def test_changes():
    made = run().changes
    CHANGE_RESULTS.check(made)
    assert made["change_id"].tolist() == ["C1", "C2", "C3"]
    found = row(made, "C1")
    reason = found.pop("reason")
    assert found == {
        "township_code": TOWN_A,
        "area_m2": 150,
        "farmland_m2": 110,
        "permanent_farmland_m2": 30,
        "legal_m2": 60,
        "illegal_m2": 90,
        "other_m2": 0,
        "doubtful_m2": 0,
        "outside_m2": 0,
        "illegal_farmland_m2": 50,
        "illegal_permanent_farmland_m2": 30,
        "verdict": "illegal",
        "rule_id": "unapproved",
    }
    assert reason == (
        "疑似违法 50.00 ㎡(其中耕地 20.00 ㎡):未见有效批准手续(未批先建);"
        "疑似违法 40.00 ㎡(其中耕地 30.00 ㎡):超出批准范围(批少占多);"
        "合法 60.00 ㎡(其中耕地 60.00 ㎡):已批已供,批文 批1。"
    )
    assert row(made, "C2")["verdict"] == "doubtful"
    assert row(made, "C3")["outside_m2"] == 7
    assert row(made, "C3")["area_m2"] == 12


@pytest.mark.parametrize(
    ("areas", "verdict"),
    [
        ({"legal": 1, "illegal": 1, "other": 9, "doubtful": 1}, "illegal"),
        ({"legal": 9, "other": 9, "doubtful": 1}, "doubtful"),
        ({"legal": 1, "other": 9}, "legal"),
        ({"other": 1}, "other"),
        ({"illegal": 0, "legal": 1}, "legal"),
    ],
)
def test_verdict_of_a_change_is_the_gravest_with_area(areas, verdict):
    rows = [piece(f"C1-{word}", area=area, verdict=word) for word, area in areas.items()]
    assert row(run(rows).changes, "C1")["verdict"] == verdict


def test_ties_go_to_the_smallest_township_and_piece():
    rows = [
        piece("C1-2", verdict="illegal", rule_id="unapproved"),
        piece("C1-1", verdict="illegal", rule_id="over-extent", **B),
    ]
    found = row(run(rows).changes, "C1")
    assert (found["township_code"], found["rule_id"]) == (TOWN_A, "over-extent")


def test_change_wholly_outside_has_no_verdict():
    found = row(run([piece("C1-1", township_code=None)]).changes, "C1")
    assert (found["rule_id"], found["outside_m2"]) == ("outside", 100)
    assert pd.isna(found["verdict"])
    assert pd.isna(found["township_code"])


def test_worked_example_9_permanent_farmland_is_inside_the_farmland():
    rows = [
        piece("C1-1", area=4, verdict="illegal", is_permanent_farmland=True),
        piece("C1-2", area=6, verdict="illegal"),
    ]
    found = row(run(rows).townships, TOWN_A)
    assert (found["illegal_farmland_m2"], found["illegal_permanent_farmland_m2"]) == (10, 4)


def test_worked_example_10_only_the_excess_is_illegal():
    rows = [piece("C1-1", area=7, verdict="legal"), piece("C1-2", area=3, verdict="illegal")]
    found = row(run(rows).townships, TOWN_A)
    assert (found["legal_farmland_m2"], found["illegal_farmland_m2"]) == (7, 3)


def test_nothing_found_at_all():
    made = run([])
    assert len(made.changes) == 0
    assert len(made.townships) == 3
    assert made.county["area_m2"].tolist() == [0]


def test_piece_in_an_unknown_township_is_our_mistake():
    with pytest.raises(ConservationError, match="999999999"):
        run([piece("C1-1", verdict="other", township_code="999999999")])


def test_tenths_of_millimetres_squared_add_up_exactly_in_any_order():
    rows = [piece(f"C{n}-1", area=0.1, farmland=0.0333, verdict="illegal") for n in range(1000)]
    one, other = run(rows), run(rows[::-1])
    assert one.townships.equals(other.townships)
    assert row(one.townships, TOWN_A)["area_m2"] == 100
    assert row(one.townships, TOWN_A)["illegal_farmland_m2"] == 33.3
    assert np.array_equal(one.changes.to_numpy(), other.changes.to_numpy())
