"""Crediting rectifications: what counts, how much, and what is said of the rest."""

import pytest

from pipeline.schema.derived import RECTIFIED
from pipeline.stages.rectify import rectify
from tests.pieces import accountability, judged, piece, reclaimed, rectifications
from tests.worlds import TOWN_A, TOWN_B


def illegal(piece_id, farmland=100, **columns):
    return piece(piece_id, farmland=farmland, verdict="illegal", act="未批先建", **columns)


def run(rows, *ledger, **config):
    return rectify(
        judged(*rows), rectifications(*ledger), accountability=accountability(**config)
    )


def amounts(made):
    """Return (reclaimed, regularised) by change and township."""
    return {
        (row.change_id, row.township_code): (
            row.reclaimed_farmland_m2,
            row.regularised_farmland_m2,
        )
        for row in made.rectified.itertuples()
    }


def notes(made):
    return [(found.code, found.record) for found in made.findings]


# C1: 100 in township A, 50 in B; C2 is legal; C3: 40 in A and on no township at all
WORLD = [
    illegal("C1-1", 60),
    illegal("C1-2", 40),
    illegal("C1-3", 50, township_code=TOWN_B),
    piece("C2-1", verdict="legal"),
    illegal("C3-1", 40),
    piece("C3-2", township_code=None),
]


def test_every_place_with_illegal_land_is_listed():
    made = run(WORLD)
    RECTIFIED.check(made.rectified)
    assert made.rectified["illegal_farmland_m2"].tolist() == [100, 50, 40]
    assert amounts(made) == {
        ("C1", TOWN_A): (0, 0),
        ("C1", TOWN_B): (0, 0),
        ("C3", TOWN_A): (0, 0),
    }
    assert made.findings == []


def test_rows_with_a_township_first_then_the_others_in_proportion():
    made = run(WORLD, reclaimed("C1", 16), reclaimed("C1", 70, township_code=TOWN_A))
    assert amounts(made)["C1", TOWN_A] == (76, 0)
    assert amounts(made)["C1", TOWN_B] == (10, 0)
    assert made.findings == []


def test_several_rows_add_up_and_are_capped_together():
    here = {"township_code": TOWN_B}
    made = run(WORLD, reclaimed("C1", 30, **here), reclaimed("C1", 30, **here))
    assert amounts(made)["C1", TOWN_B] == (50, 0)
    assert notes(made) == [("reclaimed-capped", f"C1 {TOWN_B}")]
    assert made.findings[0].area_m2 == 10
    assert "只计 50.00 ㎡" in made.findings[0].message


def test_whole_change_is_capped_at_what_remains():
    made = run(WORLD, reclaimed("C1", 140), reclaimed("C1", 20, township_code=TOWN_A))
    assert amounts(made)["C1", TOWN_A] == (100, 0)
    assert amounts(made)["C1", TOWN_B] == (50, 0)
    assert [(found.record, found.area_m2) for found in made.findings] == [("C1", 10)]


@pytest.mark.parametrize(
    ("accepted", "counts", "code"),
    [
        ("2025-03-30", True, None),
        ("2025-03-31", True, None),
        ("2025-04-01", False, "accepted-late"),
        ("2025-03", True, None),
        ("2025", False, "acceptance-undated"),
        (None, False, "not-accepted"),
    ],
)
def test_only_what_was_accepted_by_the_day_of_account_counts(accepted, counts, code):
    made = run(WORLD, reclaimed("C3", 10, accepted=accepted))
    assert amounts(made)["C3", TOWN_A] == (10 if counts else 0, 0)
    assert [found for found, _ in notes(made)] == ([code] if code else [])
    assert all("验收" in found.message for found in made.findings)


@pytest.mark.parametrize("method", ["没收", "补办", "拆除", "复耕"])
def test_other_methods_do_not_count(method):
    made = run(WORLD, reclaimed("C3", 10, method=method))
    assert amounts(made)["C3", TOWN_A] == (0, 0)
    assert notes(made) == [("method-not-counted", "C3")]
    assert made.findings[0].area_m2 == 10


def test_method_with_a_stray_blank_counts():
    assert amounts(run(WORLD, reclaimed("C3", 10, method=" 拆除复耕 ")))["C3", TOWN_A] == (
        10,
        0,
    )


def test_rows_that_meet_no_illegal_farmland_are_noted():
    made = run(
        WORLD,
        reclaimed("C9", 1),
        reclaimed("C2", 5),
        reclaimed("C3", 5, township_code=TOWN_B),
    )
    assert notes(made) == [
        ("unknown-change", "C9"),
        ("no-illegal-farmland", "C2"),
        ("no-illegal-farmland", f"C3 {TOWN_B}"),
    ]
    assert sum(made.rectified["reclaimed_farmland_m2"]) == 0


def test_reclaimed_land_leaves_the_regularised():
    late = {"is_regularised": True}
    rows = [illegal("C1-1", 60), illegal("C1-2", 40, **late)]
    assert amounts(run(rows)) == {("C1", TOWN_A): (0, 40)}
    assert amounts(run(rows, reclaimed("C1", 15))) == {("C1", TOWN_A): (15, 25)}
    assert amounts(run(rows, reclaimed("C1", 70))) == {("C1", TOWN_A): (70, 0)}


def test_exempt_acts_leave_the_cap_and_the_regularised():
    rows = [
        illegal("C1-1", 60),
        illegal("C1-2", 40) | {"act": "未供先用", "is_regularised": True},
    ]
    made = run(rows, reclaimed("C1", 90), exempt_acts=("未供先用",))
    assert amounts(made) == {("C1", TOWN_A): (60, 0)}
    assert made.rectified["illegal_farmland_m2"].tolist() == [100]
    assert made.rectified["exempt_farmland_m2"].tolist() == [40]


def test_exempt_farmland_is_not_said_to_be_no_farmland():
    exempt = [illegal("C1-1", 60) | {"act": "未供先用"}]

    (found,) = run(exempt, reclaimed("C1", 10), exempt_acts=("未供先用",)).findings

    assert found.code == "no-illegal-farmland"
    assert "没有计入占耕比的" in found.message
    assert "豁免行为" in found.remedy


@pytest.mark.parametrize(("stated", "code"), [(7.5, "area-in-mu"), (7.6, None), (0, None)])
def test_an_area_that_looks_like_mu_is_noted_and_counted_as_written(stated, code):
    world = [illegal("a", 5000, change_id="C9")]
    made = run(world, reclaimed("C9", stated))
    assert amounts(made)["C9", TOWN_A] == (stated, 0)
    assert notes(made) == ([(code, "C9")] if code else [])


def test_land_ruled_legal_is_not_regularised():
    assert amounts(run([piece("C1-1", verdict="legal", is_regularised=True)])) == {}


def test_fractions_of_a_square_metre_are_shared_to_the_last_unit():
    rows = [illegal(f"C1-{n}", 1, township_code=f"T{n}") for n in range(3)]
    made = run(rows, reclaimed("C1", 1))
    shares = sorted(made.rectified["reclaimed_farmland_m2"], reverse=True)
    assert shares == [0.3334, 0.3333, 0.3333]


def test_order_of_rows_changes_nothing():
    ledger = [
        reclaimed("C1", 16),
        reclaimed("C1", 70, township_code=TOWN_A),
        reclaimed("C3", 99),
        reclaimed("C3", 5, accepted=None),
        reclaimed("C9", 5),
    ]
    one, other = run(WORLD, *ledger), run(WORLD[::-1], *ledger[::-1])
    assert one.rectified.equals(other.rectified)
    assert one.findings == other.findings
