"""Bad inputs F18 to F25: files that call, read, unpack or lead to what is not theirs."""

import pytest

from tests.bad_inputs import damage
from tests.bad_inputs.case import Case
from tests.bad_inputs.county import part
from tests.bad_inputs.damage import instead
from tests.bad_inputs.watched import listening

VRT = """<OGRVRTDataSource><OGRVRTLayer name="change">
<SrcDataSource relativeToVRT="0">{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
SCHEMA = """<?xml version="1.0"?><ogr:FeatureCollection xmlns:ogr="http://ogr.maptools.org/"
 xmlns:gml="http://www.opengis.net/gml" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xsi:schemaLocation="http://ogr.maptools.org/ {url}/change.xsd"><gml:featureMember/>
</ogr:FeatureCollection>"""
SERVICE = "<OGRWFSDataSource><URL>{url}/wfs?</URL></OGRWFSDataSource>"
MAP = "<GDAL_WMS><Service name='TMS'><ServerUrl>{url}/x</ServerUrl></Service></GDAL_WMS>"
STAC = """{"type": "FeatureCollection", "stac_version": "1.0.0", "features": [
{"type": "Feature", "assets": {"a": {"href": "{url}/x.tif"}}}]}"""


def _linked_crs(path, layer, url):
    """Write a GeoJSON whose CRS is what an address of the network answers."""
    link = {"type": "link", "properties": {"href": f"{url}/crs", "type": "proj4"}}
    damage.geojson(path, layer, crs=link)


def _named_by_address(path, layer, url):
    named = {"type": "name", "properties": {"name": f"{url}/EPSG/4549"}}
    damage.geojson(path, layer, crs=named)


def _calls_in_prj(folder, url):
    part(folder, "change", ".prj").write_text(f"{url}/4549.wkt", encoding="utf-8")


def _delivers(file, text):
    """Return a spoiler that delivers the changes as a text which names an address."""
    return lambda folder, url: instead(
        "change", file, damage.of_text(text.replace("{url}", url))
    )(folder)


def _writes(file, write):
    return lambda folder, url: instead(
        "change", file, lambda path, layer: write(path, layer, url)
    )(folder)


# id, spoiler (given the folder and an address that counts who calls), what the message holds
CALLING = [
    (
        "F18",
        _delivers("change.geojson", VRT.format(source="/vsicurl/{url}/x.geojson")),
        ("change.geojson", "格式"),
    ),
    (
        "F18-shp",
        _delivers("change.shp", VRT.format(source="/vsicurl/{url}/x.shp")),
        ("change.shp", "格式"),
    ),
    ("F20", _writes("change.geojson", _linked_crs), ("crs", "change.geojson", "链接")),
    ("F20-name", _writes("change.geojson", _named_by_address), ("crs", "change.geojson")),
    ("F20-prj", _calls_in_prj, ("change.prj", "CRS")),
    ("F21", _delivers("change.xml", SERVICE), ("change.xml", "连网")),
    ("F21-wms", _delivers("change.gpkg", MAP), ("change.gpkg", "连网")),
    (
        "F21-stac",
        _delivers("change.json", STAC),
        ("change.json",),
    ),
    ("F22", _delivers("change.gml", SCHEMA), ("GML",)),
]


@pytest.mark.parametrize(("case_id", "spoil", "says"), CALLING, ids=[one[0] for one in CALLING])
def test_a_file_that_calls_the_network(case_id, spoil, says, tried):
    with listening() as (url, calls):
        tried(Case(case_id, lambda folder: spoil(folder, url), "refuse", says))
    assert calls == []


SECRET = "13905760000"
# a disguised file that has GDAL read another one, outside of the project
READING = [
    (
        "F19",
        instead(
            "change",
            "change.gpkg",
            damage.of_text(VRT.format(source="{folder}/../secret.csv")),
        ),
    ),
    (
        "F19-geojson",
        instead(
            "change",
            "change.geojson",
            damage.of_text(VRT.format(source="{folder}/../secret.csv")),
        ),
    ),
]


@pytest.mark.parametrize(("case_id", "spoil"), READING, ids=[one[0] for one in READING])
def test_a_file_that_reads_another(case_id, spoil, tried, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(f"name,phone\n甲,{SECRET}\n", encoding="utf-8")
    says = ("change.g", "format|driver|格式")

    outcome = tried(Case(case_id, spoil, "refuse", says, canaries=(SECRET,)))

    assert [name for name in outcome.seen.opened if "secret" in name] == []


def _linked_ledger(folder):
    (folder / "hand" / "cases.xlsx").rename(folder.parent / "outside.xlsx")
    (folder / "hand" / "cases.xlsx").symlink_to(folder.parent / "outside.xlsx")


def _linked_folder(folder):
    (folder / "data").rename(folder.parent / "outside")
    (folder / "data").symlink_to(folder.parent / "outside")


LINKS = [
    Case("F25", damage.linked("change", ".shp"), "refuse", ("symlink|链接|之外",)),
    Case("F25-side-file", damage.linked("change", ".dbf"), "refuse", ("change.dbf", "链接")),
    Case("F25-ledger", _linked_ledger, "refuse", ("cases.xlsx", "链接")),
    Case("F25-folder", _linked_folder, "refuse", ("change.shp", "之外")),
]


@pytest.mark.parametrize("case", LINKS, ids=lambda case: case.id)
def test_a_link_out_of_the_project_is_not_followed(case, tried):
    outcome = tried(case)
    assert [name for name in outcome.seen.opened if "outside" in name] == []


ARCHIVES = [
    Case(
        "F23",
        instead(
            "change",
            "change.zip",
            lambda path, _: path.write_bytes(
                damage.zipped({"../../escaped.shp": b"x", "/tmp/escaped.shp": b"x"})
            ),
        ),
        "refuse",
        ("zip", "路径"),
    ),
    Case(
        "F23-named-shp",
        instead(
            "change",
            "change.shp",
            lambda path, _: path.write_bytes(damage.zipped({"../escaped.shp": b"x"})),
        ),
        "refuse",
        ("change.shp",),
    ),
    Case(
        "F24",
        instead(
            "change",
            "change.zip",
            lambda path, _: path.write_bytes(damage.zipped({"change.shp": bytes(200 << 20)})),
        ),
        "refuse",
        ("zip", "大小|压缩"),
    ),
]


@pytest.mark.parametrize("case", ARCHIVES, ids=lambda case: case.id)
def test_an_archive_is_not_unpacked(case, tried, tmp_path):
    outcome = tried(case)
    here = [path.name for path in tmp_path.rglob("*")]
    assert [name for name in here if "escaped" in name] == []
    assert not any("escaped" in name for name in outcome.seen.opened)
