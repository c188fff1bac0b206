"""The land-use coverage (地类图斑 DLTB): gap-free parcels with shared corners, in whole mm."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.demo.fields import Plot, divide
from pipeline.demo.network import Network
from pipeline.demo.terrain import Floats

# Land class of the network's grounds, and how large a parcel of it is (m²).
_NETWORK_CLASS = {
    "motorway": ("1003", 90_000),
    "highway": ("1003", 30_000),
    "street": ("1004", 15_000),
    "lane": ("1006", 9_000),
    "river": ("1101", 250_000),
    "stream": ("1107", 14_000),
    "reservoir": ("1103", 400_000),
    "city": ("0701", 21_000),
    "industry": ("0601", 42_000),
    "village": ("0702", 22_000),
    "pond": ("1104", 30_000),
}
# By number of contour levels below: how large a parcel is, and shares of land classes.
_HILL_CLASS = (
    (29_500, {"0101": 0.80, "0102": 0.09, "0103": 0.06, "0201": 0.03, "1202": 0.02}),
    (25_000, {"0101": 0.42, "0103": 0.33, "0201": 0.16, "0204": 0.06, "0404": 0.03}),
    (24_000, {"0103": 0.42, "0201": 0.30, "0202": 0.20, "0404": 0.08}),
    (30_000, {"0103": 0.22, "0202": 0.32, "0201": 0.14, "0305": 0.22, "0302": 0.10}),
    (52_000, {"0301": 0.55, "0302": 0.22, "0305": 0.13, "0202": 0.10}),
    (88_000, {"0301": 0.72, "0302": 0.16, "0305": 0.12}),
    (125_000, {"0301": 0.86, "0307": 0.08, "0404": 0.06}),
    (160_000, {"0301": 0.93, "0404": 0.05, "1207": 0.02}),
)
_CITY_CLASS = {
    "0701": 0.52,
    "05H1": 0.14,
    "08H1": 0.07,
    "08H2": 0.07,
    "0601": 0.13,
    "0810": 0.07,
}
_STRIP_LEVELS = 2  # below this level fields are long strips, above it blocks


@dataclass(frozen=True)
class Land:
    """The parcels, one row each: shape, town, class, ridge coefficient (田坎系数)."""

    shape: npt.NDArray[np.object_]
    town: npt.NDArray[np.int64]  # index into names.TOWNS
    land_class: npt.NDArray[np.str_]
    level: npt.NDArray[np.int64]  # contour levels below, -1 in the network
    ridge: Floats

    @property
    def count(self) -> int:
        """How many parcels there are."""
        return len(self.shape)


def make_land(
    rng: np.random.Generator,
    towns: list[shapely.Polygon],
    network: Network,
    bands: list[tuple[shapely.Polygon, int]],
) -> Land:
    """Return the coverage: every town cut by the network, the rest divided into fields."""
    plots = [
        plot
        for number, town in enumerate(towns)
        for plot in _grounds(number, town, network, bands)
    ]
    divided = divide(rng, plots)
    shape, source = _coverage([plot.shape for plot in divided])
    town = np.array([divided[row].town for row in source])
    level = np.array([divided[row].level for row in source])
    use = [divided[row].use for row in source]
    land_class = np.array(
        [_class_of(rng, name, at) for name, at in zip(use, level, strict=True)]
    )
    return Land(shape, town, land_class, level, _ridges(rng, land_class, level))


def _grounds(
    number: int,
    town: shapely.Polygon,
    network: Network,
    bands: list[tuple[shapely.Polygon, int]],
) -> list[Plot]:
    """Return one town's ground by use, each square metre once: roads before water before rest."""
    plots = []
    left = town
    for use, (_, target) in _NETWORK_CLASS.items():
        ground = shapely.intersection(left, getattr(network, use))
        left = shapely.difference(left, getattr(network, use))
        plots += [
            Plot(part, number, use, -1, target, strips=False) for part in _polygons(ground)
        ]
    for band, level in bands:
        if not shapely.intersects(band, town):
            continue
        target = _HILL_CLASS[level][0]
        plots += [
            Plot(part, number, "field", level, target, strips=level < _STRIP_LEVELS)
            for part in _polygons(shapely.intersection(left, band))
        ]
    return plots


def _polygons(shape: shapely.Geometry) -> list[shapely.Polygon]:
    parts = shapely.get_parts(shape)
    flat = parts[shapely.get_type_id(parts) == 3]
    return list(flat[shapely.area(flat) > 0.5])


def _coverage(
    shapes: list[shapely.Polygon],
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.int64]]:
    """Return the shapes as a coverage on whole millimetres, and which shape each face is of.

    Where two cuts meet the edge of a third field, that field gets the corner too.
    """
    before = np.array(shapes, dtype=object)
    lines = shapely.union_all(shapely.boundary(before), grid_size=0.001)
    faces = shapely.get_parts(shapely.polygonize([lines]))
    faces = shapely.transform(faces, lambda at: np.round(at, 3))
    tree = shapely.STRtree(before)
    face, shape = tree.query(shapely.point_on_surface(faces), predicate="within")
    first = np.unique(face, return_index=True)[1]  # a face outside every shape is a hole
    return faces[face[first]], shape[first]


def _class_of(rng: np.random.Generator, use: str, level: int) -> str:
    if use == "city":
        return _drawn(rng, _CITY_CLASS)
    return _NETWORK_CLASS[use][0] if use != "field" else _drawn(rng, _HILL_CLASS[level][1])


def _drawn(rng: np.random.Generator, shares: dict[str, float]) -> str:
    names = list(shares)
    weight = np.array(list(shares.values()))
    return names[int(rng.choice(len(names), p=weight / weight.sum()))]


def _ridges(
    rng: np.random.Generator, land_class: npt.NDArray[np.str_], level: npt.NDArray[np.int64]
) -> Floats:
    """Return coefficients: none on flat farmland, by slope class elsewhere, none off farmland."""
    by_level = np.array([0.0, 0.0865, 0.1134, 0.1423, 0.1650, 0.1800, 0.2000, 0.2200])
    ridge = by_level[np.maximum(level, 0)]
    farmland = np.isin(land_class, ["0101", "0102", "0103"])
    steeper = rng.random(len(ridge)) < 0.3
    return np.where(farmland, np.where(steeper & (level > 0), ridge + 0.0217, ridge), 0.0)
