import io
import re
import zipfile
from datetime import date, datetime

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from pipeline.errors import Refused
from pipeline.io import xlsx_grid
from pipeline.io.ledger import read_ledger
from tests.io.deliveries import codes

WANTED = ["图斑编号", "整改方式", "面积"]


def write_csv(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "台账.csv"
    path.write_bytes(text.encode(encoding))
    return path


def write_xlsx(tmp_path, *rows, name="台账.xlsx"):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = tmp_path / name
    book.save(path)
    return path


def edit(path, change):
    book = load_workbook(path)
    change(book)
    book.save(path)
    return path


def read(path):
    return read_ledger(path, label="rectifications", wanted=WANTED)


def refusal(path):
    with pytest.raises(Refused) as refused:
        read(path)
    assert path.name in str(refused.value)
    return str(refused.value)


CSV = "图斑编号,整改方式,面积\n0001,拆除复耕,100.5\n0002,补办,\n"
ROWS = [WANTED, ["0001", "拆除复耕", 100.5], ["0002", "补办", None]]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (CSV, "utf-8"),
        (CSV, "utf-8-sig"),
        (CSV.replace("\n", "\r\n"), "utf-8"),
        (CSV.replace(",", "\t"), "utf-8"),
        (CSV.replace(",", ";"), "utf-8"),
        (CSV.replace("整改方式", " 整改 方式 ").replace("补办", '"补办"'), "utf-8"),
        (CSV.replace("\n", "\n\n"), "utf-8"),
    ],
)
def test_a_csv_however_it_is_written(tmp_path, text, encoding):
    ledger = read(write_csv(tmp_path, text, encoding))
    assert ledger.frame.to_dict("list") == {
        "图斑编号": ["0001", "0002"],
        "整改方式": ["拆除复耕", "补办"],
        "面积": ["100.5", None],
    }
    assert ledger.findings == []


def test_a_gbk_csv_is_read_and_said(tmp_path):
    ledger = read(write_csv(tmp_path, CSV, "gbk"))
    assert ledger.frame["整改方式"].tolist() == ["拆除复耕", "补办"]
    assert codes(ledger.findings) == [("encoding-inferred", "repaired")]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (CSV.encode("utf-16"), "UTF-16"),
        (CSV.encode("utf-16-le"), "UTF-16"),
        (b"\xff\xff", "编码"),
        (b"", "空文件"),
        (b"<html><table></table></html>", "HTML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", ".xls"),
        (b"version https://git-lfs.github.com/spec/v1", "LFS"),
        (b"PK\x03\x04broken", "格式"),
        (CSV.encode() + b'0003,"open\n', "引号"),
        (CSV.encode() + "0003,甲,乙,丙\n".encode(), "多出几格"),
        ("编号,方式\n1,2\n".encode(), "表头"),
    ],
)
@pytest.mark.parametrize("name", ["台账.csv", "台账.xlsx"])
def test_what_is_no_ledger_is_refused_by_what_it_looks_like(tmp_path, name, content, says):
    path = tmp_path / name
    path.write_bytes(content)
    assert says in refusal(path)


def test_places_name_file_sheet_and_row(tmp_path):
    assert read(write_csv(tmp_path, CSV)).places == ["台账.csv 第 2 行", "台账.csv 第 3 行"]
    assert read(write_xlsx(tmp_path, *ROWS)).places == [
        "台账.xlsx Sheet 第 2 行",
        "台账.xlsx Sheet 第 3 行",
    ]


def test_values_of_a_workbook(tmp_path):
    header = ["图斑编号", "整改方式", "面积", "日期", "时刻", "是", None, "空"]
    day = datetime(2024, 3, 15)  # noqa: DTZ001
    rows = [331082001.0, " 补办 ", 0.1, day, datetime(2024, 3, 15, 8, 30), True, "无名列", None]  # noqa: DTZ001
    ledger = read(write_xlsx(tmp_path, header, rows))
    assert ledger.frame.iloc[0].to_dict() == {
        "图斑编号": 331082001,
        "整改方式": "补办",
        "面积": 0.1,
        "日期": date(2024, 3, 15),
        "时刻": datetime(2024, 3, 15, 8, 30),  # noqa: DTZ001
        "是": True,
        "第7列": "无名列",
        "空": None,
    }
    assert str(ledger.frame["图斑编号"][0]) == "331082001"


