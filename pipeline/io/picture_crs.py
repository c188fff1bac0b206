"""Which coordinate system a GeoTIFF is in (影像坐标系)."""

from pathlib import Path

from rasterio.errors import RasterioIOError

from pipeline.io.geotiff import open_geotiff


def picture_crs(path: Path) -> str | None:
    """Return a picture's coordinate system as WKT, empty where it names none.

    None where the file cannot be read as a picture.
    """
    try:
        with open_geotiff(path) as picture:
            return picture.crs.to_wkt() if picture.crs else ""
    except RasterioIOError:
        return None
