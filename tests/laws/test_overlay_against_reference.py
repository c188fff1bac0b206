"""Borders that all but coincide: the sweep finds what proven cutting finds, and no area is lost."""

import numpy as np
import pytest
import shapely
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.geometry.partition import partition
from pipeline.geometry.settings import AreaSettings
from pipeline.geometry.sweep.areas import ground_of, swept
from pipeline.stages.overlay import Sources
from pipeline.stages.overlay.blocks import block_of
from pipeline.stages.overlay.nearby import nearby
from tests.laws.near_coincident import near_coincident
from tests.memory_source import MemorySource
from tests.reference.comparison import differences
from tests.reference.overlay import reference_overlay
from tests.stages.overlaying import KINDS, overlaid
from tests.worlds import CRS

seeds = st.integers(0, 2**32)


def partitioned(world, kind="plane"):
    """The block of a world, and its partition."""
    sources = Sources(**{name: MemorySource(table) for name, table in world.items()})
    near = nearby(sources, range(len(world["changes"])), KINDS)
    block = block_of(near, CRS, AreaSettings(kind=kind))
    return near, block, partition(block)


@pytest.mark.parametrize("kind", ["plane", "ellipsoid"])
@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=seeds)
@example(seed=1124)
@example(seed=1236)
@example(seed=1261)
def test_every_figure_is_that_of_proven_cutting(kind, seed):
    world = near_coincident(seed)
    wanted = reference_overlay(world, KINDS, AreaSettings(kind=kind), CRS)
    made = overlaid(**world, kind=kind)
    assert differences(made, wanted, world) == []
    assert wanted.unproven == set()  # so far every cut could be proven: none was passed over


@pytest.mark.parametrize("kind", ["plane", "ellipsoid"])
@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=seeds)
def test_pieces_add_up_to_their_change_before_any_booking(kind, seed):
    _, block, made = partitioned(near_coincident(seed), kind)
    assert np.isnan(made.drift_m2).all()
    areas = swept(
        block.changes,
        ground_of([layer.cover() for layer in [*block.cutting, block.suspect]]),
        density=block.density,
        origins=block.origins,
        until=block.until,
        days=block.days,
    )
    found = np.bincount(areas.change, areas.area, len(block.area_m2))
    assert found == pytest.approx(block.area_m2, rel=0, abs=1e-9)
    booked = np.bincount(made.pieces.change, made.pieces.units, len(made.units))
    assert booked.tolist() == made.units.tolist()


def is_coverage(shapes):
    """Tell whether neighbours share their corners.

    GEOS says no where a hole touches its own shell in a corner; there sharing no ground is all
    that is asked.
    """
    if shapely.coverage_is_valid(shapes):
        return True
    touches = [
        not shape.boundary.is_simple
        or any(ring.touches(shape.exterior) for ring in shape.interiors)
        for shape in shapely.get_parts(shapes)
    ]
    one, other = np.triu_indices(len(shapes), 1)
    common = shapely.intersection(shapes[one], shapes[other])
    return any(touches) and shapely.area(common).max(initial=0) < 1e-9


@settings(max_examples=15, deadline=None, derandomize=True)
@given(seed=seeds)
@example(seed=1118)
def test_the_drawn_pieces_are_the_ground_of_the_change_and_nothing_else(seed):
    near, _, made = partitioned(near_coincident(seed))
    pieces = made.pieces
    assert np.isnan(pieces.drawn.differing_m2).all()
    wholes = shapely.from_wkb(near.changes["geometry"].to_numpy(object))
    for change, whole in enumerate(wholes):
        rows = np.flatnonzero(pieces.change == change)
        shapes = pieces.drawn.shape[rows]
        within = 1e-3 + 1e-6 * shapely.length(shapes)
        assert (np.abs(shapely.area(shapes) - pieces.area_m2[rows]) <= within).all()
        assert shapely.is_valid(shapes).all()
        assert is_coverage(shapes)
        together = shapely.coverage_union_all(shapes)
        assert together.area == pytest.approx(whole.area, abs=1e-3)
        assert shapely.symmetric_difference(together, whole).area < 1e-3
        if len(rows) == 1:
            assert shapes[0].equals(whole)
