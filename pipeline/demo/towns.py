"""The invented county's outline and towns (县界、乡镇界): natural, jagged lines."""

import numpy as np
import shapely

from pipeline.demo.names import TOWNS
from pipeline.demo.terrain import CENTRE, HALF_HEIGHT, HALF_WIDTH, Floats, jagged

_STREETS = 5  # the first five of TOWNS are the streets (街道) of the county seat


def outline(rng: np.random.Generator) -> shapely.Polygon:
    """Return the county's outline, a closed curve with bays and noses."""
    angle = np.linspace(0, 2 * np.pi, 1_400, endpoint=False)
    radius = np.ones_like(angle)
    for turns in range(2, 160):
        radius += 0.30 / turns**1.15 * np.cos(turns * angle + rng.uniform(0, 6.28)) / 1.6
    return shapely.Polygon(
        np.column_stack(
            [
                CENTRE[0] + HALF_WIDTH * radius * np.cos(angle),
                CENTRE[1] + HALF_HEIGHT * radius * np.sin(angle),
            ]
        )
    )


def seats(rng: np.random.Generator, county: shapely.Polygon) -> Floats:
    """Return one seat (驻地) for each of ``TOWNS``: spread evenly, the streets in the middle."""
    low_x, low_y, high_x, high_y = county.bounds
    sample = np.column_stack(
        [rng.uniform(low_x, high_x, 9_000), rng.uniform(low_y, high_y, 9_000)]
    )
    sample = sample[shapely.contains_xy(county, sample[:, 0], sample[:, 1])]
    centre = np.array(CENTRE)
    # the county seat is crowded: towns there are smaller
    crowd = 1 + 3.0 * np.exp(-(((sample - centre) / 3_800.0) ** 2).sum(axis=1))
    found = sample[: len(TOWNS)].copy()
    for _ in range(40):
        nearest = ((sample[:, None] - found[None]) ** 2).sum(axis=2).argmin(axis=1)
        for town in range(len(TOWNS)):
            mine = nearest == town
            found[town] = np.average(sample[mine], axis=0, weights=crowd[mine])
    inward = ((found - centre) ** 2).sum(axis=1).argsort()
    outer = inward[_STREETS:]
    around = np.arctan2(*(found[outer] - centre).T[::-1]).argsort()
    return np.asarray(found[np.concatenate([inward[:_STREETS], outer[around]])])


def town_polygons(
    rng: np.random.Generator, county: shapely.Polygon, seat: Floats
) -> list[shapely.Polygon]:
    """Return the towns' polygons in the order of their seats; together they are the county."""
    edges = shapely.get_parts(
        shapely.voronoi_polygons(
            shapely.multipoints(seat), extend_to=county.buffer(3_000), only_edges=True
        )
    )
    owner: np.ndarray = np.array([])
    while len(np.unique(owner)) < len(seat):  # now and then a jag cuts a seat off its town
        natural = [jagged(rng, shapely.get_coordinates(edge), 0.12, 70.0) for edge in edges]
        lines = shapely.union_all([*natural, county.exterior], grid_size=0.001)
        faces = shapely.get_parts(shapely.polygonize([lines]))
        faces = faces[shapely.contains(county.buffer(1.0), faces)]
        owner = _owners(faces, seat)
    return [shapely.union_all(faces[owner == town]) for town in range(len(seat))]


def _owners(faces: np.ndarray, seat: Floats) -> np.ndarray:
    """Return the town of each face: of its seat, else of the neighbour it shares most with."""
    tree = shapely.STRtree(faces)
    owner = np.full(len(faces), -1)
    point, face = tree.query(shapely.points(seat), predicate="within")
    owner[face] = point
    for stray in np.flatnonzero(owner < 0):
        border = shapely.length(shapely.intersection(faces[stray].boundary, faces))
        border[owner < 0] = -1
        owner[stray] = owner[border.argmax()]
    return owner
