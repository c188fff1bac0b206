"""The data dictionary: no column without its meaning."""

import pytest

from pipeline.schema.derived import approval_columns
from pipeline.schema.meanings import dictionary, meaning_of
from pipeline.schema.views import VIEWS
from pipeline.terms import ApprovalKind


@pytest.mark.parametrize("name", VIEWS)
def test_every_column_has_a_meaning(name):
    bare = [column.name for column in VIEWS[name].columns if not meaning_of(column.name)]
    assert bare == []


def test_the_dates_of_an_approval_are_described_by_what_they_are():
    assert meaning_of("supply_no") == "盖住这块地的批文"
    names = [column.name for column in approval_columns(ApprovalKind.SUPPLY)]
    assert all(meaning_of(name) for name in names)
    assert meaning_of("something_else") == ""


def test_units_follow_from_the_names():
    table = dictionary(VIEWS["townships"].columns).set_index("列名")
    assert table.loc["illegal_farmland_m2", "单位"] == "平方米"
    assert table.loc["ratio_net", "单位"] == "比例(0.08 即 8%)"
    assert table.loc["rank", "中文名"] == "名次"
    pieces = dictionary(VIEWS["pieces"].columns).set_index("列名")
    assert pieces.loc["unapproved_part_width_m", "单位"] == "米"
