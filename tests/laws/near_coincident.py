"""Small worlds of borders that all but coincide (几乎重合): a seed gives the same one again.

Every shape after the first few is made of an earlier one: the same again, shifted or turned by
a hair, clipped along a line so that only a part of the border is shared, with a hole, with a
hair-thin strip along an edge, with a second polygon that touches it in a point.
"""

import random
from collections.abc import Callable
from typing import Any

import numpy as np
import shapely
from shapely import MultiPolygon, Polygon, affinity

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
    placed,
    plan_zones,
    quarantine,
    quarantined,
    township,
    townships,
)

SIDE = 40.0
HAIRS_M = (0.0, 1e-9, 1e-6, 1e-4, 0.05)
DAYS = ("2023-01-01", "2023-05-01", "2024-03-15", "2024-09-01", "2024", None)

Shape = Polygon | MultiPolygon


def near_coincident(seed: int) -> dict[str, Any]:
    """Return all received layers of the world of this seed, changes among them."""
    dice = random.Random(seed)
    shapes = _shapes(dice)
    turn = dice.choice((0.0, 0.0, 90.0, 17.3, 45.0))

    def some(count: int) -> list[Any]:
        picked = [dice.choice(shapes) for _ in range(dice.randint(0, count))]
        return [placed(affinity.rotate(shape, turn, origin=(20, 20))) for shape in picked]

    def papers(kind: str, letter: str) -> list[Any]:
        days = [dice.choice(DAYS) for _ in range(3)]
        return [
            # the third one is another block of the first
            approval(shape, f"{letter}{n % 2}", kind=kind, approved=days[n % 2])
            for n, shape in enumerate(some(3))
        ]

    rows = [
        change(shape, f"C{n}", after=f"2024-0{dice.randint(1, 8)}-15")
        for n, shape in enumerate([*some(2), placed(dice.choice(shapes))])
    ]
    return {
        "changes": changes(*rows),
        "townships": townships(*_towns(dice, turn)),
        "land_use": land_use(*_lots(some(5))),
        "permanent_farmland": permanent_farmland(*some(3)),
        "plan_zones": plan_zones(*((shape, f"Z{n % 2}") for n, shape in enumerate(some(4)))),
        "approvals": approvals(*papers("conversion", "A"), *papers("supply", "S")),
        "constraints": constraints(
            *((shape, f"红线{n % 2}") for n, shape in enumerate(some(3)))
        ),
        "quarantine": quarantine(*(quarantined(shape) for shape in some(1))),
    }


def _lots(shapes: list[Any]) -> list[Any]:
    classes = ("0101", "0103", "0601", "1104")
    return [parcel(shape, f"P{n % 4}", classes[n % 4]) for n, shape in enumerate(shapes)]


def _towns(dice: random.Random, turn: float) -> list[Any]:
    """Return two townships that share a line, or leave or share a hair along it."""
    x = dice.choice((0.0, 10.0, 20.0, SIDE / 3))
    hair = dice.choice((0.0, 0.0, 1e-6, -1e-6, 1e-4, -1e-4))
    halves = shapely.box(-900, -900, x, 900), shapely.box(x + hair, -900, 900, 900)
    turned = [placed(affinity.rotate(half, turn, origin=(20, 20))) for half in halves]
    return [township(turned[0], TOWN_A), township(turned[1], TOWN_B)]


def _shapes(dice: random.Random) -> list[Shape]:
    shapes: list[Shape] = [star(dice) for _ in range(2)] + [_rectangle(dice)]
    while len(shapes) < 11:
        made = dice.choice(_WAYS)(dice, dice.choice(shapes))
        if isinstance(made, Shape) and made.is_valid and made.area > 1:
            shapes.append(made)
        else:
            shapes.append(_rectangle(dice))
    return shapes


def _rectangle(dice: random.Random) -> Polygon:
    steps = (0.0, 10.0, 20.0, SIDE / 3, 25.0, SIDE)
    (x0, x1), (y0, y1) = sorted(dice.sample(steps, 2)), sorted(dice.sample(steps, 2))
    return shapely.box(x0, y0, x1, y1)


def star(dice: random.Random) -> Polygon:
    """Return a star-shaped polygon with some corners on a coarse grid, some anywhere."""
    count = dice.randint(3, 9)
    angles = np.sort([dice.uniform(0, 2 * np.pi) for _ in range(count)])
    radii = [dice.uniform(4, 20) for _ in range(count)]
    corners = np.column_stack([20 + radii * np.cos(angles), 20 + radii * np.sin(angles)])
    if dice.random() < 0.5:
        corners = np.round(corners / 5) * 5
    made = Polygon(corners)
    return made if made.is_valid and made.area > 1 else _rectangle(dice)


def _again(_: random.Random, shape: Shape) -> Shape:
    return shape


def _shifted(dice: random.Random, shape: Shape) -> Shape:
    return affinity.translate(shape, dice.choice(HAIRS_M), -dice.choice(HAIRS_M))


def _turned(dice: random.Random, shape: Shape) -> Shape:
    return affinity.rotate(shape, dice.choice((1e-9, 1e-7, 1e-5, 90.0, 33.0)), origin=(20, 20))


def _clipped(dice: random.Random, shape: Shape) -> Shape:
    """Return a part of the shape: it shares some of the border, rounded where it was cut."""
    x = dice.uniform(10, 30)
    line = affinity.rotate(shapely.box(x, -99, 99, 99), dice.uniform(0, 180), origin=(20, 20))
    return shape.intersection(line)


def _rest(dice: random.Random, shape: Shape) -> Shape:
    return shapely.box(0, 0, SIDE, dice.uniform(20, SIDE)).difference(shape)


def _holed(dice: random.Random, shape: Shape) -> Shape:
    factor = dice.choice((0.5, 0.9, 1 - 1e-5))
    return shape.difference(affinity.scale(shape, factor, factor))


def _strip(dice: random.Random, shape: Shape) -> Shape:
    """Return the shape with one corner more on an edge, off it by a hair."""
    corners = shapely.get_coordinates(shapely.get_parts(shape)[0].exterior)[:-1]
    i = dice.randrange(len(corners))
    middle = (corners[i - 1] + corners[i]) / 2 + dice.choice((-1, 1)) * dice.choice(HAIRS_M)
    return Polygon(np.insert(corners, i, middle, axis=0))


def _noded(dice: random.Random, shape: Shape) -> Shape:
    """Return the shape with a corner every so often, rounded as a survey rounds."""
    return shapely.set_precision(shapely.segmentize(shape, dice.uniform(3, 9)), 1e-4)


def _touching(dice: random.Random, shape: Shape) -> Shape:
    """Return the shape and a triangle that touches it in a corner."""
    x, y = dice.choice(shapely.get_coordinates(shape).tolist())
    away = Polygon([(x, y), (x + 7, y + dice.uniform(-3, 3)), (x + 5, y + 4)])
    return MultiPolygon([*shapely.get_parts(shape), away])


_WAYS: tuple[Callable[[random.Random, Shape], Any], ...] = (
    _again, _shifted, _shifted, _turned, _clipped, _clipped, _rest, _holed, _strip, _strip,
    _noded, _touching,
)  # fmt: skip
