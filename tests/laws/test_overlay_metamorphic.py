"""What may not matter, on worlds of borders that all but coincide: two overlays, one answer."""

import random

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon, Polygon, affinity

from tests.laws.near_coincident import near_coincident
from tests.reference.comparison import UNIT_M2, pieces_of
from tests.stages.overlaying import overlaid
from tests.worlds import ORIGIN, placed

few = settings(max_examples=8, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32)
OF_A_PIECE = (
    "land_class", "land_group", "is_farmland", "ridge_coefficient", "conversion_on", "supply_on",
)  # fmt: skip


def laid(world):
    return overlaid(**world, kind="plane")


def redrawn(world, way):
    """The world with every shape drawn another way; ``way`` gets it in local metres."""

    def each(shape):
        return placed(way(affinity.translate(shape, -ORIGIN[0], -ORIGIN[1])))

    return {
        name: table.set_geometry(table.geometry.map(each, na_action="ignore"))
        for name, table in world.items()
    }


def told(made, named=lambda key: key, factor=1.0, asked=(*OF_A_PIECE, "touches_quarantine")):
    """Areas and other columns by key; pieces whose keys are named alike are put together."""
    areas, columns = {}, {}
    for key, row in pieces_of(made).items():
        areas[named(key)] = areas.get(named(key), 0.0) + row["area_m2"] * factor
        columns.setdefault(named(key), set()).add(tuple(str(row[name]) for name in asked))
    return areas, columns, len(made.pieces)


def assert_same(one, other):
    """Areas within a unit a piece; of all that is more, the other columns exactly."""
    areas, columns, count = one
    within = UNIT_M2 * max(count, other[2])
    for key in areas.keys() | other[0].keys():
        assert areas.get(key, 0) == pytest.approx(other[0].get(key, 0), rel=0, abs=within), key
        if areas.get(key, 0) > within:
            assert columns[key] == other[1][key]


def assert_equal(one, other, *, drawn=True):
    """Every table to the last digit; the shapes too where they are drawn alike."""
    a, b = (
        made.pieces if drawn else made.pieces.drop(columns="geometry") for made in (one, other)
    )
    pd.testing.assert_frame_equal(pd.DataFrame(a), pd.DataFrame(b))
    assert one.coverage.equals(other.coverage)
    assert one.constraint_areas.equals(other.constraint_areas)
    assert one.balances.equals(other.balances)
    assert told_of_keys(one) == told_of_keys(other)


def told_of_keys(made):
    """What was found, but for permanent farmland on itself: a record twice is just that."""
    return [finding for finding in made.findings if finding.layer != "permanent_farmland"]


@few
@given(seeds)
def test_a_change_split_in_two_has_the_same_ground(seed):
    world = near_coincident(seed)
    changes = world["changes"]
    first = changes.iloc[[0]]
    line = shapely.box(*(first.total_bounds[[0, 1]] - 9), first.total_bounds[0] + 11.3,
                       first.total_bounds[3] + 9)  # fmt: skip
    halves = [
        first.assign(change_id=f"C0{letter}").set_geometry(shapes)
        for letter, shapes in (("a", first.intersection(line)), ("b", first.difference(line)))
    ]
    parts = [half for half in halves if half.area.sum() > 0]
    split = {**world, "changes": pd.concat([*parts, changes.iloc[1:]], ignore_index=True)}

    def named(key):
        return tuple("C0" if value in {"C0a", "C0b"} else value for value in key)

    # of two halves one may touch the quarantine and the other not
    assert_same(told(laid(world), asked=OF_A_PIECE), told(laid(split), named, asked=OF_A_PIECE))


@few
@given(seeds)
def test_a_zone_on_all_ground_without_one_moves_no_other_answer(seed):
    world = near_coincident(seed)
    zones = world["plan_zones"]
    everywhere = zones.iloc[[0]] if len(zones) else near_coincident(1)["plan_zones"].iloc[[0]]
    wide = everywhere.assign(zone="Z9").set_geometry(
        [placed(shapely.box(-999, -999, 999, 999))]
    )
    more = {**world, "plan_zones": pd.concat([zones, wide], ignore_index=True)}

    def named(key):
        return (*key[:5], key[5] or "Z9", *key[6:])

    before, after = laid(world), laid(more)
    assert_same(told(before, named), told(after))
    assert before.coverage.equals(after.coverage)


