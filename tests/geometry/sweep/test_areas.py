"""Sweeps of one change over layers: areas counted by hand, whatever the shapes are like."""

import itertools
import math

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Polygon, affinity, box

from pipeline.geometry.sweep.areas import ALWAYS, NEVER, ground_of, swept
from pipeline.geometry.sweep.rings import rings_of
from tests.geometry.sweep.sweeping import areas, column, cover
from tests.reference.exact import exact_areas

CHANGE = box(0, 0, 4, 2)


@pytest.mark.parametrize(
    ("shapes", "found"),
    [
        ([], {(-1,): 8}),
        ([CHANGE], {(0,): 8}),
        ([box(0, 0, 1, 2)], {(0,): 2, (-1,): 6}),
        ([box(-9, -9, 9, 9)], {(0,): 8}),
        ([box(4, 0, 5, 2), box(0, 2, 4, 3), box(4, 2, 5, 3)], {(-1,): 8}),  # they only touch
        # the first has the ground that both cover
        ([box(0, 0, 3, 2), box(1, 0, 4, 2)], {(0,): 6, (1,): 2}),
        ([box(1, 0, 4, 2), box(0, 0, 3, 2)], {(0,): 6, (1,): 2}),
        ([box(0, 0, 3, 2), box(0, 0, 3, 2), box(0, 0, 4, 2)], {(0,): 6, (2,): 2}),
        # through a hole of the first the second is seen, through both holes nobody
        (
            [box(0, 0, 4, 2) - box(1, 0.5, 3, 1.5), box(1, 0, 4, 2) - box(1, 1, 2, 1.5)],
            {(0,): 6, (1,): 1.5, (-1,): 0.5},
        ),
        # several polygons that touch in a point, and one inside the hole of another
        (
            [MultiPolygon([box(0, 0, 1, 1), box(1, 1, 2, 2), box(3, 0, 4, 1)])],
            {(0,): 3, (-1,): 5},
        ),
        (
            [MultiPolygon([CHANGE - box(1, 0.5, 3, 1.5), box(1.5, 0.5, 2, 1)])],
            {(0,): 6.25, (-1,): 1.75},
        ),
    ],
)
def test_one_layer(shapes, found):
    assert areas(CHANGE, cover(*shapes)) == found
    x_for_y = [shapely.transform(shape, lambda xy: xy[:, ::-1]) for shape in [CHANGE, *shapes]]
    assert areas(x_for_y[0], cover(*x_for_y[1:])) == found


def test_layers_are_independent_of_one_another():
    found = areas(
        CHANGE, cover(box(0, 0, 2, 2)), cover(), cover(box(0, 0, 9, 1), box(1, 0, 3, 2))
    )
    assert found == {(0, -1, 0): 2, (0, -1, 1): 1, (0, -1, -1): 1, (-1, -1, 0): 2,
                     (-1, -1, 1): 1, (-1, -1, -1): 1}  # fmt: skip


def test_a_change_without_ground_has_no_rows():
    for nobody in (None, Polygon(), Polygon([(0, 0), (3, 0), (1, 0)])):
        assert areas(nobody, cover(CHANGE)) == {}


def test_of_the_first_layer_those_before_a_number_count():
    layer = cover(box(0, 0, 1, 2), box(0, 0, 2, 2), box(0, 0, 3, 2)), cover(CHANGE)
    for until, found in [(0, {-1: 8}), (1, {0: 2, -1: 6}), (2, {0: 2, 1: 2, -1: 4})]:
        wanted = {(key, 0): area for key, area in found.items()}
        assert areas(CHANGE, *layer, until=np.array([until])) == wanted


DAY = 700_000


@pytest.mark.parametrize(
    ("terms", "days", "first"),
    [
        ([(NEVER, ALWAYS, NEVER), (DAY, ALWAYS, NEVER)], (DAY, DAY), 1),
        ([(DAY + 1, ALWAYS, NEVER), (DAY, ALWAYS, NEVER)], (DAY, DAY), 1),
        ([(DAY - 9, DAY + 1, NEVER), (DAY, DAY, NEVER)], (DAY, DAY), 1),
        ([(DAY - 9, ALWAYS, DAY - 1), (DAY, ALWAYS, DAY)], (DAY, DAY), 1),
        ([(DAY - 9, ALWAYS, DAY + 1), (DAY, ALWAYS, DAY + 2)], (DAY, DAY + 2), 1),
        ([(DAY, ALWAYS, NEVER), (DAY - 9, ALWAYS, NEVER)], (DAY, DAY), 0),  # both: by number
        ([(DAY + 1, ALWAYS, NEVER), (NEVER, ALWAYS, NEVER)], (DAY, DAY), 0),  # neither
    ],
)
def test_what_is_in_force_goes_first(terms, days, first):
    both = cover(CHANGE, CHANGE, terms=np.array(terms))
    assert areas(CHANGE, both, days=np.array([days])) == {(first,): 8}


