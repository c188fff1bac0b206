"""What two inspections rest on, side by side."""

from dataclasses import replace

from pipeline.report.comparison import differing_basis, differing_settings
from tests.report import county


def test_punctuation_makes_no_difference():
    now = county.heading()
    was, now = (replace(now, pack_title=f"本软件默认规则{mark}非部颁文件") for mark in ",，")
    assert differing_settings(was, now).empty
    bases = [
        {"规则": {"认定规则": one.pack_title}, "检查": {}, "口径": {}, "数据": {}}
        for one in (was, now)
    ]
    assert differing_basis(*bases).empty


def test_another_pack_is_another_basis():
    now = county.heading()
    (row,) = differing_settings(now, replace(now, pack_title="某县规则")).to_dict("records")
    assert (row["项目"], row["后"]) == ("认定规则", "某县规则")
