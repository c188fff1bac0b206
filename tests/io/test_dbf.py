from datetime import date
from pathlib import Path

import pytest

from pipeline.io.dbf import DamagedTable, read_attributes, read_header
from tests.io.deliveries import write_dbf

DATA = Path(__file__).parents[1] / "data"


def read(path, **given):
    return read_attributes(path, read_header(path), configured=None, cpg=None, **given)


@pytest.mark.parametrize(
    ("kind", "width", "raw", "value"),
    [
        ("C", 8, b"0101", "0101"),
        ("C", 8, b" ab  ", " ab"),
        ("C", 8, b"", None),
        ("C", 8, b"\0\0", None),
        ("N", 9, b"331082001", 331082001),
        ("N", 8, b"1.50", 1.5),
        ("N", 8, b"-1e3", -1000.0),
        ("N", 8, b"", None),
        ("N", 20, b"33108200120240000001", 33108200120240000001),
        ("N", 6, b"NULL", "NULL"),
        ("N", 6, b"1_000", "1_000"),
        ("F", 10, b"nan", None),
        ("D", 8, b"20240315", date(2024, 3, 15)),
        ("D", 8, b"20230230", "20230230"),
        ("D", 8, b"2024W011", "2024W011"),
        ("D", 8, b"", None),
        ("L", 1, b"Y", True),
        ("L", 1, b"f", False),
        ("L", 1, b"?", None),
    ],
)
def test_a_value_is_read_for_what_it_is(tmp_path, kind, width, raw, value):
    write_dbf(tmp_path / "a.dbf", [(b"X", kind, width)], [[raw]])
    (got,) = read(tmp_path / "a.dbf").columns["X"]
    assert got == value
    assert type(got) is type(value)


def test_oddities_are_counted(tmp_path):
    fields = [(b"AREA", "N", 6), (b"DAY", "D", 8), (b"NOTE", "M", 10), (b"NAME", "C", 4)]
    rows = [
        [b"******", b"00000000", b"1", b"ab\0c"],
        [b"1", b"20240101", b"", "东塍".encode()[:4]],
        [b"2", b"20240101", b"", "东".encode()],
    ]
    write_dbf(tmp_path / "a.dbf", fields, rows, deleted=[2])
    table = read(tmp_path / "a.dbf")
    assert table.columns["AREA"] == [None, 1]
    assert table.columns["DAY"] == [None, date(2024, 1, 1)]
    assert table.columns["NAME"] == ["ab", "东"]
    assert table.kept.tolist() == [True, True, False]
    assert table.oddities == {
        "overflow": 1,
        "zero-date": 1,
        "memo": 1,
        "nul": 1,
        "cut": 1,
        "deleted": 1,
    }


def test_names_cut_by_the_header_are_kept_and_told_apart(tmp_path):
    name = "违法用地面积亩".encode("gbk")[:10]
    write_dbf(tmp_path / "a.dbf", [(name, "N", 3), (name, "N", 3)], [[b"1", b"2"]])
    assert list(read(tmp_path / "a.dbf").columns) == ["违法用地面", "违法用地面_1"]


def test_a_utf8_name_cut_in_mid_character_keeps_its_whole_characters(tmp_path):
    name = "违法用地面积亩".encode()[:10]
    write_dbf(tmp_path / "a.dbf", [(name, "C", 9)], [["合法".encode()]])
    assert list(read(tmp_path / "a.dbf").columns) == ["违法用"]


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda _: b"", "空文件"),
        (lambda data: data[:20], "截断"),
        (lambda data: data[:50], "截断"),
        (lambda data: data[:-12], "文件头写 3 条记录,只装得下 1 条"),
        (lambda data: data[:4] + b"\x02" + data[5:], "文件头写 2 条记录,文件里却有 3 条"),
        (lambda data: data[:4] + b"\xff\xff\xff\x7f" + data[8:], "只装得下 3 条"),
        (lambda data: data[:10] + b"\x07" + data[11:], "损坏|文件里却有"),
    ],
)
def test_a_table_that_contradicts_itself_is_not_read(tmp_path, damage, says):
    path = tmp_path / "a.dbf"
    write_dbf(path, [(b"X", "C", 8)], [[b"a"], [b"b"], [b"c"]])
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(DamagedTable, match=says):
        read_header(path)


def test_a_real_gbk_table_without_cpg():
    table = read(DATA / "gbk_dbf" / "区县界_area.dbf")
    assert len(table.columns["NAME"]) == 17
    assert table.columns["NAME"][:2] == ["宝山区", "杨浦区"]
    assert table.encoding.name == "GBK"
