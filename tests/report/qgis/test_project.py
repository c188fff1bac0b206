"""The project and the styles as text; real QGIS opens them in checks/qgis."""

import dataclasses
from xml.etree import ElementTree as ET

import pytest

from pipeline.report.palette import VERDICTS
from pipeline.report.qgis.forms import TABS
from pipeline.report.qgis.layers import context_layers, office_layer, township_layer
from pipeline.report.qgis.layouts import ATLAS, RANKING, fitted
from pipeline.report.qgis.project import Image, render_project
from pipeline.report.qgis.style import render_style
from pipeline.report.qgis.styles import style_of
from pipeline.report.qgis.templates import literal, rgb
from pipeline.schema import gis
from pipeline.schema.gis import GisLayer
from tests import worlds
from tests.gis import layer as two_records
from tests.report import county

HOSTILE = "</qgis><x a=\"'&]]>\u202e\x07"
TABLES = {table.name: table for name, table in vars(gis).items() if name.endswith("_LAYER")}
IMAGES = [
    Image("after", "后时相影像", "../../../raw/影 像/after&1.tif", "EPSG:4549"),
    Image("before", "前时相影像", "../../../raw/影 像/before.tif", "EPSG:4490"),
]


def _layers():
    townships = township_layer(county.townships(6), county.ranking(6), county.heading())
    offices = office_layer(townships, county.offices(), county.heading())
    shape = worlds.rect(0, 0, 1, 1)
    context = context_layers(
        worlds.approvals(worlds.approval(shape)),
        worlds.constraints((shape, "红线")),
        worlds.layer(gis.PERMANENT_FARMLAND, {"geometry": shape}),
    )
    frame = two_records().frame
    rest = [GisLayer(TABLES[name], frame) for name in ("changes", "pieces", "quarantine")]
    return [townships, offices, *rest, *context]


@pytest.fixture(scope="module")
def layers():
    return _layers()


@pytest.fixture(scope="module")
def project(layers):
    return ET.fromstring(render_project(layers, IMAGES, county.heading()))


@pytest.mark.parametrize("name", TABLES)
def test_a_form_shows_every_column_once(name):
    assert sorted(column for tab in TABS[name] for column in tab.columns) == sorted(
        TABLES[name].names
    )


@pytest.mark.parametrize("name", TABLES)
def test_a_style_is_well_formed_and_locks_every_column(layers, name):
    layer = next(one for one in layers if one.name == name)
    root = ET.fromstring(render_style(layer, style_of(name, county.heading())))
    columns = ["fid", *TABLES[name].names]
    assert [one.get("field") for one in root.find("aliases")] == columns
    assert {one.get("editable") for one in root.find("editable")} == {"0"}
    symbols = {one.get("name") for one in root.find("renderer-v2/symbols")}
    assert {one.get("symbol") for one in root.find("renderer-v2/rules")} == symbols


def test_codes_are_chosen_by_their_words():
    heading = county.heading(rule_names={"unapproved": HOSTILE})
    lists = {"verdict": {"illegal": "疑似违法"}, "rule_id": heading.rule_names}
    layer = GisLayer(gis.CHANGES_LAYER, two_records().frame, lists)
    root = ET.fromstring(render_style(layer, style_of("changes", heading)))
    widgets = {one.get("name"): one[0] for one in root.find("fieldConfiguration")}
    assert widgets["verdict"].get("type") == "ValueMap"
    pairs = [
        (one.get("name"), one.get("value")) for one in widgets["verdict"].iter("Option")
        if one.get("value")
    ]  # fmt: skip
    assert pairs == [("疑似违法", "illegal")]
    spelt = [one.get("name") for one in widgets["rule_id"].iter("Option") if one.get("value")]
    assert spelt == [HOSTILE.replace("\u202e", "\\u202e").replace("\x07", "\\x07")]


def test_a_label_never_says_suspected_of_what_people_ruled():
    style = style_of("changes", county.heading())
    assert '"standing"' in style.label.text
    assert 'represent_value("verdict")' not in style.label.text
    assert [rule.label for rule in style.rules if "illegal" in rule.where] == [
        "违法（含疑似）",
        "违法（含疑似）",
    ]


def test_the_printed_sheets_have_a_chinese_north_and_the_notice_large(layers):
    text = render_project(layers, [], county.heading())
    items = {one.get("id"): one for one in ET.fromstring(text).iter("LayoutItem")}
    assert items["{ranking-north-word}"].get("labelText") == "北"
    assert items["{ranking-notice}"].get("labelText") == "示例数据，非真实结果"
    bare = render_project(layers, [], county.heading(notice=""))
    assert "{ranking-notice}" not in bare


def test_the_colours_are_those_of_the_palette(layers):
    layer = next(one for one in layers if one.name == "pieces")
    qml = render_style(layer, style_of("pieces", county.heading()))
    assert all(rgb(colour, 110) in qml for colour in VERDICTS.values())
    assert rgb("#b0470e") == "176,71,14,255"


