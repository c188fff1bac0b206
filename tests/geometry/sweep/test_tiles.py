"""Changes too long or too crowded for one tile: areas as if there were no tiles."""

import numpy as np
import pytest
from shapely import MultiPolygon, Point, Polygon, affinity, box

from pipeline.geometry.sweep.areas import ground_of, swept
from pipeline.geometry.sweep.rings import rings_of
from tests.geometry.sweep.sweeping import areas, column, cover
from tests.reference.exact import exact_areas


def test_a_change_of_twelve_kilometres():
    """Parcels of 100 m on a slanting corridor, 20 m wide: one in each 100 m of it."""
    corridor = box(0, 0, 12_000, 20)
    lots = [box(100 * k, -5, 100 * k + 100, 30) for k in range(120)]
    found = areas(corridor, cover(*lots))
    assert list(found.values()) == pytest.approx([2000] * 120, rel=0, abs=1e-8)
    slant = [affinity.rotate(shape, 31, origin=(0, 0)) for shape in (corridor, *lots)]
    found = areas(slant[0], cover(*slant[1:]))
    assert [found[k,] for k in range(120)] == pytest.approx([2000] * 120, rel=0, abs=1e-6)
    # turning rounds corners to 1e-12 m, and leaves hairs beside the parcels
    assert sum(found.values()) == pytest.approx(240_000, rel=0, abs=1e-8)


def test_an_l_of_two_corridors():
    corridor = box(0, 0, 9000, 10) | box(0, 0, 10, 9000)
    corner, arm = box(-5, -5, 10, 10), box(4000, 0, 4100, 5)
    found = areas(corridor, cover(corner, arm), cover(box(-1, -1, 9001, 9001)))
    assert found[0, 0] == pytest.approx(100, rel=0, abs=1e-9)
    assert found[1, 0] == pytest.approx(500, rel=0, abs=1e-9)
    assert found[-1, 0] == pytest.approx(179_900 - 600, rel=0, abs=1e-7)
    assert len(found) == 3


def test_tile_borders_through_corners_and_along_sides():
    """A chequerboard of 64 × 64 squares of 25 m: tile sides fall on its lines and corners."""
    squares = [
        box(25 * i, 25 * j, 25 * i + 25, 25 * j + 25) for i in range(64) for j in range(64)
    ]
    dark = MultiPolygon([one for n, one in enumerate(squares) if (n + n // 64) % 2])
    whole = box(0, 0, 1600, 1600)
    found = areas(whole, cover(*squares), cover(dark))
    assert len(found) == 64 * 64
    assert list(found.values()) == pytest.approx([625] * 4096, rel=0, abs=1e-9)
    diamond = Polygon([(800, 0), (1600, 800), (800, 1600), (0, 800)])
    found = areas(diamond, cover(dark))
    assert sum(found.values()) == pytest.approx(1_280_000, rel=0, abs=1e-7)
    assert found[0,] == pytest.approx(diamond.intersection(dark).area, rel=0, abs=1e-6)


def test_thousands_of_corners_under_thousands_of_corners():
    angles = np.linspace(0, 2 * np.pi, 6001)[:-1]
    wave = 300 + 20 * np.sin(90 * angles)
    change = Polygon(np.column_stack([wave * np.cos(angles), wave * np.sin(angles)]))
    lake = Point(40, 0).buffer(290, quad_segs=1000)
    found = areas(change, cover(lake), cover(change))
    assert set(found) == {(0, 0), (-1, 0)}
    assert found[0, 0] == pytest.approx(change.intersection(lake).area, rel=0, abs=1e-6)
    assert sum(found.values()) == pytest.approx(change.area, rel=0, abs=1e-8)


def test_thousands_of_parcels_on_one_spot():
    """No tile is small enough to part them: the room grows until they fit."""
    spot = box(0, 0, 0.4, 0.4)
    lots = [box(0, 0, 0.2, 0.4)] * 1400 + [box(0.1, 0, 0.3, 0.4)] * 1400
    found = areas(spot, cover(*lots))
    assert found == {
        (0,): pytest.approx(0.08),
        (1400,): pytest.approx(0.04),
        (-1,): pytest.approx(0.04),
    }


def test_thousands_of_different_parcels_in_one_small_place():
    """4,900 edges in half a metre, and each parcel has its own area."""
    steps = np.linspace(0, 0.49, 36)
    lots = [box(x, y, x + 0.014, y + 0.014) for x in steps[:-1] for y in steps[:-1]]
    found = areas(box(0, 0, 0.49, 0.49), cover(*lots))
    assert len(found) == 35 * 35
    assert list(found.values()) == pytest.approx([0.014**2] * 1225, rel=0, abs=1e-12)


def test_many_changes_need_a_larger_output():
    changes = column(*(box(k, 0, k + 1, 1) for k in range(50)))
    lots = [box(-1, j / 40, 60, (j + 1) / 40) for j in range(40)]
    made = swept(rings_of(changes), ground_of([cover(*lots)]), is_traced=True)
    assert len(made.area) == len(made.trace.row) == 2000
    assert made.area == pytest.approx(np.full(2000, 1 / 40), rel=1e-9)
    assert np.bincount(made.change, made.area) == pytest.approx(np.ones(50), rel=1e-14)
    assert made.change[made.trace.row].tolist() == np.repeat(np.arange(50), 40).tolist()


def test_many_pairs_need_a_larger_output():
    lots = [box(0, 0, 4 - k / 50, 2) for k in range(60)]
    made = swept(rings_of(column(box(0, 0, 4, 2))), ground_of([cover(*lots, counts=True)]))
    assert len(made.shared) == 60 * 59 // 2
    found = dict(zip(zip(made.one, made.other, strict=True), made.shared, strict=True))
    assert found[0, 59] == pytest.approx(2 * (4 - 59 / 50))
    assert found[30, 31] == pytest.approx(2 * (4 - 31 / 50))
    lost = made.lost[made.one > 0]
    assert not lost.any()  # the first one has it all


def test_a_corner_gone_astray_costs_no_more_than_its_length():
    """One corner 200 km away, as a broken file may have it; the ring crosses itself on the way."""
    x, y = 500_000, 3_190_000
    home = box(x, y, x + 100, y + 100)
    astray = Polygon([(x, y), (x + 100, y), (x + 100, y + 100), (x - 31_000, y - 200_000)])
    exact = exact_areas(astray, home)
    found = areas(astray, cover(home))
    assert found[0,] == pytest.approx(float(exact[True, True]), rel=0, abs=1e-7)
    assert found[-1,] == pytest.approx(float(exact[True, False]), rel=0, abs=1e-6)
