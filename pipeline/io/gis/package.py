"""The GeoPackage of an inspection (检查 GeoPackage): every layer with style, captions, code lists."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pyogrio

from pipeline.io.files import READ_ONLY
from pipeline.io.gis.arrow import SHAPE, arrow_table
from pipeline.io.gis.geopackage_story import write_story
from pipeline.io.gis.geopackage_styles import write_styles
from pipeline.io.written_twice import written_twice
from pipeline.schema.gis import GisLayer


@written_twice
def write_gis_package(
    path: Path,
    layers: Sequence[GisLayer],
    styles: Mapping[str, str],
    story: Sequence[tuple[str, str]] = (),
) -> None:
    """Write the layers, their QGIS styles (layer name → QML) and where they come from, read-only.

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
    write_story(path, story)
    path.chmod(READ_ONLY)
