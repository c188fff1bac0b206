"""The overlay on worlds countable on fingers. One letter or dot is 5 × 5 m unless drawn so."""

import numpy as np
import pytest
import shapely
from distributed import LocalCluster

from pipeline.errors import PipelineError
from pipeline.geometry.parallel import DeadlyBlock
from pipeline.schema.derived import CONSTRAINT_AREAS, COVERAGE, PIECES
from pipeline.stages.overlay import stage
from pipeline.terms import ApprovalKind
from tests.stages.overlaying import areas, overlaid
from tests.worlds import (
    ORIGIN,
    TOWN_A,
    TOWN_B,
    approval,
    approvals,
    change,
    changes,
    constraints,
    land_use,
    parcel,
    permanent_farmland,
    placed,
    plan_zones,
    quarantine,
    quarantined,
    rect,
    township,
    townships,
)

# aaaa   a approved, P farmland parcel, . neither: a 20 × 10 m change, its lower left
# PP..   quarter on farmland, its upper half approved.
CHANGE = change(rect(0, 0, 20, 10), "C1")


def found(made, code):
    return [finding for finding in made.findings if finding.code == code]


# ---------------------------------------------------------------- pieces


def test_a_change_is_cut_by_what_lies_on_it():
    made = overlaid(
        changes(CHANGE),
        land_use=land_use(parcel(rect(0, 0, 10, 5), "P1", "0101", 0.1)),
        approvals=approvals(approval(rect(0, 5, 20, 10), "A1")),
    )
    PIECES.check(made.pieces)
    assert areas(made.pieces, "parcel_id", "conversion_no") == {
        ("P1", None): 50,
        (None, "A1"): 100,
        (None, None): 50,
    }
    by_parcel = made.pieces.set_index("parcel_id")
    assert by_parcel.loc["P1", "farmland_m2"] == 45  # 50 less a ridge of 10 %
    assert by_parcel.loc["P1", "ridge_coefficient"] == 0.1
    assert by_parcel.loc["P1", "land_class"] == "0101"
    assert made.pieces["is_farmland"].sum() == 1
    assert made.pieces["farmland_m2"].sum() == 45
    assert made.pieces["piece_id"].tolist() == ["C1-001", "C1-002", "C1-003"]
    assert made.findings == []


def test_shapes_of_pieces_lie_where_the_change_lies():
    made = overlaid(
        changes(CHANGE),
        land_use=land_use(parcel(rect(0, 0, 10, 5)), parcel(rect(10, 0, 20, 5), "P2")),
    )
    pieces = made.pieces.set_index("parcel_id").geometry
    assert pieces["P1"].normalize().equals_exact(rect(0, 0, 10, 5).normalize(), 0)
    assert shapely.union_all(pieces).equals(rect(0, 0, 20, 10))
    assert made.pieces.crs == "EPSG:4549"


def test_two_overlapping_approvals_cover_150_of_200_not_more():
    # A1 the left 10 m, A2 from 5 m to 15 m: together 15 × 10 m
    made = overlaid(
        changes(CHANGE),
        approvals=approvals(
            approval(rect(0, 0, 10, 10), "A1", approved="2023-02-01"),
            approval(rect(5, 0, 15, 10), "A2", approved="2023-01-01"),
        ),
    )
    assert areas(made.pieces, "conversion_no") == {"A1": 50, "A2": 100, None: 50}
    COVERAGE.check(made.coverage)
    assert areas(made.coverage, "approval_no") == {"A1": 100, "A2": 100}  # each alone
    assert made.findings == []


def test_each_kind_of_approval_answers_for_itself():
    made = overlaid(
        changes(CHANGE),
        approvals=approvals(
            approval(rect(0, 0, 10, 10), "A1"),
            approval(rect(5, 0, 20, 10), "S1", kind="supply", approved="2023-03"),
        ),
    )
    assert areas(made.pieces, "conversion_no", "supply_no") == {
        ("A1", None): 50,
        ("A1", "S1"): 50,
        (None, "S1"): 100,
    }
    supplied = made.pieces[made.pieces["supply_no"].notna()].iloc[0]
    assert supplied["supply_on"] is None  # known to the month only
    assert str(supplied["supply_approved_earliest"]) == "2023-03-01"
    assert str(supplied["supply_approved_latest"]) == "2023-03-31"


