"""What people and water have made of the county: roads, streams, villages, ponds (道路、村庄)."""

from dataclasses import dataclass

import numpy as np
import shapely

from pipeline.demo.terrain import CENTRE, Floats, Terrain, jagged, smooth

RIVER_WIDTH_M = 105.0


@dataclass(frozen=True)
class Network:
    """Ground that is not fields or forest, as one polygon for each use, in falling priority."""

    motorway: shapely.Geometry
    highway: shapely.Geometry
    street: shapely.Geometry
    lane: shapely.Geometry
    river: shapely.Geometry
    stream: shapely.Geometry
    reservoir: shapely.Geometry
    city: shapely.Geometry
    industry: shapely.Geometry
    village: shapely.Geometry
    pond: shapely.Geometry


def make_network(
    rng: np.random.Generator, terrain: Terrain, county: shapely.Polygon, seat: Floats
) -> Network:
    """Return everything built and every water of the county."""
    river = terrain.river.buffer(RIVER_WIDTH_M / 2)
    hamlets = _hamlets(rng, terrain, county)
    highways = [_road(rng, seat[one], seat[two]) for one, two in _links(seat)]
    lanes = _lanes(rng, hamlets, shapely.union_all(highways))
    city = shapely.union_all(
        [_blob(rng, CENTRE + np.array([0.0, 300.0]), 1_150.0)]
        + [
            _blob(rng, place, radius)
            for place, radius in zip(seat, _seat_sizes(rng), strict=True)
        ]
    )
    west, east = county.bounds[0] - 500, county.bounds[2] + 500
    motorway = jagged(
        rng, np.array([[west, CENTRE[1] - 2_900.0], [east, CENTRE[1] + 1_900.0]]), 0.07, 900.0
    )
    return Network(
        motorway=smooth(motorway).buffer(15.0),
        highway=shapely.union_all(highways).buffer(9.0),
        street=_street_grid(rng, city),
        lane=shapely.union_all(lanes).buffer(2.6, quad_segs=2),
        river=river,
        stream=terrain.brooks.buffer(7.0, quad_segs=3),
        reservoir=shapely.union_all(
            [
                _blob(rng, at, rng.uniform(130, 310))
                for at in _sites(rng, terrain, county, 6, 70, 130)
            ]
        ),
        city=city,
        industry=shapely.union_all(
            [
                _blob(rng, at, rng.uniform(170, 420))
                for at in _sites(rng, terrain, county, 9, 0, 12)
            ]
        ),
        village=shapely.union_all(
            [_blob(rng, at, rng.lognormal(4.35, 0.38)) for at in hamlets]
        ),
        pond=shapely.union_all(
            [
                _blob(rng, at, rng.uniform(18, 62))
                for at in _sites(rng, terrain, county, 210, 0, 30)
            ]
        ),
    )


def _seat_sizes(rng: np.random.Generator) -> Floats:
    return np.concatenate([rng.uniform(430, 620, 5), rng.uniform(230, 430, 14)])


def _blob(rng: np.random.Generator, at: Floats, radius: float) -> shapely.Polygon:
    """Return a roundish patch of ground with an uneven edge."""
    angle = np.linspace(0, 2 * np.pi, 8 + int(radius / 14), endpoint=False)
    uneven = np.ones_like(angle)
    for turns in (1, 2, 3, 5, 7):
        uneven += 0.26 / turns * np.cos(turns * angle + rng.uniform(0, 6.28))
    shape = np.column_stack([np.cos(angle), np.sin(angle)]) * (uneven * radius)[:, None]
    return shapely.Polygon(at + shape).buffer(0)


def _sites(
    rng: np.random.Generator,
    terrain: Terrain,
    county: shapely.Polygon,
    count: int,
    lowest: float,
    highest: float,
) -> Floats:
    """Return places in the county at a height between two limits."""
    low_x, low_y, high_x, high_y = county.bounds
    tries = max(12 * count, 1_000)
    x, y = rng.uniform(low_x, high_x, tries), rng.uniform(low_y, high_y, tries)
    height = terrain.height(x, y)
    fits = shapely.contains_xy(county, x, y) & (height >= lowest) & (height <= highest)
    return np.column_stack([x[fits], y[fits]])[:count]


def _hamlets(rng: np.random.Generator, terrain: Terrain, county: shapely.Polygon) -> Floats:
    """Return village sites: low ground, no two closer than a short walk."""
    chosen: list[Floats] = []
    inner = county.buffer(-350.0)
    for place in _sites(rng, terrain, inner, 900, 0, 75):
        if all(np.hypot(*(place - other)) > 760.0 for other in chosen):
            chosen.append(place)
    return np.array(chosen)


def _links(seat: Floats) -> list[tuple[int, int]]:
    """Return the pairs of seats that a highway joins: the relative neighbourhood graph."""
    far = np.hypot(*(seat[:, None] - seat[None]).transpose(2, 0, 1))
    count = len(seat)
    return [
        (one, two)
        for one in range(count)
        for two in range(one + 1, count)
        if not (np.maximum(far[one], far[two]) < far[one, two]).any()
    ]


def _road(rng: np.random.Generator, start: Floats, end: Floats) -> shapely.LineString:
    return smooth(jagged(rng, np.array([start, end]), 0.09, 700.0))


def _lanes(
    rng: np.random.Generator, hamlets: Floats, highways: shapely.Geometry
) -> list[shapely.LineString]:
    """Return a lane from every village to the nearest road or earlier village on its way."""
    near_first = hamlets[shapely.distance(shapely.points(hamlets), highways).argsort()]
    lanes: list[shapely.LineString] = []
    joined = [highways]
    for place in near_first:
        here = shapely.Point(place)
        target = min(joined, key=here.distance)
        to = shapely.get_coordinates(shapely.shortest_line(here, target))
        if np.hypot(*(to[1] - to[0])) > 5:
            lanes.append(smooth(jagged(rng, to, 0.12, 260.0)))
            joined.append(lanes[-1])
    return lanes


def _street_grid(rng: np.random.Generator, city: shapely.Geometry) -> shapely.Geometry:
    """Return the streets inside built-up towns, each town's grid turned its own way."""
    streets = []
    for part in shapely.get_parts(city):
        x, y = shapely.get_coordinates(part.centroid)[0]
        reach = np.hypot(part.bounds[2] - part.bounds[0], part.bounds[3] - part.bounds[1])
        turn = rng.uniform(0, np.pi / 2)
        for angle in (turn, turn + np.pi / 2):
            along, across = _unit(angle), _unit(angle + np.pi / 2)
            for away in np.arange(-reach, reach, 210.0) + rng.uniform(-40, 40):
                middle = np.array([x, y]) + across * away
                line = shapely.LineString([middle - along * reach, middle + along * reach])
                streets.append(line.buffer(6.0, cap_style="flat").intersection(part))
    return shapely.union_all(streets)


def _unit(angle: float) -> Floats:
    return np.array([np.cos(angle), np.sin(angle)])
