"""A picture draws on no other file, and only GeoTIFF is opened as one."""

import numpy as np
import pytest
import rasterio
from rasterio.errors import RasterioIOError

from pipeline.io.chips import Imagery, ImageUnusable
from pipeline.io.geotiff import open_geotiff
from pipeline.io.picture_crs import picture_crs

PLACE = rasterio.Affine(10, 0, 600_000, 0, -10, 3_190_000)


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "before.tif"
    with rasterio.open(
        path, "w", driver="GTiff", width=600, height=600, count=3, dtype="uint8",
        crs="EPSG:4549", transform=PLACE,
    ) as file:  # fmt: skip
        file.write(np.full((3, 600, 600), 100, dtype=np.uint8))
    return path


def _beside(picture, domain, name, place):
    text = f'<MDI key="{name}">{place}</MDI>'
    text = f'<PAMDataset><Metadata domain="{domain}">{text}</Metadata></PAMDataset>'
    picture.with_name(picture.name + ".aux.xml").write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("domain", "name"), [("OVERVIEWS", "OVERVIEW_FILE"), ("GEOLOCATION", "X_DATASET")]
)
@pytest.mark.parametrize(
    "place", ["/etc/hostname", "/vsicurl/http://127.0.0.1:9/x.tif", "x.tif"]
)
def test_a_picture_that_borrows_is_not_opened(picture, domain, name, place):
    _beside(picture, domain, name, place)
    with pytest.raises(RasterioIOError, match=name):
        open_geotiff(picture)
    with pytest.raises(ImageUnusable) as refused:
        Imagery(picture, "EPSG:4549")
    assert name in str(refused.value)
    assert picture_crs(picture) is None


def test_overviews_in_a_file_beside_it_are_its_own(picture):
    with rasterio.Env(TIFF_USE_OVR="YES"), rasterio.open(picture, "r+") as file:
        file.build_overviews([2, 4])
    with open_geotiff(picture) as file:
        assert file.overviews(1) == [2, 4]
    _beside(picture, "OVERVIEWS", "OVERVIEW_FILE", ":::BASE:::before.ovr")
    with open_geotiff(picture) as file:
        assert file.crs == "EPSG:4549"


@pytest.mark.parametrize(
    "text",
    [
        '<GDAL_WMS><Service name="TMS"><ServerUrl>http://127.0.0.1:9/</ServerUrl></Service></GDAL_WMS>',
        '<VRTDataset rasterXSize="1" rasterYSize="1"/>',
        '{"type": "FeatureCollection"}',
        "",
    ],
)
def test_nothing_but_geotiff_is_opened(tmp_path, text):
    path = tmp_path / "before.tif"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RasterioIOError):
        open_geotiff(path)
