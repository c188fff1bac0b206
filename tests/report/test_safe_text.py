import pytest

from pipeline.report.safe_text import safe, shorten
from pipeline.report.text_table import clip, columns, pad, width, wrap


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("云栖镇", "云栖镇"),
        ("a\x1b[31mb", r"a\x1b[31mb"),
        ("一\n二\t三", r"一\x0a二\x09三"),
        ("镇\u202e开", r"镇\u202e开"),
        ("零\u200b宽\ufeff", r"零\u200b宽\ufeff"),
        ("\x9b31m", r"\x9b31m"),
        ("\U000e0001", r"\U000e0001"),
        ("全　角", "全　角"),
        (None, ""),
        (float("nan"), ""),
        (12, "12"),
    ],
)
def test_what_would_steer_a_screen_is_spelt_out(value, shown):
    assert safe(value) == shown


def test_a_cut_is_marked():
    assert [shorten("一二三", 3), shorten("一二三四", 3)] == ["一二三", "一二…"]


def test_chinese_takes_two_columns():
    assert [width("abc"), width("示例a"), width("（）"), width("㎡")] == [3, 5, 4, 2]
    assert pad("示例", 6) == "示例  "
    assert pad("示例", 6, "right") == "  示例"
    assert clip("示例县城关镇", 8) == "示例县.."
    assert wrap("示例县abc", 4) == ["示例", "县ab", "c"]


def test_columns_line_up():
    lines = columns(["名", "数"], [["云栖镇", "1"], ["a", "12"]], ["left", "right"])
    assert lines == ["名      数", "云栖镇   1", "a       12"]