def test_days_counted_from_1904(tmp_path):
    """A cell that is a date says so; a plain number would be read four years too early."""
    wanted = ["图斑编号", "验收日期", "面积"]
    path = write_xlsx(tmp_path, wanted, ["0001", date(2025, 2, 1), 45_000])
    edit(path, lambda book: setattr(book, "epoch", CALENDAR_MAC_1904))

    frame = read_ledger(path, label="x", wanted=wanted, amounts=["面积"]).frame
    assert frame["验收日期"].tolist() == [date(2025, 2, 1)]

    edit(path, lambda book: setattr(book.active["B2"], "value", 44_227))
    edit(path, lambda book: setattr(book.active["B2"], "number_format", "General"))
    with pytest.raises(Refused, match=r"验收日期:工作簿用 1904 日期系统.*如 44227"):
        read_ledger(path, label="x", wanted=wanted, amounts=["面积"])


def test_the_name_of_a_workbook_does_not_matter(tmp_path):
    path = write_xlsx(tmp_path, *ROWS).rename(tmp_path / "台账.csv")
    assert len(read(path).frame) == 2


def test_a_formula_counts_by_its_stored_result(tmp_path):
    path = write_xlsx(tmp_path, WANTED, ["0001", "补办", "=40+2"])

    def store(data):
        return re.sub(b"<v ?/>|<v></v>", b"<v>42</v>", data)

    assert read(rewrite(path, "xl/worksheets/sheet1.xml", store)).frame["面积"].tolist() == [42]


def test_a_header_below_a_title(tmp_path):
    ledger = read(write_xlsx(tmp_path, ["某县整改台账"], [None, "单位:平方米"], *ROWS))
    assert ledger.frame["图斑编号"].tolist() == ["0001", "0002"]
    assert codes(ledger.findings) == [("ledger-header", "repaired")]
    assert "表头(header)不在第一行,取第 3 行" in ledger.findings[0].message


def test_a_cover_sheet_first(tmp_path):
    def cover(book):
        book.create_sheet("封面", 0).append(["某县", "整改台账"])

    ledger = read(edit(write_xlsx(tmp_path, *ROWS), cover))
    assert len(ledger.frame) == 2
    assert codes(ledger.findings) == [("ledger-sheet", "repaired")]
    assert "sheet" in ledger.findings[0].message


def test_visible_sheets_come_before_hidden_ones(tmp_path):
    def hide(book):
        old = book.create_sheet("旧", 0)
        for row in [WANTED, ["9999", "x", 1]]:
            old.append(row)
        old.sheet_state = "hidden"

    assert read(edit(write_xlsx(tmp_path, *ROWS), hide)).frame["图斑编号"][0] == "0001"


def test_merged_cells_are_filled_from_their_range(tmp_path):
    rows = [["所", *WANTED], ["甲所", *ROWS[1]], [None, *ROWS[2]], ["乙所", "0003", "补办", 1]]
    path = edit(write_xlsx(tmp_path, *rows), lambda book: book.active.merge_cells("A2:A3"))
    ledger = read(path)
    assert ledger.frame["所"].tolist() == ["甲所", "甲所", "乙所"]
    (found,) = ledger.findings
    assert (found.code, found.severity) == ("ledger-merged", "repaired")
    assert "合并(merged)" in found.message
    assert "涉及 1 行" in found.message


def test_a_merged_title_makes_no_rows(tmp_path):
    path = write_xlsx(tmp_path, ["整改台账"], *ROWS)
    ledger = read(edit(path, lambda book: book.active.merge_cells("A1:C1")))
    assert len(ledger.frame) == 2
    assert codes(ledger.findings) == [("ledger-header", "repaired")]


@pytest.mark.parametrize(
    ("total", "says"),
    [
        (["合计", None, 103], "与各行相符"),
        (["合  计", None, 999], "面积 写 999,各行合计 103"),
        (["总计:", 2, None], "与各行相符"),
        ([None, "小计", 103], "与各行相符"),
        (["Total", None, None], "没有可以核对的数"),
    ],
)
def test_total_rows_are_held_against_the_rows_and_not_counted(tmp_path, total, says):
    rows = [WANTED, ["0001", "补办", 100], ["0002", "补办", 3], total]
    ledger = read(write_xlsx(tmp_path, *rows))
    assert ledger.frame["图斑编号"].tolist() == ["0001", "0002"]
    (found,) = ledger.findings
    assert (found.code, found.severity) == ("ledger-total", "noted")
    assert "合计(total)" in found.message
    assert says in found.message


