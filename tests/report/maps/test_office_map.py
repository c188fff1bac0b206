"""The office map: offices made of townships, held against the township line."""

import geopandas as gpd
import pytest
import shapely

from pipeline.report.fonts import chinese_style
from pipeline.report.maps.areas import office_areas
from pipeline.report.maps.office_map import draw_office_map, office_figures
from tests.report import county
from tests.report.pages import overlapping, text_of

OFFICES = [f"{side}片自然资源所" for side in "东西南北"]


def test_an_office_is_the_ground_of_its_townships():
    squares = [shapely.box(i * 10, 0, i * 10 + 10, 10) for i in range(3)]
    townships = gpd.GeoDataFrame(
        {"township_code": ["1", "2", "3"]}, geometry=squares, crs="EPSG:4549"
    )
    areas = office_areas(townships, {"1": "东所", "2": "东所", "3": "西所"})
    assert {name: shape.area for name, shape in areas.shapes.items()} == {
        "东所": 200,
        "西所": 100,
    }
    assert len(areas.inner) == 3


def test_the_page_names_every_office_and_its_townships(tmp_path):
    pdf = tmp_path / "map.pdf"
    ranking = county.ranking(19)
    draw_office_map(county.townships(19), ranking, county.offices(), county.heading(), pdf)
    text = text_of(pdf)
    assert "示例县2024年度卫片执法检查管辖所违法占用耕地比例排名（疑似）" in text
    assert "共4个管辖所" in text
    assert "管辖所与乡镇同一条线：超过8%（依据：耕地保护责任状）" in text
    for office in OFFICES:
        assert text.count(office) == 3, office  # on the map, in the ranking, in the list
    for name in county.NAMES:
        assert text.count(name) == 1, name


@pytest.mark.parametrize("count", [19, 60])
def test_nothing_on_the_page_covers_anything_else(count):
    with chinese_style():
        figure, *rest = office_figures(
            county.townships(count), county.ranking(count), county.offices(), county.heading()
        )
        assert overlapping(figure) == []
    assert rest == []
