"""How a county is drawn and written may not matter (图怎么画、文件怎么写都不改变结果)."""

import random
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from functools import partial
from pathlib import Path

import geopandas as gpd
import shapely
from shapely import affinity

from tests.laws.inspected import Look, assert_equal, assert_near
from tests.laws.layer_formats import FORMATS
from tests.laws.random_worlds import HEIGHT, WIDTH
from tests.laws.world import World
from tests.laws.world_files import ORIGIN, Style

_MIDDLE = (ORIGIN[0] + WIDTH // 2, ORIGIN[1] + HEIGHT // 2)
_QUARTERS: dict[str, Callable[[float, float], tuple[float, float]]] = {
    "90°": lambda x, y: (-y, x),
    "180°": lambda x, y: (-x, -y),
    "270°": lambda x, y: (y, -x),
    "mirrored": lambda x, y: (-x, y),
    "x for y": lambda x, y: (y, x),
}


def _about_the_middle(
    way: Callable[[float, float], tuple[float, float]], shape: shapely.Geometry
) -> shapely.Geometry:
    """Move a shape exactly: whole metres stay whole metres."""

    def moved(xy):
        x, y = way(xy[:, 0] - _MIDDLE[0], xy[:, 1] - _MIDDLE[1])
        return shapely.get_coordinates(shapely.points(x + _MIDDLE[0], y + _MIDDLE[1]))

    return shapely.transform(shape, moved)


def moved(look: Look, world: World, dice: random.Random) -> None:
    """Another place on the map."""
    east, north = dice.randint(-20_000, 20_000), dice.randint(-9_000, 9_000)
    style = Style(drawn=lambda shape: affinity.translate(shape, east, north))
    assert_equal(look(world).figures, look(world, style).figures)


def turned_or_mirrored(look: Look, world: World, dice: random.Random) -> None:
    """By right angles, where nothing is rounded."""
    way = _QUARTERS[dice.choice(list(_QUARTERS))]
    style = Style(drawn=partial(_about_the_middle, way))
    assert_equal(look(world).figures, look(world, style).figures)


def turned_by_any_angle(look: Look, world: World, dice: random.Random) -> None:
    """Borders that coincided are now a rounding apart."""
    angle = dice.uniform(1, 359)
    style = Style(drawn=lambda shape: affinity.rotate(shape, angle, origin=_MIDDLE))
    assert_near(look(world).figures, look(world, style).figures, _units(look(world)))


def scaled(look: Look, world: World, dice: random.Random) -> None:
    """Times k, areas times k²."""
    k = dice.choice((2, 3, 10))
    style = Style(drawn=lambda shape: affinity.scale(shape, k, k, origin=_MIDDLE))
    larger = replace(
        world,
        rectifications=[
            replace(row, farmland_m2=str(Decimal(row.farmland_m2) * k * k))
            for row in world.rectifications
        ],
    )
    before = {
        key: value * k * k if key[2].endswith("_m2") and value is not None else value
        for key, value in look(world).figures.items()
    }
    assert_near(before, look(larger, style).figures, _units(look(world)) * k * k)


def reprojected(look: Look, world: World, dice: random.Random) -> None:
    """Some layers in degrees, in another zone, or with the zone before the easting."""

    def redone(frame: gpd.GeoDataFrame, _name: str) -> gpd.GeoDataFrame:
        return frame.to_crs(dice.choice(("EPSG:4549", "EPSG:4490", "EPSG:4548", "EPSG:4528")))

    style = Style(redone=redone)
    # 1e-6 of a county of 22,560 m² and less
    assert_near(look(world).figures, look(world, style).figures, 226 + _units(look(world)))


def in_other_formats(look: Look, world: World, dice: random.Random) -> None:
    """Each layer in a format of its own, names and ids in Chinese, in GBK or UTF-8."""

    def saved(frame: gpd.GeoDataFrame, stem: Path) -> str:
        return dice.choice(FORMATS)(frame, stem)

    style = Style(saved=saved)
    one, other = look(world), look(world, style)
    assert_equal(one.figures, other.figures)
    assert one.table("judged").equals(other.table("judged"))
    assert one.table("coverage").equals(other.table("coverage"))


def _units(seen) -> int:
    """Return what the bookings may differ by: a unit a piece, for area and for farmland."""
    return 2 * len(seen.table("pieces"))


RELATIONS = (
    moved, turned_or_mirrored, turned_by_any_angle, scaled, reprojected, in_other_formats,
)  # fmt: skip
