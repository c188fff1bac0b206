"""Small pictures cut from local imagery (影像截图): north up, in the working CRS.

Any CRS, rotated images, 8 or 16 bits, one to many bands, a palette. Ground without image is
paper, never black.
"""

import warnings
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import Affine
from rasterio.warp import reproject, transform, transform_bounds
from rasterio.windows import Window

from pipeline.errors import Finding, PipelineError
from pipeline.io.geotiff import open_geotiff
from pipeline.io.image_cover import good_pixels
from pipeline.io.stretch import Stretch, stretch_of
from pipeline.io.with_block import WithBlock

Box = tuple[float, float, float, float]
Floats = npt.NDArray[np.float32]
PAPER = 255
_MARGIN_PX = 3  # around the window read, so that resampling has neighbours
_HALF = 0.5
# rasterio silences warnings of its own for the whole process while it works.
_ONE_AT_A_TIME = Lock()


@dataclass(frozen=True)
class Chip:
    """One picture of a box (影像截图): ``pixels`` are uint8, rows × columns × 3, north up.

    ``west`` and ``north`` are its corner in the working CRS, ``pixel_m`` the side of a pixel,
    ``covered`` the share of it that the image covers (0 to 1); the rest is paper.
    """

    pixels: npt.NDArray[np.uint8]
    west: float
    north: float
    pixel_m: float
    covered: float


class ImageUnusable(PipelineError):
    """An image that cannot be shown (影像不可用): noted, never the end of a run."""

    title = "影像不可用"

    def __init__(self, path: Path, code: str, what: str, remedy: str) -> None:
        """Say which image and why; ``finding`` is the same for the list of defects."""
        super().__init__(what, where=path.name, remedy=remedy)
        self.finding = Finding("imagery", path.name, code, "noted", what, remedy)


