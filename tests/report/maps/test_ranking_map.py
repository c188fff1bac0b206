"""The ranking map, drawn from invented townships and read back."""

import hashlib
import itertools
import re
from decimal import Decimal

import matplotlib as mpl
import numpy as np
import pytest
import shapely
from PIL import Image
from pypdf import PdfReader

from pipeline.report.fonts import chinese_style, drawable
from pipeline.report.maps.ranking_map import draw_ranking_map, ranking_figures
from pipeline.rules.settings import Line
from pipeline.terms import OfficialRatio
from tests.report import county


def draw(folder, townships, ranking, heading, name="map"):
    files = [folder / f"{name}.{kind}" for kind in ("png", "pdf", "svg")]
    draw_ranking_map(townships, ranking, heading, *files)
    return files


def draw_pdf(folder, townships, ranking, heading):
    draw_ranking_map(townships, ranking, heading, folder / "map.pdf")
    return folder / "map.pdf"


def text_of(pdf):
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(pdf).pages))


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("map")
    return draw(folder, county.townships(19), county.ranking(19), county.heading())


def test_the_page_says_what_it_shows(drawn):
    text = text_of(drawn[1])
    for part in (
        "示例县2024年度卫片执法检查乡镇违法占用耕地比例排名（疑似）",
        "示例数据，非真实结果",
        "共19个乡镇（街道）",
        "4%至8%（含）",
        "超过8%至不足15%",
        "15%及以上",
        "超过8%问责线（疑似）",
        "依据：耕地保护责任状",
        "截止日：2025-03-31",
        "图斑是线索，不是结论",
        "本软件默认规则，非部颁文件",
        "EPSG:4549",
        "千米",
        "北",
    ):
        assert part in text, part
    assert "达到8%" not in text


def test_every_township_is_on_the_map_and_in_the_ranking(drawn):
    text = text_of(drawn[1])
    for name in county.NAMES:
        assert text.count(name) == 2, name


def test_near_the_line_both_sides_can_be_told_apart(drawn):
    text = text_of(drawn[1])
    assert "8.0000%" in text
    assert "8.00000001%" in text


def test_a_township_without_new_farmland_is_named_and_not_ranked(drawn):
    assert "无新增" in text_of(drawn[1])


def test_the_png_is_a_sharp_page_that_says_what_it_is(drawn):
    with Image.open(drawn[0]) as image:
        assert image.size == (4962, 3507)
        assert "Software" not in image.info
        assert image.info["Title"].endswith("（疑似）")
        assert (
            image.info["Description"]
            == "检查：demo-2024；截止日：2025-03-31；说明：示例数据，非真实结果"
        )
        assert image.info["dpi"] == pytest.approx((300, 300), abs=0.1)


def test_the_pdf_bears_the_day_it_stands_on_and_no_other(drawn):
    details = PdfReader(drawn[1]).metadata
    assert details["/CreationDate"] == details["/ModDate"] == "D:20250331000000Z"
    assert details["/Title"].endswith("（疑似）")
    assert details["/Subject"].startswith("检查：demo-2024")


def test_the_svg_has_outlines_for_letters_and_no_date(drawn):
    text = drawn[2].read_text(encoding="utf-8")
    assert "<text" not in text
    assert "<dc:date>" not in text
    assert "<title>示例县 2024 年度" in text


def test_the_chinese_font_is_embedded(drawn):
    page = PdfReader(drawn[1]).pages[0]
    fonts = [font.get_object() for font in page["/Resources"]["/Font"].values()]
    assert {str(font["/Subtype"]) for font in fonts} <= {"/Type0", "/Type42", "/TrueType"}
    assert any("NotoSansSC" in str(font["/BaseFont"]) for font in fonts)


def test_the_same_tables_in_any_order_give_the_same_bytes(drawn, tmp_path):
    townships = county.townships(19).iloc[::-1].reset_index(drop=True)
    ranking = county.ranking(19).sample(frac=1, random_state=1)
    again = draw(tmp_path, townships, ranking, county.heading())
    for one, other in zip(drawn, again, strict=True):
        digests = [hashlib.sha256(path.read_bytes()).hexdigest() for path in (one, other)]
        assert digests[0] == digests[1]


def test_the_inputs_and_matplotlibs_settings_stay_as_they_were(tmp_path):
    townships, ranking = county.townships(3), county.ranking(3)
    before = townships.copy(), ranking.copy(), dict(mpl.rcParams)
    draw(tmp_path, townships, ranking, county.heading())
    assert townships.equals(before[0])
    assert ranking.equals(before[1])
    assert dict(mpl.rcParams) == before[2]


def label_boxes(figure):
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    texts = [t for axes in figure.axes for t in axes.texts if t.get_gid() == "township-label"]
    return [shapely.box(*text.get_window_extent(renderer).extents) for text in texts]


