"""Bad inputs G: shapes that are invalid, repeated, empty, curved, astray or nearly right."""

import math
import sqlite3
import struct
from contextlib import closing

import numpy as np
import pandas as pd
import pytest
import shapely
from shapely import LineString, MultiPolygon, Point, Polygon, box

from tests.bad_inputs.case import Case
from tests.bad_inputs.county import (
    BING,
    BOXES,
    JIA,
    YI,
    Layer,
    both,
    change_layer,
    layers,
    part,
)
from tests.bad_inputs.damage import gdal, instead
from tests.bad_inputs.received import about, area_of, received
from tests.county import ORIGIN
from tests.io.deliveries import write_shp

# The change that most of the cases spoil: 5,000 m² without approval, last of 乙镇.
ID, ROW = f"{YI}0010", 19
X0, Y0, X1, Y1 = BOXES[ID]
WITHOUT_IT = {YI: (1_000, 45_000, 0, 0, False)}
NAN = float("nan")
SHELL = [(X0, Y0), (X0, Y1), (X1, Y1), (X1, Y0)]
HOLE = [(X0 + 10, Y0 + 10), (X0 + 20, Y0 + 10), (X0 + 20, Y0 + 20), (X0 + 10, Y0 + 20)]


def _illegal(m2, *, new=None):
    """Return the figures of 乙镇 where the change has so much ground."""
    return {YI: (1_000 + m2, new or 45_000 + m2, 0, 0, 1_000 + m2 > 0.08 * (45_000 + m2))}


def _on_the_map(shape):
    """Move a shape of the local metres to its place."""
    with np.errstate(invalid="ignore"):
        return shape and shapely.transform(
            shape, lambda at: at + np.array([*ORIGIN, 0][: at.shape[1]]), include_z=shape.has_z
        )


def _shaped(*shapes, row=ROW):
    """Return a spoiler that replaces the shapes of a layer from one record on."""

    def edit(layer: Layer) -> Layer:
        geometry = np.array(layer.geometry, dtype=object)
        for number, shape in enumerate(shapes, start=row):
            geometry[number] = _on_the_map(shape)
        return layer.set_geometry(geometry, crs=layer.crs)

    return edit


def _reshaped(shape, *, row=ROW, name="change"):
    return change_layer(name, _shaped(shape, row=row))


def _more(name, *records):
    """Return a spoiler that adds records like another: (like, shape, values)."""

    def edit(layer: Layer) -> Layer:
        rows = [layer.iloc[[like]].assign(**values) for like, _, values in records]
        for row, (_, shape, _) in zip(rows, records, strict=True):
            row.geometry = [_on_the_map(shape) if shape else row.geometry.iloc[0]]
        return type(layer)(pd.concat([layer, *rows], ignore_index=True), crs=layer.crs)

    return change_layer(name, edit)


def _twice(name, **values):
    """Return a spoiler that hands a layer down twice, the second time with other values."""

    def edit(layer: Layer) -> Layer:
        again = layer.assign(**{key: value(layer) for key, value in values.items()})
        return type(layer)(pd.concat([layer, again], ignore_index=True), crs=layer.crs)

    return change_layer(name, edit)


def _ringed(*rings):
    """Return a spoiler that writes the change's rings byte by byte, in this order and direction."""

    def spoil(folder):
        shapes = [_clockwise(shape) for shape in layers()["change"].geometry]
        x, y = ORIGIN
        shapes[ROW] = [[(at[0] + x, at[1] + y) for at in ring] for ring in rings]
        write_shp(part(folder, "change", ".shp"), shapes)

    return spoil


def _clockwise(shape):
    return [list(shape.exterior.normalize().coords)[::-1]]


def _closed(ring):
    return [*ring, ring[0]]


def _as_geopackage(name, *shapes, row=ROW):
    """Return a spoiler that delivers a layer as a GeoPackage, which keeps what a .shp cannot."""
    write = gdal("GPKG", geometry_type="Unknown")
    edit = _shaped(*shapes, row=row)
    return instead(name, f"{name}.gpkg", lambda path, layer: write(path, edit(layer)))


