"""Layers drawn over the land (控制线): permanent farmland, plan zones, red line (永农、规划、红线)."""

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.demo.frame import Frame
from pipeline.demo.ground import BUILT, FARMLAND
from pipeline.demo.land import Land
from pipeline.demo.names import TOWNS
from pipeline.demo.terrain import waves

ZONES = ("生态保护区", "生态控制区", "农田保护区", "城镇发展区", "乡村发展区")
_HALVED = 0.06  # share of protected parcels of which only a part is protected


def protected(rng: np.random.Generator, land: Land) -> npt.NDArray[np.bool_]:
    """Return which parcels are permanent farmland: most of the flat fields, in wide blocks."""
    centre = shapely.get_coordinates(shapely.centroid(land.shape))
    patchy = waves(rng, 4_500.0).at(centre[:, 0], centre[:, 1])
    flat = np.isin(land.land_class, FARMLAND) & (land.level <= 2)
    return np.asarray(flat & (patchy > -0.45) & (shapely.area(land.shape) > 2_000))


def permanent_farmland(
    rng: np.random.Generator, land: Land, chosen: npt.NDArray[np.bool_]
) -> npt.NDArray[np.object_]:
    """Return the permanent farmland (永久基本农田), one polygon a parcel, some cut across."""
    shapes = land.shape[chosen].copy()
    for row in np.flatnonzero(rng.random(len(shapes)) < _HALVED):
        corners = shapely.get_coordinates(shapely.oriented_envelope(shapes[row]))[:4]
        frame = Frame(corners, 1.0, 1.0)
        kept = shapely.intersection(
            shapes[row], frame.ring([(-1, -1), (0.6, -1), (0.5, 2), (-1, 2)])
        )
        whole = shapely.transform(kept, lambda at: np.round(at, 3))
        if whole.geom_type == "Polygon" and whole.is_valid:
            shapes[row] = whole
    return np.asarray(shapes)


def plan_zones(
    land: Land, chosen: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.object_], list[str], list[str]]:
    """Return the plan's zones (规划分区): shapes, zone names, township codes."""
    urban = np.isin(land.land_class, [code for code in BUILT if code != "0702"])
    zone = np.select([urban, chosen, land.level >= 5, land.level >= 3], [3, 2, 0, 1], default=4)
    shapes, names, codes = [], [], []
    for town, plan in enumerate(TOWNS):
        for number, name in enumerate(ZONES):
            mine = (land.town == town) & (zone == number)
            if mine.any():
                shapes.append(shapely.coverage_union_all(land.shape[mine]))
                names.append(name)
                codes.append(plan.code)
    return np.array(shapes, dtype=object), names, codes


def ecological_red_line(rng: np.random.Generator, land: Land) -> npt.NDArray[np.object_]:
    """Return the ecological red line (生态保护红线): high forest and the banks of the river."""
    centre = shapely.get_coordinates(shapely.centroid(land.shape))
    patchy = waves(rng, 5_200.0).at(centre[:, 0], centre[:, 1])
    forest = (land.level >= 4) & (patchy > 0.1)
    banks = land.land_class == "1101"
    near = shapely.STRtree(land.shape[banks].tolist()).query(
        land.shape, predicate="intersects"
    )[0]
    along = np.zeros(land.count, dtype=bool)
    along[near] = True
    along &= (centre[:, 0] > 604_000.0) & ~np.isin(land.land_class, BUILT)
    shape = shapely.coverage_union_all(land.shape[forest | along])
    return np.asarray(shapely.get_parts(shape))