def test_the_side_of_the_line_is_the_rankings_answer(layers):
    root = ET.fromstring(render_style(layers[0], style_of("townships", county.heading())))
    rules = {one.get("label"): one.get("filter") for one in root.iter("rule")}
    assert rules["4% 至 8%（含）"] == '"ratio_class" = 2'
    assert rules["超过 8% 至不足 15%"] == '"ratio_class" = 3'
    assert rules["触线"] == '"is_accountable"'


def test_the_project_says_what_is_suspected(project):
    assert project.findtext("title") == "示例县 2024 年度卫片执法检查（疑似）"
    labels = [
        one.get("labelText") for one in project.iter("LayoutItem") if one.get("labelText")
    ]
    assert any("疑似" in text for text in labels)
    assert any("示例数据，非真实结果" in text for text in labels)


def test_layers_lie_beside_the_project_and_have_long_ids(project):
    found = {one.findtext("id"): one.findtext("datasource") for one in project.iter("maplayer")}
    assert found["inspection_townships"] == "./inspection.gpkg|layername=townships"
    assert found["inspection_after"] == "../../../raw/影 像/after&1.tif"
    assert all(len(one) > 10 for one in found)  # QGIS replaces shorter ones, and loses the tree
    tree = {one.get("id") for one in project.find("layer-tree-group").iter("layer-tree-layer")}
    assert tree == set(found)


def test_each_layer_is_in_its_own_system(project):
    systems = {
        one.findtext("id"): one.findtext("srs/spatialrefsys/authid")
        for one in project.iter("maplayer")
    }
    assert systems["inspection_townships"] == "EPSG:4549"
    assert systems["inspection_before"] == "EPSG:4490"


def test_groups_themes_layouts_and_the_pieces_of_a_change(project):
    groups = project.find("layer-tree-group").findall("layer-tree-group")
    assert [one.get("name") for one in groups] == ["结果", "依据", "影像"]
    themes = {one.get("name") for one in project.iter("visibility-preset")}
    assert themes == {"排名", "管辖所", "前时相", "后时相", "认定", "依据"}
    assert len(project.findall("Layouts/Layout")) == 2
    relation = project.find("relations/relation")
    assert relation.get("referencedLayer") == "inspection_changes"
    editors = [one.get("relation") for one in project.iter("attributeEditorRelation")]
    assert editors == [relation.get("id")]


def test_without_pictures_there_is_no_before_and_after(layers):
    root = ET.fromstring(render_project(layers, [], county.heading()))
    assert len(root.findall("Layouts/Layout")) == 1
    groups = root.find("layer-tree-group").findall("layer-tree-group")
    assert [one.get("name") for one in groups] == ["结果", "依据"]


def test_a_project_without_any_record():
    root = ET.fromstring(render_project([], [], county.heading()))
    assert root.find("Layouts") is not None


def test_text_from_outside_stays_text(layers):
    heading = county.heading(county_name=HOSTILE, notice="[% layer_property('x', 'y') %]")
    root = ET.fromstring(render_project(layers, IMAGES, heading))
    assert root.findtext("title").startswith("</qgis><x a=\"'&]]>\\u202e")
    texts = [one.get("labelText") for one in root.iter("LayoutItem") if one.get("labelText")]
    assert not any("[% layer_property" in text for text in texts)


def test_no_host_is_named(layers):
    text = render_project(layers, IMAGES, county.heading())
    assert "://" not in text.replace("https://proj.org", "")


def test_a_signed_project_no_longer_says_suspected(layers):
    heading = dataclasses.replace(county.heading(), is_signed=True)
    assert "（疑似）" not in render_project(layers, IMAGES, heading)


def test_an_extent_takes_the_shape_of_its_place():
    west, south, east, north = fitted((0, 0, 1000, 100), RANKING["map"])
    assert (west, east) == (-40, 1040)
    assert (east - west) / (north - south) == pytest.approx(318 / 232, rel=1e-4)
    tall = fitted((0, 0, 100, 1000), ATLAS["after"])
    assert (tall[1], tall[3]) == (-40, 1040)
    assert tall[2] - tall[0] == pytest.approx(1080)


def test_a_literal_of_an_expression_cannot_be_left():
    assert literal("a'b\\") == "'a''b\\\\'"


def test_things_on_a_sheet_do_not_overlap():
    for sheet in (RANKING, ATLAS):
        boxes = [
            box for name, box in sheet.items() if name not in {"page", "north", "north_word"}
        ]
        page = sheet["page"]
        for number, one in enumerate(boxes):
            assert one.x + one.width <= page.width
            assert one.y + one.height <= page.height
            for other in boxes[number + 1 :]:
                apart = (
                    one.x + one.width <= other.x
                    or other.x + other.width <= one.x
                    or one.y + one.height <= other.y
                    or other.y + other.height <= one.y
                )
                assert apart, (one, other)