def test_overlaps_by_pairs():
    """Three parcels on one another, the third with the answer of the second."""
    lots = box(0, 0, 2, 2), box(1, 0, 3, 2), box(1, 1, 4, 2)
    layer = cover(*lots, answers=[0, 1, 1], counts=True)
    made = swept(rings_of(column(CHANGE)), ground_of([layer]))
    pairs = list(zip(made.one, made.other, made.shared, made.lost, strict=True))
    assert pairs == [(0, 1, 2, 2)]  # 1 × 2; the third adds nothing to it
    alone = {0: 4.0, 1: 0.0}
    for polygon, area in zip(made.polygon[:, 0], made.area, strict=True):
        if polygon > 0:
            alone[1] += area
    assert alone[1] + made.lost.sum() == 5  # what the second answer covers, by itself


BROKEN = {
    "bow tie": [(0, 0), (4, 4), (4, 0), (0, 4)],
    "spike": [(0, 0), (4, 0), (4, 2), (9, 2), (4, 2), (4, 4), (0, 4)],
    "spike down": [(0, 0), (2, 0), (2, -5), (2, 0), (4, 0), (4, 4), (0, 4)],
    "twice around": [(0, 0), (4, 0), (4, 4), (0, 4)] * 2,
    "repeated corners": [(0, 0), (0, 0), (4, 0), (4, 0), (4, 4), (4, 4), (4, 4), (0, 4)],
    "star": [(2, 4), (3.2, 0), (0, 2.5), (4, 2.5), (0.8, 0)],
    "no area": [(0, 0), (4, 4), (2, 2)],
    "level line": [(0, 1), (4, 1), (2, 1)],
    "upright line": [(1, 0), (1, 4), (1, 2)],
    "touches itself": [(0, 0), (2, 2), (4, 0), (4, 4), (2, 2), (0, 4)],
    "comb": [(0, 0), (4, 0), *((4 - k / 10, 4.0 if k % 4 else 0.0) for k in range(40))],
}


@pytest.mark.parametrize("name", BROKEN)
@pytest.mark.parametrize("other", [box(1, -9, 3, 9), Polygon(BROKEN["star"])])
def test_broken_rings_are_read_by_the_even_odd_rule(name, other):
    shape = Polygon(BROKEN[name])
    exact = exact_areas(shape, other)
    for change, parcel, inside in ((shape, other, (1, 0)), (other, shape, (0, 1))):
        wanted = {
            (0,): exact.get((True, True), 0),
            (-1,): exact.get(tuple(map(bool, inside)), 0),
        }
        found = areas(change, cover(parcel))
        assert set(found) <= set(wanted)
        for key, area in wanted.items():
            assert found.get(key, 0) == pytest.approx(float(area), rel=0, abs=1e-12)


@pytest.mark.parametrize(
    ("name", "area"), [("bow tie", 8), ("spike", 16), ("spike down", 16), ("twice around", 0),
                       ("repeated corners", 16), ("no area", 0), ("touches itself", 8)],
)  # fmt: skip
def test_broken_rings_by_hand(name, area):
    assert sum(areas(Polygon(BROKEN[name])).values()) == pytest.approx(area, abs=1e-12)


def test_many_lines_through_one_point():
    """Twelve slices of a clock, the hands of all crossing in the middle."""
    hand = Polygon([(0, -0.1), (10, -1), (10, 1), (0, 0.1)])
    hands = [affinity.rotate(hand, 30 * k, origin=(0, 0)) for k in range(12)]
    slices = [affinity.rotate(Polygon([(0, 0), (20, 0), (20, 20 * math.tan(math.pi / 6))]),
                              30 * k, origin=(0, 0)) for k in range(12)]  # fmt: skip
    disc = affinity.rotate(box(-5, -5, 5, 5), 7)
    found = areas(disc, cover(*slices), cover(*hands))
    assert sum(found.values()) == pytest.approx(100, rel=0, abs=1e-12)
    for k, one in enumerate(slices):
        exact = float(exact_areas(disc, one).get((True, True), 0))
        mine = sum(area for key, area in found.items() if key[0] == k)
        assert mine == pytest.approx(exact, rel=0, abs=1e-9)


def test_crossings_of_everything_with_everything():
    """Thirty strips upright and level and thirty slanting ones: each square metre once."""
    upright = [box(k, -1, k + 0.5, 31) for k in range(30)]
    level = [box(-1, k, 31, k + 0.5) for k in range(30)]
    slant = [affinity.rotate(box(-20, k, 60, k + 0.5), 45, origin=(15, 15)) for k in range(30)]
    found = areas(box(0, 0, 30, 30), cover(*upright), cover(*level), cover(*slant))
    assert sum(found.values()) == pytest.approx(900, rel=0, abs=1e-10)
    for layer, strips in ((0, upright), (1, level)):
        for k in range(len(strips)):
            mine = sum(area for key, area in found.items() if key[layer] == k)
            assert mine == pytest.approx(15, rel=0, abs=1e-11)
    for k, strip in enumerate(slant):
        mine = sum(area for key, area in found.items() if key[2] == k)
        assert mine == pytest.approx(strip.intersection(box(0, 0, 30, 30)).area, abs=1e-9)


