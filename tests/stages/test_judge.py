"""Judging: geometry before the rules, quarantine after them, rulings over both."""

from datetime import date

import pytest

from pipeline.errors import Refused
from pipeline.rules.pack import RulePack
from pipeline.schema.derived import JUDGED
from pipeline.schema.table import TableError
from pipeline.stages.judge import judge
from pipeline.terms import ApprovalKind
from tests.pieces import AS_OF, DEFAULT, RULES, covered, piece, pieces, ruling, rulings
from tests.worlds import TOWN_A, TOWN_B, change, changes

LEGAL = covered("conversion") | covered("supply")


def run(rows, *, types=None, hand=(), pack=DEFAULT, kinds=tuple(ApprovalKind)):
    """Judge pieces; their changes are buildings unless ``types`` says otherwise."""
    types = types or {}
    ids = sorted({row["change_id"] for row in rows})
    shapes = [change(None, one, change_type=types.get(one, "20")) for one in ids]
    return judge(
        pieces(*rows, kinds=kinds),
        changes(*shapes),
        rulings(*hand),
        pack=pack,
        rules=RULES,
        kinds=kinds,
        as_of=AS_OF,
    )


def of(made, name):
    """Return a column of the judged pieces by piece, null as None."""
    column = made.judged.set_index("piece_id")[name].astype(object)
    return column.where(column.notna(), None).to_dict()


def codes(made):
    return sorted((found.code, found.record, found.severity) for found in made.findings)


def test_result_keeps_the_contract_and_the_pieces_as_they_were():
    rows = pieces(piece("C1-1"), piece("C1-2") | LEGAL)
    before = rows.copy(deep=True)
    made = judge(
        rows,
        changes(change(None)),
        rulings(),
        pack=DEFAULT,
        rules=RULES,
        kinds=tuple(ApprovalKind),
        as_of=AS_OF,
    )
    JUDGED.check(made.judged)
    assert rows.equals(before)
    assert made.judged[list(before.columns)].equals(before)
    assert made.findings == []


def test_no_pieces_at_all():
    made = judge(
        pieces(),
        changes(change(None)),
        rulings(),
        pack=DEFAULT,
        rules=RULES,
        kinds=(),
        as_of=AS_OF,
    )
    assert len(made.judged) == 0
    JUDGED.check(made.judged)


def test_kinds_that_are_not_configured_have_no_columns():
    made = run([piece("C1-1") | covered("conversion")], kinds=(ApprovalKind.CONVERSION,))
    assert of(made, "rule_id") == {"C1-1": "approved-and-supplied"}
    assert "supply_no" not in made.judged


def test_outside_and_counted_elsewhere_are_decided_by_geometry():
    made = run(
        [
            piece("C1-1"),
            piece("C1-2", township_code=None),
            piece("C1-3", counted_in="C9"),
            piece("C1-4", counted_in="C9", township_code=None),
        ]
    )
    assert of(made, "rule_id") == {
        "C1-1": "unapproved",
        "C1-2": "outside",
        "C1-3": "counted-elsewhere",
        "C1-4": "outside",
    }
    assert of(made, "verdict") == {
        "C1-1": "illegal",
        "C1-2": None,
        "C1-3": "other",
        "C1-4": None,
    }


def test_approved_ground_that_counts_elsewhere_makes_nothing_else_legal():
    made = run([piece("C1-1"), piece("C1-2", counted_in="C9") | LEGAL])
    assert of(made, "rule_id") == {"C1-1": "unapproved", "C1-2": "counted-elsewhere"}


def test_legal_pieces_of_another_change_do_not_help():
    made = run([piece("C1-1"), piece("C2-1") | LEGAL])
    assert of(made, "rule_id") == {"C1-1": "unapproved", "C2-1": "approved-and-supplied"}


def test_evidence_in_quarantine_never_accuses():
    late = covered("conversion", "2024-12-01")
    made = run(
        [
            piece("C1-1", touches_quarantine=True),
            piece("C2-1", touches_quarantine=True) | LEGAL,
            piece("C3-1", touches_quarantine=True) | late,
            piece("C4-1", touches_quarantine=True),
        ],
        types={"C4": "DT"},
    )
    assert of(made, "rule_id") == {
        "C1-1": "evidence-quarantined",
        "C2-1": "approved-and-supplied",
        "C3-1": "evidence-quarantined",
        "C4-1": "earth-moving",
    }
    assert of(made, "verdict")["C1-1"] == of(made, "verdict")["C3-1"] == "doubtful"
    assert of(made, "act")["C1-1"] is None
    assert not any(of(made, "is_regularised").values())


def test_ruling_overrides_and_keeps_the_machine_s_word():
    made = run([piece("C1-1"), piece("C2-1")], hand=[ruling("C1", "other", reason="伪变化")])
    assert of(made, "proposed_verdict") == {"C1-1": "illegal", "C2-1": "illegal"}
    assert of(made, "ruled_verdict") == {"C1-1": "other", "C2-1": None}
    assert of(made, "verdict") == {"C1-1": "other", "C2-1": "illegal"}
    assert of(made, "rule_id")["C1-1"] == "unapproved"
    assert of(made, "ruling_reason") == {"C1-1": "伪变化", "C2-1": None}


def test_ruling_with_a_township_beats_one_without():
    rows = [piece("C1-1"), piece("C1-2", township_code=TOWN_B)]
    late = ruling("C1", "other", date(2025, 3, 1))
    here = ruling("C1", "legal", date(2024, 1, 1), township_code=TOWN_A)
    assert of(run(rows, hand=[late, here]), "verdict") == {"C1-1": "legal", "C1-2": "other"}


