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


CHINA = "+lat_0=35 +lon_0=105 +ellps=GRS80 +type=crs"


@pytest.mark.parametrize(
    ("crs", "x", "y"),
    [
        ("EPSG:4549", 685_000, 2_000_000),
        ("EPSG:4549", 315_000, 5_800_000),
        ("EPSG:4509", 850_000, 3_500_000),
        ("EPSG:32650", 850_000, 3_500_000),
        (f"+proj=merc {CHINA}", 1_000_000, 6_500_000),
        (f"+proj=aea +lat_1=25 +lat_2=47 {CHINA}", 1_500_000, 1_000_000),
        (f"+proj=laea {CHINA}", 1_500_000, 1_000_000),
    ],
)
def test_area_agrees_with_geodesics_in_any_projection(crs, x, y):
    shape = shapely.box(x, y, x + 1500, y + 900)
    geodetic = CRS(crs).geodetic_crs
    way = Transformer.from_crs(crs, geodetic, always_xy=True)
    dense = shapely.segmentize(shape, 1.0)
    lon, lat = way.transform(*shapely.get_coordinates(dense).T)
    geodesic, _ = geodetic.get_geod().polygon_area_perimeter(lon, lat)
    # The geodesics themselves add up to no better than 2e-10.
    assert area_of(shape, crs) == pytest.approx(abs(geodesic), rel=1e-9)


@pytest.mark.parametrize("far", [20_000, 170_000, 340_000])
@pytest.mark.parametrize("side", [30, 2_000, 7_900])
def test_area_on_a_sphere_agrees_with_its_closed_form(far, side):
    radius = 6_371_000
    strip = radius * side * np.diff(np.tanh(np.array([far, far + side]) / radius))[0]
    on_sphere = f"+R={radius} +type=crs"
    north = shapely.box(0, far, side, far + side)  # of the equator
    east = shapely.box(far, 3_000_000, far + side, 3_000_000 + side)  # of the meridian
    assert area_of(north, f"+proj=merc {on_sphere}") == pytest.approx(strip, rel=3e-11)
    assert area_of(east, f"+proj=tmerc {on_sphere}") == pytest.approx(strip, rel=3e-11)


def test_an_area_depends_on_no_other_polygon():
    rng = np.random.default_rng(7)
    corner = rng.uniform((500_000, NORTH), (600_000, NORTH + 90_000), (200, 2))
    size = 10 ** rng.uniform(1, 4, 200)
    shapes = shapely.box(*corner.T, *(corner + size[:, None]).T)
    together = areas_m2(shapes, CRS(4549), ELLIPSOID)
    for rows in (slice(0, 1), slice(3, 10), slice(10, 200, 7)):
        assert areas_m2(shapes[rows], CRS(4549), ELLIPSOID).tolist() == together[rows].tolist()


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
    assert areas_m2(nothing, CRS(4528), ELLIPSOID).tolist() == [0, 0]
    assert areas_m2(nothing[:0], CRS(4549), ELLIPSOID).tolist() == []
