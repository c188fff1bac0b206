"""Laws of the overlay: an oracle that counts square metres one by one, and what may not matter."""

from datetime import date

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import affinity

from tests.stages.overlaying import areas, overlaid
from tests.worlds import (
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
    plan_zones,
    rect,
    township,
    townships,
)

SIDE = 8
few = settings(max_examples=12, deadline=None, derandomize=True)
ends = st.lists(st.integers(0, SIDE), min_size=2, max_size=2, unique=True).map(sorted)
boxes = st.tuples(ends, ends).map(lambda xy: (xy[0][0], xy[1][0], xy[0][1], xy[1][1]))
some_boxes = st.lists(boxes, max_size=4)
papers = st.lists(
    st.tuples(boxes, st.sampled_from(["2023-01-01", "2023-05-01", "2024-09-01", None])),
    max_size=4,
)
worlds = st.fixed_dictionaries(
    {
        "changes": st.lists(st.tuples(boxes, st.integers(1, 3)), min_size=1, max_size=3),
        "towns": st.integers(1, SIDE - 1),
        "parcels": some_boxes,
        "farmland": some_boxes,
        "zones": some_boxes,
        "conversions": papers,
        "supplies": papers,
    }
)
COLUMNS = (
    "change_id", "counted_in", "township_code", "parcel_id", "is_permanent_farmland",
    "plan_zone", "conversion_no", "supply_no",
)  # fmt: skip


def tables(world, order=1, at=(0, 0)):
    """The layers of a world, records in order or in reverse, moved by whole metres."""

    def made(box):
        return affinity.translate(rect(*box), *at)

    def paper(rows, kind, letter):
        return [
            approval(made(box), f"{letter}{n}", kind=kind, approved=day)
            for n, (box, day) in enumerate(rows)
        ]

    rows = [
        change(made(box), f"C{n}", after=f"2024-0{month}-15")
        for n, (box, month) in enumerate(world["changes"])
    ]
    split = world["towns"]
    towns = [
        township(made((0, 0, split, SIDE)), TOWN_A),
        township(made((split, 0, SIDE, SIDE - 1)), TOWN_B),
    ]
    lots = [parcel(made(box), f"P{n}") for n, box in enumerate(world["parcels"])]
    zones = [(made(box), f"Z{n % 3}") for n, box in enumerate(world["zones"])]
    shapes = [made(box) for box in world["farmland"]]
    allowed = paper(world["conversions"], "conversion", "A")
    allowed += paper(world["supplies"], "supply", "S")
    return changes(*rows[::order]), {
        "townships": townships(*towns[::order]),
        "land_use": land_use(*lots[::order]),
        "permanent_farmland": permanent_farmland(*shapes[::order]),
        "plan_zones": plan_zones(*zones[::order]),
        "approvals": approvals(*allowed[::order]),
    }


def cut(world, order=1, at=(0, 0), **more):
    layer, others = tables(world, order, at)
    return overlaid(layer, kind="plane", **others, **more)


def counted_by_hand(world):
    """The same areas, each square metre asked what lies on it."""
    found = {}
    ranked = sorted((month, f"C{n}", box) for n, (box, month) in enumerate(world["changes"]))
    for place, (month, name, box) in enumerate(ranked):
        for x in range(box[0], box[2]):
            for y in range(box[1], box[3]):

                def on(other, x=x, y=y):
                    return other[0] <= x < other[2] and other[1] <= y < other[3]

                owners = [other for _, other, area in ranked[:place] if on(area)]
                town = TOWN_A if x < world["towns"] else TOWN_B if y < SIDE - 1 else None
                lots = [f"P{n}" for n, area in enumerate(world["parcels"]) if on(area)]
                zones = [f"Z{n % 3}" for n, area in enumerate(world["zones"]) if on(area)]
                key = (
                    name,
                    owners[0] if owners else None,
                    town,
                    min(lots, default=None),
                    any(map(on, world["farmland"])),
                    min(zones, default=None),
                    deciding(world["conversions"], "A", on, date(2024, month, 15)),
                    deciding(world["supplies"], "S", on, date(2024, month, 15)),
                )
                found[key] = found.get(key, 0) + 1
    inside = {key[0] for key in found if key[2] is not None}
    return {key: area for key, area in found.items() if key[0] in inside}


def deciding(rows, letter, on, after):
    met = [
        (day is None or date.fromisoformat(day) > after, day or "9999", f"{letter}{n}")
        for n, (box, day) in enumerate(rows)
        if on(box)
    ]
    return min(met)[2] if met else None


@few
@given(worlds)
def test_every_square_metre_is_answered_as_by_hand(world):
    made = cut(world)
    assert areas(made.pieces, *COLUMNS) == counted_by_hand(world)
    assert not made.pieces.duplicated(list(COLUMNS)).any()


@few
@given(worlds)
def test_the_order_of_records_and_the_number_of_workers_change_nothing(world):
    one, two = cut(world), cut(world, order=-1, workers=2)
    assert one.pieces.drop(columns="geometry").equals(two.pieces.drop(columns="geometry"))
    assert one.pieces.geometry.to_wkb().equals(two.pieces.geometry.to_wkb())
    assert one.coverage.equals(two.coverage)
    assert one.balances.equals(two.balances)
    assert one.findings == two.findings


@few
@given(worlds, st.integers(-4000, 4000), st.integers(-4000, 4000))
def test_moving_the_map_by_whole_metres_changes_nothing(world, east, north):
    here, there = cut(world), cut(world, at=(east, north))
    assert here.pieces.drop(columns="geometry").equals(there.pieces.drop(columns="geometry"))


@few
@given(worlds, some_boxes)
def test_a_layer_that_only_measures_changes_nothing(world, measured):
    rows = constraints(*((rect(*box), "红线") for box in measured))
    with_it, without = cut(world, constraints=rows), cut(world)
    assert with_it.pieces.equals(without.pieces)


slanted = st.tuples(
    st.floats(0, 40), st.floats(0, 40), st.floats(1, 30), st.floats(1, 30), st.floats(0, 90)
).map(
    lambda v: affinity.rotate(rect(v[0], v[1], v[0] + v[2], v[1] + v[3]), v[4], origin="center")
)
slanting = st.lists(slanted, max_size=4)


@few
@given(slanted, slanting, slanting, slanting)
def test_pieces_of_any_shape_add_up_and_share_nothing(shape, lots, papers_, zones):
    layers = {
        "land_use": land_use(*(parcel(lot, f"P{n}") for n, lot in enumerate(lots))),
        "approvals": approvals(*(approval(area, f"A{n}") for n, area in enumerate(papers_))),
    }
    made = overlaid(changes(change(shape)), kind="plane", **layers)
    units = (made.pieces["area_m2"] * 10_000).round().astype(int)
    assert units.sum() == int(np.floor(shape.area * 10_000 + 0.5))
    assert made.pieces.geometry.is_valid.all()
    together = shapely.union_all(made.pieces.geometry)
    assert together.area == pytest.approx(shape.area, abs=1e-3)
    assert shapely.area(made.pieces.geometry).sum() == pytest.approx(shape.area, abs=1e-3)
    # one layer more: no sum moves by more than a unit a piece
    more = overlaid(
        changes(change(shape)),
        kind="plane",
        plan_zones=plan_zones(*((zone, f"Z{n}") for n, zone in enumerate(zones))),
        **layers,
    )
    before, after = (areas(m.pieces, "parcel_id", "conversion_no") for m in (made, more))
    for key in before.keys() | after.keys():
        moved = abs(before.get(key, 0) - after.get(key, 0)) * 10_000
        assert round(moved) <= len(more.pieces)
