"""A layer looked at before it is trusted: what is said of its encoding, CRS, shapes, fields."""

import geopandas as gpd
import pyogrio
import pytest
from shapely import Polygon, box

import pipeline
from pipeline.errors import Refused
from tests.county import write_messy
from tests.squares import SQUARES

BOW_TIE = Polygon([(0, 0), (10, 10), (10, 0), (0, 9)])


@pytest.fixture(scope="module")
def raw(tmp_path_factory):
    return write_messy(SQUARES, tmp_path_factory.mktemp("looked")).parent / "raw"


def said(layer):
    return dict(layer.summary.itertuples(index=False))


def test_a_shapefile_without_a_code_page(raw):
    layer = pipeline.look(raw / "changes.shp")
    told = said(layer)
    assert told["记录"] == "13 条"
    assert "认定为 GBK 编码" in told["编码"]
    assert told["坐标系"].startswith("EPSG:4528")
    assert told["坐标对不对"] == "与坐标系不矛盾"
    assert told["图形类型"] == "Polygon 13 个"
    assert list(layer.shapes["BZ"].unique()) == ["变化图斑"]
    assert list(layer.findings["处理"]) == ["修复"]
    assert "认定为 GBK" in layer._repr_html_()
    assert "认定为 GBK" in repr(layer)


def test_the_fields_with_what_is_in_them(raw):
    fields = pipeline.look(raw / "changes.shp").fields.set_index("字段")
    assert fields.loc["JCBH", "不同的值"] == 13
    assert fields.loc["JCBH", "例"] == "C01、C02、C03"
    assert fields.loc["JCMJ", "类型"] == "float"


def test_a_crs_that_cannot_be_true_is_told(raw):
    wrong = pipeline.look(raw / "changes.shp", crs="EPSG:4549")
    assert "带有带号 zone 40" in said(wrong)["坐标对不对"]


def test_a_missing_crs_is_not_guessed_but_suggested(raw, tmp_path):
    for end in ("shp", "shx", "dbf"):
        (tmp_path / f"a.{end}").write_bytes((raw / f"changes.{end}").read_bytes())
    assert said(pipeline.look(tmp_path / "a.shp"))["坐标系"] == "没有写"
    told = said(pipeline.look(tmp_path / "a.shp", working="EPSG:4549"))
    assert "EPSG:4528" in told["坐标对不对"]
    with pytest.raises(ValueError, match="没有坐标系"):
        pipeline.look(tmp_path / "a.shp").areas()


def test_bad_shapes_are_listed_with_what_a_run_does(tmp_path):
    frame = gpd.GeoDataFrame(
        {"JCBH": ["a", "b", "c"]},
        geometry=[box(600_000, 3_190_000, 600_010, 3_190_010), BOW_TIE, None],
        crs="EPSG:4549",
    )
    pyogrio.write_dataframe(frame, tmp_path / "bad.gpkg", driver="GPKG")
    layer = pipeline.look(tmp_path / "bad.gpkg")
    assert said(layer)["图形无效"] == "1 个，见 .invalid"
    assert list(layer.invalid["处理"]) == ["隔离", "隔离"]
    assert "没有图形 1 个" in said(layer)["图形类型"]


def test_both_areas_of_each_record(raw):
    areas = pipeline.look(raw / "changes.shp").areas()
    assert areas.loc[0, "plane_m2"] == pytest.approx(2000)
    # 100 km east of the central meridian a plane metre is 1 + 0.5 (100 / 6,371)² long
    assert areas.loc[0, "plane_m2"] / areas.loc[0, "ellipsoid_m2"] == pytest.approx(
        1 + (100 / 6371) ** 2, rel=3e-6
    )


def test_what_is_no_layer_is_refused(tmp_path):
    (tmp_path / "a.shp").write_text("<html>", encoding="utf-8")
    with pytest.raises(Refused, match="HTML 网页"):
        pipeline.look(tmp_path / "a.shp")
