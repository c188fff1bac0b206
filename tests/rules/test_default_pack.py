"""The rule pack ``default-2024``, row by row as the contract prints it.

Each case is a change of its own with one piece, so that a table of cases is judged at once. The
after date is 2024-06-30 unless the case says otherwise.
"""

from datetime import date
from typing import Any

from pipeline.stages.judge import judge
from pipeline.terms import ApprovalKind
from tests.pieces import AS_OF, DEFAULT, RULES, covered, piece, pieces, rulings
from tests.worlds import change, changes

EVERY_KIND = tuple(ApprovalKind)
WITHOUT_SUPPLY = tuple(kind for kind in ApprovalKind if kind != ApprovalKind.SUPPLY)
BEFORE, ON, AFTER = "2024-06-29", "2024-06-30", "2024-07-01"

LEGAL = ("approved-and-supplied", "legal", None)
UNSUPPLIED = ("converted-not-supplied", "illegal", "未供先用")
LATER = ("approved-later", "illegal", "未批先建")
UNAPPROVED = ("unapproved", "illegal", "未批先建")
EXPIRED = ("temporary-expired", "illegal", "临时用地超期")
IN_TERM = ("temporary-in-term", "other", None)
UNDATED = ("undated", "doubtful", None)

Case = dict[str, Any]


def case(*approvals, change_type="20", after=ON, **columns) -> Case:
    facts: Case = {}
    for approval in approvals:
        facts |= approval
    return {"facts": facts | columns, "change_type": change_type, "after": after}


def conversion(approved: object = BEFORE, **terms: Any) -> Case:
    return covered("conversion", approved, **terms)


def supply(approved: object = BEFORE) -> Case:
    return covered("supply", approved)


def judge_cases(cases, kinds=EVERY_KIND):
    """Return the judged piece of every case, in their order."""
    ids = [f"C{number:03}" for number in range(len(cases))]
    made = judge(
        pieces(*(piece(f"{i}-1") | one["facts"] for i, one in zip(ids, cases, strict=True))),
        changes(
            *(
                change(None, i, change_type=one["change_type"], after=one["after"])
                for i, one in zip(ids, cases, strict=True)
            )
        ),
        rulings(),
        pack=DEFAULT,
        rules=RULES,
        kinds=kinds,
        as_of=AS_OF,
    )
    return made.judged.astype(object).where(made.judged.notna(), None).to_dict("records")


def decisions(cases, kinds=EVERY_KIND):
    return [
        (row["rule_id"], row["proposed_verdict"], row["act"])
        for row in judge_cases(cases, kinds)
    ]


def assert_decided(table, kinds=EVERY_KIND):
    """Compare a table of (case, expected decision)."""
    cases, expected = zip(*table, strict=True)
    assert decisions(cases, kinds) == list(expected)


def column(name, cases, kinds=EVERY_KIND):
    return [row[name] for row in judge_cases(cases, kinds)]


def test_farm_and_water_types_are_not_construction():
    types = [
        *[
            "1",
            "01",
            "2",
            "02",
            "3",
            "03",
            "4",
            "04",
            "SM",
            "KT",
            "SK",
            "HL",
            "GQ",
            "LT",
            "LY",
            "sm",
            "１",
            "０１",
        ],
        " 01 ",
    ]
    found = decisions([case(change_type=each) for each in types])
    assert found == [("not-construction", "other", None)] * len(types)


def test_every_other_type_is_construction():
    types = [
        "20",
        "YH",
        "DL1",
        "DL2",
        "DL3",
        "TL",
        "SJ",
        "CK",
        "YT",
        "LD",
        "GF",
        "QT",
        "GEF",
        "ZQC",
        "JC",
        "WH",
        "TH",
    ]
    assert decisions([case(change_type=each) for each in types]) == [UNAPPROVED] * len(types)


def test_unknown_type_is_construction_and_named_as_missing():
    unknown = [case(change_type=each) for each in (None, "ZZ", "05")]
    assert decisions(unknown) == [UNAPPROVED] * 3
    missing = column("missing_evidence", [*unknown, case(change_type="20")])
    assert missing == ["change_type(图斑类型)"] * 3 + [None]


def test_ground_that_was_construction_already_is_not_new():
    built = case(land_group="construction", land_class="0601", is_farmland=False)
    bare = case(land_group="unused", land_class="1206", is_farmland=False)
    assert_decided([(built, ("existing-construction", "other", None)), (bare, UNAPPROVED)])