def test_a_configured_kind_without_records_has_its_columns():
    made = overlaid(changes(CHANGE), kinds=(ApprovalKind.TEMPORARY,))
    assert made.pieces["temporary_no"].isna().all()
    assert "conversion_no" not in made.pieces


def test_ground_with_one_answer_is_one_piece_in_two_parts():
    made = overlaid(
        changes(CHANGE), land_use=land_use(parcel(rect(8, -5, 12, 15), "P1")))  # fmt: skip
    assert areas(made.pieces, "parcel_id") == {"P1": 40, None: 160}
    rest = made.pieces[made.pieces["parcel_id"].isna()].geometry.iloc[0]
    assert len(shapely.get_parts(rest)) == 2


def test_a_hole_in_the_change_is_nobodys_piece():
    ring = rect(0, 0, 20, 10) - rect(5, 2, 15, 8)  # 200 - 60
    made = overlaid(changes(change(ring)), land_use=land_use(parcel(rect(0, 0, 10, 10))))
    assert areas(made.pieces, "parcel_id") == {"P1": 70, None: 70}


def test_a_hole_in_a_parcel_is_not_its_ground():
    made = overlaid(
        changes(CHANGE),
        land_use=land_use(parcel(rect(-5, -5, 25, 15) - rect(5, 0, 15, 10), "P1")),
    )
    assert areas(made.pieces, "parcel_id") == {"P1": 100, None: 100}


def test_permanent_farmland_is_a_union_and_null_without_the_layer():
    both = permanent_farmland(rect(0, 0, 10, 10), rect(5, 0, 15, 10))
    made = overlaid(changes(CHANGE), permanent_farmland=both)
    assert areas(made.pieces, "is_permanent_farmland") == {True: 150, False: 50}
    (finding,) = made.findings
    assert (finding.layer, finding.code) == ("permanent_farmland", "overlap")
    assert (finding.severity, finding.area_m2) == ("noted", 50)
    assert "C1" in finding.message
    assert overlaid(changes(CHANGE)).pieces["is_permanent_farmland"].isna().all()


def test_no_parcel_beneath_is_no_farmland():
    piece = overlaid(changes(CHANGE)).pieces.iloc[0]
    assert (piece["area_m2"], piece["farmland_m2"], bool(piece["is_farmland"])) == (
        200,
        0,
        False,
    )
    assert np.isnan(piece["ridge_coefficient"])


def test_what_only_touches_does_not_count():
    made = overlaid(
        changes(CHANGE),
        land_use=land_use(parcel(rect(20, 0, 30, 10))),
        approvals=approvals(approval(rect(0, 10, 20, 20))),
        quarantine=quarantine(quarantined(rect(-10, 0, 0, 10))),
        constraints=constraints((rect(0, -10, 20, 0), "红线")),
    )
    assert areas(made.pieces, "parcel_id", "conversion_no", "touches_quarantine") == {
        (None, None, False): 200
    }
    assert len(made.coverage) == len(made.constraint_areas) == 0


def test_edges_a_tenth_of_a_micrometre_off_leave_no_piece():
    off = 1e-7
    made = overlaid(
        changes(CHANGE), approvals=approvals(approval(rect(off, off, 20 - off, 10 - off))))  # fmt: skip
    assert areas(made.pieces, "conversion_no") == {"A1": 200}


def test_empty_layers_and_no_changes():
    made = overlaid(changes())
    assert len(made.pieces) == len(made.balances) == 0
    PIECES.check(made.pieces)
    COVERAGE.check(made.coverage)
    CONSTRAINT_AREAS.check(made.constraint_areas)


def test_the_inputs_stay_as_they_came():
    layer, lands = (
        changes(change(rect(0, 0, 20, 10), "B"), CHANGE),
        land_use(parcel(rect(0, 0, 9, 9))),
    )
    before = layer.copy(), lands.copy()
    overlaid(layer, land_use=lands)
    assert layer.equals(before[0])
    assert lands.equals(before[1])


# ---------------------------------------------------------------- townships


