"""Which GDAL, GEOS and PROJ the wheels carry (底层库版本): each wheel has its own."""

import fiona
import pyogrio
import pyproj
import rasterio
import shapely


def native_versions() -> dict[str, dict[str, str]]:
    """Return wheel → library → version, as the wheels tell it themselves."""
    return {
        "fiona": {"GDAL": str(fiona.__gdal_version__)},
        "pyogrio": {
            "GDAL": _dotted(pyogrio.__gdal_version__),
            "GEOS": _dotted(pyogrio.__gdal_geos_version__),
        },
        "pyproj": {"PROJ": str(pyproj.proj_version_str)},
        "rasterio": {
            "GDAL": str(rasterio.__gdal_version__),
            "GEOS": str(rasterio.__geos_version__),
            "PROJ": str(rasterio.__proj_version__),
        },
        "shapely": {"GEOS": str(shapely.geos_version_string)},
    }


def _dotted(version: tuple[int, ...] | None) -> str:
    return ".".join(map(str, version or ())) or "-"