@few
@given(seeds)
def test_records_out_of_sight_change_nothing(seed):
    world = near_coincident(seed)
    far = redrawn(world, lambda shape: affinity.translate(shape, 3000, -2000))
    names = ("land_use", "permanent_farmland", "plan_zones", "approvals", "constraints")
    more = {name: pd.concat([far[name], world[name]], ignore_index=True) for name in names}
    assert_equal(laid(world), laid({**world, **more}))


@few
@given(seeds)
def test_the_order_of_records_changes_nothing(seed):
    world = near_coincident(seed)
    shuffled = {
        name: table.sample(frac=1, random_state=seed % 1000) for name, table in world.items()
    }
    assert_equal(laid(world), laid(shuffled))


def turned_rings(dice):
    """Return a way to draw rings from another corner, and every other one the other way round."""

    def ring(corners):
        open_ring = corners[:-1]
        begin = dice.randrange(len(open_ring))
        rolled = np.roll(open_ring, begin, axis=0)
        return rolled if dice.random() < 0.5 else rolled[::-1]

    def way(shape):
        parts = [
            Polygon(
                ring(shapely.get_coordinates(part.exterior)),
                [ring(shapely.get_coordinates(hole)) for hole in part.interiors],
            )
            for part in shapely.get_parts(shape)
        ]
        dice.shuffle(parts)
        return MultiPolygon(parts) if len(parts) > 1 or dice.random() < 0.5 else parts[0]

    return way


@few
@given(seeds)
def test_where_a_ring_begins_and_which_way_it_runs_change_nothing(seed):
    world = near_coincident(seed)
    other = redrawn(world, turned_rings(random.Random(seed)))
    assert_same(told(laid(world)), told(laid(other)))


@few
@given(seeds)
@example(26)  # two copies of a border met the others a hair apart: a corner too many
def test_a_record_twice_is_a_record(seed):
    world = near_coincident(seed)
    names = ("townships", "land_use", "permanent_farmland", "plan_zones", "approvals",
             "constraints")  # fmt: skip
    twice = {name: pd.concat([world[name]] * 2, ignore_index=True) for name in names}
    assert_equal(laid(world), laid({**world, **twice}))


@few
@given(seeds, st.integers(-4000, 4000), st.integers(-4000, 4000))
def test_moving_the_map_by_whole_metres_changes_nothing(seed, east, north):
    world = near_coincident(seed)
    moved = {
        name: table.set_geometry(table.translate(east, north)) for name, table in world.items()
    }
    assert_equal(laid(world), laid(moved), drawn=False)


WAYS = {
    "turned by 90°": (lambda xy: xy[:, ::-1] * [-1, 1], 1.0),
    "turned by 180°": (lambda xy: -xy, 1.0),
    "turned by 29°": (lambda xy: xy @ [[0.8746197, 0.4848096], [-0.4848096, 0.8746197]], 1.0),
    "x for y": (lambda xy: xy[:, ::-1], 1.0),
    "twice as large": (lambda xy: 2 * xy, 0.25),
    "a third as large": (lambda xy: xy / 3, 9.0),
    "sheared": (lambda xy: xy @ [[1, 0.25], [0.5, 1]], 1 / 0.875),
}


@pytest.mark.parametrize("name", WAYS)
@settings(max_examples=4, deadline=None, derandomize=True)
@given(seed=seeds)
def test_turned_scaled_and_mirrored_maps_give_the_same_shares(name, seed):
    way, factor = WAYS[name]
    world = near_coincident(seed)
    other = redrawn(world, lambda shape: shapely.transform(shape, way))
    # the bookings of a smaller map weigh more on the larger one
    # touching the quarantine is a matter of square metres, and so of scale
    one = told(laid(world), asked=OF_A_PIECE)
    two = told(laid(other), factor=factor, asked=OF_A_PIECE)
    assert_same(one, (*two[:2], two[2] * int(max(1, factor))))
