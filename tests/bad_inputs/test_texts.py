"""Bad inputs A and L of which only the words are bad: the figures stand, the words do nothing.

What becomes of such words in every product is tried in ``tests/strangers``.
"""

import csv
import io

import pytest

from tests.bad_inputs.case import Case
from tests.bad_inputs.county import BING, set_value, write_layer
from tests.bad_inputs.county import layers as clean_layers
from tests.bad_inputs.test_ledgers import rulings
from tests.strangers.hostile import IDS, PHONES

FORMULA = '=HYPERLINK("http://127.0.0.1:9/?"&A1,"x")'
PHONE, IDENTITY = PHONES[0], IDS[0]
CLEANED = ("cleaned-text", "name-text")


def _names(*names):
    return set_value("townships", "XZQMC", dict(enumerate(names)))


def _reason(text):
    """Return a spoiler that adds a ruling of what the machine says too, for this reason."""
    return rulings([f"{BING}0103", "", "疑似违法", text, "某甲", "2025-02-01"])


def _rare(folder):
    write_layer(folder, "townships", clean_layers()["townships"].assign(XZQMC=["㙍头村", "𠮷镇", "丙镇"]))  # fmt: skip


CASES = [
    Case("A20", _names(FORMULA), "accept"),
    Case("A21", _names("<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>"), "accept"),
    Case("A23", _names("../../../escape", "CON", "a/b:c*?"), "accept"),
    Case("A24", _names("甲\x1b[31m红", "乙\u202e村\u2066", "丙\x07\u2028丁"), "accept", tolerates=CLEANED),
    Case("A25", _rare, "accept"),
    Case("L01", _reason('"' + FORMULA.replace('"', '""') + '"'), "accept"),
    Case("L02", _reason("=cmd|'/c calc'!A0"), "accept"),
    Case("L02-plus", _reason("+1+1"), "accept"),
    Case("L02-at", _reason("@SUM(1+1)"), "accept"),
    Case("L27", _reason(f"来电 {PHONE} 身份证 {IDENTITY}"), "flag", ("隐去",), "personal-field", canaries=(PHONE, IDENTITY)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_words_change_no_figure_and_do_nothing(tried, tmp_path, case):
    outcome = tried(case)

    assert not any(mark in outcome.said for mark in "\x1b\x07\u202e\u2066\u2028")
    assert [path.name for path in tmp_path.iterdir()] == ["county"]
    for path in outcome.workspace.rglob("*.csv"):
        rows = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
        assert [cell for row in rows for cell in row if cell[:1] in {"=", "+", "@"}] == []
