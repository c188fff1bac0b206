"""Ellipsoidal areas against a geodesic engine, against the official series, and with themselves."""

import numpy as np
import pytest
import shapely
import shapely.ops
from pyproj import CRS, Geod, Transformer

from pipeline.geometry.area import areas_m2, density, shifted
from pipeline.geometry.settings import AreaSettings

ELLIPSOID, PLANE = AreaSettings(), AreaSettings(kind="plane")
NORTH = 3_190_000
PREFIX = {4549: 0, 4528: 40_000_000}


def square(code, km_east, side):
    x = PREFIX[code] + 500_000 + km_east * 1000
    return shapely.box(x, NORTH, x + side, NORTH + side)


def area_of(shape, code=4549, settings=ELLIPSOID):
    return areas_m2(np.array([shape], dtype=object), CRS(code), settings)[0]


def degrees(shape, code):
    """The shape in longitude and latitude, its edges densified: straight on the plane."""
    way = Transformer.from_crs(code, 4490, always_xy=True)
    dense = shapely.segmentize(shape, max(shape.length / 1600, 1.0))
    return shapely.transform(dense, lambda xy: np.column_stack(way.transform(*xy.T)))


def official_series(ring):
    """The sum of trapezoids of 图斑椭球面积, ring in radians, for CGCS2000."""
    a, f = 6_378_137.0, 1 / 298.257222101
    e2, b = f * (2 - f), a * (1 - f)
    k = (
        1 + 3 / 6 * e2 + 30 / 80 * e2**2 + 35 / 112 * e2**3 + 630 / 2304 * e2**4,
        1 / 6 * e2 + 15 / 80 * e2**2 + 21 / 112 * e2**3 + 420 / 2304 * e2**4,
        3 / 80 * e2**2 + 7 / 112 * e2**3 + 180 / 2304 * e2**4,
        1 / 112 * e2**3 + 45 / 2304 * e2**4,
        5 / 2304 * e2**4,
    )
    (l1, b1), (l2, b2) = ring[:-1].T, ring[1:].T
    d_lon, d_lat, mean = (l1 + l2) / 2 - ring[0, 0], b2 - b1, (b1 + b2) / 2
    terms = (
        k[0] * np.sin(d_lat / 2) * np.cos(mean)
        - k[1] * np.sin(3 * d_lat / 2) * np.cos(3 * mean)
        + k[2] * np.sin(5 * d_lat / 2) * np.cos(5 * mean)
        - k[3] * np.sin(7 * d_lat / 2) * np.cos(7 * mean)
        + k[4] * np.sin(9 * d_lat / 2) * np.cos(9 * mean)
    )
    return abs((2 * b * b * d_lon * terms).sum())


@pytest.mark.parametrize("code", [4549, 4528])
@pytest.mark.parametrize("km_east", [0, 50, 100, 147])
@pytest.mark.parametrize("side", [20, 200, 1000])
def test_area_agrees_with_geodesics_and_with_the_official_series(code, km_east, side):
    shape = square(code, km_east, side)
    on_the_map = degrees(shape, code)
    geodesic, _ = Geod(ellps="GRS80").geometry_area_perimeter(on_the_map)
    series = official_series(np.radians(shapely.get_coordinates(on_the_map)))
    assert area_of(shape, code) == pytest.approx(abs(geodesic), abs=0.001)
    assert area_of(shape, code) == pytest.approx(series, abs=0.001)


@pytest.mark.parametrize(
    ("km_east", "too_large_by_ppm"), [(0, 0), (50, 62), (100, 247), (147, 534)]
)
def test_plane_area_grows_away_from_the_central_meridian(km_east, too_large_by_ppm):
    shape = square(4549, km_east, 100)
    assert (10_000 / area_of(shape) - 1) * 1e6 == pytest.approx(too_large_by_ppm, abs=1)


def test_zone_prefix_changes_no_area():
    assert area_of(square(4528, 100, 200), 4528) == pytest.approx(
        area_of(square(4549, 100, 200), 4549), abs=1e-6
    )


def test_plane_areas_are_those_of_the_drawing():
    assert area_of(square(4549, 147, 20), settings=PLANE) == 400


def test_holes_are_taken_out_whichever_way_rings_run():
    x, y = 640_000, NORTH
    shell = [(x, y), (x + 10, y), (x + 10, y + 10), (x, y + 10)]
    hole = [(x + 2, y + 2), (x + 4, y + 2), (x + 4, y + 4), (x + 2, y + 4)]
    for ring in (hole, hole[::-1]):
        for outer in (shell, shell[::-1]):
            assert area_of(shapely.Polygon(outer, [ring]), settings=PLANE) == 96


def test_parts_about_one_origin_add_up_to_the_whole():
    whole = shapely.Point(640_000, NORTH).buffer(700, quad_segs=50)
    lines = [
        shapely.LineString([(639_000, NORTH + k), (641_000, NORTH + 3 * k)]) for k in (0, 90)
    ]
    parts = np.array(
        [p for half in shapely.ops.split(whole, lines[0]).geoms
         for p in shapely.ops.split(half, lines[1]).geoms]
    )  # fmt: skip
    assert len(parts) == 3
    origin = np.floor([whole.bounds[:2]])
    here = density(CRS(4549), origin, np.array([whole.bounds]), ELLIPSOID)
    zero = np.zeros(len(parts), dtype=int)
    moved = here.areas_m2(shifted(parts, -origin, zero), zero)
    total = here.areas_m2(shifted(np.array([whole]), -origin, zero[:1]), zero[:1])
    assert moved.sum() == pytest.approx(total[0], abs=1e-8)


def test_no_shape_has_no_area():
    nothing = np.array([None, shapely.Polygon()], dtype=object)
    assert areas_m2(nothing, CRS(4549), ELLIPSOID).tolist() == [0, 0]
    assert areas_m2(nothing[:0], CRS(4549), ELLIPSOID).tolist() == []
