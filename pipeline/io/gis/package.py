"""The GeoPackage of an inspection (检查 GeoPackage): every layer with style, captions, code lists."""

import stat
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyogrio

from pipeline.io.gis.arrow import SHAPE, arrow_table
from pipeline.io.gis.geopackage_styles import write_styles
from pipeline.schema.gis import GisLayer

_READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


def write_gis_package(
    path: Path, layers: Sequence[GisLayer], styles: Mapping[str, str]
) -> None:
    """Write the layers and their QGIS styles (layer name → QML); the file is read-only.

    Read-only because QGIS changes bytes of a GeoPackage that it may write, without any edit. The
    same layers and styles give the same bytes. Version 1.2, which old QGIS and ArcGIS open.
    """
    for number, layer in enumerate(layers):
        pyogrio.raw.write_arrow(
            arrow_table(layer),
            path,
            layer=layer.name,
            driver="GPKG",
            append=number > 0,
            geometry_name=SHAPE,
            geometry_type="MultiPolygon",
            crs=layer.frame.crs.to_wkt(),
            dataset_options={"VERSION": "1.2"} if number == 0 else None,
            layer_options={"FID": "fid", "IDENTIFIER": layer.title, "GEOMETRY_NAME": SHAPE},
        )
    write_styles(path, layers, styles)
    path.chmod(_READ_ONLY)
