"""Chips land where they should: a cross of known place, cut from images of every kind."""

import threading

import numpy as np
import pyproj
import pytest
import rasterio
from rasterio.transform import Affine

from pipeline.io.chips import PAPER, Imagery, ImageUnusable

CRS = "EPSG:4549"
# The working box: 100 m square at (500000, 3200000); chips of 100 px, 1 m each.
WEST, SOUTH = 500_000.0, 3_200_000.0
BOX = (WEST, SOUTH, WEST + 100, SOUTH + 100)
# The pattern: a red square of 20 m whose south-west corner is 30 m east, 50 m north of the box's.
SQUARE = (WEST + 30, SOUTH + 50, WEST + 50, SOUTH + 70)
GREY, RED = (90, 90, 90), (250, 10, 10)


def painted(place, size, crs=CRS, scale=1, dtype="uint8"):
    """Bands × rows × columns: the pattern seen through an image's own pixels (centres)."""
    rows, columns = np.mgrid[0 : size[0], 0 : size[1]]
    x, y = place @ (columns + 0.5, rows + 0.5)
    if crs != CRS:
        x, y = pyproj.Transformer.from_crs(crs, CRS, always_xy=True).transform(x, y)
    west, south, east, north = SQUARE
    here = (x >= west) & (x < east) & (y >= south) & (y < north)
    bands = np.where(here, np.array(RED)[:, None, None], np.array(GREY)[:, None, None])
    return (bands * scale).astype(dtype)


def write(path, bands, place, crs=CRS, **more):
    count, height, width = bands.shape
    profile = {"driver": "GTiff", "count": count, "height": height, "width": width}
    profile |= {"dtype": bands.dtype.name, "crs": crs, "transform": place} | more
    with rasterio.open(path, "w", **profile) as out:
        out.write(bands)
    return path


def chip_of(path, box=BOX, size_px=100):
    with Imagery(path, CRS) as imagery:
        return imagery.read_chip(box, size_px)


def red_box(chip):
    """Rows and columns of the red square in a chip: first and one past the last."""
    red = (chip.pixels[..., 0].astype(int) - chip.pixels[..., 1]) > 100
    rows, columns = np.flatnonzero(red.any(axis=1)), np.flatnonzero(red.any(axis=0))
    return rows[0], rows[-1] + 1, columns[0], columns[-1] + 1


# In the chip the square is columns 30 to 50, rows 30 to 50 (north is up: 100 − 70 to 100 − 50).
EXPECTED = (30, 50, 30, 50)


def lands(chip, within=1):
    return all(abs(a - b) <= within for a, b in zip(red_box(chip), EXPECTED, strict=True))


UPRIGHT = Affine(0.5, 0, WEST - 20, 0, -0.5, SOUTH + 120)


def test_an_upright_image(tmp_path):
    chip = chip_of(write(tmp_path / "a.tif", painted(UPRIGHT, (280, 280)), UPRIGHT))
    assert chip.pixels.shape == (100, 100, 3)
    assert (chip.west, chip.north, chip.pixel_m) == (WEST, SOUTH + 100, 1.0)
    assert chip.covered == 1.0
    assert red_box(chip) == EXPECTED
    assert tuple(chip.pixels[5, 5]) == GREY  # 8 bits are shown as they are


def test_a_rotated_image(tmp_path):
    place = (
        Affine.translation(WEST + 50, SOUTH + 50)
        @ Affine.rotation(27)
        @ Affine.scale(0.5, -0.5)
    )
    place @= Affine.translation(-200, -200)
    chip = chip_of(write(tmp_path / "a.tif", painted(place, (400, 400)), place))
    assert lands(chip)
    assert chip.covered == 1.0


def test_an_image_in_another_crs(tmp_path):
    lon, lat = pyproj.Transformer.from_crs(CRS, "EPSG:4490", always_xy=True).transform(
        WEST, SOUTH
    )
    place = Affine(5e-6, 0, lon - 0.0004, 0, -5e-6, lat + 0.0014)
    bands = painted(place, (400, 400), crs="EPSG:4490")
    chip = chip_of(write(tmp_path / "a.tif", bands, place, crs="EPSG:4490"))
    assert lands(chip)
    assert chip.covered == 1.0


