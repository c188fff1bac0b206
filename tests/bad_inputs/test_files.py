"""Bad inputs F: files that are cut, swapped, disguised, linked, packed or wrongly encoded."""

import shutil

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


def _without_features(path, layer):
    damage.geojson(path, layer, features=[])


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
        "F16-asked-for",
        lambda folder: (
            change_layer("change", lambda layer: layer.iloc[:0])(folder),
            change_config(('data/change.shp"', 'data/change.shp"\nallow_empty = true'))(folder),
        ),
        "flag",
        ("整改", "3310820010010"),
        figures=dict.fromkeys((JIA, YI), (0, 0, 0, 0, False)),
        counted={"changes": 0},
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
    Case(
        "F17-a-geojson-without-features-names-no-fields",
        lambda folder: (
            instead("approved", "approved.geojson", _without_features)(folder),
            change_config(
                ('data/approved.geojson"', 'data/approved.geojson"\nallow_empty = true')
            )(folder),
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


CASES = [*BROKEN, *EMPTY, *TEXT, *DISGUISED, *PLACES]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case, tried):
    tried(case)
