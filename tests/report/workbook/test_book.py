"""The workbook, written from invented tables and opened again."""

import hashlib
import re
from zipfile import ZipFile

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.utils import column_index_from_string

from pipeline.report.text_table import width
from pipeline.report.workbook import cells as workbook_cells
from pipeline.report.workbook import results as workbook_results
from pipeline.report.workbook.book import write_workbook
from pipeline.report.workbook.columns import table_columns
from pipeline.schema.derived import COUNTY_RESULT, OFFICE_RANKING, TOWNSHIP_RANKING
from pipeline.schema.table import Column, Kind
from tests.report import book_world, county

SHEETS = [
    *("说明", "乡镇排名", "管辖所", "立案建议清单", "图斑", "碎片"),
    *("批文使用", "规则", "来源", "问题清单"),
    *("附表A 图斑核查台账", "附表A2 图斑填报字段", "附表C 汇总表"),
    *("附表D 整改表", "附表E 非农违法清单"),
]
TABLES = SHEETS[1:]


def write(path, **tables):
    write_workbook(path, book_world.book(**tables))
    return path


def opened(path, **tables):
    return openpyxl.load_workbook(write(path, **tables))


def nineteen(**tables):
    ranking = tables.pop("ranking", county.ranking(19))
    return {"ranking": ranking, "county": county.county_row(ranking), **tables}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    return write(tmp_path_factory.mktemp("book") / "检查.xlsx", **nineteen())


@pytest.fixture(scope="module")
def book(path):
    return openpyxl.load_workbook(path)


def header_row(sheet):
    return int(re.search(r"\d+", sheet.auto_filter.ref)[0])


def headers(sheet):
    return [cell.value for cell in sheet[header_row(sheet)]]


def column(sheet, header):
    x = headers(sheet).index(header)
    return [row[x] for row in sheet.iter_rows(min_row=header_row(sheet) + 1)]


def values(sheet, header):
    return [cell.value for cell in column(sheet, header)]


def test_the_invented_tables_keep_their_contracts():
    ranking = county.ranking(19)
    for frame in (ranking, book_world.ranking()):
        TOWNSHIP_RANKING.check(frame)
        COUNTY_RESULT.check(county.county_row(frame))
    OFFICE_RANKING.check(county.offices())


def test_the_sheets_are_in_reading_order(book):
    assert book.sheetnames == SHEETS


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
    assert all(name in text for name in [*TABLES[:9], "附表A、A2、C、D、E"])


def test_the_file_says_which_run_it_is_of(book):
    assert book.properties.title == "示例县 2024 年度卫片执法检查 工作簿（疑似）"
    assert book.properties.subject == "demo-2024"
    assert book.properties.created.isoformat() == "2025-03-31T00:00:00"
    assert book.custom_doc_props["检查名称"].value == "demo-2024"


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
    changes = book_world.changes().assign(area_m2=[2000.0, 0.0001, 1.0])
    sheet = opened(tmp_path / "a.xlsx", changes=changes)["图斑"]
    where = headers(sheet).index("图斑面积\n（㎡）")
    assert headers(sheet)[where + 1] == "图斑面积\n（亩）"
    assert values(sheet, "图斑面积\n（㎡）") == [2000, 0.0001, 1]
    assert values(sheet, "图斑面积\n（亩）") == [3, 0.00000015, 0.0015]
    assert column(sheet, "图斑面积\n（亩）")[0].number_format.startswith("#,##0.00;")


def test_what_must_be_reclaimed_is_rounded_up_as_it_is_shown():
    need = Column("reclaim_to_line_m2", "还需复耕", Kind.AREA_M2)
    frame = pd.DataFrame({need.name: [1521.7392, 0.0001, 0.0, None]})  # 2.2826088 mu
    metres, mu = (column.values for column in table_columns([need], frame))  # noqa: PD011
    assert metres == pytest.approx([1521.74, 0.01, 0.0, np.nan], nan_ok=True)
    assert mu == pytest.approx([2.29, 0.01, 0.0, np.nan], nan_ok=True)


def test_changes_name_township_verdict_rule_and_reason(tmp_path):
    sheet = opened(tmp_path / "a.xlsx")["图斑"]
    assert values(sheet, "图斑编号") == ["C1", "C2", "C3"]
    assert values(sheet, "乡镇（街道）") == ["甲镇", "甲镇", "乙乡"]
    assert values(sheet, "认定结论") == ["疑似违法", "违法（人工认定）", "疑似违法"]
    assert values(sheet, "规则名称") == ["over-extent", "未见有效批准手续", "late"]
    assert values(sheet, "理由") == ["超出批准范围", "未见批准", "后补批准"]