@pytest.mark.parametrize("hair", [0.0, 1e-12, 1e-9, 1e-6, 1e-4])
@pytest.mark.parametrize("turn", [0, 90, 30])
def test_borders_a_hair_apart(hair, turn):
    lots = [box(0, 0, 2 + hair, 2), box(2, -1, 3, 3), box(3 - hair, 0, 4, 2)]
    shapes = [affinity.rotate(shape, turn, origin=(0, 0)) for shape in [CHANGE, *lots]]
    found = areas(shapes[0], cover(*shapes[1:]))
    assert found[0,] == pytest.approx(4 + 2 * hair, rel=0, abs=1e-8)
    assert found[1,] == pytest.approx(2 - 2 * hair, rel=0, abs=1e-8)
    assert found[2,] == pytest.approx(2, rel=0, abs=1e-8)
    assert sum(found.values()) == pytest.approx(8, rel=0, abs=1e-12)


def test_keys_beyond_62_bits():
    """Thirteen layers of forty strips each, every layer turned: the sums are what they were."""
    strips = [box(k, -60, k + 1, 60) for k in range(-20, 20)]
    layers = [
        cover(*(affinity.rotate(strip, 360 * n / 13, origin=(0, 0)) for strip in strips))
        for n in range(13)
    ]
    change = box(-9, -9, 9, 9)
    found = areas(change, *layers)
    assert len(found) > 3000
    assert sum(found.values()) == pytest.approx(324, rel=0, abs=1e-10)
    for n in (0, 7):
        alone = areas(change, layers[n])
        together: dict[tuple[int], float] = {}
        for key, area in found.items():
            together[key[n],] = together.get((key[n],), 0) + area
        assert together.keys() == alone.keys()
        for key, area in alone.items():
            assert together[key] == pytest.approx(area, rel=0, abs=1e-9)


def test_changes_are_swept_each_for_itself():
    changes = column(box(0, 0, 1, 1), None, box(0, 0, 2, 2), box(5, 5, 6, 6))
    made = swept(rings_of(changes), ground_of([cover(box(0, 0, 1, 9))]))
    rows = zip(made.change, made.polygon[:, 0], made.area, strict=True)
    assert sorted(rows) == [(0, 0, 1), (2, -1, 2), (2, 0, 2), (3, -1, 1)]


def test_a_trace_is_the_change_in_trapezoids():
    made = swept(
        rings_of(column(affinity.translate(CHANGE, 500, 300))),
        ground_of([cover(box(501, 0, 503, 301))]),
        origins=np.array([[500.0, 300.0]]),
        is_traced=True,
    )
    corners = np.column_stack([made.trace.x, made.trace.y]).tolist()
    assert corners == [
        [0, 1, 0, 0, 2, 2],
        [1, 3, 0, 0, 1, 1],
        [1, 3, 1, 1, 2, 2],
        [3, 4, 0, 0, 2, 2],
    ]
    assert made.trace.area.tolist() == [2, 2, 2, 2]
    assert made.polygon[made.trace.row, 0].tolist() == [-1, 0, -1, -1]


def test_a_density_is_integrated_exactly():
    """1 + x + 2 y + 3 x² + 4 x y + 5 y² over 4 × 2, cut anywhere: by hand, and in parts."""
    density = np.array([[1.0, 1, 2, 3, 4, 5]])
    whole = 8 + 16 + 16 + 3 * 128 / 3 + 4 * 16 + 5 * 32 / 3
    origins = np.array([[0.0, 0.0]])
    found = areas(CHANGE, density=density, origins=origins)
    assert found[()] == pytest.approx(whole, rel=1e-14)
    triangle = Polygon([(0, 0), (4, 0), (4, 2)])
    parts = areas(CHANGE, cover(triangle), density=density, origins=origins)
    # ∬ over 0 ≤ y ≤ x/2, 0 ≤ x ≤ 4
    assert parts[0,] == pytest.approx(4 + 32 / 3 + 16 / 3 + 96 + 32 + 40 / 3, rel=1e-14)
    assert parts[0,] + parts[-1,] == pytest.approx(whole, rel=1e-14)


def test_the_order_of_records_far_away_changes_nothing():
    near = [box(0, 0, 3, 2), box(1, 0, 4, 2)]
    far = [box(900 + k, 0, 901 + k, 9) for k in range(50)]
    for places in itertools.permutations([near[:1], far, near[1:]]):
        shapes = [shape for some in places for shape in some]
        if shapes.index(near[0]) < shapes.index(near[1]):
            found = areas(CHANGE, cover(*shapes))
            assert found == {(shapes.index(near[0]),): 6, (shapes.index(near[1]),): 2}
