"""The workbook, written from invented tables and opened again."""

import hashlib
from zipfile import ZipFile

import openpyxl
import pandas as pd
import pytest

from pipeline.report import workbook
from pipeline.report.workbook import write_workbook
from pipeline.schema.derived import COUNTY_RESULT, OFFICE_RANKING, TOWNSHIP_RANKING
from tests.report import county


def write(path, **tables):
    ranking = tables.pop("ranking", county.ranking(19))
    values = {
        "heading": county.heading(rule_names={"unapproved": "未见有效批准手续"}),
        "offices": county.offices(),
        "county": county.county_row(ranking),
        "changes": county.changes(30),
        "defects": county.defects(7),
        **tables,
    }
    write_workbook(path, ranking=ranking, **values)
    return path


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write(tmp_path_factory.mktemp("book") / "检查.xlsx")


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def headers(sheet):
    return [cell.value for cell in sheet[3]]


def column(sheet, header):
    x = headers(sheet).index(header)
    return [row[x] for row in sheet.iter_rows(min_row=4)]


def values(sheet, header):
    return [cell.value for cell in column(sheet, header)]


def test_the_invented_tables_keep_their_contracts():
    ranking = county.ranking(19)
    TOWNSHIP_RANKING.check(ranking)
    OFFICE_RANKING.check(county.offices())
    COUNTY_RESULT.check(county.county_row(ranking))


def test_the_sheets_are_in_reading_order(book):
    assert book.sheetnames == ["说明", "乡镇排名", "管辖所", "图斑", "问题清单"]


def test_the_notes_say_what_the_figures_rest_on(book):
    text = "\n".join(str(cell.value or "") for row in book["说明"] for cell in row)
    for part in (
        "示例县 2024 年度卫片执法检查",
        "（疑似）",
        "示例数据，非真实结果",
        "图斑是线索，不是结论",
        "超过 8%（依据：耕地保护责任状）",
        "达到 15%",
        "分母",
        "2025-03-31",
        "非部颁文件",
        "5 个超过 8%，共 19 个：竹溪乡 16.07%",
        "隔离 2 条，修复 5 条",
    ):
        assert part in text, part


def test_townships_stand_by_rank_and_the_county_last(book):
    sheet = book["乡镇排名"]
    assert values(sheet, "名次") == [*range(1, 19), "—", None]
    names = values(sheet, "乡镇（街道）")
    assert names[0] == "竹溪乡"
    assert names[-2:] == ["青禾镇", "全县 示例县"]
    assert values(sheet, "乡镇代码")[0] == "990101013"


def test_a_null_ratio_is_said_in_words_and_a_ratio_keeps_all_its_digits(book):
    cells = column(book["乡镇排名"], "占耕比（分子分母同减）")
    assert cells[-2].value == "无"
    assert [cells[4].value, cells[5].value] == [0.0800000001, 0.08]
    formats = [cells[i].number_format for i in (0, 4, 5)]
    assert formats == ["0.00%", "0.00000000%", "0.0000%"]


def test_townships_over_the_line_stand_out(book):
    cells = column(book["乡镇排名"], "乡镇（街道）")
    colours = {cell.font.color.rgb for cell in cells[:5]}
    assert colours == {"FF8A3200"}
    assert cells[5].font.color.rgb != "FF8A3200"  # exactly on the line is not over it
    assert values(book["乡镇排名"], "触线")[:6] == ["是"] * 5 + ["否"]


def test_square_metres_and_mu_stand_side_by_side(tmp_path):
    changes = county.changes(2).assign(area_m2=[2000.0, 0.0001])
    sheet = openpyxl.load_workbook(write(tmp_path / "a.xlsx", changes=changes))["图斑"]
    where = headers(sheet).index("图斑面积\n（㎡）")
    assert headers(sheet)[where + 1] == "图斑面积\n（亩）"
    assert values(sheet, "图斑面积\n（㎡）") == [2000, 0.0001]
    assert values(sheet, "图斑面积\n（亩）") == [3, 0.00000015]
    assert column(sheet, "图斑面积\n（亩）")[0].number_format == "#,##0.00"


def test_changes_name_township_verdict_and_rule(book):
    sheet = book["图斑"]
    assert sheet.max_row == 3 + 30
    assert values(sheet, "乡镇（街道）")[:2] == ["云栖镇", "白塔街道"]
    assert values(sheet, "认定结论")[:2] == ["疑似违法", "合法"]
    assert values(sheet, "规则名称")[:2] == ["未见有效批准手续", "rural-housing"]
    assert values(sheet, "图斑编号")[0] == "990101000000"


def test_findings_have_their_severity_in_chinese(book):
    assert values(book["问题清单"], "处理")[:2] == ["隔离", "修复"]
    assert values(book["问题清单"], "面积\n（㎡）")[:2] == [12.3456, None]


@pytest.mark.parametrize("name", ["乡镇排名", "管辖所", "图斑", "问题清单"])
def test_every_table_is_ready_to_read_and_print(book, name):
    sheet = book[name]
    assert sheet.freeze_panes.endswith("4")
    assert sheet.auto_filter.ref.startswith("A3:")
    assert sheet.print_title_rows == "$3:$3"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize == 9
    assert "&P" in sheet.oddFooter.right.text
    assert "示例数据" in sheet.oddHeader.right.text
    assert "示例数据" in sheet["A2"].value
    assert all(header and "_" not in header for header in headers(sheet))


def test_the_filter_leaves_the_county_out(book):
    assert book["乡镇排名"].auto_filter.ref.endswith("22")  # 3 + 19 townships


def test_the_same_tables_give_the_same_bytes(path, tmp_path):
    again = write(tmp_path / "again.xlsx")
    digests = {hashlib.sha256(p.read_bytes()).hexdigest() for p in (path, again)}
    assert len(digests) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["again.xlsx"]


HOSTILE = ['=HYPERLINK("http://127.0.0.1:9/","x")', "http://a.b", "0012", "\x1b[31m", "<b>&"]


def test_text_never_becomes_a_formula_a_link_or_a_number(tmp_path):
    ranking = county.ranking(5).sort_values("township_code", ignore_index=True)
    ranking["township_name"] = HOSTILE
    path = write(tmp_path / "h.xlsx", ranking=ranking)
    sheet = openpyxl.load_workbook(path)["乡镇排名"]
    cells = column(sheet, "乡镇（街道）")[:5]
    spelt = [*HOSTILE[:3], r"\x1b[31m", "<b>&"]
    assert sorted(cell.value for cell in cells) == sorted(spelt)
    assert {cell.data_type for cell in cells} == {"s"}
    with ZipFile(path) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    assert not any(b"<f>" in part or b"<hyperlink" in part for part in parts)


def test_an_empty_run_still_makes_a_workbook(tmp_path):
    path = write(tmp_path / "e.xlsx", changes=county.changes(0), defects=county.defects(0))
    assert openpyxl.load_workbook(path)["图斑"].max_row == 3


def test_more_changes_than_a_sheet_holds_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook, "_SHEET_ROWS", 20)
    book = openpyxl.load_workbook(write(tmp_path / "m.xlsx"))
    assert [book["图斑"].max_row, book["图斑(2)"].max_row] == [23, 13]


def test_the_tables_are_not_changed(tmp_path):
    ranking = county.ranking(5)
    before = ranking.copy()
    write(tmp_path / "a.xlsx", ranking=ranking)
    pd.testing.assert_frame_equal(ranking, before)
