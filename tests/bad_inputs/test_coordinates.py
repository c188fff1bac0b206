"""Bad inputs C: shapes that lie elsewhere, in another zone, axis order, datum or unit."""

import numpy as np
import pytest
import shapely
from pyproj import CRS

from tests.bad_inputs.case import Case
from tests.bad_inputs.county import JIA, change_config, change_layer, part
from tests.bad_inputs.damage import instead

WORKING, PREFIXED, NEXT_ZONE, DEGREES = "EPSG:4549", "EPSG:4528", "EPSG:4548", "EPSG:4490"


def _labelled(crs):
    """Return an edit that leaves the numbers and gives them another CRS."""
    return lambda layer: layer.set_crs(crs, allow_override=True)


def _in(crs):
    """Return an edit that puts a layer correctly in another CRS."""
    return lambda layer: layer.to_crs(crs)


def _prefixed_under_the_working_crs(layer):
    return layer.to_crs(PREFIXED).set_crs(WORKING, allow_override=True)


def _swapped(layer):
    return layer.set_geometry(shapely.transform(layer.geometry, lambda at: at[:, ::-1]))


def _swapped_degrees(layer):
    return _swapped(layer.to_crs(DEGREES))


def _one_prefixed(layer):
    """Give one record of the layer the zone prefix that the others do not have."""
    shapes = np.array(layer.geometry, dtype=object)
    shapes[9] = shapely.affinity.translate(shapes[9], 40_000_000)
    return layer.set_geometry(shapes, crs=layer.crs)


def _in_kilometres(layer):
    return layer.set_geometry(shapely.transform(layer.geometry, lambda at: at / 1000))


def _without_prj(edit):
    def spoil(folder):
        change_layer("change", edit)(folder)
        part(folder, "change", ".prj").unlink()

    return spoil


def _prj(text):
    return lambda folder: part(folder, "change", ".prj").write_text(text, encoding="utf-8")


ELSEWHERE = [
    Case(
        "C01",
        change_layer("change", _prefixed_under_the_working_crs),
        "refuse",
        ("change", "带号", "40", 'crs = "EPSG:4528"'),
        "crs-contradicted",
    ),
    Case(
        "C01-approved",
        change_layer("approved", _prefixed_under_the_working_crs),
        "refuse",
        ("approved", "带号"),
    ),
    Case(
        "C02",
        change_layer("change", _swapped),
        "refuse",
        ("change", "轴|范围", "对调后重新导出,对调后像是 EPSG:4549"),
    ),
    Case(
        "C02-degrees", change_layer("change", _swapped_degrees), "refuse", ("change", "轴|范围")
    ),
    Case(
        "C03-next-zone",
        change_layer("change", _labelled(NEXT_ZONE)),
        "refuse",
        ("change", 'crs = "EPSG:4549"'),
    ),
    Case("C06", _without_prj(_in(DEGREES)), "refuse", ("change", "CRS|prj|坐标", "EPSG:4490")),
    Case("C06-empty-prj", _prj(""), "refuse", ("change", "prj", "EPSG:4549")),
    Case(
        "C07", change_layer("approved", _labelled("EPSG:2385")), "refuse", ("西安", "parameter")
    ),
    Case(
        "C07-beijing-54",
        change_layer("approved", _labelled("EPSG:2437")),
        "refuse",
        ("北京", "parameter"),
    ),
    Case("C09-kilometres", change_layer("change", _in_kilometres), "refuse", ("change",)),
    Case(
        "C11-local-system",
        _prj('LOCAL_CS["临海城建坐标系",UNIT["metre",1]]'),
        "refuse",
        ("change", "地方坐标系"),
    ),
    Case("C11-geocentric", _prj(CRS.from_epsg(4978).to_wkt()), "refuse", ("change", "坐标系")),
    Case("C11-height", _prj(CRS.from_epsg(5737).to_wkt()), "refuse", ("change", "坐标系")),
]
WELL_MEANT = [
    Case("C04", change_layer("approved", _in(NEXT_ZONE)), "accept"),
    Case("C05", change_layer("approved", _in(DEGREES)), "accept"),
    Case("C08", change_layer("change", _in("EPSG:3857")), "accept"),
    Case("C10", change_layer("change", _in(PREFIXED)), "accept"),
    Case(
        "C10-every-layer-another",
        lambda folder: (
            change_layer("change", _in(PREFIXED))(folder),
            change_layer("approved", _in("EPSG:4527"))(folder),
            change_layer("farmland", _in(DEGREES))(folder),
            change_layer("townships", _in("EPSG:32651"))(folder),
        ),
        "accept",
        tolerates=("area",),
    ),
    Case(
        "C12-config-supplies-the-crs",
        lambda folder: (
            part(folder, "change", ".prj").unlink(),
            change_config(('change.shp"', 'change.shp"\ncrs = "EPSG:4549"'))(folder),
        ),
        "accept",
    ),
]
ONE_ASTRAY = Case(
    "C13-one-record-prefixed",
    change_layer("change", _one_prefixed),
    "quarantine",
    ("3310820010010",),
    figures={JIA: (0, 45_000, 0, 0, False)},
)
CASES = [*ELSEWHERE, *WELL_MEANT, ONE_ASTRAY]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case, tried):
    tried(case)


def test_geojson_without_a_crs_is_in_degrees(tried):
    """A GeoJSON of metres that names no CRS means degrees by its standard: nobody lives there."""

    def write(path, layer):
        path.write_text(
            layer.set_crs(None, allow_override=True).to_json(drop_id=True), encoding="utf-8"
        )

    tried(
        Case(
            "C06-geojson", instead("change", "change.geojson", write), "refuse", ("EPSG:4549",)
        )
    )


def test_a_supplied_crs_that_is_wrong(tried):
    spoil = change_config(('change.shp"', 'change.shp"\ncrs = "EPSG:4548"'))
    tried(Case("C03-config", spoil, "refuse", ("change", "EPSG:4549")))