def _curved(path, layer):
    """Write a layer as a GeoPackage whose change is half a disc with an arc for its edge."""
    gdal("GPKG", geometry_type="Unknown")(path, layer)
    (west, north), (east, _) = (np.add(at, ORIGIN) for at in ((X0, Y1), (X1, Y1)))
    middle = (west + east) / 2
    arc = struct.pack("<BII6d", 1, 8, 3, west, north, middle, north - 25, east, north)
    line = struct.pack("<BII4d", 1, 2, 2, east, north, west, north)
    ring = struct.pack("<BII", 1, 9, 2) + arc + line
    curve = b"GP\0\1" + struct.pack("<i", 4549) + struct.pack("<BII", 1, 10, 1) + ring
    with closing(sqlite3.connect(path)) as base:
        triggers = base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        for (trigger,) in triggers.fetchall():
            base.execute(f'DROP TRIGGER "{trigger}"')
        table = base.execute("SELECT table_name FROM gpkg_geometry_columns").fetchone()[0]
        base.execute(f'UPDATE "{table}" SET geom = ? WHERE fid = ?', (curve, ROW + 1))
        base.commit()


def _circle(radius, count):
    turn = np.linspace(0, 2 * np.pi, count + 1)[:-1]
    centre = (X0 + X1) / 2, (Y0 + Y1) / 2
    return Polygon(np.c_[centre[0] + radius * np.cos(turn), centre[1] + radius * np.sin(turn)])


def _hole(*corners):
    return Polygon(SHELL, [corners])


SQUARE = box(X0, Y0, X1, Y1)
BOW_TIE = Polygon([(X0, Y0), (X1, Y1), (X1, Y0), (X0, Y1)])
NOT_A_POLYGON = [
    Point(X0, Y0),
    LineString([(X0, Y0), (X1, Y1)]),
    shapely.GeometryCollection([box(X0, Y0, X1, Y1), Point(X0, Y0)]),
]
QUARANTINED = [
    Case("G01", _reshaped(BOW_TIE), "quarantine", ("invalid:self-intersection", "原 0.00", "按线修复 2,500.00", "按面修复 2,500.00", "填报 5,000.00"), record=ID, figures=WITHOUT_IT),
    Case("G09", _reshaped(None), "quarantine", ("null geometry",), "null-geometry", ID, WITHOUT_IT),
    Case("G10", _ringed(_closed([(X0, Y0), (X1, NAN), (X1, Y1), (X0, Y1)])), "quarantine", ("non-finite",), "non-finite", ID, WITHOUT_IT),
    Case("G15", _as_geopackage("change", *NOT_A_POLYGON, row=20), "quarantine", ("geometry type", "Point"), "geometry-type", f"{BING}0101", counted={"changes": 20}),
    Case("G20", _more("change", (ROW, box(9_000, 0, 9_050, 100), {"JCBH": "X1"})), "quarantine", ("outside",), "outside", "X1"),
]  # fmt: skip
REPAIRED = [
    Case("G07", _ringed(_closed(SHELL), _closed(HOLE)[::-1]), "repair", ("环|ring", "5100.00", "4900.00"), "ring-order", ID, _illegal(4_900)),
    Case("G11", _ringed(SHELL), "repair", ("closed|闭合",), "ring-closed", ID),
]  # fmt: skip


@pytest.mark.parametrize("case", [*QUARANTINED, *REPAIRED], ids=lambda case: case.id)
def test_a_shape_that_is_none_is_kept_out_and_one_that_means_one_thing_is_mended(tried, case):
    assert all(one.remedy for one in tried(case).findings if one.severity == "quarantined")