class Imagery(WithBlock):
    """One open image (影像). Use it in a ``with``; chips may be read from several threads."""

    def __init__(self, path: Path, crs: str) -> None:
        """Open an image to cut chips in ``crs`` from it; raise ``ImageUnusable``."""
        try:
            with warnings.catch_warnings():  # an image without a place is refused below
                warnings.simplefilter("ignore", NotGeoreferencedWarning)
                self._file = open_geotiff(path)
        except RasterioError as error:
            raise _unreadable(path, error) from None
        try:
            self._check(path)
            self._stretch: Stretch | None = stretch_of(self._file, _bands(self._file))
        except ImageUnusable:
            self._file.close()
            raise
        except RasterioError as error:
            self._file.close()
            raise _unreadable(path, error) from None
        self._crs = crs

    def _end(self, _error: BaseException | None, /) -> None:
        self._file.close()

    def _check(self, path: Path) -> None:
        if self._file.crs is None or self._file.transform == Affine.identity():
            raise ImageUnusable(
                path,
                "image-without-place",
                "影像没有坐标系或地理定位，不知道在哪里",
                "在 GIS 软件里给它定义坐标系，另存为 GeoTIFF",
            )
        for column in (0, self._file.width - 1):  # a copy cut short lacks one of its corners
            for row in (0, self._file.height - 1):
                self._file.read(1, window=Window(column, row, 1, 1))

    @cached_property
    def pixel_m(self) -> float:
        """The side of a pixel in the working CRS, in metres, in the middle of the image."""
        file = self._file
        column, row = file.width / 2, file.height / 2
        corners = [
            file.transform @ (column + dx, row + dy) for dx, dy in ((0, 0), (1, 0), (0, 1))
        ]
        xs, ys = transform(file.crs, self._crs, *zip(*corners, strict=True))
        along = np.hypot(xs[1] - xs[0], ys[1] - ys[0])
        down = np.hypot(xs[2] - xs[0], ys[2] - ys[0])
        return float(max(along, down))

    def read_chip(self, box: Box, size_px: int) -> Chip | None:
        """Return a box (west, south, east, north) as a picture ``size_px`` wide, pixels square.

        None where the image covers nothing of it, or is damaged there.
        """
        west, south, east, north = box
        pixel_m = (east - west) / size_px
        rows = max(1, round((north - south) / pixel_m))
        place = Affine(pixel_m, 0.0, west, 0.0, -pixel_m, north)
        with _ONE_AT_A_TIME:
            try:
                part = self._part(box, size_px)
            except RasterioError:
                return None
            if part is None:
                return None
            pixels, covered = self._warped(*part, (rows, size_px), place)
        if not covered.any():
            return None
        pixels[~covered] = PAPER
        return Chip(pixels, west, north, pixel_m, float(covered.mean()))

    def _part(self, box: Box, columns: int) -> tuple[Floats, Floats, Affine] | None:
        """Read what lies under a box: three bands, the mask of good pixels, their place."""
        window = self._window(box)
        if window is None:
            return None
        # No more of a fine image than the chip can show: GDAL takes its overviews then.
        step = max(1.0, min(window.width, window.height) / columns / 2)
        shape = (max(1, round(window.height / step)), max(1, round(window.width / step)))
        file = self._file
        resampling = Resampling.nearest if _palette(file) is not None else Resampling.average
        numbers = _bands(file)
        raw = file.read(
            numbers, window=window, out_shape=(len(numbers), *shape), resampling=resampling
        )
        good = good_pixels(file, raw, window)
        place = (
            file.transform
            @ Affine.translation(window.col_off, window.row_off)
            @ Affine.scale(window.width / shape[1], window.height / shape[0])
        )
        return self._shown(raw), good.astype(np.float32), place

    def _window(self, box: Box) -> Window | None:
        """Return the pixels under a box, a few more around; None where there are none."""
        file = self._file
        there = transform_bounds(self._crs, file.crs, *box, densify_pts=21)
        corners = [(x, y) for x in there[::2] for y in there[1::2]]
        columns, rows = zip(*(~file.transform @ corner for corner in corners), strict=True)
        left = max(0, int(np.floor(min(columns))) - _MARGIN_PX)
        top = max(0, int(np.floor(min(rows))) - _MARGIN_PX)
        right = min(file.width, int(np.ceil(max(columns))) + _MARGIN_PX)
        bottom = min(file.height, int(np.ceil(max(rows))) + _MARGIN_PX)
        if right <= left or bottom <= top:
            return None
        return Window(left, top, right - left, bottom - top)

    def _shown(self, raw: npt.NDArray[Any]) -> Floats:
        palette = _palette(self._file)
        if palette is not None:
            return np.asarray(np.moveaxis(palette[raw[0]], -1, 0), dtype=np.float32)
        bands = raw.astype(np.float32)
        if self._stretch is not None:
            bands = self._stretch.apply(bands)
        return bands if len(bands) == 3 else np.repeat(bands[:1], 3, axis=0)

    def _warped(
        self,
        bands: Floats,
        good: Floats,
        from_place: Affine,
        shape: tuple[int, int],
        place: Affine,
    ) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.bool_]]:
        """Bring bands into place; bad pixels weigh nothing, so their colour does not run out."""
        weighed = np.concatenate([np.where(good > 0, bands, 0.0), good[None]]).astype(
            np.float32
        )
        there = np.zeros((len(weighed), *shape), dtype=np.float32)
        reproject(
            weighed,
            there,
            src_transform=from_place,
            src_crs=self._file.crs,
            dst_transform=place,
            dst_crs=self._crs,
            resampling=Resampling.bilinear,
            init_dest_nodata=False,
        )
        weight = there[-1]
        colour = there[:-1] / np.maximum(weight, 1e-6)
        pixels = np.moveaxis(np.clip(np.rint(colour), 0, 255), 0, -1).astype(np.uint8)
        return np.ascontiguousarray(pixels), weight >= _HALF


def _unreadable(path: Path, error: RasterioError) -> ImageUnusable:
    return ImageUnusable(
        path, "image-unreadable", f"影像读不了：{error}", "重新拷贝，或重新导出为 GeoTIFF"
    )


def _bands(file: Any) -> list[int]:
    """Return the bands that are red, green, blue: as the file says, else the first three."""
    told = {band: number for number, band in enumerate(file.colorinterp, start=1)}
    colours = (ColorInterp.red, ColorInterp.green, ColorInterp.blue)
    if all(colour in told for colour in colours):
        return [told[colour] for colour in colours]
    shown = [
        number
        for number, band in enumerate(file.colorinterp, start=1)
        if band != ColorInterp.alpha
    ]
    return shown[:3] if len(shown) >= 3 else shown[:1] or [1]


def _palette(file: Any) -> npt.NDArray[np.uint8] | None:
    """Return the colours of a paletted image, code × 3."""
    if file.colorinterp[0] != ColorInterp.palette:
        return None
    colours = file.colormap(1)
    table = np.full(
        (max(colours) + 1 if file.dtypes[0] != "uint8" else 256, 3), PAPER, np.uint8
    )
    for code, colour in colours.items():
        table[code] = colour[:3]
    return table
