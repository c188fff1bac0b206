"""Pairs of shapes that all but coincide, many at a time, at real coordinates (几乎重合的图形).

Each pair stands on a square of its own, so that a whole batch can be swept at once and every
shape still meets its partner alone. Six kinds of hair, two forms of the easting.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import shapely
from shapely import Polygon, affinity

from pipeline.geometry.sweep.areas import Cover, ground_of, swept
from pipeline.geometry.sweep.rings import Floats, rings_of
from tests.reference.exact import exact_areas
from tests.stages.overlaying import overlaid
from tests.worlds import approval, approvals, change, changes, township, townships

EASTINGS = {"607,340": 607_340.0, "40,607,340": 40_607_340.0}
NORTHING, STEP_M = 3_190_000.0, 600.0
HAIRS_M = (1e-9, 1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2)

Shapes = np.ndarray  # of polygons


def _jittered(shape: Polygon, dice: random.Random) -> Polygon:
    hair = dice.choice(HAIRS_M)
    corners = shapely.get_coordinates(shape)[:-1]
    moves = [(dice.uniform(-hair, hair), dice.uniform(-hair, hair)) for _ in corners]
    return Polygon(corners + moves)


def _rounded(shape: Polygon, dice: random.Random) -> Polygon:
    return Polygon(np.round(shapely.get_coordinates(shape), dice.choice((2, 3, 4))))


def _turned(shape: Polygon, dice: random.Random) -> Polygon:
    angle = dice.choice((-1, 1)) * 10 ** dice.uniform(-9, -3)
    return affinity.rotate(shape, angle, origin="centroid")


def _noded(shape: Polygon, dice: random.Random) -> Polygon:
    more = shapely.segmentize(shape, dice.uniform(0.5, 20))
    return shapely.set_precision(more, 1e-3) if dice.random() < 0.5 else more


def _shifted(shape: Polygon, dice: random.Random) -> Polygon:
    hair = dice.choice(HAIRS_M)
    return affinity.translate(shape, dice.choice((-hair, 0, hair)), dice.choice((-hair, hair)))


def _clipped(shape: Polygon, dice: random.Random) -> Polygon:
    """Return a part: it shares some of the border, and ends on a line of its own."""
    x0, y0, x1, y1 = shape.bounds
    knife = shapely.box(x0 + dice.uniform(0.2, 0.8) * (x1 - x0), y0 - 999, x1 + 999, y1 + 999)
    return shape.intersection(affinity.rotate(knife, dice.uniform(0, 180), origin=(x0, y0)))


KINDS: dict[str, Callable[[Polygon, random.Random], Polygon]] = {
    "jittered": _jittered,
    "rounded": _rounded,
    "turned": _turned,
    "noded": _noded,
    "shifted": _shifted,
    "clipped": _clipped,
}


def pairs(count: int, kind: str, easting: str, dice: random.Random) -> tuple[Shapes, Shapes]:
    """Return so many shapes and what all but coincides with each."""
    ones, others = [], []
    wide = int(np.ceil(np.sqrt(count)))
    while len(ones) < count:
        east = EASTINGS[easting] + STEP_M * (len(ones) % wide)
        one = _star(east, NORTHING + STEP_M * (len(ones) // wide), dice)
        other = KINDS[kind](one, dice)
        is_sound = other.geom_type in {"Polygon", "MultiPolygon"} and other.is_valid
        if is_sound and other.area > 1:
            ones.append(one)
            others.append(other)
    return np.array([*ones, None])[:-1], np.array([*others, None])[:-1]


def _star(east: float, north: float, dice: random.Random) -> Polygon:
    while True:
        count = dice.randint(4, 24)
        angle = np.sort([dice.uniform(0, 2 * np.pi) for _ in range(count)])
        radius = np.array([dice.uniform(0.3, 1) for _ in range(count)]) * 10 ** dice.uniform(
            0.3, 2
        )
        corners = np.column_stack(
            [east + radius * np.cos(angle), north + radius * np.sin(angle)]
        )
        shape = Polygon(np.round(corners, dice.choice((0, 2, 3, 4, 12))))
        if shape.is_valid and shape.area > 1:
            return shape


@dataclass(frozen=True)
class Swept:
    """Pairs in m²: each by its outline, the rest by sweeps: in common, alone, around both."""

    one: Floats
    other: Floats
    common: Floats
    common_again: Floats
    one_alone: Floats
    other_alone: Floats
    together: Floats  # one, other or both, out of the square around them
    square: Floats
    in_square: Floats  # all answers of the square put together


def sweep(ones: Shapes, others: Shapes) -> Swept:
    """Sweep one over the other, the other over the one, and a square over both."""
    common, one_alone = _over(ones, others)
    common_again, other_alone = _over(others, ones)
    boxes = shapely.box(*shapely.bounds(shapely.buffer(shapely.envelope(ones), 20)).T)
    ground = ground_of([_cover(ones), _cover(others)])
    found = swept(rings_of(boxes), ground)
    is_met = (found.polygon >= 0).any(axis=1)
    return Swept(
        _areas(ones),
        _areas(others),
        common,
        common_again,
        one_alone,
        other_alone,
        np.bincount(found.change[is_met], found.area[is_met], len(ones)),
        _areas(boxes),
        np.bincount(found.change, found.area, len(ones)),
    )


def _areas(shapes: Shapes) -> Floats:
    """Return the areas of shapes, not by the sweep: each about its own corner."""
    coordinates, owner = shapely.get_coordinates(shapes, return_index=True)
    corner = np.floor(shapely.bounds(shapes)[:, :2])[owner]  # whole metres: nothing is rounded
    return shapely.area(shapely.set_coordinates(shapes.copy(), coordinates - corner))


def _over(ones: Shapes, others: Shapes) -> tuple[Floats, Floats]:
    """Return what others have of ones, and what they leave."""
    found = swept(rings_of(ones), ground_of([_cover(others)]))
    is_met = found.polygon[:, 0] >= 0
    return tuple(
        np.bincount(found.change[rows], found.area[rows], len(ones))
        for rows in (is_met, ~is_met)
    )


def _cover(shapes: Shapes) -> Cover:
    return Cover(rings_of(shapes), np.arange(len(shapes)))


def errors_m2(made: Swept) -> dict[str, Floats]:
    """Return how far each identity of areas is off, by pair."""
    return {
        "a∩b + a−b = a": made.common + made.one_alone - made.one,
        "b∩a + b−a = b": made.common_again + made.other_alone - made.other,
        "a∩b = b∩a": made.common - made.common_again,
        "a∪b = a + b − a∩b": made.together - (made.one + made.other - made.common),
        "all of the square": made.in_square - made.square,
    }


def worst(ones: Shapes, others: Shapes) -> tuple[float, float]:
    """Return the worst error of any identity of any pair, relative and in m²."""
    made = sweep(ones, others)
    errors = np.abs(np.array(list(errors_m2(made).values())))
    return float((errors / np.maximum(made.one, made.other)).max()), float(errors.max())


def error_against_fractions_m2(one: Polygon, other: Polygon) -> float:
    """Return how far common ground and rest are from areas that nothing rounded."""
    exact = exact_areas(one, other)
    made = sweep(np.array([one]), np.array([other]))
    said = {
        (True, True): made.common[0],
        (True, False): made.one_alone[0],
        (False, True): made.other_alone[0],
    }
    return max(abs(float(Fraction(area) - exact.get(key, 0))) for key, area in said.items())


def overlay_errors(ones: Shapes, others: Shapes) -> list[str]:
    """Return what is wrong with the overlay of ones as changes and others as approvals."""
    papers = approvals(*(approval(shape, f"A{n}") for n, shape in enumerate(others)))
    rows = changes(*(change(shape, f"C{n}") for n, shape in enumerate(ones)))
    x0, y0, x1, y1 = shapely.total_bounds(ones)
    around = townships(township(shapely.box(x0 - 9, y0 - 9, x1 + 9, y1 + 9)))
    made = overlaid(rows, approvals=papers, townships=around, kind="plane")
    units = np.round(made.pieces["area_m2"] * 10_000).groupby(made.pieces["change_id"]).sum()
    booked = made.balances.set_index("change_id")["area_units"]
    covered = made.coverage.groupby("change_id")["area_m2"].sum().reindex(booked.index)
    places = [int(name[1:]) for name in booked.index]
    off = np.abs(covered.fillna(0) - sweep(ones, others).common[places]).to_numpy()
    return [
        *(found.message for found in made.findings if found.severity == "quarantined"),
        *(f"{name} 不平" for name in booked.index[units.reindex(booked.index) != booked]),
        *(f"{name} 覆盖差 {off[n]}" for n, name in enumerate(booked.index) if off[n] > 1e-4),
    ]
