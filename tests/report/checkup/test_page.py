"""The page of the check-up: its headline, its order, its pictures, and what strangers wrote."""

import re
from html.parser import HTMLParser

import pytest
from shapely import Polygon, box

from pipeline.report.checkup.headline import deck, headline
from pipeline.report.checkup.page import page_html
from pipeline.report.checkup.picture import picture
from pipeline.schema.examined import REST, Observation
from tests.report.checkup.ward import (
    EVIL,
    NOTED,
    PLACELESS,
    PLOT,
    QUARANTINED,
    REFUSED,
    SMALLER,
    checkup,
    finding,
)


class Page(HTMLParser):
    """What a browser reads: texts, tags in order, attributes."""

    def __init__(self, html):
        super().__init__()
        self.text, self.tags, self.attributes = "", [], []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize(
    ("observations", "said"),
    [
        pytest.param([], "可以开始", id="nothing"),
        pytest.param([NOTED, PLACELESS], "可以开始", id="noted"),
        pytest.param([NOTED, QUARANTINED], "可以开始；有 1 类问题最好先处理", id="quarantined"),
        pytest.param([REFUSED, QUARANTINED], "还不能开始：有 1 类问题要先改正", id="refused"),
    ],
)
def test_headline(observations, said):
    assert headline(checkup(*observations)) == said


def test_deck_counts_and_says_what_it_means():
    assert deck(checkup()) == "没有发现问题。"
    assert deck(checkup(NOTED, SMALLER, QUARANTINED)) == (
        "隔离 1 条，提示 2 条。隔离的记录不计入（共 3.00 亩），它们压住的违法地块按存疑处理。"
    )


def test_groups_stand_worst_first_and_the_largest_before_the_others():
    html = page_html(checkup(SMALLER, PLACELESS, NOTED, QUARANTINED, REFUSED))
    sections = re.findall(r'<section class="group" id="g\d+">.*?</h2>', html, re.DOTALL)
    assert [re.sub(r"<[^>]+>|\s+", "", one) for one in sections] == [
        "拒绝批准用地：没有坐标系1条",
        "隔离变化图斑：图形无效1条，2,000.00㎡（3.00亩）",
        "修复变化图斑：编码按内容认定1条",
        "提示地类图斑：地类图斑重叠2条，300.00㎡（0.45亩）",
    ]
    text = Page(html).text
    assert text.index("P1 有问题") < text.index("P2 有问题")


def test_what_stands_for_the_rest_comes_last():
    rest = Observation(finding(record=REST, area=9_000.0))
    text = Page(page_html(checkup(rest, NOTED))).text
    assert text.index("P1 有问题") < text.index("其余 有问题")
    assert "2 条，9,200.00 ㎡" in text


def test_a_finding_has_record_finding_treatment_remedy_and_area():
    text = re.sub(r"\s+", " ", Page(page_html(checkup(NOTED))).text)
    assert "怎样改：改正界线" in text
    assert "P1 200.00 ㎡（0.30 亩） P1 有问题，共一处 处理：重叠的地只计一次" in text


def test_the_account_of_the_layers():
    html = page_html(checkup())
    cells = [Page(cell).text for cell in re.findall(r"<td[^>]*>(.*?)</td>", html)]
    assert cells == ["变化图斑", "图斑<b>.shp", "12", "9", "2", "1", "10.00"]


def test_texts_of_strangers_are_text():
    html = page_html(checkup(QUARANTINED))
    page = Page(html)
    assert "script" not in page.tags
    assert EVIL.replace("\u202e", "\\u202e") in page.text
    assert "\u202e" not in html
    assert not [name for name, _ in page.attributes if name.startswith("on") or name == "style"]


def test_nothing_is_loaded_and_only_our_style_may_apply():
    html = page_html(checkup(NOTED))
    policy = re.search(r'Content-Security-Policy" content="([^"]+)"', html)[1]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "unsafe" not in policy
    addresses = [value for name, value in Page(html).attributes if name in {"src", "href"}]
    assert all(value.startswith(("#", "data:")) for value in addresses)


def test_pictures_are_limited_and_the_rest_is_told():
    many = [Observation(finding(record=f"P{n:02}", area=1.0 + n), PLOT) for n in range(20)]
    html = page_html(checkup(*many))
    assert html.count("<svg") == 4
    assert "另有 8 条见 check.xlsx" in html
    assert "画 4 幅，全页最多画 120 幅（本页 4 幅）" in html
    kinds = [Observation(finding(record=f"P{n}", code=f"kind-{n}"), PLOT) for n in range(130)]
    assert page_html(checkup(*kinds)).count("<svg") == 120


def test_the_same_check_up_gives_the_same_page():
    shuffled = [SMALLER, QUARANTINED, NOTED]
    assert page_html(checkup(*shuffled)) == page_html(checkup(*reversed(shuffled)))


# Pictures


def test_a_picture_shows_the_place_within_what_lies_around():
    drawn = picture(NOTED)
    assert drawn.count('class="around"') == 2
    assert drawn.count('class="wrong"') == 1
    # 116 m across 1,680: 48 m from the left it begins, 58 m from there it ends
    wrong = re.search(r'class="wrong"[^>]* d="([^"]+)"', drawn)[1]
    assert set(re.findall(r"\d+ \d+", wrong)) == {"695 337", "695 626", "840 337", "840 626"}
    assert "20 米" in drawn


def test_a_folded_shape_is_drawn_as_it_came():
    bow = Polygon([(0, 0), (40, 40), (40, 0), (0, 40)])
    assert 'fill-rule="evenodd"' in picture(Observation(finding(), bow))


def test_a_speck_far_from_another_is_still_seen():
    far = box(0, 0, 10, 10).union(box(9_000, 9_000, 9_002, 9_002))
    assert "5 米" in picture(Observation(finding(), far))


def test_no_place_no_picture():
    assert picture(PLACELESS) == ""