def test_a_change_astride_two_townships_is_split_between_them():
    towns = townships(township(rect(0, 0, 5, 50), TOWN_A), township(rect(5, 0, 50, 50), TOWN_B))
    made = overlaid(changes(CHANGE), townships=towns)
    assert areas(made.pieces, "township_code") == {TOWN_A: 50, TOWN_B: 150}


def test_ground_outside_every_township_is_noted_and_balanced():
    towns = townships(township(rect(0, 0, 15, 50)))
    made = overlaid(changes(CHANGE), townships=towns)
    assert areas(made.pieces, "township_code") == {TOWN_A: 150, None: 50}
    (note,) = found(made, "outside-part")
    assert (note.severity, note.record, note.area_m2) == ("noted", "C1", 50)
    assert "gap" in note.message
    balance = made.balances.iloc[0]
    assert balance.drop("change_id").to_dict() == {
        "area_units": 2_000_000,
        "counted_units": 1_500_000,
        "outside_units": 500_000,
        "elsewhere_units": 0,
        "quarantined_units": 0,
    }


def test_a_change_outside_every_township_is_quarantined():
    made = overlaid(
        changes(CHANGE, change(rect(2000, 0, 2010, 10), "X1")),
        approvals=approvals(approval(rect(2000, 0, 2010, 10))),
    )
    assert set(made.pieces["change_id"]) == {"C1"}
    assert len(made.coverage) == 0
    (finding,) = found(made, "outside")
    assert (finding.severity, finding.record, finding.area_m2) == ("quarantined", "X1", 100)
    balance = made.balances.set_index("change_id").loc["X1"]
    assert (balance["quarantined_units"], balance["counted_units"]) == (1_000_000, 0)


@pytest.mark.parametrize(
    ("shared_m", "severity"), [(0.1, "noted"), (0.11, "refused"), (5, "refused")]
)
def test_townships_that_share_more_than_1_m2_under_a_change_are_refused(shared_m, severity):
    # the shared strip is 10 m long under the change: 1.0, 1.1 and 50 m²
    towns = townships(
        township(rect(0, 0, 5 + shared_m, 50), TOWN_B), township(rect(5, 0, 50, 50), TOWN_A)
    )
    made = overlaid(changes(CHANGE), townships=towns)
    (finding,) = found(made, "overlap")
    assert (finding.layer, finding.severity) == ("townships", severity)
    assert finding.area_m2 == pytest.approx(10 * shared_m)
    assert TOWN_A in finding.message
    assert TOWN_B in finding.message
    assert areas(made.pieces, "township_code") == {TOWN_A: 150, TOWN_B: 50}  # smallest code


# ---------------------------------------------------------------- overlaps


def test_of_overlapping_parcels_the_smallest_code_has_the_ground():
    made = overlaid(
        changes(CHANGE),
        land_use=land_use(
            parcel(rect(0, 0, 10, 10), "9"),  # code-point order: "10" before "9"
            parcel(rect(5, 0, 15, 10), "10", "0307"),
        ),
    )
    assert areas(made.pieces, "parcel_id") == {"9": 50, "10": 100, None: 50}
    (note,) = made.findings
    assert (note.layer, note.record, note.code, note.severity) == (
        "land_use", "10、9", "overlap", "noted",
    )  # fmt: skip
    assert note.area_m2 == 50
    assert "重叠" in note.message


def test_overlapping_zones_are_noted_those_of_the_same_zone_are_not():
    made = overlaid(
        changes(CHANGE),
        plan_zones=plan_zones(
            (rect(0, 0, 10, 10), "Z2"), (rect(5, 0, 12, 10), "Z2"), (rect(10, 0, 20, 10), "Z1")
        ),
    )
    assert areas(made.pieces, "plan_zone") == {"Z2": 100, "Z1": 100}
    (note,) = made.findings
    assert (note.record, note.area_m2) == ("Z1、Z2", 20)