def test_ground_without_a_parcel_is_judged_and_the_parcel_named_as_missing():
    (found,) = judge_cases([case(land_class=None, land_group=None)])
    assert (found["rule_id"], found["missing_evidence"]) == (
        "unapproved",
        "land_class(地类编码)",
    )


def test_conversion_and_supply():
    without = ("supplied-not-converted", "doubtful", "缺农转用批文")
    assert_decided(
        [
            # both dates under, on and over the after date
            (case(conversion(BEFORE), supply(BEFORE)), LEGAL),
            (case(conversion(ON), supply(ON)), LEGAL),
            (case(conversion(BEFORE), supply(AFTER)), UNSUPPLIED),
            (case(conversion(AFTER), supply(BEFORE)), LATER),
            (case(conversion(AFTER), supply(AFTER)), LATER),
            (case(conversion(BEFORE)), UNSUPPLIED),
            (case(conversion(ON)), UNSUPPLIED),
            (case(conversion(AFTER)), LATER),
            # the term of the conversion: both ends belong to it
            (case(conversion(BEFORE, valid_from=ON), supply()), LEGAL),
            (case(conversion(BEFORE, valid_until=ON), supply()), LEGAL),
            (case(conversion(BEFORE, valid_from=AFTER), supply()), UNAPPROVED),
            (case(conversion(BEFORE, valid_until=BEFORE), supply()), UNAPPROVED),
            # a supply alone
            (case(supply(BEFORE)), without),
            (case(supply(AFTER)), without),
            (case(supply(None)), without),
        ]
    )


def test_conversion_is_enough_where_no_supply_layer_is_configured():
    table = [(BEFORE, LEGAL), (ON, LEGAL), (AFTER, LATER), (None, UNDATED)]
    assert_decided([(case(conversion(day)), what) for day, what in table], WITHOUT_SUPPLY)


def test_approvals_in_force():
    kinds = {
        "linked_quota": ("linked-quota", "legal", None),
        "rural_housing": ("rural-housing", "legal", None),
        "advance": ("advance", "legal", None),
        "facility_agriculture": ("facility-agriculture", "other", None),
        "temporary": IN_TERM,
    }
    for kind, in_force in kinds.items():
        assert_decided(
            [
                (case(covered(kind, BEFORE)), in_force),
                (case(covered(kind, ON)), in_force),
                (case(covered(kind, AFTER)), UNAPPROVED),
                (case(covered(kind, BEFORE, valid_from=ON, valid_until=ON)), in_force),
                (case(covered(kind, BEFORE, valid_from=AFTER)), UNAPPROVED),
                (case(covered(kind, None)), UNDATED),
            ]
        )


def test_approval_that_ended_before_the_after_date():
    ended = {"approved": "2022-06-30", "valid_until": BEFORE}
    assert_decided(
        [
            (case(covered("temporary", **ended)), EXPIRED),
            (case(covered("facility_agriculture", **ended)), UNAPPROVED),
        ]
    )


def test_late_approval_is_regularised_if_given_by_the_day_of_account():
    days = [AFTER, "2024-07", "2025-03-31", "2025-04-01", "2025", ON]
    found = column("is_regularised", [case(conversion(day)) for day in days])
    assert found == [True, True, True, False, False, False]


def test_types_that_need_a_look_only_without_any_approval():
    road, earth = (
        ("rural-road", "doubtful", "农村道路待核宽度"),
        ("earth-moving", "doubtful", "动土"),
    )
    late = covered("facility_agriculture", AFTER)
    looks = {"ND": road, "DT": earth, "TD": earth, "TP": earth, "WL": earth}
    assert_decided([(case(change_type=code), what) for code, what in looks.items()])
    assert_decided([(case(late, change_type=code), UNAPPROVED) for code in looks])


def test_partial_dates_decide_only_where_every_day_agrees():
    table = [
        # the month of June: the 30th of June is on or after every day of it
        ("2024-06", "2024-06-30", LEGAL),
        ("2024-06", "2024-06-29", UNDATED),
        ("2024-06", "2024-05-31", LATER),
        # a quarter and a year for the after date
        ("2024-03-31", "2024Q2", LEGAL),
        ("2024-04-01", "2024Q2", LEGAL),
        ("2024-04-02", "2024Q2", UNDATED),
        ("2024-06-30", "2024Q2", UNDATED),
        ("2024-07-01", "2024Q2", LATER),
        ("2023", "2024", LEGAL),
        ("2024", "2024", UNDATED),
        ("2025", "2024", LATER),
        (None, "2024", UNDATED),
        ("2024-06-30", None, UNDATED),
    ]
    cases = [(case(conversion(approved), after=after), what) for approved, after, what in table]
    assert_decided(cases, WITHOUT_SUPPLY)


