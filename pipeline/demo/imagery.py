"""Two small pictures of the county (前后时相影像): before without, after with the building."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.demo.county import County
from pipeline.demo.deliver_base import WORKING_CRS
from pipeline.demo.record import Change
from pipeline.demo.situations import SITUATIONS
from pipeline.io.imagery import burn, write_geotiff

_PIXEL_M = 4.0
_GRAIN, _TILE = 2.0, 512  # how restless the ground is; pixels
# One colour (red, green, blue) for each kind of ground as seen from above.
_COLOURS = {
    "none": (118, 132, 104), "01": (132, 150, 92), "02": (96, 128, 74), "03": (52, 84, 50),
    "04": (140, 148, 104), "05": (176, 166, 160), "06": (166, 172, 182), "07": (158, 146, 138),
    "08": (170, 160, 148), "10": (150, 148, 146), "11": (64, 88, 104), "12": (150, 140, 112),
    "bare": (214, 190, 150), "roof": (226, 230, 238), "earth": (196, 156, 112),
}  # fmt: skip
_KINDS = list(_COLOURS)
_FIELD_TONES = 10.0  # neighbouring fields differ by about this much
_EARTH_TYPES = ("DT", "TD", "TP", "WL", "ND", "DL1", "DL2")


def deliver_imagery(county: County, folder: Path, seed: int) -> None:
    """Write both dates as GeoTIFF: the same ground, the later one with what was built."""
    land = county.land
    low_x, low_y, high_x, high_y = shapely.total_bounds(land.shape)
    corner = float(np.floor(low_x)), float(np.ceil(high_y))
    size = int((high_y - low_y) / _PIXEL_M) + 2, int((high_x - low_x) / _PIXEL_M) + 2
    rng = np.random.default_rng([seed, 99])
    codes = [0, *(_KINDS.index(code[:2]) for code in land.land_class.tolist())]
    tones = rng.uniform(-_FIELD_TONES, _FIELD_TONES, land.count)
    tone = np.array([0, *tones.round()], dtype=np.int16)
    parcel = burn(land.shape, corner, _PIXEL_M, size)
    light = tone[parcel] + _grain(rng, size)
    shapes, looks = _sites(county)
    site = burn(shapes, corner, _PIXEL_M, size)
    before = np.array(codes, dtype=np.uint8)[parcel]
    after = np.where(site > 0, np.array([0, *looks], dtype=np.uint8)[site], before)
    # the later date was taken in another season: a little drier and brighter
    for name, picture, season in (("before", before, (0, 0, 0)), ("after", after, (9, 4, -4))):
        bands = _coloured(picture, light, season)
        write_geotiff(folder / f"{name}.tif", bands, corner, _PIXEL_M, WORKING_CRS)


def _grain(rng: np.random.Generator, size: tuple[int, int]) -> npt.NDArray[np.int16]:
    """Return the unrest of the ground, one square of it laid side by side: nobody sees where."""
    square = (_GRAIN * rng.standard_normal((_TILE, _TILE))).round().astype(np.int16)
    rows, columns = (np.arange(count) % _TILE for count in size)
    return square[rows[:, None], columns]


def _coloured(
    kinds: npt.NDArray[np.uint8], light: npt.NDArray[np.int16], season: tuple[int, int, int]
) -> npt.NDArray[np.uint8]:
    palette = np.array(list(_COLOURS.values()), dtype=np.int16) + np.array(season, np.int16)
    seen = np.empty((3, *kinds.shape), dtype=np.uint8)
    for band in range(3):
        shade = palette[:, band][kinds]
        shade += light
        seen[band] = np.clip(shade, 0, 255, out=shade)
    return seen


def _sites(county: County) -> tuple[list[shapely.Geometry], list[int]]:
    """Return what was built between the dates and how it looks; farm changes do not show."""
    farming = SITUATIONS["not-building"].types
    shapes, values = [], []
    for change in county.planting.changes:
        if (
            change.shape is not None
            and change.shape.is_valid
            and change.change_type not in farming
        ):
            shapes.append(change.shape)
            values.append(_KINDS.index(_look(change)))
    return shapes, values


def _look(change: Change) -> str:
    if change.change_type in _EARTH_TYPES:
        return "earth"
    return "roof" if change.change_type == "20" else "bare"
