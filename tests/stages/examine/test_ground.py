"""What the survey of the ground finds: gaps, overlaps, permanent farmland that is none."""

import numpy as np
from shapely import box, unary_union

from tests.stages.examine.clinic import (
    PARCELS,
    A,
    B,
    approval,
    approvals,
    at,
    change,
    changes,
    examine,
    found,
    handed,
    land_use,
    parcel,
    permanent,
    told,
    townships,
)


def test_a_sound_county_has_nothing():
    assert found() == []


def test_ground_of_no_parcel_is_told_by_township():
    # P1 ends 2 m early: 2 × 50 m² of A lie bare; P3 is missing altogether
    short = parcel((0, 0, 98, 50), "P1")
    assert found(land_use(short, PARCELS[1], PARCELS[3])) == [
        ("land_use", "land-use-gap", B, 5000.0),
        ("land_use", "land-use-gap", A, 100.0),
    ]


def test_a_gap_is_drawn_where_it_is():
    short = parcel((0, 0, 98, 50), "P1")
    (one,) = examine(handed(land_use(short, *PARCELS[1:])))
    assert one.shape.equals(at((98, 0, 100, 50)))
    assert one.finding.message == (
        f"乡镇 {A} 内有 100.00 ㎡ 没有地类图斑(缝、漏,gap),最大一处 100.00 ㎡;那里不算耕地"
    )


def test_ground_of_a_parcel_in_quarantine_is_no_gap():
    aside = np.array([at((0, 0, 100, 50))], dtype=object)
    assert found(land_use(*PARCELS[1:]), set_aside=aside) == []


def test_parcels_on_the_same_ground():
    twice = parcel((90, 0, 120, 50), "P9")
    assert found(land_use(*PARCELS, twice)) == [
        ("land_use", "land-use-overlap", "P3、P9", 1000.0),
        ("land_use", "land-use-overlap", "P1、P9", 500.0),
    ]


def test_less_than_a_square_metre_is_no_finding():
    touching = parcel((99.99, 0, 200, 50), "P3")  # 0.5 m² of P1
    assert found(land_use(*PARCELS[:2], touching, PARCELS[3])) == []


def test_townships_on_the_same_ground():
    overlapping = townships(((0, 0, 101, 100), A), ((100, 0, 200, 100), B))
    assert found(overlapping) == [("townships", "township-overlap", f"{A}、{B}", 100.0)]


def test_ground_enclosed_by_townships():
    lake = unary_union([box(0, 0, 100, 100)]).difference(box(40, 40, 60, 60))
    hole = townships((lake, A), ((100, 0, 200, 100), B))
    assert found(hole) == [("townships", "township-hole", A, 400.0)]


def test_permanent_farmland_that_is_no_farmland():
    # 20 × 50 of the orchard P2, 10 × 50 of the works P4; the rest is farmland
    assert found(permanent((80, 0, 100, 100), (100, 0, 110, 100))) == [
        ("permanent_farmland", "permanent-not-farmland", A, 1000.0),
        ("permanent_farmland", "permanent-not-farmland", B, 500.0),
    ]


def test_permanent_farmland_twice_counts_once():
    assert found(permanent((80, 0, 100, 100), (80, 0, 100, 100))) == [
        ("permanent_farmland", "permanent-not-farmland", A, 1000.0)
    ]


def test_the_classes_are_named():
    (message,) = told(permanent((80, 0, 100, 100)))
    assert message == (
        f"乡镇 {A} 的永久基本农田里有 1,000.00 ㎡ 按地类图斑不是耕地:0201 果园 1,000.00 ㎡"
    )


def test_permanent_farmland_on_farmland_is_silent():
    assert found(permanent((0, 0, 200, 50))) == []


def test_approvals_of_one_kind_on_the_same_ground():
    both = approvals(approval((0, 0, 20, 20), "转2号"), approval((10, 0, 30, 20), "转1号"))
    assert found(both) == [("approvals", "approvals-overlap", "转1号、转2号", 200.0)]


def test_blocks_of_one_approval_and_other_kinds_may_overlap():
    blocks = approvals(approval((0, 0, 20, 20)), approval((10, 0, 30, 20)))
    supply = approvals(approval((0, 0, 25, 20), "供1号", approval_kind="supply"))
    assert found(blocks, supply) == []


def test_areas_are_the_ellipsoid_s_where_the_config_says_so():
    from pipeline.geometry.settings import AreaSettings

    (one,) = found(land_use(*PARCELS[1:]), area=AreaSettings())
    assert one[:3] == ("land_use", "land-use-gap", A)
    assert 4990 < one[3] < 4999.9  # away from the meridian the plane is too large


def test_changes_on_the_same_ground():
    both = changes(change((10, 10, 30, 30), "C2"), change((20, 10, 40, 30), "C1"))
    assert found(both) == [("changes", "changes-overlap", "C1、C2", 200.0)]


def test_changes_that_leave_the_county():
    out = changes(
        change((-30, 10, -10, 30), "C1"),
        change((190, 10, 210, 30), "C2", stated_township_code=B),
    )
    assert found(out) == [
        ("changes", "outside", "C1", 400.0),
        ("changes", "outside-part", "C2", 200.0),
    ]


def test_a_change_in_another_township_than_it_states():
    out = changes(
        change((110, 10, 120, 30), "C1", stated_township_code=A),
        change((90, 40, 111, 60), "C2", stated_township_code=A),  # a part of it is enough
        change((5, 5, 9, 9), "C3", stated_township_code=A),
    )
    assert found(out) == [("changes", "township-disagrees", "C1", None)]
