"""The forms that a county hands up: figures worked out by hand, checks, what is left to fill in."""

import openpyxl
import pytest

from pipeline.report.workbook.book import write_workbook
from pipeline.report.workbook.columns import TICK
from pipeline.report.workbook.parcel_areas import rectification
from pipeline.schema.parcel_forms import BREACHES, FIELDS_2026, LEDGER
from pipeline.schema.unit_forms import RECTIFICATION, SUMMARY
from tests.report import book_world

FORMS = (LEDGER, FIELDS_2026, SUMMARY, RECTIFICATION, BREACHES)


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    path = tmp_path_factory.mktemp("forms") / "b.xlsx"
    write_workbook(path, book_world.book())
    return path


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path, data_only=True)


def rows(book, form):
    """The rows of a form's sheet, each by the names of its columns."""
    sheet = book[form.sheet]
    head = 4 if any(group.label for group in form.groups) else 3
    names = [column.name for column in form.columns]
    return [
        dict(zip(names, row, strict=True))
        for row in sheet.iter_rows(min_row=head + 1, values_only=True)
    ]


def mu(row, *names):
    return [None if row[name] is None else round(row[name], 6) for name in names]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.code)
def test_the_layout_is_the_definitions(book, form):
    sheet = book[form.sheet]
    head = 4 if any(group.label for group in form.groups) else 3
    assert [cell.value for cell in sheet[head]] == [column.label for column in form.columns]
    assert len({column.name for column in form.columns}) == len(form.columns)
    widths = {
        x: one.width
        for one in sheet.column_dimensions.values()
        for x in range(one.min, one.max + 1)
    }
    for x, column in enumerate(form.columns, 1):
        assert widths[x] == pytest.approx(column.characters, abs=1)
    assert "单位：亩" in sheet["A2"].value
    assert "待填" in sheet["A2"].value


def test_the_official_layouts_have_every_column_they_ask_for():
    assert len(LEDGER.columns) == 36
    assert len(FIELDS_2026.columns) - len(FIELDS_2026.checks) == 32
    assert len(BREACHES.columns) == 14
    assert [column.label for column in BREACHES.columns][7:10] == [
        "非农违法面积",
        "耕地",
        "永久基本农田",
    ]


def test_a_parcel_is_the_sum_of_its_land_groups(book):
    names = (
        *("area_m2", "farmland_m2", "other_farm_land_m2", "unused_land_m2"),
        *("construction_land_m2", "check_area_m2"),
    )
    of = {row["change_id"]: mu(row, *names) for row in rows(book, FIELDS_2026)}
    assert of == {
        "C1": [3, 1.35, 1.05, 0.6, 0, 0],  # 田坎 100 ㎡ 在非耕农用地
        "C2": [3, 3, 0, 0, 0, 0],
        "C3": [1.5, 1.35, 0, 0, 0, 0.15],  # 100 ㎡ 地类不明：不平
    }


def test_checks_are_formulas_that_turn_red(path):
    sheet = openpyxl.load_workbook(path)[FIELDS_2026.sheet]
    x = 1 + [column.name for column in FIELDS_2026.columns].index("check_area_m2")
    assert sheet.cell(5, x).value == ('=IF(COUNT(M5,N5,P5,Q5,S5)<5,"",ROUND(M5-N5-P5-Q5-S5,4))')
    letter = sheet.cell(5, x).column_letter
    red = [
        rule
        for area, rules in sheet.conditional_formatting._cf_rules.items()
        if str(area.sqref) == f"{letter}5:{letter}7"
        for rule in rules
    ]
    assert [rule.formula for rule in red] == [[f"AND(ISNUMBER({letter}5),ABS({letter}5)>0.01)"]]
    assert red[0].dxf.fill.bgColor.rgb == "FFC00000"


def test_what_the_program_does_not_know_waits_to_be_filled_in(path, book):
    sheet = openpyxl.load_workbook(path)[FIELDS_2026.sheet]
    tinted = {
        str(area.sqref)[0]: rule.type
        for area, rules in sheet.conditional_formatting._cf_rules.items()
        for rule in rules
        if rule.type == "containsBlanks"
    }
    assert {"A", "C", "H"} <= tinted.keys()  # 线索编号、监测类型、用途分类细化
    assert {"X", "Y"} <= tinted.keys()  # 核查人、核查时间：有人工认定的已填
    assert "B" not in tinted
    assert sheet["A4"].fill.fgColor.rgb != sheet["B4"].fill.fgColor.rgb
    for row in rows(book, FIELDS_2026):
        assert row["clue_no"] is row["project"] is row["demolished_m2"] is None


