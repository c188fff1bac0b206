"""The layers as a file geodatabase for ArcGIS (FileGDB 成果), in one archive."""

import tempfile
from collections.abc import Sequence
from pathlib import Path

import pyogrio

from pipeline.io.gis.archive import write_folder_archive
from pipeline.io.gis.arrow import SHAPE, arrow_table
from pipeline.io.written_twice import written_twice
from pipeline.schema.gis import GisLayer, worded

# FileGDB draws random identifiers unless told otherwise. GDAL option → value.
_REPRODUCIBLE = {"OPENFILEGDB_REPRODUCIBLE_UUID": "YES"}
# Corners on a grid of a tenth of a millimetre, as ArcGIS has it by default for metres: the area of
# an ordinary change moves by less than 0.01 m².
_GRID = {
    "XORIGIN": "-5120900",
    "YORIGIN": "-9998100",
    "XYSCALE": "10000",
    "XYTOLERANCE": "0.001",
}


@written_twice
def write_filegdb_archive(path: Path, layers: Sequence[GisLayer], comment: str = "") -> None:
    """Write ``<name>.gdb`` with Chinese field aliases and widths into a zip (``<name>.gdb.zip``).

    An archive, because ArcGIS leaves locks and indexes in a geodatabase that it opens; QGIS and
    GDAL read it as it is. Codes are written as the Chinese words. The same layers give the same
    bytes.
    """
    pyogrio.set_gdal_config_options(_REPRODUCIBLE)
    with tempfile.TemporaryDirectory(prefix="filegdb-") as folder:
        base = Path(folder) / path.name.removesuffix(".zip")
        for number, coded in enumerate(layers):
            layer = worded(coded)
            pyogrio.raw.write_arrow(
                arrow_table(layer, for_filegdb=True),
                base,
                layer=layer.name,
                driver="OpenFileGDB",
                append=number > 0,
                geometry_name=SHAPE,
                geometry_type="MultiPolygon",
                crs=layer.frame.crs.to_wkt(),
                layer_options={"LAYER_ALIAS": layer.title, "GEOMETRY_NAME": "SHAPE", **_GRID},
            )
        write_folder_archive(path, base, comment)
