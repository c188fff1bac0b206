"""An invented county of any size: parcels are the cells of a mesh whose nodes were shaken.

A side of a cell has a few corners more, which both neighbours share, so that borders coincide
as they do in a survey. Changes are rectangles turned anyhow; half of them are approved.
"""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from checks.torture._county_config import CRS

CELL_M, MORE = 80.0, 4
EAST, NORTH = 540_000.0, 3_150_000.0
_CLASSES = np.array(("0101", "0102", "0103", "0301", "0702", "1006"))


def mesh_county(parcels, changes):
    """Return the layers of a county of about so many parcels, and of so many changes."""
    wide = round(np.sqrt(parcels))
    dice = np.random.default_rng(wide)
    cells = _cells(wide, dice)
    drawn = _changes(changes, wide * CELL_M, dice)
    approved = drawn[::2]
    return {
        "changes": _layer(drawn, JCBH=_named("C", changes), TBLX="20", HSX="20240930"),
        "townships": _layer(
            _squares(wide * CELL_M, 8), XZQDM=_named("99", 64, 7), XZQMC="某镇"
        ),
        "land_use": _layer(
            cells,
            BSM=_named("P", len(cells)),
            DLBM=_CLASSES[dice.integers(len(_CLASSES), size=len(cells))],
            KCXS=0.05,
        ),
        "permanent_farmland": _layer(_squares(wide * CELL_M, 40)[::3]),
        "conversion": _layer(approved, PZWH=_named("转", len(approved)), PZRQ="2023-05-01"),
    }


def _layer(shapes, **columns):
    return gpd.GeoDataFrame(
        pd.DataFrame(columns, index=range(len(shapes))), geometry=shapes, crs=CRS
    )


def _named(prefix, count, digits=9):
    return [f"{prefix}{number:0{digits}d}" for number in range(count)]


def _squares(side, number):
    x, y = np.meshgrid(*[np.arange(number) * side / number] * 2)
    step = side / number
    x, y = x.ravel() + EAST, y.ravel() + NORTH
    return shapely.box(x, y, x + step, y + step)


def _cells(wide, dice):
    """Return the cells of a mesh; sides from node to node are bent, for both cells alike."""
    steps = MORE + 1
    count = wide * steps + 1
    line = np.arange(count) * CELL_M / steps
    xy = np.stack(np.meshgrid(EAST + line, NORTH + line, indexing="ij"), axis=-1)
    xy[1:-1, 1:-1] += dice.uniform(-4, 4, (count - 2, count - 2, 2))
    xy = np.round(xy, 4)
    along = np.arange(steps)
    ring = np.concatenate(
        [
            np.column_stack([along, 0 * along]),
            np.column_stack([0 * along + steps, along]),
            np.column_stack([steps - along, 0 * along + steps]),
            np.column_stack([0 * along, steps - along]),
            [[0, 0]],
        ]
    )
    i, j = (each.ravel() * steps for each in np.meshgrid(*[np.arange(wide)] * 2, indexing="ij"))
    corners = xy[i[:, None] + ring[:, 0], j[:, None] + ring[:, 1]]
    return shapely.polygons(corners)


def _changes(count, side, dice):
    middle = dice.uniform(100, side - 100, (count, 2)) + np.array([EAST, NORTH])
    long, across, angle = (
        dice.uniform(10, 160, count), dice.uniform(6, 40, count), dice.uniform(0, np.pi, count)
    )  # fmt: skip
    ahead = np.column_stack([np.cos(angle), np.sin(angle)]) * long[:, None] / 2
    aside = np.column_stack([-np.sin(angle), np.cos(angle)]) * across[:, None] / 2
    corners = np.stack([ahead + aside, ahead - aside, -ahead - aside, aside - ahead], axis=1)
    return shapely.polygons(np.round(middle[:, None] + corners, 3))