def test_the_earlier_change_has_the_ground():
    # C2 of May has the middle; C1 of June keeps the rest
    made = overlaid(
        changes(
            change(rect(0, 0, 20, 10), "C1", after="2024-06-30"),
            change(rect(15, 0, 25, 10), "C2", after="2024-05-31"),
        )
    )
    assert areas(made.pieces, "change_id", "counted_in") == {
        ("C1", None): 150,
        ("C1", "C2"): 50,
        ("C2", None): 100,
    }
    (note,) = made.findings
    assert (note.code, note.record, note.area_m2) == ("overlap", "C1", 50)
    assert made.balances["elsewhere_units"].tolist() == [500_000, 0]
    assert made.balances["counted_units"].tolist() == [2_000_000, 1_000_000]


@pytest.mark.parametrize(
    ("one", "two", "owner"),
    [
        ("2024-06-30", "2024-06-30", "C1"),  # same day: the smaller id
        (None, "2024-06-30", "C2"),  # unknown dates last
        ("2024", "2024-06-30", "C2"),  # 2024 may be as late as December
        ("2023", "2024-06-30", "C1"),
    ],
)
def test_who_owns_shared_ground(one, two, owner):
    shape = rect(0, 0, 20, 10)
    made = overlaid(changes(change(shape, "C2", after=two), change(shape, "C1", after=one)))
    (loser,) = {"C1", "C2"} - {owner}
    assert areas(made.pieces, "change_id", "counted_in") == {
        (owner, None): 200,
        (loser, owner): 200,
    }
    (note,) = found(made, "duplicate")
    assert (note.record, note.severity) == (loser, "noted")
    assert "重复" in note.message


def test_a_change_outside_every_township_has_no_ground():
    # X1, of May, lies beyond the town and in quarantine; C1, of June, reaches into it
    made = overlaid(
        changes(
            change(rect(990, 0, 1010, 10), "C1", after="2024-06-30"),
            change(rect(1000, 0, 1010, 10), "X1", after="2024-05-31"),
        )
    )
    assert areas(made.pieces, "change_id", "counted_in") == {("C1", None): 200}
    assert [finding.code for finding in made.findings] == ["outside", "outside-part"]


def test_ground_of_three_changes_counts_in_the_first_of_them():
    made = overlaid(
        changes(
            change(rect(0, 0, 10, 10), "C3"),
            change(rect(0, 0, 10, 10), "C2"),
            change(rect(5, 0, 15, 10), "C1"),
        )
    )
    assert areas(made.pieces, "change_id", "counted_in") == {
        ("C1", None): 100,
        ("C2", "C1"): 50,
        ("C2", None): 50,
        ("C3", "C1"): 50,
        ("C3", "C2"): 50,
    }
    own = made.pieces[made.pieces["counted_in"].isna()]
    assert own["area_m2"].sum() == 150  # each square metre once


# ---------------------------------------------------------------- which approval decides

AFTER = "2024-06-30"
IN_FORCE = {"approved": "2024-01-01"}


@pytest.mark.parametrize(
    ("first", "second"),
    [
        # in force before earlier ones that are not
        (IN_FORCE, {"approved": "2020-01-01", "valid_until": "2023-12-31"}),
        (IN_FORCE, {"approved": "2020-01-01", "valid_from": "2024-07-01"}),
        ({"approved": AFTER}, {"approved": "2024-07-01"}),  # on the day is in force
        ({"approved": "2024-01-02", "valid_until": AFTER}, {"approved": "2024-01-01",
                                                            "valid_until": "2024-06-29"}),
        ({"approved": "2024-01-02", "valid_from": AFTER}, {"approved": "2024-01-01",
                                                           "valid_from": "2024-07-01"}),
        # a partial date is in force only if every day of it is
        ({"approved": "2024-05"}, {"approved": "2024-06", "valid_until": "2024"}),
        ({"approved": "2024-06-30"}, {"approved": "2024"}),
        # dated before undated, in force or not
        ({"approved": "2024-01-01"}, {"approved": None}),
        ({"approved": "2025-01-01"}, {"approved": None}),
        # earliest first; a month begins with its first day and ends with its last
        ({"approved": "2022-12-31"}, {"approved": "2023-01-01"}),
        ({"approved": "2023-01-01"}, {"approved": "2023-01"}),
        ({"approved": "2023-01"}, {"approved": "2023-01-02"}),
        ({"approved": "2025-01-01"}, {"approved": "2025-01-02"}),
    ],
)  # fmt: skip
@pytest.mark.parametrize("numbers", [("A1", "A2"), ("A2", "A1")])
def test_which_approval_decides(first, second, numbers):
    shape = rect(0, 0, 20, 10)
    made = overlaid(
        changes(change(shape, after=AFTER)),
        approvals=approvals(
            approval(shape, numbers[0], **first), approval(shape, numbers[1], **second)
        ),
    )
    assert areas(made.pieces, "conversion_no") == {numbers[0]: 200}