def test_an_image_in_the_neighbouring_zone(tmp_path):
    x, y = pyproj.Transformer.from_crs(CRS, "EPSG:4528", always_xy=True).transform(WEST, SOUTH)
    place = Affine(0.5, 0, x - 30, 0, -0.5, y + 130)
    bands = painted(place, (320, 320), crs="EPSG:4528")
    assert lands(chip_of(write(tmp_path / "a.tif", bands, place, crs="EPSG:4528")))


def test_sixteen_bits_are_stretched_by_the_whole_image(tmp_path):
    """Values 900 and 2,500: the neighbouring chip without red has the same grey."""
    bands = painted(UPRIGHT, (280, 280), scale=10, dtype="uint16")
    path = write(tmp_path / "a.tif", bands, UPRIGHT)
    chip, beside = chip_of(path), chip_of(path, (WEST + 60, SOUTH, WEST + 100, SOUTH + 40), 40)
    assert lands(chip)
    assert tuple(chip.pixels[5, 5]) == tuple(beside.pixels[5, 5])


def test_nodata_is_left_out_of_the_stretch_and_shown_as_paper(tmp_path):
    bands = painted(UPRIGHT, (280, 280), scale=10, dtype="uint16")
    bands[:, :, :120] = 65_535  # 60 m from −20 m: the western 40 m of the box
    chip = chip_of(write(tmp_path / "a.tif", bands, UPRIGHT, nodata=65_535))
    assert (chip.pixels[:, :40] == PAPER).all()
    assert chip.covered == pytest.approx(0.6, abs=0.01)
    assert chip.pixels[5, 41, 0] == chip.pixels[5, 90, 0]  # nothing runs over from nodata


def test_partial_cover_is_paper_never_black(tmp_path):
    place = Affine(0.5, 0, WEST + 40, 0, -0.5, SOUTH + 120)  # starts 40 m into the box
    chip = chip_of(write(tmp_path / "a.tif", painted(place, (280, 280)), place))
    assert (chip.pixels[:, :39] == PAPER).all()
    assert tuple(chip.pixels[80, 45]) == GREY
    assert chip.covered == pytest.approx(0.6, abs=0.011)


@pytest.mark.parametrize(("dtype", "scale", "black"), [("uint8", 1, 2), ("uint16", 10, 0)])
def test_black_that_nobody_declared_is_paper_too(tmp_path, dtype, scale, black):
    bands = painted(UPRIGHT, (280, 280), scale=scale, dtype=dtype)
    bands[:, :, :120] = black  # the western 40 m of the box
    bands[:, 200:203, 200:203] = 0  # a dark spot is ground
    chip = chip_of(write(tmp_path / "a.tif", bands, UPRIGHT))
    assert (chip.pixels[:, :39] == PAPER).all()
    assert chip.covered == pytest.approx(0.6, abs=0.01)
    assert chip.pixels[80, 80].sum() < chip.pixels[5, 60].sum()


def test_no_cover_is_none(tmp_path):
    place = Affine(0.5, 0, WEST + 500, 0, -0.5, SOUTH + 120)
    assert chip_of(write(tmp_path / "a.tif", painted(place, (50, 50)), place)) is None


def test_one_band_is_grey_and_four_bands_show_the_first_three(tmp_path):
    bands = painted(UPRIGHT, (280, 280))
    one = chip_of(write(tmp_path / "one.tif", bands[:1], UPRIGHT))
    assert tuple(one.pixels[40, 40]) == (250, 250, 250)
    near_infrared = np.full_like(bands[:1], 77)
    four = np.concatenate([bands, near_infrared])
    path = write(tmp_path / "four.tif", four, UPRIGHT, photometric="RGB", alpha="UNSPECIFIED")
    assert red_box(chip_of(path)) == EXPECTED


def test_an_alpha_band_makes_paper(tmp_path):
    bands = painted(UPRIGHT, (280, 280))
    alpha = np.full_like(bands[:1], 255)
    alpha[:, :, :120] = 0
    path = write(
        tmp_path / "a.tif",
        np.concatenate([bands, alpha]),
        UPRIGHT,
        photometric="RGB",
        alpha="YES",
    )
    chip = chip_of(path)
    assert (chip.pixels[:, :40] == PAPER).all()
    assert tuple(chip.pixels[5, 60]) == GREY


