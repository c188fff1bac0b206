"""Counties without the strokes of bad luck of the random ones, and shapes cut, moved, added."""

import random
from dataclasses import replace
from decimal import Decimal

from tests.laws.grid_ground import is_unusable
from tests.laws.random_worlds import EAST, HEIGHT, random_world
from tests.laws.world import Approval, Box, Parcel, Shape, World


def calm_world(seed: int) -> World:
    """Return the random county of a seed with every record sound and counted.

    No sliver rule and no exempt act: what those say of a piece depends on its neighbours.
    """
    world = random_world(seed)
    ids = [change.change_id for change in world.changes]
    parcels = [parcel.parcel_id for parcel in world.parcels]
    return replace(
        world,
        changes=[
            replace(change, parent_id=None, split_state=None)
            for change in world.changes
            if change.change_id and ids.count(change.change_id) == 1
            if change.change_id != "X1"
        ],
        townships=[
            replace(town, shape=Shape(tuple(box for box in town.shape.boxes if area(box) > 1)))
            for town in world.townships
        ],
        parcels=[
            parcel
            for parcel in world.parcels
            if not is_unusable(parcel) and parcels.count(parcel.parcel_id) == 1
        ],
        zones=world.zones and [zone for zone in world.zones if zone.zone],
        approvals=[paper for paper in world.approvals if paper.approval_no],
        sliver_width_m=Decimal(0),
        exempt_acts=(),
        pieces_kept="all",
    )


def area(box: Box) -> int:
    """Return the square metres of a box."""
    return (box[2] - box[0]) * (box[3] - box[1])


def halves(shape: Shape, dice: random.Random) -> list[Shape]:
    """Return a shape cut along a line from south to north; one shape where it is too narrow."""
    west = min(x for x, _ in shape.cells)
    east = max(x for x, _ in shape.cells) + 1
    if east - west < 2:
        return [shape]
    x = dice.randint(west + 1, east - 1)
    return [half for half in (_between(shape, -9, x), _between(shape, x, 10**6)) if half.cells]


def _between(shape: Shape, west: int, east: int) -> Shape:
    boxes = ((max(a, west), b, min(c, east), d) for a, b, c, d in shape.boxes)
    return Shape(tuple(box for box in boxes if box[0] < box[2]), shape.cut_out)


def counted_cells(world: World) -> int:
    """Return the square metres of the county that some change covers."""
    county = frozenset().union(*(town.shape.cells for town in world.townships))
    return len(county & frozenset().union(*(change.shape.cells for change in world.changes)))


def sound_papers(shape: Shape) -> list[Approval]:
    """Return a conversion and a supply before all others: whatever they cover is approved."""
    return [
        Approval(kind, f"0{kind}", "2019-01-01", shape) for kind in ("conversion", "supply")
    ]


def farms_far_away() -> list[Parcel]:
    """Return farmland beyond the county."""
    return [
        Parcel(f"远{n}", "0101", "0.1", Shape(((900 + 50 * n, 700, 940 + 50 * n, 760),)))
        for n in range(3)
    ]


EVERYWHERE = Shape(((0, 0, EAST, HEIGHT),))
