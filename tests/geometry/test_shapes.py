"""The shapes of pieces: borders in common to the last digit, no crack, no ground of others."""

from pathlib import Path

import numpy as np
import pytest
import shapely
from shapely import Polygon

from tests.reference.exact import exact_areas
from tests.stages.overlaying import overlaid
from tests.worlds import (
    approval,
    approvals,
    change,
    changes,
    land_use,
    parcel,
    placed,
    rect,
    township,
    townships,
)

CASES = Path(__file__).parents[1] / "data" / "geos_invented_area"
CHANGE = rect(0, 0, 20, 10)


def drawn(shape, *lots, papers=()):
    """The shapes of the pieces of one change by their parcels."""
    rows = [parcel(lot, f"P{n}") for n, lot in enumerate(lots, start=1)]
    made = overlaid(
        changes(change(shape)), land_use=land_use(*rows), approvals=approvals(*papers)
    )
    assert [finding.code for finding in made.findings] == []
    return made.pieces.set_index("parcel_id").geometry


def test_a_change_in_one_piece_keeps_its_own_shape():
    slanted = placed(Polygon([(0, 0.1234567), (7, 0), (7.7, 9), (3, 3.3)]))
    (shape,) = drawn(slanted, rect(-9, -9, 99, 99))
    assert shape.normalize().wkb == slanted.normalize().wkb


def test_pieces_share_their_border_to_the_last_digit():
    # a third of a metre is no double: three parcels meet in a corner that none of them has
    third = rect(0, 0, 20 / 3, 10)
    shapes = drawn(CHANGE, third, rect(20 / 3, 10 / 3, 30, 30)).to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.coverage_union_all(shapes).equals(CHANGE)
    assert shapely.area(shapes) == pytest.approx([200 / 3, 800 / 9, 400 / 9], abs=1e-4)


def test_dust_without_a_piece_leaves_no_crack():
    # 0.00004 m² along the upper border are less than half a unit: nobody's, and no piece
    lots = rect(0, 0, 10, 10), rect(10, 0, 20, 10 - 4e-6)
    shapes = drawn(CHANGE, *lots).to_numpy()
    assert len(shapes) == 2
    assert shapely.coverage_is_valid(shapes)
    assert shapely.coverage_union_all(shapes).area == pytest.approx(200, rel=0, abs=1e-9)


def test_neighbours_a_hair_apart_or_on_one_another_leave_no_crack():
    lots = [rect(5 * k + k * 1e-7, -1, 5 * k + 5 + (k % 2) * 1e-7, 11) for k in range(4)]
    shapes = drawn(CHANGE, *lots).to_numpy()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.coverage_union_all(shapes).area == pytest.approx(200, rel=0, abs=1e-9)
    assert shapely.area(shapes) == pytest.approx([50] * 4, abs=1e-4)


def test_many_parcels_and_papers_on_a_slanting_change():
    """As in a county: a grid of parcels, turned, under a change with a hole, half approved."""
    whole = shapely.affinity.rotate(rect(0, 0, 60, 40) - rect(20, 10, 30, 20), 33)
    lots = [
        shapely.affinity.rotate(rect(x, y, x + 17, y + 13), 12, origin=(500_000, 3_190_000))
        for x in range(-17, 85, 17)
        for y in range(-26, 78, 13)
    ]
    made = overlaid(
        changes(change(whole)),
        land_use=land_use(*(parcel(lot, f"P{n:02d}") for n, lot in enumerate(lots))),
        approvals=approvals(approval(rect(-99, 0, 99, 20)), approval(rect(0, 5, 25, 99), "A2")),
    )
    shapes = made.pieces.geometry.to_numpy()
    assert len(shapes) > 20
    assert shapely.is_valid(shapes).all()
    assert shapely.coverage_is_valid(shapes)
    assert shapely.area(shapes) == pytest.approx(made.pieces["area_m2"].to_numpy(), abs=2e-4)
    together = shapely.coverage_union_all(shapes)
    assert shapely.symmetric_difference(together, whole).area < 1e-4
    assert np.isclose(together.area, 60 * 40 - 100, rtol=0, atol=1e-4)


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("*.hexwkb")))
def test_where_cutting_invents_ground_the_drawn_pieces_are_right(name):
    whole, knife = map(shapely.from_wkb, (CASES / f"{name}.hexwkb").read_text().split())
    made = overlaid(
        changes(change(whole)),
        townships=townships(township(shapely.box(*whole.bounds).buffer(99))),
        land_use=land_use(parcel(knife)),
        kind="plane",
    )
    assert made.findings == []
    exact = exact_areas(whole, knife)
    wanted = {"P1": exact.get((True, True), 0), None: exact[True, False]}
    found = dict(zip(made.pieces["parcel_id"].replace({np.nan: None}), made.pieces["area_m2"],
                     strict=True))  # fmt: skip
    shapes = made.pieces.geometry.to_numpy()
    assert shapely.is_valid(shapes).all()
    for key, area in wanted.items():
        assert found.get(key, 0.0) == pytest.approx(float(area), rel=0, abs=1.5e-4)
    assert shapely.area(shapes) == pytest.approx(made.pieces["area_m2"].to_numpy(), abs=1e-3)
    assert shapely.coverage_union_all(shapes).area == pytest.approx(whole.area, abs=1e-3)
