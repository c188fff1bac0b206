"""Coordinates that cannot be in their CRS, and the CRS they are likely in."""

import math

import numpy as np
import pytest
import shapely
from pyproj import Transformer

from pipeline.geometry.place import contradiction, likely_crs, typical_bounds

NEAR = (600_000, 3_180_000, 640_000, 3_220_000)  # the county, EPSG:4549
PLAIN = (607_340, 3_191_000, 620_000, 3_199_000)
PREFIXED = (40_607_340, 3_191_000, 40_620_000, 3_199_000)
DEGREES = (121.1, 28.8, 121.2, 28.9)


def swapped(box):
    return box[1], box[0], box[3], box[2]


@pytest.mark.parametrize(
    ("crs", "box", "word"),
    [
        ("EPSG:4549", PLAIN, None),
        ("EPSG:4528", PREFIXED, None),
        ("EPSG:4490", DEGREES, None),
        ("EPSG:4550", PLAIN, None),  # another zone is possible; it lies elsewhere
        ("EPSG:4549", PREFIXED, "带号 zone 40"),
        ("EPSG:4528", PLAIN, "没有带号"),
        ("EPSG:4527", PREFIXED, "带号是 39"),
        ("EPSG:4549", swapped(PLAIN), "轴 axis"),
        ("EPSG:4528", swapped(PLAIN), "轴 axis"),
        ("EPSG:4528", swapped(PREFIXED), "轴 axis"),
        ("EPSG:4490", swapped(DEGREES), "轴 axis"),
        ("EPSG:4549", DEGREES, "经纬度"),
        ("EPSG:4490", PLAIN, "范围 extent"),
        ("EPSG:4549", (0, 0, 200, 200), "范围 extent"),
        ("EPSG:4549", (9e6, 9e6, 9.1e6, 9.1e6), "范围 extent"),
        ("EPSG:4549", (math.nan,) * 4, None),
    ],
)
def test_a_contradiction_says_what_is_wrong(crs, box, word):
    found = contradiction(crs, box)
    assert found is None if word is None else word in found
    if found:
        found.encode("gbk")


@pytest.mark.parametrize(
    ("box", "first"),
    [
        (PLAIN, "EPSG:4549"),
        (PREFIXED, "EPSG:4528"),
        (DEGREES, "EPSG:4490"),
        (swapped(PLAIN), "EPSG:4549 (X、Y 轴颠倒 axis swapped)"),
        (swapped(PREFIXED), "EPSG:4528 (X、Y 轴颠倒 axis swapped)"),
        (swapped(DEGREES), "EPSG:4490 (X、Y 轴颠倒 axis swapped)"),
    ],
)
@pytest.mark.parametrize("near", [NEAR, None])
def test_the_likely_crs_comes_first(box, first, near):
    assert likely_crs(box, near, "EPSG:4549")[0] == first


@pytest.mark.parametrize(
    "code", ["EPSG:3857", "EPSG:4548", "EPSG:4491", "EPSG:4502", "EPSG:4510"]
)
def test_coordinates_of_other_systems_are_recognised(code):
    there = Transformer.from_crs("EPSG:4549", code, always_xy=True).transform_bounds(*PLAIN)
    if all(map(math.isfinite, there)) and not contradiction(code, there):
        assert code in likely_crs(there, NEAR, "EPSG:4549")


def test_nothing_fits_coordinates_from_nowhere():
    assert likely_crs((0, 0, 200, 200), NEAR, "EPSG:4549") == []
    assert likely_crs((math.inf, 0, 1, 1), NEAR, "EPSG:4549") == []


def test_one_stray_record_does_not_stretch_the_box():
    boxes = [shapely.box(607_000 + k, 3_191_000, 607_001 + k, 3_191_001) for k in range(40)]
    stray = shapely.box(40_607_000, 3_191_000, 40_607_001, 3_191_001)
    x0, _, x1, _ = typical_bounds(np.array([*boxes, stray, None], dtype=object))
    assert 607_000 <= x0 < x1 <= 607_040
    assert all(map(math.isnan, typical_bounds(np.array([None], dtype=object))))