ACROSS = [(X0 + 30, 120), (X0 + 70, 120), (X0 + 70, 140), (X0 + 30, 140)]
TWO_HOLES = [
    [(X0 + 5, 110), (X0 + 30, 110), (X0 + 30, 160), (X0 + 5, 160)],
    [(X0 + 20, 130), (X0 + 45, 130), (X0 + 45, 190), (X0 + 20, 190)],
]
LOOP = [(X0, 100), (X1, 100), (X1, 200), (X0, 200), (X0, 140), (X0 + 20, 140), (X0 + 20, 170), (X0 - 20, 170), (X0 - 20, 100)]  # fmt: skip
TINY_LOOP = [*SHELL, (X0 + 0.01, Y0), (X0, Y0 + 0.01), (X0 + 0.01, Y0 + 0.01)]
SPIKE = [(X0, Y0), (X1, Y0), (X1, Y1), (X1, Y1 + 30), (X1, Y1), (X0, Y1)]
INSIDE = box(X0 + 10, 110, X0 + 30, 130)
IN_DOUBT = [
    ("hole-across", _as_geopackage("change", _hole(*ACROSS)), "invalid:self-intersection"),
    ("hole-is-shell", _as_geopackage("change", _hole(*SHELL)), "invalid:self-intersection"),
    ("holes-overlap", _reshaped(Polygon(SHELL, TWO_HOLES)), "invalid:self-intersection"),
    (
        "nested",
        _as_geopackage("change", MultiPolygon([SQUARE, INSIDE])),
        "invalid:nested-shells",
    ),
    ("loop", _reshaped(Polygon(LOOP)), "invalid:self-intersection"),
    ("empty", _as_geopackage("change", Polygon()), "empty-geometry"),
    (
        "flat",
        _as_geopackage("change", Polygon([(X0, Y0), (X1, Y0), (X0 + 9, Y0)])),
        "zero-area",
    ),
    ("infinite", _ringed(_closed([(X0, Y0), (X1, np.inf), (X1, Y1)])), "non-finite"),
    ("off-earth", _ringed(_closed([(X0, Y0), (X1, 1e300), (X1, Y1)])), "off-earth"),
    ("line", _as_geopackage("change", NOT_A_POLYGON[1]), "geometry-type"),
    ("collection", _as_geopackage("change", NOT_A_POLYGON[2]), "geometry-collection"),
]


@pytest.mark.parametrize(("name", "spoil", "code"), IN_DOUBT, ids=[one[0] for one in IN_DOUBT])
def test_what_may_mean_two_grounds_does_not_count(clean, tmp_path, name, spoil, code):
    made = received(clean, tmp_path, spoil)

    (found,) = about(made, ID)
    assert (found.code, found.severity) == (code, "quarantined"), name
    assert area_of(made, ID) is None
    if code.startswith("invalid"):
        assert all(word in found.message for word in ("原", "按线修复", "按面修复", "填报"))


OVERLAPPING = MultiPolygon([box(X0, Y0, X0 + 40, Y1), box(X0 + 20, Y0, X1, Y1)])
ONE_MEANING = [
    ("tiny-loop", _reshaped(Polygon(TINY_LOOP)), "invalid:ring-self-intersection", 5_000),
    ("walked-twice", _reshaped(Polygon([*SHELL, *SHELL])), "invalid:self-intersection", 5_000),
    ("overlap", _as_geopackage("change", OVERLAPPING), "invalid:self-intersection", 5_000),
    ("twice", _as_geopackage("change", MultiPolygon([SQUARE, SQUARE])), "invalid:self-intersection", 5_000),
    ("spike", _reshaped(Polygon(SPIKE)), "invalid:ring-self-intersection", 5_000),
    ("height-not-a-number", _as_geopackage("change", Polygon([(x, y, NAN if x > X0 else 5) for x, y in SHELL])), "odd-height", 5_000),
    ("needle", _reshaped(Polygon([*SHELL[:2], (X1 - 1e-4, Y1), (X1, Y1 + 90), (X1, Y1), SHELL[3]])), "spike", 5_000.0045),
    ("both-reversed", _ringed(_closed(SHELL)[::-1], _closed(HOLE)[::-1]), "stated-area", 4_900),
    ("hole-first", _ringed(_closed(HOLE), _closed(SHELL)), "stated-area", 4_900),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "spoil", "code", "area"), ONE_MEANING, ids=[one[0] for one in ONE_MEANING]
)
def test_what_has_one_meaning_counts_with_its_area(clean, tmp_path, name, spoil, code, area):
    made = received(clean, tmp_path, spoil)

    assert code in {found.code for found in about(made, ID)}, name
    assert area_of(made, ID) == pytest.approx(area, abs=1e-3)
    mended = [found for found in about(made, ID) if found.severity == "repaired"]
    assert all(found.area_m2 == pytest.approx(area, abs=1e-3) for found in mended)


def _edges_off(metres):
    """Return a spoiler that lets every approval miss the edges of its change by a hair."""

    def edit(layer: Layer) -> Layer:
        shapes = [box(x0 - metres, y0 + metres, x1 + metres, y1) for x0, y0, x1, y1 in layer.bounds.to_numpy()]  # fmt: skip
        return layer.set_geometry(shapes, crs=layer.crs)

    return change_layer("approved", edit)