def test_pieces_are_what_was_judged(tmp_path):
    sheet = opened(tmp_path / "a.xlsx")["碎片"]
    assert values(sheet, "碎片编号")[0] == "C1-1"
    assert values(sheet, "三大类") == [*["农用地"] * 2, "未利用地", *["农用地"] * 3, None]
    assert values(sheet, "依据批文类型")[0] == "农用地转用"
    day = column(sheet, "依据批文日期")[0]
    assert (day.value.isoformat(), day.number_format) == ("2023-05-01T00:00:00", "yyyy-mm-dd")
    assert values(sheet, "人工认定")[2:4] == [None, "违法"]


def test_a_change_is_linked_to_its_sheet_where_there_is_one(tmp_path):
    sheet = opened(tmp_path / "a.xlsx", sheet_links={"C2": "sheets/png/C2.png"})["图斑"]
    cells = column(sheet, "核查单")
    link = '=HYPERLINK("sheets/png/C2.png","核查单")'
    assert [cell.value for cell in cells] == [None, link, None]
    shown = openpyxl.load_workbook(tmp_path / "a.xlsx", data_only=True)["图斑"]
    assert values(shown, "核查单") == [None, "核查单", None]


def test_a_link_cannot_get_out_of_its_quotes(tmp_path):
    odd = 'sheets/a","b").pdf'
    sheet = opened(tmp_path / "a.xlsx", sheet_links={"C2": odd})["图斑"]
    assert values(sheet, "核查单")[1] == '=HYPERLINK("sheets/a"",""b"").pdf","核查单")'


def test_findings_have_their_severity_in_chinese(book):
    assert values(book["问题清单"], "处理")[:2] == ["隔离", "修复"]
    assert values(book["问题清单"], "面积\n（㎡）")[:2] == [12.3456, None]


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_ready_to_read_and_print(book, name):
    sheet = book[name]
    header = header_row(sheet)
    assert sheet.freeze_panes.endswith(str(header + 1))
    assert sheet.auto_filter.ref.startswith(f"A{header}:")
    assert sheet.print_title_rows == f"$3:${header}"
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert sheet.page_setup.fitToHeight == 0
    assert "&P" in sheet.oddFooter.right.text
    assert "示例数据" in sheet.oddHeader.right.text
    assert "疑似" in sheet.oddHeader.left.text
    assert "示例数据" in sheet["A2"].value
    assert all(header and "_" not in header for header in headers(sheet))


def widths(sheet):
    listed = sheet.column_dimensions.values()
    return {x: one.width for one in listed for x in range(one.min, one.max + 1)}


@pytest.mark.parametrize("name", TABLES)
def test_nothing_is_printed_smaller_than_70_percent(book, name):
    """Characters of ten points across a landscape sheet: 140 on A4, 198 on A3."""
    sheet = book[name]
    room = {x: wide - 0.71 for x, wide in widths(sheet).items()}  # less the edge of a cell
    kept = sum(
        room[x] for x in range(1, column_index_from_string(sheet.print_title_cols[-1]) + 1)
    )
    pages = sheet.page_setup.fitToWidth or 1
    across = (sum(room.values()) - kept) / pages + kept
    assert across <= {9: 140, 8: 198}[sheet.page_setup.paperSize] / 0.7 + 1
    assert (sheet.page_setup.paperSize == 8) == (sum(room.values()) > 201)
    assert pages <= 2


@pytest.mark.parametrize("name", TABLES)
def test_no_number_is_wider_than_its_column(book, name):
    sheet = book[name]
    for cells in sheet.iter_cols(min_row=header_row(sheet) + 1):
        room = widths(sheet)[cells[0].column]
        for cell in cells:
            if isinstance(cell.value, float | int) and cell.number_format.startswith("#,##0"):
                assert len(f"{cell.value:,.2f}") + 1 <= room, (cell.coordinate, cell.value)


