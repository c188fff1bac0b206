"""The leader's page: its numbers counted by hand, its page read back."""

from dataclasses import replace

import pytest
from PIL import Image
from pypdf import PdfReader

from pipeline.report.fonts import drawable
from pipeline.report.leader.changes import NONE_NAMED
from pipeline.report.leader.page import CountyResults, page_data, write_leader_page
from pipeline.report.ranking_rows import ranking_rows
from pipeline.terms import OfficialRatio
from tests.report import county, small_county
from tests.report.pages import text_of


def data_of(result, earlier=None, townships=3):
    results = CountyResults(county.townships(townships), result.ranking, result.county)
    rows = ranking_rows(result.ranking, result.heading)
    return page_data(results, rows, result.heading, earlier)


def write(folder, result, earlier=None, name="page", townships=3):
    results = CountyResults(county.townships(townships), result.ranking, result.county)
    pdf, png = folder / f"{name}.pdf", folder / f"{name}.png"
    write_leader_page(results, result.heading, earlier, pdf=pdf, png=png)
    return pdf, png


def test_what_must_be_reclaimed_is_rounded_up():
    # (9,000 - 8,000) / 0.92 = 1,086.9566 m² = 1.63043… mu
    (over,) = data_of(small_county.result())["over"]
    assert (over["name"], over["ratio"], over["need"]) == ("甲镇", "9.00%", "1.64")


def test_room_below_the_line_is_rounded_down_and_nearest_first():
    # 丙镇 is on the line: no room; 乙镇: 2,000 / 0.92 = 2,173.9130 m² = 3.26086… mu
    under = data_of(small_county.result())["under"]
    assert [(row["name"], row["need"]) for row in under] == [("丙镇", "0.00"), ("乙镇", "3.26")]


def test_a_line_that_counts_itself_puts_the_township_on_it_over():
    line = small_county.line("0.08", ">=")
    data = data_of(small_county.result(township=line))
    # the least that brings 丙镇 under: one unit of 0.0001 m² more than nothing
    assert [(row["name"], row["need"]) for row in data["over"]] == [
        ("甲镇", "1.64"),
        ("丙镇", "0.01"),
    ]


def test_a_county_without_a_ratio_has_a_gauge_too():
    clean = small_county.result({"甲镇": 0})
    names = [name for name in clean.county if name.startswith("ratio")]
    nothing = clean.county.assign(**dict.fromkeys(names), new_farmland_m2=0.0)
    gauge = data_of(replace(clean, county=nothing))["gauge"]
    assert set(gauge["shares"].values()) == {None}
    assert gauge["line"] == pytest.approx(1 / 1.3)


def test_where_only_the_numerator_is_reduced_less_must_be_reclaimed():
    # 9,000 - 0.08 × 100,000 = 1,000 m² = 1.5 mu
    result = small_county.result(official=OfficialRatio.NUMERATOR)
    assert data_of(result)["over"][0]["need"] == "1.50"


def test_where_reclaiming_does_not_count_the_page_says_so():
    data = data_of(small_county.result(official=OfficialRatio.GROSS))
    assert data["over"][0]["need"] == "复耕不减"
    assert len(data["lead"]) == 2


def test_the_county_against_its_own_line():
    data = data_of(small_county.result())
    assert data["lead"] == [
        "全县违法占耕比 7.67%，未触 15% 问责线。",
        "3 个乡镇（街道）中 1 个疑似触线（超过 8%）：甲镇。",
        "全部退到线下，合计至少还需复耕 1.64 亩。",
    ]
    # (45,000 - 23,000) / 0.85 = 25,882.3529 m² = 38.8235… mu
    assert "不超过 38.82 亩就不触线" in data["county_room"]


def test_a_county_over_its_line_must_reclaim():
    result = small_county.result({"甲镇": 20_000, "乙镇": 16_000, "丙镇": 9_000})
    data = data_of(result)
    assert data["lead"][0] == "全县违法占耕比 15.0000%，疑似已触 15% 问责线。"
    # on a line that counts itself: the least unit, 0.01 mu when rounded up
    assert "还需复耕 0.01 亩" in data["county_room"]


def test_doubt_that_can_turn_a_township_is_told():
    # 6,000 + 2,500 of 102,500 = 8.29 %
    data = data_of(small_county.result(doubtful={"乙镇": 2_500}))
    assert [row["turns"] for row in data["under"]] == ["不能", "能"]
    assert any("1 个乡镇换到线的另一边：乙镇" in words for words in data["doubts"])


def test_a_township_with_nothing_but_doubt_can_turn_too():
    result = small_county.result(doubtful={"乙镇": 2_500})
    ranking = result.ranking.copy()
    row = ranking["township_name"] == "乙镇"
    ratios = [name for name in ranking if name.startswith("ratio")]
    ranking.loc[row, [*ratios, "rank"]] = None
    ranking.loc[row, ["ratio_low", "ratio_high"]] = [0.0, 1.0]
    doubts = data_of(replace(result, ranking=ranking))["doubts"]
    assert any("1 个乡镇换到线的另一边：乙镇" in words for words in doubts)


def test_without_an_earlier_result_nothing_is_made_up():
    assert data_of(small_county.result())["changes"]["lines"] == [NONE_NAMED]