APPROVED_ONE = BOXES[f"{JIA}0001"]
SLIVER = box(*APPROVED_ONE).buffer(-4e-4, join_style="mitre")
HALF_DISC = round(45 * 25**2 * math.sin(math.radians(4)) / 2, 4)  # 45 steps of 4 degrees
SAID = [
    Case("G04", _twice("approved"), "flag", ("duplicate|重复",), "duplicate", "浙土字[2023]第0010001号"),
    Case("G05", _twice("change", JCBH=lambda layer: "9" + layer["JCBH"]), "flag", ("duplicate|重复", ID), "duplicate", f"9{ID}"),
    Case("G06", _more("change", (ROW, box(X0 + 25, Y0, X1 + 25, Y1), {"JCBH": "X1"})), "flag", ("overlap|重叠", "2,500.00"), "overlap", "X1", _illegal(7_500)),
    Case("G13", _reshaped(SLIVER, row=0, name="approved"), "flag", ("sliver|碎|小于", "0.12"), "sliver", f"{JIA}0001", {JIA: (3_000, 49_999.88, 0, 1_000, False)}),
    Case("G16", instead("change", "change.gpkg", _curved), "flag", ("curve|arc|弧",), "curve", ID, _illegal(HALF_DISC)),
    Case("G21", change_layer("townships", _shaped(box(1000.5, 0, 2000, 1000), row=1)), "flag", ("gap|缝", JIA, YI), "township-gap"),
    Case("G25", _more("farmland", (0, box(700, 0, 1000, 500), {"BSM": "P9"})), "flag", ("overlap|重叠", "P1", "P9"), "overlap"),
    Case("G23", _reshaped(_circle(25, 100_000)), "flag", ("stated-area",), "stated-area", ID, {YI: (2963.4954, 46963.4954, 0, 0, False)}),
]  # fmt: skip


@pytest.mark.parametrize("case", SAID, ids=lambda case: case.id)
def test_ground_that_is_counted_once_or_nearly_right_is_said(tried, case):
    outcome = tried(case)

    if case.code in {"duplicate", "overlap", "sliver", "township-gap"}:
        (area,) = {one.area_m2 is not None and one.area_m2 > 0 for one in outcome.findings if one.code == case.code}  # fmt: skip
        assert area


ACCEPTED = [
    Case("G03", _more("approved", (0, box(80, 80, 250, 250), {"PZWH": "另一号"})), "accept"),
    Case("G12", _edges_off(1e-7), "accept"),
    Case("G17", _as_geopackage("change", shapely.force_3d(SQUARE, 12.5)), "accept"),
    Case("G19", both(_reshaped(box(950, 100, 1050, 200), row=9), _reshaped(box(950, 100, 970, 200), row=9, name="approved")), "flag", ("stated-area",), figures={JIA: (3_000, 50_000, 0, 375, False), YI: (11_000, 55_000, 0, 625, True)}),
    Case("G24", _reshaped(Polygon(SHELL, [[(X0, Y0), (X0 + 10, Y0 + 20), (X0 + 20, Y0 + 10)]])), "flag", ("stated-area",), record=ID, figures=_illegal(4_850)),
]  # fmt: skip


@pytest.mark.parametrize("case", ACCEPTED, ids=lambda case: case.id)
def test_what_is_sound_counts_as_it_came(tried, case):
    tried(case)


TINY_HOLE = [(X0 + 9, 150), (X0 + 9 + 1e-9, 150), (X0 + 9, 150 + 1e-9)]
SOUND = [
    ("tiny-hole", _as_geopackage("change", _hole(*TINY_HOLE))),
    ("shell-reversed", _ringed(_closed(SHELL)[::-1])),
    ("a-point-twice", _reshaped(Polygon([*SHELL, SHELL[-1]]))),
]


@pytest.mark.parametrize(("name", "spoil"), SOUND, ids=[one[0] for one in SOUND])
def test_a_valid_shape_passes_without_a_word(clean, tmp_path, name, spoil):
    made = received(clean, tmp_path, spoil)

    assert made.findings == [], name
    assert area_of(made, ID) == pytest.approx(5_000, abs=1e-6)