def test_of_equal_approvals_the_smaller_number_decides():
    shape = rect(0, 0, 20, 10)
    papers = approvals(approval(shape, "A9"), approval(shape, "A10"))
    assert areas(overlaid(changes(CHANGE), approvals=papers).pieces, "conversion_no") == {
        "A10": 200
    }


def test_without_an_after_date_nothing_is_in_force_and_the_earliest_decides():
    shape = rect(0, 0, 20, 10)
    made = overlaid(
        changes(change(shape, after=None)),
        approvals=approvals(
            approval(shape, "A1", approved="2024-01-01"),
            approval(shape, "A2", approved="2020-01-01", valid_until="2021-01-01"),
        ),
    )
    assert areas(made.pieces, "conversion_no") == {"A2": 200}


def test_an_approval_handed_in_twice_counts_once():
    half, other = rect(0, 0, 10, 10), rect(10, 0, 20, 10)
    papers = approvals(approval(half, "A1"), approval(half, "A1"), approval(other, "A1"))
    made = overlaid(changes(CHANGE), approvals=papers)
    assert areas(made.pieces, "conversion_no") == {"A1": 200}
    assert len(made.pieces) == 1


# ---------------------------------------------------------------- parts without approval


def part(made, **answers):
    rows = made.pieces
    for name, value in answers.items():
        rows = rows[rows[name].isna() if value is None else rows[name] == value]
    return [
        tuple(map(float, row))
        for row in rows[["unapproved_part_m2", "unapproved_part_width_m"]].round(4).to_numpy()
    ]


def test_the_part_without_approval_is_merged_over_all_that_cuts_it():
    # approved the left 18 m; a strip of 2 × 10 m is left, in two parcels and two townships
    made = overlaid(
        changes(CHANGE),
        land_use=land_use(parcel(rect(0, 0, 20, 5))),
        townships=townships(
            township(rect(0, 0, 19, 50), TOWN_A), township(rect(19, 0, 50, 50), TOWN_B)
        ),
        approvals=approvals(approval(rect(0, 0, 18, 10))),
    )
    assert part(made, conversion_no=None) == [(20, round(40 / 24, 4))] * 4
    assert np.isnan(part(made, conversion_no="A1")).all()


def test_parts_that_meet_in_a_point_are_two():
    # .aaa
    # aaa.   approved all but two corners; drawn so that the corners touch the approvals only
    made = overlaid(
        changes(change(rect(0, 0, 10, 10))),
        approvals=approvals(
            approval(rect(0, 0, 5, 5)), approval(rect(5, 5, 10, 10), "S", kind="supply")
        ),
        land_use=land_use(parcel(rect(0, 0, 5, 10))),
    )
    assert part(made, conversion_no=None, supply_no=None) == [(25, 2.5), (25, 2.5)]


def test_a_piece_in_two_parts_goes_with_the_larger():
    # ..aa.   10 × 10 m on the left, a strip of 2 m on the right, one answer
    made = overlaid(
        changes(CHANGE), approvals=approvals(approval(rect(10, 0, 18, 10))))  # fmt: skip
    assert part(made, conversion_no=None) == [(100, 5)]


# ---------------------------------------------------------------- quarantine, constraints


