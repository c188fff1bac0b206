"""The workbook and the GeoPackage of the check-up, read back."""

import sqlite3
from datetime import date
from html import unescape

import openpyxl
import pyogrio
import pytest

from pipeline.io.gis.package import write_gis_package
from pipeline.report.checkup.book import write_checkup_book
from pipeline.report.checkup.places import places_layer, places_style
from tests.report.checkup.ward import EVIL, NOTED, PLACELESS, QUARANTINED, SMALLER, checkup

DAY = date(2025, 3, 31)


@pytest.fixture
def book(tmp_path):
    write_checkup_book(
        tmp_path / "check.xlsx", checkup(SMALLER, PLACELESS, NOTED, QUARANTINED), DAY
    )
    return openpyxl.load_workbook(tmp_path / "check.xlsx")


def _table(sheet):
    """Return the rows from the header on, blanks at their end left out."""
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=3)]


def test_every_finding_is_a_row_worst_first(book):
    header, *rows = _table(book["问题"])
    assert header == [
        "程度", "图层", "问题", "记录", "发现", "怎样处理的", "怎样改",
        "面积（㎡）", "面积（亩）", "横坐标（米）", "纵坐标（米）", "问题代码",
    ]  # fmt: skip
    assert [row[:3] for row in rows] == [
        ["隔离", "变化图斑", "图形无效"],
        ["修复", "变化图斑", "编码按内容认定"],
        ["提示", "地类图斑", "地类图斑重叠"],
        ["提示", "地类图斑", "地类图斑重叠"],
    ]
    assert rows[2][3:] == [
        "P1", "P1 有问题，共一处", "重叠的地只计一次", "改正界线",
        200, 0.3, 600_035, 3_190_010, "land-use-overlap",
    ]  # fmt: skip


def test_texts_of_strangers_are_no_formulas(book):
    cell = book["问题"]["D4"]
    assert (cell.data_type, cell.value) == ("s", EVIL.replace("\u202e", "\\u202e"))


def test_kinds_are_counted_and_layers_accounted_for(book):
    _, *kinds = _table(book["一览"])
    assert kinds[2] == ["提示", "地类图斑", "地类图斑重叠", 2, 300, 0.45, "land-use-overlap"]
    header, row = _table(book["图层"])
    assert dict(zip(header, row, strict=True)) == {
        "图层": "变化图斑", "文件": "图斑<b>.shp",
        "送检（条）": 12, "计入（条）": 9, "隔离（条）": 2, "不计（条）": 1,
        "送检（㎡）": 8000, "修复（㎡）": 0, "计入（㎡）": 6666.6667,
        "隔离（㎡）": 1333.3333, "不计（㎡）": 0,
    }  # fmt: skip


def test_the_same_check_up_gives_the_same_bytes(tmp_path):
    for name, found in (("a", [NOTED, SMALLER]), ("b", [SMALLER, NOTED])):
        made = checkup(*found)
        write_checkup_book(tmp_path / f"{name}.xlsx", made, DAY)
        layer = places_layer(made, "EPSG:4549")
        write_gis_package(tmp_path / f"{name}.gpkg", [layer], {"places": places_style(layer)})
    for kind in ("xlsx", "gpkg"):
        first, second = (tmp_path / f"{name}.{kind}" for name in "ab")
        assert first.read_bytes() == second.read_bytes()


def test_places_have_the_texts_and_a_style(tmp_path):
    layer = places_layer(checkup(PLACELESS, NOTED, QUARANTINED), "EPSG:4549")
    write_gis_package(tmp_path / "places.gpkg", [layer], {layer.name: places_style(layer)})
    rows = pyogrio.read_dataframe(tmp_path / "places.gpkg", layer="places")
    assert rows.crs.to_epsg() == 4549
    assert list(rows["title"]) == ["图形无效", "地类图斑重叠"]
    assert rows.loc[1].drop("geometry").to_dict() == {
        "severity": "noted", "layer": "land_use", "record": "P1", "title": "地类图斑重叠",
        "problem": "P1 有问题，共一处", "treatment": "重叠的地只计一次", "remedy": "改正界线",
        "code": "land-use-overlap", "area_m2": 200.0,
    }  # fmt: skip
    assert rows.geometry[1].area == 200.0
    with sqlite3.connect(tmp_path / "places.gpkg") as base:
        style, default = base.execute(
            "SELECT styleQML, useAsDefault FROM layer_styles"
        ).fetchone()
    assert default == 1
    assert "\"severity\" = 'quarantined'" in unescape(style)


def test_without_a_place_there_is_no_layer():
    assert places_layer(checkup(PLACELESS), "EPSG:4549") is None
