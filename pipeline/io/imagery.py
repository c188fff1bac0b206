"""Writing small georeferenced pictures (影像 GeoTIFF)."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import numpy.typing as npt
import rasterio
import rasterio.features
import shapely

Pixels = npt.NDArray[np.uint8]


def burn(
    shapes: Iterable[shapely.Geometry],
    north_west: tuple[float, float],
    pixel_m: float,
    size: tuple[int, int],
) -> npt.NDArray[np.int32]:
    """Return a picture of rows × columns with the number of the shape there, from 1; else 0."""
    numbered = ((shape, number) for number, shape in enumerate(shapes, start=1))
    return np.asarray(
        rasterio.features.rasterize(
            numbered, out_shape=size, transform=_place(north_west, pixel_m), dtype="int32"
        )
    )


def write_geotiff(
    path: Path, bands: Pixels, north_west: tuple[float, float], pixel_m: float, crs: str
) -> None:
    """Write bands × rows × columns as a tiled, compressed GeoTIFF."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count, rows, columns = bands.shape
    with rasterio.open(
        path,
        "w",
        driver="GTiff",
        height=rows,
        width=columns,
        count=count,
        dtype="uint8",
        crs=crs,
        transform=_place(north_west, pixel_m),
        tiled=True,
        compress="JPEG",
        photometric="YCbCr",
        jpeg_quality=72,
    ) as out:
        out.write(bands)


def _place(north_west: tuple[float, float], pixel_m: float) -> rasterio.Affine:
    west, north = north_west
    return rasterio.Affine(pixel_m, 0.0, west, 0.0, -pixel_m, north)