@pytest.mark.parametrize(
    ("shape", "touched"),
    [
        (rect(0, 0, 5, 5), True),
        (rect(-5, -5, 25, 15), True),
        (rect(10, 0, 20, 10), False),  # only the other parcel
        (rect(-5, 0, 0, 10), False),  # an edge
        (rect(-5, 0, 0.000009, 10), False),  # 0.00009 m²
        (shapely.LineString(shapely.get_coordinates(rect(2, 2, 5, 5))[:3]), True),  # its box
        (None, False),
    ],
)
def test_pieces_that_a_quarantined_record_may_cover_are_marked(shape, touched):
    made = overlaid(
        changes(CHANGE),
        land_use=land_use(parcel(rect(0, 0, 10, 10), "P1"), parcel(rect(10, 0, 20, 10), "P2")),
        quarantine=quarantine(quarantined(shape)),
    )
    assert bool(made.pieces.set_index("parcel_id")["touches_quarantine"]["P1"]) is touched


def test_a_bow_tie_in_quarantine_covers_its_triangles():
    bow_tie = shapely.Polygon(shapely.get_coordinates(rect(0, 0, 10, 10))[[0, 2, 1, 3]])
    made = overlaid(changes(CHANGE), quarantine=quarantine(quarantined(bow_tie)))
    assert made.pieces["touches_quarantine"].all()


def test_quarantined_changes_are_no_evidence():
    place = quarantined(rect(0, 0, 20, 10), "changes", "C9", is_reference=False)
    assert (
        not overlaid(changes(CHANGE), quarantine=quarantine(place))
        .pieces["touches_quarantine"]
        .any()
    )


def test_constraints_are_measured_and_cut_nothing():
    made = overlaid(
        changes(CHANGE),
        constraints=constraints(
            (rect(0, 0, 10, 10), "红线"),
            (rect(5, 0, 15, 10), "红线"),
            (rect(0, 0, 1, 1), "古树"),
        ),
    )
    assert len(made.pieces) == 1
    CONSTRAINT_AREAS.check(made.constraint_areas)
    assert areas(made.constraint_areas, "constraint_name") == {"红线": 150, "古树": 1}


# ---------------------------------------------------------------- workers


def test_a_scheduler_elsewhere_gives_the_same_tables():
    rows = [change(rect(9 * k, 0, 9 * k + 10, 10), f"C{k:03d}") for k in range(70)]
    layers = {"land_use": land_use(parcel(rect(0, 0, 1000, 5)))}
    here = overlaid(changes(*rows), **layers, workers=2)
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None,
        protocol="tcp", host="127.0.0.1",
    ) as cluster:  # fmt: skip
        there = overlaid(changes(*rows), **layers, scheduler=cluster.scheduler_address)
    assert len(here.pieces) == 70 * 4 - 2
    assert here.pieces.equals(there.pieces)
    assert here.findings == there.findings


def test_progress_is_told_as_blocks_are_done():
    seen = []
    rows = [change(rect(20 * k, 0, 20 * k + 10, 10), f"C{k:03d}") for k in range(260)]
    overlaid(changes(*rows), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(1, 2), (2, 2)]


# ---------------------------------------------------------------- failure


def test_a_change_that_cannot_be_proven_is_quarantined_with_both_numbers(monkeypatch):
    from pipeline.geometry import partition

    monkeypatch.setattr(partition, "tolerance_m2", lambda _: -1.0)
    made = overlaid(changes(CHANGE), approvals=approvals(approval(rect(0, 0, 5, 5))))
    assert len(made.pieces) == len(made.coverage) == 0
    (finding,) = found(made, "unbalanced")
    assert (finding.severity, finding.record, finding.area_m2) == ("quarantined", "C1", 200)
    assert made.balances["quarantined_units"].tolist() == [2_000_000]


def test_ground_that_a_change_in_quarantine_has_is_told_beside_the_others(monkeypatch):
    #   C1 0..20, C2 10..30 gives 10..20 to C1; nobody can prove where C1 is
    from pipeline.geometry import partition

    monkeypatch.setattr(partition, "_drift", lambda *_: np.array([0.5, np.nan]))
    made = overlaid(changes(CHANGE, change(rect(10, 0, 30, 10), "C2")))

    assert [one.record for one in found(made, "unbalanced")] == ["C1"]
    (finding,) = found(made, "lost-with")
    assert (finding.record, finding.severity, finding.area_m2) == ("C2", "noted", 100)