def test_opinions_say_whose_they_are(book):
    of = {row["change_id"]: row for row in rows(book, FIELDS_2026)}
    assert of["C1"]["opinion"] == "疑似违法（建议）"
    assert of["C2"]["opinion"] == "违法（人工认定）"
    assert (of["C2"]["ruled_by"], str(of["C2"]["ruled_on"].date())) == ("王某", "2025-01-08")
    assert of["C1"]["ruled_by"] is None
    assert mu(of["C2"], "red_line_m2") == [0.45]
    assert of["C2"]["rectified"] == "拆除复耕耕地 1.50 亩"
    assert of["C3"]["rectified"] == "补办耕地 1.35 亩"
    assert mu(of["C3"], "regularised_m2", "regularised_farmland_m2") == [1.5, 1.35]


def test_the_ledger_ticks_boxes_and_names_papers(book):
    first, second, _ = rows(book, LEDGER)
    assert [first["over_extent"], first["not_applied"]] == [TICK, None]
    assert [second["over_extent"], second["not_applied"]] == [None, TICK]
    assert [first["on_permanent_farmland"], second["on_permanent_farmland"]] == [None, TICK]
    assert first["conversion_paper"] == f"2023-05-01 {book_world.PAPER}"
    assert first["supply_paper"] == f"2023-06-01 {book_world.SUPPLY}"
    assert (first["user"], first["approved_use"]) == ("甲公司", "工业用地")
    assert second["user"] is None
    assert first["used_between"] == "2023-10-01 至 2024-09-30"
    assert second["planned_use"] == "乡村发展区、农田保护区"
    assert second["township"] == "甲镇"


def test_the_summary_is_of_townships_and_the_county(book):
    first, second, whole = rows(book, SUMMARY)
    assert [row["unit"] for row in (first, second, whole)] == ["甲镇", "乙乡", "全县"]
    areas = ("area_m2", "farmland_m2", "legal_m2", "illegal_m2", "illegal_farmland_m2")
    assert mu(first, *areas) == [4.5, 2.85, 1.5, 3, 1.5]
    assert mu(whole, *areas) == [7.5, 5.7, 1.5, 6, 4.35]
    assert first["farmland_ratio"] == 1000 / 1900
    assert first["farmland_ratio_net"] == 0
    assert first["land_ratio"] == 2000 / 3000
    assert [row["left_farmland_ratio"] for row in (first, second)] == [0, 1000 / 1900]
    counts = ("reclaimed_count", "regularised_count", "left_count", "illegal_count")
    assert [[row[name] for name in counts] for row in (first, second, whole)] == [
        [1, 0, 1, 2],
        [0, 1, 1, 2],
        [0, 1, 2, 3],  # C2 只在甲镇复耕到位，全县看还没有
    ]
    assert whole["land_ratio_net"] is None


def test_what_was_put_right_and_what_is_left_add_up(book):
    first, second, whole = rows(book, RECTIFICATION)
    names = ("illegal_farmland_m2", "rectified_farmland_m2", "left_farmland_m2")
    assert mu(first, *names) == [1.5, 1.5, 0]
    assert mu(second, *names) == [2.85, 1.35, 1.5]
    assert mu(whole, *names) == [4.35, 2.85, 1.5]
    parts = ("demolished_count", "regularised_count", "combined_count", "left_count")
    assert [second[name] for name in parts] == [0, 1, 0, 1]
    assert mu(whole, "illegal_m2", "rectified_m2", "regularised_m2") == [6, None, 1.5]
    for row in (first, second, whole):
        checks = [row[check.name] for check in RECTIFICATION.checks]
        assert checks == [0, 0, 0, 0, None, None]  # 拆除的总面积待填
    assert whole["rectified_ratio"] == pytest.approx(1900 / 2900)


@pytest.mark.parametrize(("reclaimed", "state"), [(1996.6667, "拆除"), (1996.6666, "未整改")])
def test_a_remainder_that_prints_as_nought_is_none(reclaimed, state):
    data = book_world.book()
    rectified = data.rectified.assign(reclaimed_farmland_m2=[reclaimed, 0.0, 0.0])
    table = rectification(data.judged, rectified, ["change_id"])
    assert table.loc["C2", "state"] == state  # 2,000 ㎡ less 0.005 mu, which is 3.3333… ㎡


def test_breaches_stand_by_farmland(book):
    listed = rows(book, BREACHES)
    assert [row["clue_no"] for row in listed] == ["C2", "C3", "C1"]
    assert [row["number"] for row in listed] == [1, 2, 3]
    assert [row["is_rectified"] for row in listed] == ["否", "是", "否"]
    assert listed[2]["remark"] == "甲镇；批少占多"
    assert mu(listed[0], "illegal_m2", "illegal_permanent_farmland_m2") == [3, 1.5]