def test_a_palette_is_shown_in_its_colours(tmp_path):
    codes = (painted(UPRIGHT, (280, 280))[:1] > 100).astype("uint8")
    path = tmp_path / "a.tif"
    profile = {"driver": "GTiff", "count": 1, "height": 280, "width": 280, "dtype": "uint8"}
    with rasterio.open(path, "w", **profile, crs=CRS, transform=UPRIGHT) as out:
        out.write(codes)
        out.write_colormap(1, {0: (*GREY, 255), 1: (*RED, 255)})
    chip = chip_of(path)
    assert red_box(chip) == EXPECTED
    assert tuple(chip.pixels[5, 5]) == GREY


def test_a_fine_image_is_read_coarsely(tmp_path):
    place = Affine(0.05, 0, WEST, 0, -0.05, SOUTH + 100)
    path = write(tmp_path / "a.tif", painted(place, (2000, 2000)), place)
    assert lands(chip_of(path))


def test_a_box_that_is_not_square(tmp_path):
    path = write(tmp_path / "a.tif", painted(UPRIGHT, (280, 280)), UPRIGHT)
    chip = chip_of(path, (WEST, SOUTH + 20, WEST + 100, SOUTH + 80), 200)
    assert chip.pixels.shape == (120, 200, 3)
    assert red_box(chip) == (20, 60, 60, 100)


@pytest.mark.parametrize(("crs", "place"), [(None, UPRIGHT), (CRS, Affine.identity())])
@pytest.mark.filterwarnings("ignore::rasterio.errors.NotGeoreferencedWarning")  # while writing
def test_an_image_without_a_place_is_told(tmp_path, crs, place):
    path = write(tmp_path / "a.tif", painted(UPRIGHT, (10, 10)), place, crs=crs)
    with pytest.raises(ImageUnusable, match="坐标系") as told:
        Imagery(path, CRS)
    assert told.value.finding.severity == "noted"


@pytest.mark.parametrize("content", [None, b"", b"not a picture"])
def test_an_image_that_cannot_be_read_is_told(tmp_path, content):
    path = tmp_path / "a.tif"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ImageUnusable, match="读不了"):
        Imagery(path, CRS)


@pytest.mark.parametrize("dtype", ["uint8", "uint16"])
def test_an_image_cut_short_is_told(tmp_path, dtype):
    place = Affine(1, 0, WEST, 0, -1, SOUTH + 100)
    path = write(tmp_path / "image.tif", painted(place, (100, 100), dtype=dtype), place)
    path.write_bytes(path.read_bytes()[:-9_000])
    with pytest.raises(ImageUnusable, match="影像读不了"):
        chip_of(path)


def test_an_image_with_a_damaged_part_shows_the_rest(tmp_path):
    place = Affine(1, 0, WEST, 0, -1, SOUTH + 300)
    kind = {"compress": "deflate", "tiled": True, "blockxsize": 16, "blockysize": 16}
    path = write(tmp_path / "image.tif", painted(place, (300, 300)), place, **kind)
    with rasterio.open(path) as image:
        first = image.get_tag_item("BLOCK_OFFSET_5_10", "TIFF", 1)
    content = bytearray(path.read_bytes())
    content[int(first) : int(first) + 20] = b"\xff" * 20
    path.write_bytes(content)
    assert chip_of(path, (WEST + 85, SOUTH + 130, WEST + 90, SOUTH + 135), 10) is None
    assert chip_of(path) is not None


def test_threads_get_what_one_gets(tmp_path):
    path = write(tmp_path / "a.tif", painted(UPRIGHT, (280, 280)), UPRIGHT)
    expected = chip_of(path).pixels
    with Imagery(path, CRS) as imagery:
        got = []
        threads = [
            threading.Thread(target=lambda: got.append(imagery.read_chip(BOX, 100).pixels))
            for _ in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert all((one == expected).all() for one in got)
    assert len(got) == 8
