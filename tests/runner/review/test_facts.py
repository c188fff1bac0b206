"""What is said of a change in a township: of the ground a ruling reaches, whatever was ruled."""

from types import SimpleNamespace

import pandas as pd
import pytest

from pipeline.project import load
from pipeline.runner.review.facts import fact_text, facts_of
from pipeline.runner.review.ledger import RulingsLedger
from pipeline.runner.review.writing import review_rows
from pipeline.runner.tables import Tables
from pipeline.runner.workspace import Workspace
from tests.squares import JIA


@pytest.fixture
def tables(config):
    return Tables(Workspace(load(config).workspace).work)


class _Changed(SimpleNamespace):
    """The tables, one of them changed."""

    def __getitem__(self, name):
        return self.changed.get(name, None) if name in self.changed else self.tables[name]

    def hash(self, name):
        return self.tables.hash(name)


def _row(facts, change_id):
    frame = facts.frame
    return frame[frame["change_id"] == change_id].iloc[0].to_dict()


def test_a_ruling_changes_no_fact(config, tables):
    project = load(config)
    ruled = tables["judged"].assign(
        ruled_verdict="legal", verdict="legal", ruling_reason="看过"
    )
    before = facts_of(project, tables).frame
    after = facts_of(project, _Changed(tables=tables, changed={"judged": ruled})).frame
    assert before["fingerprint"].tolist() == after["fingerprint"].tolist()
    assert before["is_flagged"].tolist() == after["is_flagged"].tolist()


def test_ground_that_counts_elsewhere_or_nowhere_is_not_reached(config, tables):
    judged = tables["judged"].copy()
    legal = (judged["change_id"] == "C01") & (judged["proposed_verdict"] == "legal")
    judged.loc[legal, "counted_in"] = "C99"
    facts = facts_of(load(config), _Changed(tables=tables, changed={"judged": judged}))
    assert _row(facts, "C01")["area_m2"] == 500
    judged["township_code"] = pd.Series([None] * len(judged), dtype="str")
    nothing = facts_of(load(config), _Changed(tables=tables, changed={"judged": judged}))
    assert nothing.frame.empty


def test_a_row_says_where_to_look_and_what_it_rests_on(config, tables):
    row = _row(facts_of(load(config), tables), "C01")
    assert row["township_code"] == JIA
    assert row["centre"] == "600200, 3190605"
    assert row["approvals"] == "转1号、转2号"
    assert row["act"] == "批少占多"
    assert (row["before"], row["after"]) == ("2023-10-15", "2024-09-30")
    assert row["change_type"].startswith("20 ")


@pytest.mark.parametrize(
    ("value", "text"), [(0.005, "0.01"), (3, "3.00"), (None, ""), (pd.NA, ""), ("a", "a")]
)
def test_a_fact_is_compared_as_it_is_shown(value, text):
    assert fact_text(value) == text


def test_an_inspection_without_changes_has_nothing_to_review(config, tables):
    project = load(config)
    nothing = _Changed(tables=tables, changed={"judged": tables["judged"].iloc[:0]})
    facts = facts_of(project, nothing)
    assert review_rows(facts, RulingsLedger(project).standing()).empty