def test_what_changed_since_the_named_result():
    before = small_county.earlier(illegal={"甲镇": 7_000, "乙镇": 10_000, "丙镇": 8_000})
    changes = data_of(small_county.result(), before)["changes"]
    assert "demo-2023，2023 年度，截止 2024-03-31" in changes["title"]
    # 25,000 → 23,000 of 300,000; 37.50 → 34.50 mu
    county_line, side_line = changes["lines"]
    assert county_line.split("；") == [
        "全县占耕比 8.33% → 7.67%（降 0.67 个百分点）",
        "违法占用耕地 37.50 → 34.50 亩",
        "违法图斑（含疑似）6 → 6 个。",
    ]
    assert side_line == "新触线 1 个：甲镇；退出触线 1 个：乙镇。"
    moved = [(one["name"], one["was"], one["now"], one["by"]) for one in changes["movers"]]
    assert moved == [
        ("乙镇", "10.00%", "6.00%", "降 4.00 个百分点"),
        ("甲镇", "7.00%", "9.00%", "升 2.00 个百分点"),
    ]


def test_townships_that_came_or_went_are_named():
    before = small_county.earlier(illegal={"甲镇": 9_000, "乙镇": 6_000})
    lines = data_of(small_county.result(), before)["changes"]["lines"]
    assert "上次没有的乡镇 1 个：丙镇。" in lines


def test_another_line_before_is_told():
    before = small_county.earlier(township=small_county.line("0.10"))
    lines = data_of(small_county.result(), before)["changes"]["lines"]
    assert lines[-1] == "注意：两次的口径不同（乡镇问责线），数字不能直接相比。"


def test_only_the_nearest_five_on_either_side():
    illegal = {f"第{i:02d}镇": 1_000 * i for i in range(1, 17)}
    data = data_of(small_county.result(illegal), townships=16)
    assert [row["name"] for row in data["over"]] == [
        f"第{i:02d}镇" for i in (13, 12, 11, 10, 9)
    ]
    assert [row["name"] for row in data["under"]] == [f"第{i:02d}镇" for i in (8, 7, 6, 5, 4)]


def test_the_page_reads_back_and_is_one(tmp_path):
    pdf, png = write(tmp_path, small_county.result(), small_county.earlier())
    text = text_of(pdf)
    for part in (
        "县领导一页通（疑似）",
        "示例数据，非真实结果",
        "示例县2024年度卫片执法检查",
        "7.67%",
        "问责线15%",
        "还需复耕/亩",
        "余量/亩",
        "与上次相比",
        "截止日：2025-03-31",
        "本软件默认规则，非部颁文件",
        "填报",
    ):
        assert part in text, part
    assert text.count("甲镇") >= 3  # the sentence, the map, the table
    reader = PdfReader(pdf)
    assert len(reader.pages) == 1
    assert reader.metadata["/CreationDate"] == "D:20250331000000Z"
    with Image.open(png) as image:
        assert image.size == (1654, 2339)
        assert image.info["Title"] == "示例县 2024 年度卫片执法检查：县领导一页通（疑似）"


def test_a_signed_run_is_not_called_suspected(tmp_path):
    pdf, _ = write(tmp_path, small_county.result(is_signed=True))
    assert "（疑似）" not in text_of(pdf)


def test_the_same_tables_in_any_order_give_the_same_bytes(tmp_path):
    result = small_county.result()
    shuffled = type(result)(result.heading, result.ranking.iloc[::-1], result.county)
    for one, other in zip(
        write(tmp_path, result), write(tmp_path, shuffled, name="again"), strict=True
    ):
        assert one.read_bytes() == other.read_bytes()


@pytest.mark.parametrize("name", ['#eval("1")', "$x^2$ *镇*", "长" * 255, "\u202e<b>镇", "@a"])
def test_whatever_a_place_is_called_it_is_text_on_one_page(tmp_path, name):
    result = small_county.result({name: 9_000, "乙镇": 6_000})
    pdf, _ = write(tmp_path, result, small_county.earlier(illegal={name: 1_000, "乙镇": 6_000}))
    reader = PdfReader(pdf)
    assert len(reader.pages) == 1
    assert drawable(name)[:5].replace(" ", "") in text_of(pdf)


def test_a_county_where_everything_is_at_its_longest_is_one_page(tmp_path):
    names = [f"{'很长的街道办事处名字'}{i:02d}" for i in range(60)]
    illegal = {name: 20_000 + i for i, name in enumerate(names)}
    doubtful = dict.fromkeys(names, 90_000)
    result = small_county.result(
        illegal,
        doubtful=doubtful,
        notice="说明" * 60,
        pack_title="规则" * 90,
        exempt_acts=("未供先用",) * 40,
    )
    before = small_county.earlier(
        illegal={name: 70_000 - i for i, name in enumerate(reversed(names))},
        township=small_county.line("0.10"),
    )
    pdf, _ = write(tmp_path, result, before, townships=60)
    assert len(PdfReader(pdf).pages) == 1
    assert "签发" in text_of(pdf)


def test_small_numbers_are_marked_on_the_map_as_in_the_ranking(tmp_path):
    # at a line of 1 % a denominator below 240 mu is small; each township has 150
    small = small_county.result(township=small_county.line("0.01", ">"))
    assert data_of(small)["small"].startswith("＊ 基数小：分母不足 240 亩")
    assert data_of(small_county.result())["small"] == ""
    text = text_of(write(tmp_path, small)[0])
    assert "甲镇＊" in text
    assert "＊" not in text_of(write(tmp_path, small_county.result(), name="other")[0])