def test_partial_end_of_a_term_leaves_the_permit_open():
    permit = covered("temporary", "2023-01-15", valid_until="2024-06")
    assert_decided(
        [
            (case(permit, after="2024-05-31"), IN_TERM),
            (case(permit, after="2024-06-01"), IN_TERM),
            (case(permit, after="2024-06-15"), UNDATED),
            (case(permit, after="2024-07-01"), EXPIRED),
        ]
    )


def test_undated_evidence_is_named_with_the_approval_that_lacks_it():
    open_, closed = judge_cases([case(conversion(), supply(None)), case(conversion(None))])
    assert (open_["rule_id"], open_["approval_no"]) == ("undated", "conversion")
    assert open_["missing_evidence"] == "supply_on(供地日期)"
    # without a supply the conversion is illegal on whichever day it was given
    assert (closed["rule_id"], closed["verdict"]) == ("unapproved", "illegal")
    assert closed["missing_evidence"] == "conversion_on(农用地转用批准日期)"


def judged_change(*rows, change_type="20"):
    """Judge several pieces of one change; return rule by piece."""
    made = judge(
        pieces(*rows),
        changes(change(None, "C1", change_type=change_type)),
        rulings(),
        pack=DEFAULT,
        rules=RULES,
        kinds=EVERY_KIND,
        as_of=AS_OF,
    )
    return dict(zip(made.judged["piece_id"], made.judged["rule_id"], strict=True))


LEGAL_ROW = piece("C1-1") | conversion() | supply()


def test_sliver_is_narrower_and_smaller_than_the_settings_say():
    def rest(number, width, area):
        columns = {"unapproved_part_width_m": width, "unapproved_part_m2": area}
        return piece(f"C1-{number}", **columns)

    found = judged_change(
        LEGAL_ROW,
        rest(2, 0.999, 19.9999),
        rest(3, 1.0, 19.9999),
        rest(4, 0.999, 20.0),
        rest(5, 5.0, 500.0),
    )
    assert found == {
        "C1-1": "approved-and-supplied",
        "C1-2": "sliver",
        "C1-3": "over-extent",
        "C1-4": "over-extent",
        "C1-5": "over-extent",
    }


def test_sliver_and_excess_need_a_legal_piece():
    narrow = piece("C1-2", unapproved_part_width_m=0.1, unapproved_part_m2=1.0)
    late = piece("C1-1") | conversion(AFTER)
    undated = piece("C1-1") | conversion(None) | supply()
    assert judged_change(late, narrow) == {"C1-1": "approved-later", "C1-2": "unapproved"}
    assert judged_change(undated, narrow) == {"C1-1": "undated", "C1-2": "unapproved"}


def test_sliver_and_excess_are_without_any_approval():
    late = piece("C1-2", unapproved_part_width_m=None, unapproved_part_m2=None)
    late |= covered("rural_housing", AFTER)
    assert judged_change(LEGAL_ROW, late)["C1-2"] == "unapproved"


def test_earth_moving_beside_a_legal_piece_is_looked_at_before_excess():
    assert judged_change(LEGAL_ROW, piece("C1-2"), change_type="DT")["C1-2"] == "earth-moving"


def test_legal_basis_is_the_law_of_the_after_date():
    days = ["2019-12-31", "2020-01-01", "2024", "2019-12-31至2020-01-01", None]
    old, new = "《土地管理法》第七十六条", "《土地管理法》第七十七条第一款"
    found = column("legal_basis", [case(after=day) for day in days])
    assert found == [
        f"《土地管理法》第四十四条、{law}" for law in (old, new, new, f"{old}、{new}", new)
    ]


def test_the_approval_a_rule_rests_on():
    number = "浙土字〔2024〕1号"
    found, none = judge_cases([case(conversion("2024-06-15", no=number), supply()), case()])
    assert (found["approval_no"], found["approval_kind"]) == (number, "conversion")
    assert found["approved_on"] == date(2024, 6, 15)
    assert (none["approval_no"], none["approval_kind"], none["approved_on"]) == (
        None,
        None,
        None,
    )
