"""Bad inputs F: files that are cut, swapped, disguised, linked, packed or wrongly encoded."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.bad_inputs import damage
from tests.bad_inputs.case import Case
from tests.bad_inputs.county import (
    JIA,
    YI,
    change_config,
    change_layer,
    layers,
    part,
    write_layer,
)
from tests.bad_inputs.damage import gone, half, instead, packed, rewritten
from tests.bad_inputs.watched import listening

VRT = """<OGRVRTDataSource><OGRVRTLayer name="change">
<SrcDataSource relativeToVRT="0">{source}</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
LFS = "version https://git-lfs.github.com/spec/v1\noid sha256:0a1b\nsize 98304\n"
NO_APPROVAL = {JIA: (50_000, 50_000, 0, 1_000, True), YI: (50_000, 50_000, 0, 0, True)}
_FIRST_RECORD = 100 + 8


def _table_of_another_delivery(folder):
    """Put the table of 22 changes beside the shapes of 23."""
    other = folder.parent / "other"
    (other / "data").mkdir(parents=True)
    write_layer(other, "change", layers()["change"].iloc[1:])
    shutil.copy(part(other, "change", ".dbf"), part(folder, "change", ".dbf"))


def _shapes_of_another_delivery(folder):
    """Put shapes of 23 other records, a few of more corners, beside the index of this one."""
    other = folder.parent / "other"
    (other / "data").mkdir(parents=True)
    layer = layers()["change"]
    layer.geometry = layer.geometry.segmentize(30)
    write_layer(other, "change", layer)
    shutil.copy(part(other, "change", ".shp"), part(folder, "change", ".shp"))


def _without_code_page(name, text=None):
    """Write a layer's text as GBK; leave no .cpg, or one that says something else."""

    def spoil(folder):
        write_layer(folder, name, layers()[name], encoding="GBK")
        page = part(folder, name, ".cpg")
        page.unlink()
        rewritten(name, ".dbf", packed(29, "B", 0))(folder)
        if text is not None:
            page.write_bytes(text)

    return spoil


def _code_page(name, text):
    def spoil(folder):
        part(folder, name, ".cpg").write_bytes(text)

    return spoil


def _upper_case(folder):
    for end in (".shp", ".shx", ".dbf", ".prj", ".cpg"):
        part(folder, "change", end).rename(folder / "data" / f"CHANGE{end.upper()}")
    change_config(("data/change.shp", "data/CHANGE.SHP"))(folder)


def _two_layers(path, layer):
    for name in ("change", "backup"):
        damage.gdal("GPKG", layer=name)(path, layer)


def _link_in_the_results(folder):
    precious = folder.parent / "precious.csv"
    precious.write_text("mine", encoding="utf-8")
    out = folder / "workspace" / "out"
    out.mkdir()
    (out / "townships.csv").symlink_to(precious)


