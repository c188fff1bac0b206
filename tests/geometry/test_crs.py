"""Coordinate systems: which may be the working one, which are the same, how others come in."""

import numpy as np
import pytest
import shapely
from pyproj import CRS, Transformer

from pipeline.geometry.crs import needs_parameters, same_crs, to_working, working_problem
from pipeline.geometry.settings import DatumShift

WORKING = "EPSG:4549"
# As a county's GIS writes it: another name for datum and projection, no EPSG code.
BY_HAND = (
    'PROJCS["CGCS_2000_3_Degree_GK_CM_120E",GEOGCS["GCS_CGCS_2000",DATUM["D_CGCS_2000",'
    'SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],'
    'PARAMETER["False_Easting",500000.0],PARAMETER["False_Northing",0.0],'
    'PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
ESRI = CRS(WORKING).to_wkt("WKT1_ESRI")
SQUARE = shapely.Polygon(
    [(607_340.123, 3_191_000.456), (607_440, 3_191_000), (607_440, 3_191_100.001)]
)


def column(*shapes):
    return np.array(shapes, dtype=object)


def drawn_in(code, shape, decimals):
    way = Transformer.from_crs(WORKING, code, always_xy=True)
    return shapely.transform(
        shape, lambda xy: np.round(np.column_stack(way.transform(*xy.T)), decimals)
    )


@pytest.mark.parametrize(
    ("crs", "word"),
    [
        ("EPSG:4549", None),
        ("EPSG:4528", None),
        ("EPSG:4490", "投影"),
        ("EPSG:2229", "米"),
    ],
)
def test_working_crs_is_projected_in_metres(crs, word):
    problem = working_problem(crs)
    assert problem is None if word is None else word in problem


@pytest.mark.parametrize(
    ("one", "same"),
    [
        (WORKING, True),
        (ESRI, True),
        (BY_HAND, True),
        ("EPSG:4528", False),  # prefix
        ("EPSG:4548", False),  # zone
        ("EPSG:4490", False),
        ("EPSG:2385", False),  # Xi'an 80, same projection
        ("EPSG:32651", False),
    ],
)
def test_names_do_not_make_another_crs(one, same):
    assert same_crs(one, WORKING) is same


@pytest.mark.parametrize("crs", ["EPSG:4490", "EPSG:4326", "EPSG:3857", "EPSG:32651", "EPSG:9000",
                                 "EPSG:4479", BY_HAND, "+proj=longlat +ellps=GRS80"])  # fmt: skip
def test_cgcs2000_wgs84_and_itrf_are_one_datum(crs):
    assert not needs_parameters(crs, WORKING)


@pytest.mark.parametrize("crs", ["EPSG:4610", "EPSG:2385", "EPSG:4214", "EPSG:2437", "EPSG:4555",
                                 "+proj=longlat +ellps=krass", "EPSG:4269"])  # fmt: skip
def test_older_datums_need_parameters(crs):
    assert needs_parameters(crs, WORKING)


def test_a_datum_needs_no_parameters_to_itself():
    assert not needs_parameters("EPSG:4610", "EPSG:2385")


def test_what_is_in_the_working_crs_stays_as_it_came():
    odd = shapely.Point(607_340.123456789, 3_191_000.987654321).buffer(1)
    assert to_working(column(odd), ESRI, WORKING)[0].equals_exact(odd, 0)


@pytest.mark.parametrize(
    ("code", "decimals"),
    [
        ("EPSG:4528", 3),
        ("EPSG:4490", 11),
        ("EPSG:4326", 11),
        ("EPSG:4548", 6),
        ("EPSG:3857", 6),
    ],
)
def test_reprojected_vertices_come_back_to_their_whole_millimetres(code, decimals):
    back = to_working(column(drawn_in(code, SQUARE, decimals), None), code, WORKING)
    assert back[0].equals_exact(SQUARE, 0)
    assert back[1] is None


def test_neighbours_from_degrees_share_their_edge_again():
    left, right = (
        shapely.box(607_000, 3_191_000, 607_010.007, 3_191_009),
        shapely.box(607_010.007, 3_191_000, 607_020, 3_191_009),
    )
    a, b = to_working(
        column(drawn_in("EPSG:4490", left, 11), drawn_in("EPSG:4490", right, 11)),
        "EPSG:4490",
        WORKING,
    )
    assert a.touches(b)
    assert a.union(b).area == pytest.approx(180, abs=1e-6)


def test_heights_are_left_out():
    flat = to_working(column(shapely.Polygon([(120, 28, 5), (121, 28, 6), (121, 29, 7)])),
                      "EPSG:4490", WORKING)[0]  # fmt: skip
    assert not flat.has_z


def test_a_vertex_without_a_place_is_infinite():
    lost = shapely.Polygon([(40_607_340, 3_191_000), (40_607_350, 3_191_000), (4e7, 3_191_010)])
    moved = to_working(column(lost), "EPSG:4549", "EPSG:4548")[0]
    assert not np.isfinite(shapely.get_coordinates(moved)).all()


def test_seven_parameters_move_by_the_vector_they_state():
    # On the equator at longitude 90° the geocentric y axis points up and x to the west.
    here = column(shapely.Point(90, 0))
    shift = DatumShift(dx_m=-100, dy_m=0, dz_m=50)
    there = to_working(here, "EPSG:4490", "EPSG:4539", shift)[0]  # central meridian 90°E
    assert (there.x - 500_000, there.y) == (
        pytest.approx(100, abs=0.01),
        pytest.approx(50, abs=0.5),
    )


def test_rotation_follows_the_position_vector_convention():
    # A positive rotation about z turns the position vector eastwards: 1″ of 6378137 m.
    shift = DatumShift(dx_m=0, dy_m=0, dz_m=0, rz_arcsec=1)
    there = to_working(column(shapely.Point(90, 0)), "EPSG:4490", "EPSG:4539", shift)[0]
    assert there.x - 500_000 == pytest.approx(30.92, abs=0.01)
