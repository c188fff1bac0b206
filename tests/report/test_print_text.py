"""Sentences as they are printed."""

import pytest

from pipeline.report.print_text import printed


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        (
            "疑似违法 1,222.06 ㎡(其中耕地):无批;合法",
            "疑似违法 1,222.06 ㎡（其中耕地）：无批；合法",
        ),
        ("缺少的证据:conversion_on(农用地转用批准日期)。", "缺少的证据：农用地转用批准日期。"),
        ("日期不全,待核", "日期不全，待核"),
        ("plain (ascii), text: 12:30", "plain (ascii), text: 12:30"),
        ("", ""),
    ],
)
def test_printed(written, shown):
    assert printed(written) == shown
