"""The workbook of the demo county: areas that add up, links that lead somewhere."""

import re

import openpyxl
import pandas as pd
import pytest

from pipeline.schema.parcel_forms import FIELDS_2026
from pipeline.schema.unit_forms import RECTIFICATION


@pytest.fixture(scope="module")
def out(inspected):
    return inspected / "workspace" / "out"


@pytest.fixture(scope="module")
def book(out):
    return openpyxl.load_workbook(out / "inspection.xlsx", data_only=True)


def rows(book, form):
    names = [column.name for column in form.columns]
    listed = book[form.sheet].iter_rows(min_row=5, values_only=True)
    return pd.DataFrame(list(listed), columns=names)


def test_every_parcel_is_the_sum_of_its_land_groups_or_says_what_is_not(book, inspected):
    parcels = rows(book, FIELDS_2026).set_index("change_id")
    judged = pd.read_parquet(inspected / "workspace/work/judged.parquet")
    inside = judged[judged["township_code"].notna()]
    unknown = inside[inside["land_group"].isna()].groupby("change_id")["area_m2"].sum()
    off = parcels["check_area_m2"]
    assert len(off) > 600
    assert off[~off.index.isin(unknown.index)].abs().max() <= 0.01
    assert (off[unknown.index] * 2000 / 3 - unknown).abs().max() < 0.1
    assert 0 < len(unknown) < 5  # 地类记录隔离，地类不明


def test_what_was_put_right_and_what_is_left_add_up(book):
    units = rows(book, RECTIFICATION)
    assert len(units) == 20
    checks = [check.name for check in RECTIFICATION.checks]
    known = units[checks].dropna(axis=1, how="all")
    assert len(known.columns) == 4
    assert (known == 0).all(axis=None)
    counts = units.set_index("unit")[["illegal_count", "rectified_count", "left_count"]]
    assert counts.loc["全县"].tolist() == [158, 16, 142]


def test_links_lead_to_files_that_are_there(out):
    sheet = openpyxl.load_workbook(out / "inspection.xlsx")["图斑"]
    words = [cell.value for cell in sheet[3]]
    links = [row[words.index("核查单")].value for row in sheet.iter_rows(min_row=4)]
    files = {re.fullmatch(r'=HYPERLINK\("(.*)","核查单"\)', link)[1] for link in links if link}
    assert len([link for link in links if link]) == 210
    assert all((out / file).is_file() for file in files)