BROKEN = [
    Case("F01", gone("change", ".dbf"), "refuse", ("change", "dbf"), "missing-part"),
    Case("F02", gone("change", ".shx"), "refuse", ("change", "shx"), "missing-part"),
    Case("F03", gone("change", ".prj"), "refuse", ("change", "prj|CRS|坐标系")),
    Case("F04", rewritten("change", ".shp", half), "refuse", ("change", "truncat|截断|不完整")),
    Case(
        "F05-shp-header-alone",
        rewritten("change", ".shp", lambda data: data[:100]),
        "refuse",
        ("change.shp", "截断"),
    ),
    Case(
        "F05-last-record-lost",
        rewritten("change", ".shp", lambda data: data[:-136]),
        "refuse",
        ("change.shp", "截断"),
    ),
    Case("F06", rewritten("change", ".dbf", packed(4, "<I", 5)), "refuse", ("5 条", "23 条")),
    Case("F07", rewritten("change", ".dbf", half), "refuse", ("change", "dbf")),
    Case(
        "F08-dbf-second-half-zeros",
        rewritten(
            "change", ".dbf", lambda data: half(data) + bytes(len(data) - len(data) // 2)
        ),
        "refuse",
        ("change.dbf", "损坏"),
    ),
    Case(
        "F08-shx-second-half-zeros",
        rewritten(
            "change", ".shx", lambda data: half(data) + bytes(len(data) - len(data) // 2)
        ),
        "refuse",
        ("change", "shx"),
    ),
    Case("F09", rewritten("change", ".prj", half), "refuse", ("change", "prj")),
    Case("F10", rewritten("change", ".shp", lambda _: b""), "refuse", ("change", "空")),
    Case("F10-shx", rewritten("change", ".shx", lambda _: b""), "refuse", ("change.shx", "空")),
    Case("F11-dbf", rewritten("change", ".dbf", lambda _: b""), "refuse", ("change.dbf", "空")),
    Case("F29", _table_of_another_delivery, "refuse", ("change", "23", "22")),
    Case("F29-shapes", _shapes_of_another_delivery, "refuse", ("change.sh[px]",)),
    Case(
        "F35",
        rewritten("change", ".dbf", packed(4, "<I", 2**31)),
        "refuse",
        ("change.dbf", str(2**31)),
    ),
    Case(
        "F36",
        rewritten("change", ".shp", packed(_FIRST_RECORD + 40, "<i", 268_000_000)),
        "refuse",
        ("change.shp", "点数"),
    ),
    Case(
        "F36-parts",
        rewritten("change", ".shp", packed(_FIRST_RECORD + 36, "<i", 268_000_000)),
        "refuse",
        ("change.shp",),
    ),
]
EMPTY = [
    Case(
        "F16",
        change_layer("change", lambda layer: layer.iloc[:0]),
        "refuse",
        ("change", "0 条", "allow_empty"),
        "empty-layer",
    ),
    Case(
        "F17",
        lambda folder: (
            change_layer("approved", lambda layer: layer.iloc[:0])(folder),
            change_config(('data/approved.shp"', 'data/approved.shp"\nallow_empty = true'))(
                folder
            ),
        ),
        "accept",
        figures=NO_APPROVAL,
        counted={"approvals": 0, "changes": 23},
    ),
]
TEXT = [
    Case("F12", _without_code_page("townships"), "repair", ("GBK", "townships")),
    Case("F13", _without_code_page("townships", b"UTF-8"), "repair", ("townships", "cpg")),
    Case("F14", _code_page("townships", b"GBK"), "repair", ("townships", "cpg", "UTF-8")),
    Case(
        "F15-unknown-code-page",
        _without_code_page("townships", b"KOI-77"),
        "repair",
        ("townships", "cpg", "GBK"),
    ),
    Case("F15-cpg-with-bom", _code_page("townships", b"\xef\xbb\xbfUTF-8\r\n"), "accept"),
]
DISGUISED = [
    Case(
        "F30", instead("change", "change.gpkg", _two_layers), "refuse", ("layer|图层", "backup")
    ),
    Case(
        "F31",
        instead("change", "change.gpkg", damage.then(damage.gdal("GPKG"), half)),
        "refuse",
        ("change.gpkg", "截断"),
    ),
    Case(
        "F31-fgb",
        instead("change", "change.fgb", damage.then(damage.gdal("FlatGeobuf"), half)),
        "refuse",
        ("change.fgb",),
    ),
    Case(
        "F31-parquet",
        instead("change", "change.parquet", damage.then(damage.parquet, half)),
        "refuse",
        ("change.parquet", "截断"),
    ),
    Case(
        "F31-geojson",
        instead("change", "change.geojson", damage.then(damage.geojson, half)),
        "refuse",
        ("change.geojson", "截断"),
    ),
    Case(
        "F32",
        instead("change", "change.gpkg", damage.of_text(LFS)),
        "refuse",
        ("LFS", "change.gpkg"),
    ),
    Case(
        "F32-html",
        instead("change", "change.gpkg", damage.of_text("<html>登录</html>")),
        "refuse",
        ("change.gpkg", "HTML"),
    ),
]
PLACES = [
    Case("F26", _link_in_the_results, "refuse", ("symlink|链接",)),
    Case("F33", _upper_case, "accept"),
    Case("F34", damage.moved("临海 (2024) [下发] 100%"), "accept"),
]


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


# Cut or swapped in other formats than the table's.


def _write_ahead_log(path, layer):
    """Write a GeoPackage as QGIS leaves it when it crashes: the last edit waits in the -wal."""
    damage.gdal("GPKG", layer="change")(path, layer)
    writer = sqlite3.connect(path)
    _without_index(writer)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("UPDATE change SET TBLX = '01' WHERE JCBH = ?", [f"{YI}0010"])
    writer.commit()
    for end in ("", "-wal", "-shm"):
        shutil.copy(f"{path}{end}", f"{path}{end}.kept")
    writer.close()
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}.kept").replace(f"{path}{end}")


def _journal(path, layer):
    """Write a GeoPackage as a program leaves it that dies inside a change of every record."""
    damage.gdal("GPKG", layer="change")(path, layer.assign(BZ="核" * 140))
    with closing(sqlite3.connect(path)) as writer:
        _without_index(writer)
        writer.execute("PRAGMA cache_size=1")  # what is changed is written before it is meant
        writer.execute("UPDATE change SET TBLX = '01'")
        for end in ("", "-journal"):
            shutil.copy(f"{path}{end}", f"{path}{end}.kept")
        writer.rollback()
    for end in ("", "-journal"):
        Path(f"{path}{end}.kept").replace(f"{path}{end}")


def _without_index(writer):
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rtree%'"
    for (name,) in writer.execute(triggers).fetchall():
        writer.execute(f"DROP TRIGGER {name}")  # they call functions that only GDAL has


def _lone_log(path, layer):
    damage.gdal("GPKG", layer="change")(path, layer)
    path.with_name(path.name + "-wal").write_bytes(bytes(4_096))


def _gdb_without(pattern):
    def write(path, layer):
        damage.gdal("OpenFileGDB", layer="change")(path, layer)
        for file in path.glob(pattern):
            file.unlink()

    return write


def _gdb_cut(path, layer):
    damage.gdal("OpenFileGDB", layer="change")(path, layer)
    largest = max(path.glob("*.gdbtable"), key=lambda file: file.stat().st_size)
    largest.write_bytes(half(largest.read_bytes()))


def _lines(path, layer):
    """Write a feature a line (GeoJSONSeq), cut in half: GDAL reads the whole lines silently."""
    features = layer.to_json(drop_id=True).split('{"type": "Feature", ')[1:]
    lines = ['{"type": "Feature", ' + one.rstrip(", ]}") + "}}" for one in features]
    path.write_text("\n".join(lines)[: len(lines) * 100], encoding="utf-8")


def _stated_count(path, layer):
    damage.gdal("GPKG", layer="change")(path, layer)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE gpkg_ogr_contents SET feature_count = 5")


def _zeros_inside(path, layer):
    damage.gdal("GPKG", layer="change")(path, layer)
    data = path.read_bytes()
    middle = len(data) // 8192 * 4096
    path.write_bytes(data[:middle] + bytes(8192) + data[middle + 8192 :])


OTHERS = [
    Case(
        "other-gpkg-wal",
        instead("change", "change.gpkg", _write_ahead_log),
        "accept",
        figures={YI: (1_000, 45_000, 0, 0, False)},
    ),
    Case(
        "other-gpkg-counts-otherwise",
        instead("change", "change.gpkg", _stated_count),
        "refuse",
        ("change.gpkg", "5 条", "23 条"),
    ),
    Case(
        "other-gpkg-zeros-inside",
        instead("change", "change.gpkg", _zeros_inside),
        "refuse",
        ("change.gpkg", "损坏"),
    ),
    Case("other-gpkg-journal", instead("change", "change.gpkg", _journal), "accept"),
    Case("other-gpkg-empty-wal", instead("change", "change.gpkg", _lone_log), "accept"),
    Case(
        "other-gdb-without-a-table",
        instead("change", "change.gdb", _gdb_without("a00000009.gdbtable")),
        "refuse",
        ("change.gdb",),
    ),
    Case(
        "other-gdb-without-an-index",
        instead("change", "change.gdb", _gdb_without("*.gdbtablx")),
        "refuse",
        ("change.gdb", "缺失"),
    ),
    Case(
        "other-gdb-without-its-catalogue",
        instead("change", "change.gdb", _gdb_without("a00000001.*")),
        "refuse",
        ("change.gdb",),
    ),
    Case(
        "other-gdb-cut",
        instead("change", "change.gdb", _gdb_cut),
        "refuse",
        ("change.gdb", "截断"),
    ),
    Case(
        "other-geojson-lines",
        instead("change", "change.geojson", _lines),
        "refuse",
        ("change.geojson",),
    ),
]
CASES = [*BROKEN, *EMPTY, *TEXT, *DISGUISED, *PLACES, *OTHERS]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case, tried):
    tried(case)