@pytest.mark.parametrize("name", TABLES)
def test_every_header_fits_its_cell(book, name):
    sheet = book[name]
    row = sheet[header_row(sheet)]
    height = sheet.row_dimensions[row[0].row].height
    for cell in row:
        room = int(widths(sheet)[cell.column] - 1) // 2 * 2
        lines = sum(-(-width(part) // room) for part in cell.value.split("\n"))
        assert lines * 13.5 <= height, cell.value


def test_the_filter_leaves_the_county_out(book):
    assert book["乡镇排名"].auto_filter.ref.endswith("22")  # 3 + 19 townships


def test_the_same_tables_give_the_same_bytes(path, tmp_path):
    again = write(tmp_path / "again.xlsx", **nineteen())
    digests = {hashlib.sha256(p.read_bytes()).hexdigest() for p in (path, again)}
    assert len(digests) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["again.xlsx"]


def test_rows_are_the_same_however_many_are_written_at_a_time(book, tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_cells, "_BLOCK", 2)
    again = opened(tmp_path / "blocks.xlsx", **nineteen())
    for name in SHEETS:
        rows = [list(one[name].iter_rows(values_only=True)) for one in (book, again)]
        assert rows[0] == rows[1], name


HOSTILE = [
    *('=HYPERLINK("http://127.0.0.1:9/","x")', "http://a.b", "0012", "\x1b[31m", "<b>&"),
    *("_x0041_", " 甲 ", "<r><t>x</t></r>", "\ufffe]]>"),
]
OURS = re.compile(rb'IF\(COUNT\([A-Z0-9,]+\)&lt;\d,"",ROUND\([A-Z0-9-]+,4\)\)')


def test_text_never_becomes_a_formula_a_link_or_a_number(tmp_path):
    ranking = county.ranking(9).sort_values("township_code", ignore_index=True)
    ranking["township_name"] = HOSTILE
    path = write(tmp_path / "h.xlsx", **nineteen(ranking=ranking))
    sheet = openpyxl.load_workbook(path)["乡镇排名"]
    cells = column(sheet, "乡镇（街道）")[:9]
    spelt = [*HOSTILE[:3], r"\x1b[31m", *HOSTILE[4:7], f"{HOSTILE[7]} ", "_xFFFE_]]>"]
    assert sorted(cell.value for cell in cells) == sorted(spelt)
    assert {cell.data_type for cell in cells} == {"s"}
    with ZipFile(path) as archive:
        parts = [archive.read(name) for name in archive.namelist()]
    assert not any(b"<hyperlink" in part for part in parts)
    formulas = [f for part in parts for f in re.findall(rb"<f>(.*?)</f>", part)]
    assert formulas
    assert all(OURS.fullmatch(formula) for formula in formulas)


def test_an_empty_run_still_makes_a_workbook(tmp_path):
    world = book_world.book()
    empty = {
        name: getattr(world, name).head(0)
        for name in (
            *("changes", "judged", "rectified", "coverage", "constraint_areas"),
            *("received", "approvals", "quarantine", "rulings", "defects"),
        )
    }
    book = opened(tmp_path / "e.xlsx", **empty)
    assert book["图斑"].max_row == 3
    assert values(book["附表D 整改表"], "已整改")[-1] == 0


def test_a_run_without_optional_layers_leaves_their_columns_to_be_filled_in(tmp_path):
    absent = dict.fromkeys(["permanent_farmland_m2", "illegal_permanent_farmland_m2"])
    judged = book_world.judged().assign(plan_zone=None, is_permanent_farmland=None)
    book = opened(
        tmp_path / "o.xlsx",
        changes=book_world.changes().assign(**absent).astype(dict.fromkeys(absent, float)),
        judged=judged.astype({"is_permanent_farmland": "boolean"}),
        constraint_names=[],
        kinds=(),
    )
    sheet = book["附表A2 图斑填报字段"]
    assert values(sheet, "占基本农田面积") == [None] * 3
    assert values(sheet, "占生态红线面积") == [None] * 3
    assert values(book["附表A 图斑核查台账"], "占用基本农田") == [None] * 3
    assert values(book["立案建议清单"], "其中永久基本农田\n（亩）") == [None] * 3


def test_more_rows_than_a_sheet_holds_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(workbook_results, "SHEET_ROWS", 2)
    links = {"C2": "sheets/a.pdf", "C3": "sheets/b.pdf"}
    book = opened(tmp_path / "m.xlsx", sheet_links=links)
    assert [book["图斑"].max_row, book["图斑(2)"].max_row] == [5, 4]
    assert "sheets/b.pdf" in values(book["图斑(2)"], "核查单")[0]
    assert values(book["碎片(4)"], "碎片编号") == ["C3-2"]
    assert values(book["附表A2 图斑填报字段(2)"], "图斑编号") == ["C3"]


def test_the_tables_are_not_changed(tmp_path):
    given = book_world.book()
    before = {name: frame.copy() for name, frame in vars(given).items() if is_frame(frame)}
    write_workbook(tmp_path / "a.xlsx", given)
    for name, frame in before.items():
        pd.testing.assert_frame_equal(getattr(given, name), frame)


def is_frame(value):
    return isinstance(value, pd.DataFrame)