def test_subtotals_count_back_to_the_one_before(tmp_path):
    rows = [
        WANTED,
        ["1", "a", 1],
        ["小计", None, 1],
        ["2", "a", 5],
        ["小计", None, 5],
        ["合计", None, 6],
    ]
    ledger = read(write_xlsx(tmp_path, *rows))
    assert len(ledger.frame) == 2
    assert ["相符" in found.message for found in ledger.findings] == [True, True, True]


def test_hidden_columns_that_count_are_read_and_noted(tmp_path):
    def hide(book):
        book.active.column_dimensions.group("C", "D", hidden=True)

    ledger = read(edit(write_xlsx(tmp_path, *ROWS), hide))
    assert ledger.frame["面积"].tolist() == [100.5, None]
    (found,) = ledger.findings
    assert (found.code, found.severity) == ("ledger-hidden", "noted")
    assert "1 列是隐藏(hidden)的,照样读入:面积" in found.message


def test_hidden_rows_are_read_and_noted(tmp_path):
    def hide(book):
        book.active.row_dimensions[3].hidden = True

    ledger = read(edit(write_xlsx(tmp_path, *ROWS), hide))
    assert len(ledger.frame) == 2
    assert codes(ledger.findings) == [("ledger-hidden", "noted")]
    assert "第 3 行" in ledger.findings[0].message


@pytest.mark.parametrize(
    ("value", "says"),
    [
        (331082001202400001.0, "太长"),
        ("3.31082E+17", "科学计数"),
        ("=1+1", "公式没有存下结果"),
        ("#N/A", "错误值 #N/A"),
    ],
)
def test_a_value_that_is_not_what_was_typed_is_refused_where_it_counts(tmp_path, value, says):
    text = refusal(write_xlsx(tmp_path, WANTED, [value, "补办", 1]))
    assert "图斑编号" in text
    assert "第 2 行" in text
    assert says in text
    ledger = read(write_xlsx(tmp_path, [*WANTED, "备注"], ["1", "补办", 1, value]))
    assert ledger.frame["备注"].tolist() == [None]
    assert codes(ledger.findings) == [("ledger-cell", "noted")]


def test_whole_floats_in_a_csv_are_codes(tmp_path):
    ledger = read(write_csv(tmp_path, "图斑编号,整改方式,面积\n331082001.0,a,1.0\n"))
    assert ledger.frame.iloc[0].tolist() == ["331082001", "a", "1.0"]


def test_a_wanted_column_twice_is_refused(tmp_path):
    assert "图斑编号" in refusal(
        write_xlsx(tmp_path, [*WANTED, "图斑编号"], ["1", "a", 1, "2"])
    )


def test_all_reasons_at_once(tmp_path):
    path = write_xlsx(tmp_path, WANTED, ["1E+20", "a", 1], ["=1", "a", 1])
    assert refusal(path).count("【输入被拒绝】") == 2


def test_a_stray_cell_at_the_far_end_costs_nothing(tmp_path):
    def stray(book):
        book.active.cell(1_048_576, 16_384).value = " "

    assert len(read(edit(write_xlsx(tmp_path, *ROWS), stray)).frame) == 2


def rewrite(path, member, change):
    with zipfile.ZipFile(path) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    files[member] = change(files.get(member, b""))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    path.write_bytes(buffer.getvalue())
    return path


def test_entities_are_refused_before_they_unfold(tmp_path):
    bomb = b'<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]>'

    def plant(data):
        return data.replace(b"<worksheet", bomb + b"<worksheet", 1)

    path = rewrite(write_xlsx(tmp_path, *ROWS), "xl/worksheets/sheet1.xml", plant)
    assert "DTD" in refusal(path)


def test_a_workbook_that_unfolds_without_end_is_refused(tmp_path):
    path = rewrite(write_xlsx(tmp_path, *ROWS), "xl/media/a.bin", lambda _: bytes(60 * 2**20))
    assert "压缩比" in refusal(path)


def test_a_workbook_beyond_memory_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xlsx_grid, "_XML_LIMIT", 1000)
    assert "另存为 CSV" in refusal(write_xlsx(tmp_path, *ROWS))


def test_a_zip_that_is_no_workbook_is_refused(tmp_path):
    path = tmp_path / "台账.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/a.txt", "x")
    assert "不是 .xlsx" in refusal(path)
