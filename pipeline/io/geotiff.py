"""Opening a GeoTIFF that draws on no other file (打开 GeoTIFF)."""

from pathlib import Path
from typing import Any

import rasterio
from rasterio.errors import RasterioIOError

# By these a picture, or the .aux.xml beside it, names files to read instead of its own pixels.
_BORROWED = {"OVERVIEWS": ("OVERVIEW_FILE",), "GEOLOCATION": ("X_DATASET", "Y_DATASET")}
_BESIDE = ":::BASE:::"  # GDAL's own way to name a file of the same name


def open_geotiff(path: Path) -> Any:
    """Return the open picture; raise ``RasterioIOError`` where it is no GeoTIFF of its own.

    Nothing but GeoTIFF is tried, whatever the file is called: other formats of GDAL are lists of
    links to more files and to servers.
    """
    file = rasterio.open(path, driver="GTiff")
    for domain, names in _BORROWED.items():
        tags = file.tags(ns=domain)
        for name in names:
            if name in tags and not _is_beside(tags[name]):
                file.close()
                raise RasterioIOError(f"它要另外的文件({name} {tags[name]})")
    return file


def _is_beside(place: str) -> bool:
    name = place.removeprefix(_BESIDE)
    return place.startswith(_BESIDE) and not set(name) & set("/\\:")