@pytest.mark.parametrize("order", [1, -1])
def test_later_ruling_of_the_same_scope_wins(order):
    hand = [ruling("C1", "legal", date(2025, 1, 1)), ruling("C1", "other", date(2025, 1, 2))]
    assert of(run([piece("C1-1")], hand=hand[::order]), "verdict") == {"C1-1": "other"}


def test_rules_look_at_proposed_verdicts_only():
    rows = [piece("C1-1") | LEGAL, piece("C1-2", township_code=TOWN_B)]
    made = run(rows, hand=[ruling("C1", "illegal", township_code=TOWN_A)])
    assert of(made, "rule_id")["C1-2"] == "over-extent"


def test_rulings_do_not_reach_ground_that_counts_nowhere_or_elsewhere():
    rows = [piece("C1-1", township_code=None), piece("C1-2", counted_in="C9")]
    made = run(rows, hand=[ruling("C1", "illegal")])
    assert of(made, "verdict") == {"C1-1": None, "C1-2": "other"}
    assert codes(made) == [("ruling-without-ground", "C1", "noted")]


def test_rulings_that_do_nothing_are_noted():
    hand = [ruling("C8", "legal"), ruling("C1", "legal", township_code=TOWN_B)]
    made = run([piece("C1-1")], hand=hand)
    assert codes(made) == [
        ("ruling-without-ground", f"C1 {TOWN_B}", "noted"),
        ("unknown-change", "C8", "noted"),
    ]
    assert of(made, "verdict") == {"C1-1": "illegal"}


def test_rulings_that_contradict_each_other_are_refused_together():
    hand = [
        ruling("C3", "legal"),
        ruling("C3", "other"),
        ruling("C4", "illegal", township_code=TOWN_A),
        ruling("C4", "doubtful", township_code=TOWN_A),
    ]
    with pytest.raises(Refused) as caught:
        run([piece("C3-1"), piece("C4-1")], hand=hand)
    assert [(found.code, found.record) for found in caught.value.findings] == [
        ("rulings-contradict", "C3"),
        ("rulings-contradict", f"C4 {TOWN_A}"),
    ]
    assert "legal、other" in str(caught.value)


def test_same_ruling_twice_is_one():
    made = run([piece("C1-1")], hand=[ruling("C1", "legal"), ruling("C1", "legal")])
    assert of(made, "verdict") == {"C1-1": "legal"}


def test_unknown_change_type_is_noted():
    made = run([piece("C1-1"), piece("C2-1")], types={"C1": "ZZ", "C2": None})
    assert codes(made) == [("unknown-change-type", "C1", "noted")]


def test_change_type_written_as_its_name_is_answered_with_the_code():
    made = run([piece("C1-1"), piece("C2-1")], types={"C1": "推堆土", "C2": "ZZ"})
    remedies = {found.record: found.remedy for found in made.findings}
    assert "代码 TD" in remedies["C1"]
    assert "代码" not in remedies["C2"]


def test_piece_of_no_change_is_our_mistake():
    with pytest.raises(TableError, match="C7"):
        judge(
            pieces(piece("C7-1")),
            changes(change(None)),
            rulings(),
            pack=DEFAULT,
            rules=RULES,
            kinds=(),
            as_of=AS_OF,
        )


def rules(*rows):
    plain = {"name": "试", "verdict": "other"}
    named = [{"id": f"r{n}", **plain, **row} for n, row in enumerate(rows)]
    return RulePack(name="mine", title="试", change_types={"20": "建"}, rules=named)


REST = {"id": "rest", "when": "TRUE", "verdict": "illegal"}


def test_wrong_pack_is_refused_before_anything_is_judged():
    with pytest.raises(Refused, match="是不是 land_class"):
        run([piece()], pack=rules({"when": "land_clas = '1'"}, REST))


def test_value_that_a_condition_cannot_take_is_refused_with_its_rule():
    pack = rules({"when": "TRUE"}, {"when": "CAST(land_class AS INTEGER) = 1"}, REST)
    assert of(run([piece()], pack=pack), "rule_id") == {"C1-1": "r0"}
    with pytest.raises(Refused, match=r"mine\.toml → r1\.when"):
        run([piece(land_class="08H1")], pack=pack)


@pytest.mark.parametrize(
    ("earlier", "expected"),
    [
        # undecided by a date, another verdict: doubtful
        ({"when": "TRUE", "dated": "on_or_before(supply.approved, as_of)"}, "undated"),
        # the same verdict: it does not matter
        (
            {
                "when": "TRUE",
                "dated": "on_or_before(supply.approved, as_of)",
                "verdict": "illegal",
            },
            "rest",
        ),
        # undecided by other evidence: only named
        ({"when": "plan_zone = '1'", "needs": {"plan_zone": "规划分区"}}, "rest"),
        # other evidence and a date: not for want of a date alone
        ({"when": "plan_zone = '1'", "dated": "on_or_before(supply.approved, as_of)"}, "rest"),
        # false whatever the date
        ({"when": "FALSE", "dated": "on_or_before(supply.approved, as_of)"}, "rest"),
        ({"when": "TRUE", "dated": "FALSE"}, "rest"),
    ],
)
def test_what_an_undecided_earlier_rule_does(earlier, expected):
    made = run([piece()], pack=rules(earlier, REST))
    assert of(made, "rule_id") == {"C1-1": expected}
    missing = "plan_zone(规划分区)" if "needs" in earlier else None
    assert of(made, "missing_evidence") == {"C1-1": missing}


def test_undecided_rule_after_the_one_that_decides_does_nothing():
    later = {"when": "TRUE", "dated": "on_or_before(supply.approved, as_of)"}
    made = run([piece()], pack=rules({"when": "is_farmland"}, later, REST))
    assert of(made, "rule_id") == {"C1-1": "r0"}
