"""Areas by throwing points (撒点): the third way to measure, which shares nothing with the others.

A point is asked of every record whether it lies inside. Of n points k lie on a kind of ground
of area p; (k − n·p) / √(n·p·(1−p)) is its z. Bias that every identity forgives shows as z.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import shapely

from tests.laws.near_coincident import near_coincident
from tests.stages.overlaying import overlaid

_ENOUGH = 50  # points to expect where a z is asked for

# township, parcel, in permanent farmland, zone, converted, supplied
Kind = tuple[str, str, bool, str, bool, bool]


@dataclass(frozen=True)
class Thrown:
    """The z of all unapproved farmland of a world, and that of each kind of ground."""

    unapproved: float
    kinds: dict[Kind, float]


def thrown(seed: int, points: int) -> Thrown:
    """Throw points at the world of a seed."""
    world = near_coincident(seed)
    areas, unapproved = _by_the_overlay(world)
    dice = np.random.default_rng(seed)
    x0, y0, x1, y1 = world["changes"].total_bounds
    whole = (x1 - x0) * (y1 - y0)
    xy = dice.uniform((x0, y0), (x1, y1), (points, 2))
    found, hits = _by_points(world, xy)
    zs = {
        kind: _z(found[kind], points, area / whole)
        for kind, area in areas.items()
        if points * area / whole > _ENOUGH
    }
    assert {kind for kind in found if found[kind] > 2 * _ENOUGH} <= set(zs)
    return Thrown(_z(hits, points, unapproved / whole), zs)


def _z(found: int, points: int, share: float) -> float:
    spread = np.sqrt(points * share * (1 - share))
    return float((found - points * share) / spread) if spread else float(found)


def _by_the_overlay(world) -> tuple[Counter, float]:
    """Return the area of each kind of ground, and of farmland that nothing approves."""
    pieces = overlaid(**world, kind="plane").pieces
    pieces = pieces[pieces["counted_in"].isna()]
    areas: Counter = Counter()
    for row in pieces.itertuples():
        kind = (
            _text(row.township_code), _text(row.parcel_id), bool(row.is_permanent_farmland),
            _text(row.plan_zone), bool(_text(row.conversion_no)), bool(_text(row.supply_no)),
        )  # fmt: skip
        areas[kind] += row.area_m2
    bare = pieces["is_farmland"] & pieces["conversion_no"].isna() & pieces["supply_no"].isna()
    return areas, float(pieces.loc[bare, "area_m2"].sum())


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _by_points(world, xy) -> tuple[Counter, int]:
    """Return how many points lie on each kind of ground, and on unapproved farmland."""
    xy = xy[_within(world["changes"], xy).any(axis=0)]
    farms = world["land_use"].drop_duplicates("parcel_id").set_index("parcel_id")["is_farmland"]
    towns = _first(world["townships"], "township_code", xy)
    lots = _first(world["land_use"], "parcel_id", xy)
    zones = _first(world["plan_zones"], "zone", xy)
    permanent = _within(world["permanent_farmland"], xy).any(axis=0)
    papers = world["approvals"]
    converted, supplied = (
        _within(papers[papers["approval_kind"] == kind], xy).any(axis=0)
        for kind in ("conversion", "supply")
    )
    kinds = zip(towns, lots, permanent.tolist(), zones, converted.tolist(), supplied.tolist(),
                strict=True)  # fmt: skip
    found = Counter(kinds)
    farmland = np.array([bool(lot) and bool(farms[lot]) for lot in lots])
    return found, int((farmland & ~converted & ~supplied).sum())


def _within(frame, xy) -> np.ndarray:
    """Tell which records (rows) hold which points (columns)."""
    rows = []
    for shape in frame.geometry:
        shapely.prepare(shape)
        rows.append(shapely.contains_xy(shape, xy))
    return np.array(rows, dtype=bool).reshape(len(frame), len(xy))


def _first(frame, column: str, xy) -> list[str]:
    """Return the smallest code of the records that hold each point, nothing where none does."""
    ordered = frame.sort_values(column, kind="stable")
    inside = _within(ordered, xy)
    codes = [*ordered[column], ""]
    place = np.where(inside.any(axis=0), inside.argmax(axis=0) if len(ordered) else 0, -1)
    return [codes[number] for number in place]
