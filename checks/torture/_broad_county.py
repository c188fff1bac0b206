"""A county of half a million parcels as a project, with a few things wrong that are known.

Parcels are the meshes of a crooked net; neighbours share every corner. Townships are strips of
36 columns along the same lines.
"""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from checks.torture._county_config import CRS, write_config

ROWS, COLUMNS, STRIP = 700, 720, 36
STEP_M, CORNERS = 66.0, 8  # size of a mesh, corners along each side
EAST, NORTH = 580_000.0, 3_150_000.0
CLASSES = np.array(["0101", "0102", "0103", "0201", "0301", "0702", "1006", "1101"])
GAPS, REPEATS, ASIDE = 5, 3, 4  # parcels left out, given twice; permanent farmland on woods
CHANGES, EVERY = 50_000, 4  # every fourth change has an approval for half of it


def write_broad_county(folder: Path) -> Path:
    """Write the county; return its config."""
    rng = np.random.default_rng(20240601)
    raw = folder / "raw"
    raw.mkdir(parents=True)
    parcels, strips = _net(rng)
    classes = CLASSES[rng.integers(0, len(CLASSES), len(parcels))]
    order = rng.permutation(len(parcels))
    gaps, repeats = order[:GAPS], order[GAPS : GAPS + REPEATS]
    ids = np.array([f"{number:018d}" for number in range(len(parcels))], dtype=object)
    kept = np.setdiff1d(np.arange(len(parcels)), gaps)
    rows = np.concatenate([kept, repeats])
    names = np.concatenate([ids[kept], [f"9{one[1:]}" for one in ids[repeats]]])
    land_use = {"BSM": names, "DLBM": classes[rows], "KCXS": 0.05}
    _write(raw, "land_use", land_use | {"TBMJ": shapely.area(parcels[rows])}, parcels[rows])
    _write(raw, "townships", _township_columns(len(strips)), strips)
    farmland = np.setdiff1d(
        np.flatnonzero(np.isin(classes, CLASSES[:3])), order[: GAPS + REPEATS]
    )
    woods = np.setdiff1d(np.flatnonzero(classes == "0301"), order[: GAPS + REPEATS])
    permanent = np.concatenate([farmland[::2], woods[:ASIDE]])
    _write(raw, "permanent_farmland", {"BH": permanent.astype(str)}, parcels[permanent])
    _papers(raw, rng.permutation(_corners(parcels))[:CHANGES])
    stated = ', stated_area_m2 = "JCMJ"'
    return write_config(folder, "broad", "宽广县", "990101", of_changes=stated)


def _corners(parcels: np.ndarray) -> np.ndarray:
    """Return every other corner of the net, where four parcels meet."""
    first = shapely.get_coordinates(parcels)[:: 4 * (CORNERS + 1) + 1]
    return first.reshape(ROWS, COLUMNS, 2)[1::2, 1::2].reshape(-1, 2)


def _papers(raw: Path, middle: np.ndarray) -> None:
    """Write a change on each of some corners, on four parcels, and approvals for half of some."""
    half = np.array([30.0, 22.0])
    changes = shapely.box(*(middle - half).T, *(middle + half).T)
    columns = {
        "JCBH": [f"C{n:06d}" for n in range(len(changes))],
        "TBLX": "20",
        "HSX": "20240601",
    }
    _write(raw, "changes", columns | {"JCMJ": shapely.area(changes)}, changes)
    some = middle[::EVERY]
    papers = shapely.box(*(some - half - 1).T, *(some + half * [0.0, 1.0] + 1).T)
    numbers = [f"政土〔2024〕{n}号" for n in range(len(papers))]
    _write(raw, "conversion", {"PZWH": numbers, "PZRQ": "2024-01-05"}, papers)


def _township_columns(count: int) -> dict[str, list[str]]:
    return {
        "XZQDM": [f"990101{n:03d}" for n in range(1, count + 1)],
        "XZQMC": [f"第{n}镇" for n in range(1, count + 1)],
    }


def _write(raw: Path, name: str, columns: dict, shapes: np.ndarray) -> None:
    frame = gpd.GeoDataFrame(pd.DataFrame(columns), geometry=shapes, crs=CRS)
    frame.to_parquet(raw / f"{name}.parquet")


def _net(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return the meshes, row by row, and the strips."""
    y, x = np.mgrid[0 : ROWS + 1, 0 : COLUMNS + 1].astype(float)
    node = np.stack([x, y], axis=-1) * STEP_M + rng.uniform(-15, 15, (*x.shape, 2))
    node += [EAST, NORTH]
    across = _side(node[:, :-1], node[:, 1:], rng)  # each side with its first corner
    up = _side(node[:-1], node[1:], rng)
    rings = np.concatenate(
        [
            across[:-1],
            up[:, 1:],
            _back(across[1:], node[1:, 1:]),
            _back(up[:, :-1], node[1:, :-1]),
        ],
        axis=2,
    ).reshape(ROWS * COLUMNS, -1, 2)
    strips = [
        shapely.polygons(
            np.concatenate(
                [
                    across[0, a:b].reshape(-1, 2),
                    up[:, b].reshape(-1, 2),
                    _back(across[-1, a:b], node[-1, a + 1 : b + 1])[::-1].reshape(-1, 2),
                    _back(up[:, a], node[1:, a])[::-1].reshape(-1, 2),
                ]
            )
        )
        for a, b in ((a, a + STRIP) for a in range(0, COLUMNS, STRIP))
    ]
    return shapely.polygons(rings), np.array(strips, dtype=object)


def _side(start: np.ndarray, end: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Return a crooked line from each start, its corners before the end."""
    share = np.arange(CORNERS + 1)[:, None] / (CORNERS + 1)
    line = start[..., None, :] + (end - start)[..., None, :] * share
    line[..., 1:, :] += rng.uniform(-2, 2, line[..., 1:, :].shape)
    return line


def _back(line: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Return the lines from their ends, without what they began with."""
    return np.concatenate([line, end[..., None, :]], axis=-2)[..., :0:-1, :]