@pytest.mark.parametrize("count", [1, 19, 60, 368])
def test_no_label_overlaps_another_or_leaves_the_map(count):
    with chinese_style():
        (figure, *_) = ranking_figures(
            county.townships(count), county.ranking(count), county.heading()
        )
        boxes = label_boxes(figure)
    assert len(boxes) == count  # none was left out
    frame = shapely.box(*figure.axes[0].get_window_extent().extents)
    assert all(box.within(frame) for box in boxes)
    assert not any(one.intersects(other) for one, other in itertools.combinations(boxes, 2))


def test_no_text_of_the_page_overlaps_other_text():
    with chinese_style():
        ranking = county.ranking(60)
        ranking.loc[0, ["ratio_gross", "ratio_net", "ratio_high"]] = 1.0
        (figure, *_) = ranking_figures(county.townships(60), ranking, county.heading())
        figure.draw_without_rendering()
        renderer = figure.canvas.get_renderer()
        bars = figure.axes[2]
        texts = [*figure.texts, *bars.texts]
        boxes = [shapely.box(*text.get_window_extent(renderer).extents) for text in texts]
    page = shapely.box(0, 0, *figure.bbox.size)
    assert all(box.within(page) for box in boxes)
    hits = [
        (texts[i].get_text(), texts[j].get_text())
        for i, j in itertools.combinations(range(len(boxes)), 2)
        if boxes[i].intersection(boxes[j]).area > 0.15 * min(boxes[i].area, boxes[j].area)
    ]
    assert hits == []


def test_pinholes_between_parcels_of_a_township_are_not_drawn():
    townships = county.townships(3)
    middle = townships.geometry[0].representative_point()
    pinhole, lake = (shapely.buffer(middle, radius) for radius in (0.5, 2000))
    outlines = []
    for hole in (pinhole, lake):
        shapes = [townships.geometry[0].difference(hole), *townships.geometry[1:]]
        with chinese_style():
            (figure, *_) = ranking_figures(
                townships.set_geometry(shapes, crs=townships.crs),
                county.ranking(3),
                county.heading(),
            )
        patch = figure.axes[0].patches[0]
        outlines.append(int((patch.get_path().codes == patch.get_path().MOVETO).sum()))
    assert outlines == [1, 2]


def test_a_county_with_islands_is_drawn(tmp_path):
    townships = county.townships(3)
    x, y = townships.geometry[0].bounds[:2]
    island = shapely.Point(x - 5000, y).buffer(800, quad_segs=2)
    shapes = [townships.geometry[0].union(island), *townships.geometry[1:]]
    townships = townships.set_geometry(shapes, crs=townships.crs)
    pdf = draw_pdf(tmp_path, townships, county.ranking(3), county.heading())
    assert "云栖镇" in text_of(pdf)


HOSTILE = [
    "$\\foo$ ^_{",
    '=HYPERLINK("x")',
    "<script>alert(1)</script>",
    "\x1b[31m\u202e镇",
    "𠮷镇",
]


def test_hostile_names_are_drawn_as_they_are_spelt(tmp_path):
    ranking = county.ranking(5).sort_values("township_code", ignore_index=True)
    ranking["township_name"] = HOSTILE
    heading = county.heading(county_name="$\\bad$县", notice="")
    pdf = draw_pdf(tmp_path, county.townships(5), ranking, heading)
    text = text_of(pdf)
    for part in ("$\\foo$^_{", "$\\bad$县", "<script>", "\\x1b", "[U+20BB7]镇"):
        assert part in text, part
    assert "示例数据" not in text


def test_a_character_the_font_lacks_is_spelt_out():
    assert drawable("㙍头村") == "㙍头村"
    assert drawable("𠮷村") == "[U+20BB7]村"


def test_other_lines_and_ratios_are_drawn_with_their_own_words(tmp_path):
    line = Line(ratio=Decimal("0.15"), comparison=">=", basis="15号令")
    heading = county.heading(official=OfficialRatio.GROSS, township=line, county=line)
    ranking = county.ranking(6)
    pdf = draw_pdf(tmp_path, county.townships(6), ranking, heading)
    text = text_of(pdf)
    assert "15%至不足30%" in text
    assert "达到15%" in text
    assert "整改后" not in text


def test_no_township_has_a_ratio(tmp_path):
    ranking = county.ranking(2)
    ratios = [name for name in ranking if name.startswith("ratio_")]
    ranking = ranking.assign(**dict.fromkeys(ratios, np.nan), is_accountable=False, rank=None)
    pdf = draw_pdf(tmp_path, county.townships(2), ranking, county.heading())
    assert "无新增建设用地占用耕地" in text_of(pdf)
