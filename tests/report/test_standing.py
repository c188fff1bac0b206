"""Whose word a verdict is."""

import pandas as pd
import pytest

from pipeline.report.standing import is_settled, settled_changes, standing_label


@pytest.mark.parametrize(
    ("verdict", "is_ruled", "label"),
    [
        ("illegal", False, "疑似违法"),
        ("illegal", True, "违法（人工认定）"),
        ("legal", True, "合法（人工认定）"),
    ],
)
def test_what_a_person_signed_is_no_longer_suspected(verdict, is_ruled, label):
    assert standing_label(verdict, is_ruled=is_ruled) == label


def test_a_change_is_settled_where_all_of_its_verdict_was_ruled():
    pieces = pd.DataFrame(
        [
            ("whole", "illegal", "illegal"),
            ("whole", "legal", None),  # lesser ground may still be the rules'
            ("part", "illegal", None),
            ("part", "other", "other"),
            ("none", "illegal", None),
            ("outside", None, None),
        ],
        columns=["change_id", "verdict", "ruled_verdict"],
    )
    changes = pd.DataFrame(
        {
            "change_id": ["whole", "part", "none", "outside"],
            "verdict": ["illegal", "illegal", "illegal", None],
        }
    )
    assert settled_changes(changes, pieces) == {"whole"}
    for change, verdict in changes.itertuples(index=False):
        own = pieces[pieces["change_id"] == change].to_dict("records")
        assert is_settled(verdict, own) is (change == "whole")