def test_messages_can_be_printed_on_a_gbk_console():
    made = overlaid(
        changes(
            CHANGE, change(rect(15, 0, 2000, 10), "C2"), change(rect(2000, 0, 2001, 1), "C3")
        ),
        townships=townships(
            township(rect(0, 0, 10, 50), TOWN_A), township(rect(5, 0, 50, 50), TOWN_B)
        ),
        land_use=land_use(parcel(rect(0, 0, 10, 10)), parcel(rect(0, 0, 10, 10), "P2")),
    )
    assert {finding.code for finding in made.findings} == {"overlap", "outside", "outside-part"}
    for finding in made.findings:
        (finding.message + finding.remedy).encode("gbk")


def test_the_blocks_of_one_approval_are_measured_as_one():
    #   C1 0..20; A1 has two blocks, 0..10 and 5..15: together 15 of 20 m
    made = overlaid(
        changes(CHANGE),
        approvals=approvals(
            approval(rect(0, 0, 10, 10), "A1"), approval(rect(5, 0, 15, 10), "A1")
        ),
    )

    assert made.coverage["approval_no"].tolist() == ["A1"]
    assert made.coverage["area_m2"].tolist() == [150]


@pytest.mark.parametrize(
    "shape",
    [
        placed(shapely.LineString([(-5, 5), (25, 5)])),  # its box has no height
        placed(shapely.Polygon([(0, 5), (10, 5), (0, 5)])),
        placed(shapely.Point(5, 5)),
    ],
)
def test_a_quarantined_record_without_ground_touches_what_its_box_does(shape):
    halves = land_use(parcel(rect(0, 0, 10, 10)), parcel(rect(12, 0, 20, 10), "P2"))
    made = overlaid(changes(CHANGE), land_use=halves, quarantine=quarantine(quarantined(shape)))
    touched = made.pieces.set_index("parcel_id")["touches_quarantine"]
    assert touched["P1"]
    assert touched["P2"] == (shapely.bounds(shape)[2] > ORIGIN[0] + 12)


def test_a_change_too_small_for_the_books_is_quarantined():
    made = overlaid(changes(CHANGE, change(rect(50, 0, 50.005, 0.005), "C2")))
    (finding,) = found(made, "too-small")
    assert (finding.record, finding.severity) == ("C2", "quarantined")
    assert set(made.pieces["change_id"]) == {"C1"}


@pytest.mark.parametrize("is_tall", [False, True])
def test_a_part_is_as_wide_whichever_way_it_runs(is_tall):
    #   a strip of 20 × 10 m; its lower (left) 4 m are approved: 20 × 6 m are left
    def along(x0, y0, x1, y1):
        return rect(y0, x0, y1, x1) if is_tall else rect(x0, y0, x1, y1)

    made = overlaid(
        changes(change(along(0, 0, 20, 10))),
        approvals=approvals(approval(along(-5, -5, 25, 4))),
        land_use=land_use(parcel(along(0, 0, 7, 10)), parcel(along(7, 0, 20, 10), "P2")),
    )
    bare = made.pieces[made.pieces["conversion_no"].isna()]
    assert bare["unapproved_part_m2"].tolist() == pytest.approx([120, 120])
    assert bare["unapproved_part_width_m"].tolist() == pytest.approx([240 / 52] * 2)


def test_a_shape_that_cannot_be_drawn_is_told_and_the_areas_stand(monkeypatch):
    def gives_up(*_, **__):
        raise shapely.errors.GEOSException("no")

    monkeypatch.setattr(shapely, "union_all", gives_up)
    made = overlaid(changes(CHANGE), approvals=approvals(approval(rect(0, 0, 5, 10))))
    assert sorted(made.pieces["area_m2"]) == [50, 150]
    assert made.pieces.geometry.is_empty.all()
    assert [finding.code for finding in made.findings] == ["shape-differs"] * 2


def test_a_change_that_brings_every_worker_down_is_named(monkeypatch):
    def killed(*_):
        raise DeadlyBlock(range(1, 2), "…")

    monkeypatch.setattr(stage, "map_blocks", killed)
    both = changes(change(rect(0, 0, 9, 9), "C1"), change(rect(10, 0, 19, 9), "C2"))
    with pytest.raises(PipelineError, match="图斑 C2 使计算它的进程退出"):
        overlaid(both)
