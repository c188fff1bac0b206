"""Results as CSV: what Excel, pandas and a diff read, and no cell that acts."""

from datetime import date

import pandas as pd

from pipeline.report.csv_results import write_csv
from pipeline.schema.table import Column, Kind, Table

TABLE = Table(
    name="t",
    label="表",
    columns=(
        Column("code", "编号", Kind.CODE),
        Column("area_m2", "面积", Kind.AREA_M2, required=False),
        Column("ratio", "比例", Kind.RATIO, required=False),
        Column("rank", "名次", Kind.COUNT, required=False),
        Column("is_over", "触线", Kind.FLAG),
        Column("given_on", "日期", Kind.DATE, required=False),
    ),
    key=("code",),
)


def _written(tmp_path, *rows):
    path = tmp_path / "t.csv"
    write_csv(path, pd.DataFrame(rows, columns=TABLE.names), TABLE)
    return path.read_bytes()


def test_every_kind_of_cell(tmp_path):
    data = _written(
        tmp_path,
        ("0101", 1234.5, 0.08, 1, True, date(2024, 3, 15)),
        ("0102", None, None, None, False, None),
    )

    assert data == (
        b"\xef\xbb\xbfcode,area_m2,ratio,rank,is_over,given_on\n"
        b"0101,1234.5000,0.08,1,true,2024-03-15\n"
        b"0102,,,,false,\n"
    )


def test_text_that_would_act_is_made_to_lie_still(tmp_path):
    data = _written(
        tmp_path,
        ('=HYPERLINK("http://x","y")', 0.0, None, None, False, None),
        ("@SUM(A1)", 0.0, None, None, False, None),
        ("-1+1", 0.0, None, None, False, None),
        ("\x1b[31m红\u202e", 0.0, None, None, False, None),
    ).decode("utf-8-sig")

    starts = [line.lstrip('"')[:2] for line in data.splitlines()[1:]]
    assert starts == ["'=", "'@", "'-", "\\x"]
    assert "\x1b" not in data
    assert "\u202e" not in data
