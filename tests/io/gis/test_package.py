import hashlib
import sqlite3
import time

import pyogrio
import pytest

from pipeline.io.gis.package import write_gis_package
from tests.gis import layer

STYLE = "<qgis><!-- '疑似' --></qgis>"


@pytest.fixture(scope="module")
def package(tmp_path_factory):
    path = tmp_path_factory.mktemp("gis") / "inspection.gpkg"
    write_gis_package(path, [layer(), layer("pieces")], {"changes": STYLE})
    return path


def _rows(path, sql):
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as base:
        return base.execute(sql).fetchall()


def test_values_come_back_as_they_were(package):
    frame = pyogrio.read_dataframe(package, layer="changes")
    full, bare = frame.drop(columns="geometry").to_dict("records")
    assert full["change_id"] == "007"
    assert full["verdict"] == "illegal"  # the code word: its meaning is listed beside
    assert full["reason"] == "未见批准<手续>&\"'"
    assert (full["area_m2"], full["ratio_net"], full["change_count"]) == (233.946, 0.08, 3)
    assert str(full["approved_on"])[:10] == "2024-03-15"
    assert all(bare[name] != bare[name] or bare[name] is None for name in ("area_m2", "reason"))
    assert set(frame.geom_type) == {"MultiPolygon"}


def test_layers_are_called_by_their_chinese_names(package):
    names = dict(_rows(package, "SELECT table_name, identifier FROM gpkg_contents"))
    assert names["changes"] == "变化图斑（试）"
    assert [name for name, _ in pyogrio.list_layers(package)] == [
        "changes",
        "pieces",
        "layer_styles",
    ]


def test_columns_have_chinese_names_units_and_meanings(package):
    found = _rows(
        package,
        "SELECT name, title, description FROM gpkg_data_columns"
        " WHERE table_name = 'changes' AND column_name = 'area_m2'",
    )
    assert found[0][:2] == ("图斑面积（㎡）",) * 2
    assert "图斑" in found[0][2] or found[0][2]


def test_codes_have_a_list_of_meanings_that_gdal_sees(package):
    listed = "SELECT value, description FROM gpkg_data_column_constraints"
    found = _rows(package, f"{listed} WHERE constraint_name = 'changes_verdict'")
    assert dict(found) == {"illegal": "疑似违法", "legal": "合法"}
    schema = pyogrio.read_arrow(package, layer="changes")[1].schema
    metadata = schema.field("verdict").metadata
    assert metadata[b"GDAL:OGR:domain_name"] == b"changes_verdict"
    assert metadata[b"GDAL:OGR:alternative_name"].decode() == "认定结论"


def test_a_layer_has_its_default_style(package):
    sql = "SELECT f_table_name, f_geometry_column, styleQML, useAsDefault FROM layer_styles"
    assert _rows(package, sql) == [("changes", "geom", STYLE, 1)]


def test_nobody_writes_into_it(package):
    assert package.stat().st_mode & 0o222 == 0


def test_old_software_opens_it(package):
    assert _rows(package, "PRAGMA user_version") == [(10200,)]
    assert _rows(package, "PRAGMA integrity_check") == [("ok",)]


def test_the_same_layers_give_the_same_bytes(package, tmp_path):
    time.sleep(1.1)  # a clock in the file would show
    again = tmp_path / "again.gpkg"
    write_gis_package(again, [layer(), layer("pieces")], {"changes": STYLE})
    assert (
        hashlib.sha256(again.read_bytes()).digest()
        == hashlib.sha256(package.read_bytes()).digest()
    )
