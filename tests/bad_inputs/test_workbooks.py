"""Bad inputs L20, L28, L29 and their like: workbooks that are bombs, cut or no workbooks."""

import io
import zipfile

import openpyxl
import pytest

from tests.bad_inputs.case import Case
from tests.bad_inputs.county import change_config
from tests.bad_inputs.damage import half, zipped

# ten entities, each ten times the one before: 10 GB of ones
ENTITIES = "".join(
    f'<!ENTITY l{level} "{f"&l{level - 1};" * 10 if level else "1" * 10}">'
    for level in range(10)
)
BOMB = f"""<?xml version="1.0"?><!DOCTYPE w [{ENTITIES}]>
<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>&l9;</t></is></c></row></sheetData></worksheet>"""
TABLE = "<html><table><tr><td>change_id</td><td>method</td></tr></table></html>"
SHEET = "xl/worksheets/sheet1.xml"
ENDLESS = b"<worksheet><sheetData>" + b"<row><c><v>1</v></c></row>" * 4_000_000


def _ledger(edit):
    """Return a spoiler that writes the bytes of the ledger again."""

    def spoil(folder):
        path = folder / "hand" / "cases.xlsx"
        path.write_bytes(edit(path.read_bytes()))

    return spoil


def _with_member(name, data, *, under=None):
    """Return an edit that puts a member in the place of the one of that name.

    ``under``: another name that the workbook then calls it by.
    """

    def edit(book):
        with zipfile.ZipFile(io.BytesIO(book)) as archive:
            members = {one: archive.read(one) for one in archive.namelist()}
        members[name] = data
        if under is not None:
            members[under] = members.pop(name)
            short, new = (one.encode().removeprefix(b"xl/") for one in (name, under))
            members = {one: text.replace(short, new) for one, text in members.items()}
        return zipped(members)

    return edit


def _stray_blank(book):
    made = io.BytesIO()
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    workbook.active["XFD1048576"] = " "
    workbook.save(made)
    return made.getvalue()


def _stray_format(book):
    made = io.BytesIO()
    workbook = openpyxl.load_workbook(io.BytesIO(book))
    workbook.active["XFD1048576"].number_format = "0.00"
    workbook.save(made)
    return made.getvalue()


CASES = [
    Case("L20", _ledger(_stray_blank), "accept"),
    Case("L20-format", _ledger(_stray_format), "accept"),
    Case("L28", _ledger(_with_member(SHEET, BOMB.encode())), "refuse", ("cases.xlsx", "DTD")),
    Case(
        "L28-utf-16",
        _ledger(_with_member(SHEET, BOMB.encode("utf-16"))),
        "refuse",
        ("cases.xlsx",),
    ),
    Case(
        "L28-under-another-suffix",
        _ledger(_with_member(SHEET, BOMB.encode(), under="xl/worksheets/sheet1.dat")),
        "refuse",
        ("cases.xlsx",),
    ),
    Case(
        "L28-endless-under-another-suffix",
        _ledger(_with_member(SHEET, ENDLESS, under="xl/worksheets/sheet1.dat")),
        "refuse",
        ("cases.xlsx", "大小|压缩"),
    ),
    Case(
        "L28-endless", _ledger(_with_member(SHEET, ENDLESS)), "refuse", ("cases.xlsx", "大小")
    ),
    Case("L29", _ledger(lambda _: b"\xd0\xcf\x11\xe0" + bytes(508)), "refuse", ("xls", "格式")),
    Case("L29-html", _ledger(lambda _: TABLE.encode()), "refuse", ("cases.xlsx", "HTML")),
    Case("L29-empty", _ledger(lambda _: b""), "refuse", ("cases.xlsx", "空")),
    Case("L29-cut", _ledger(half), "refuse", ("cases.xlsx", "完整")),
    Case(
        "L29-zip", _ledger(lambda _: zipped({"a.csv": b"1"})), "refuse", ("cases.xlsx", "zip")
    ),
    Case(
        "L29-slip",
        _ledger(_with_member("../../../escaped.txt", b"x")),
        "accept",
    ),
    Case(
        "L29-csv-named-xlsx",
        _ledger(
            lambda _: (
                b"change_id,method,farmland_m2,accepted_on,document\r\n"
                b"3310820010010,\xb2\xf0\xb3\xfd\xb8\xb4\xb8\xfb,1000,2025-01-15,x\r\n"
            )
        ),
        "repair",
        ("cases.xlsx", "GBK"),
    ),
    Case(
        "L29-gone", change_config(("cases.xlsx", "case.xlsx")), "refuse", ("是不是 cases.xlsx",)
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case, tried, tmp_path):
    tried(case)
    assert not [path for path in tmp_path.rglob("*") if "escaped" in path.name]
