"""The drivers that follow links stay out, without a word at import."""

import subprocess
import sys
from importlib.util import find_spec

import pytest

VRT = """<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
RASTER = """<VRTDataset rasterXSize="1" rasterYSize="1"><VRTRasterBand dataType="Byte" band="1"/></VRTDataset>"""

PROGRAMS = {
    "pyogrio": "import pyogrio; pyogrio.read_info({!r})",
    "fiona": "import fiona; fiona.open({!r})",
    "rasterio": "import rasterio; rasterio.open({!r})",
}


# fiona has no wheel for some platforms
INSTALLED = [library for library in PROGRAMS if find_spec(library) is not None]


@pytest.mark.parametrize("library", INSTALLED)
def test_a_vrt_under_a_false_name_does_not_open(tmp_path, library):
    target = tmp_path / "target.geojson"
    target.write_text('{"type": "FeatureCollection", "features": []}')
    vrt = tmp_path / "a.tif"
    vrt.write_text(RASTER if library == "rasterio" else VRT.format(target))
    program = f"import pipeline\nimport {library}\nprint('imported')\n" + PROGRAMS[
        library
    ].format(str(vrt))
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=False
    )
    assert ran.stdout.strip() == "imported"
    assert ran.returncode == 1
    assert "Unable to find driver" not in ran.stderr
