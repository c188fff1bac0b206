"""What the tables know of one change among several."""

import pandas as pd
import pytest

from pipeline.runner.dossiers import Dossiers
from pipeline.runner.tables import Tables
from pipeline.schema.derived import DEFECTS


@pytest.fixture
def tables(tmp_path, monkeypatch):
    """Two changes, A with a ruling and two pieces; findings on A, on A B (another id) and on C."""
    by_change = {
        "changes": ["A", "B"],
        "changes_original": ["B", "A"],
        "judged": ["A", "B", "A"],
        "coverage": ["B"],
        "constraint_areas": [],
        "rulings": ["A"],
        "rectifications": [],
        "rectified": ["A"],
        "change_results": ["A", "B"],
    }
    frames = {
        name: pd.DataFrame({"change_id": pd.Series(ids, dtype=object)})
        for name, ids in by_change.items()
    }
    frames["judged"]["township_code"] = ["1", "2", None]
    frames["judged"]["piece_id"] = ["A-1", "B-1", "A-2"]
    frames["changes_original"]["原:BZ"] = ["乙", "甲"]
    frames["township_ranking"] = pd.DataFrame({"township_code": ["1", "2"]})
    records = ["A", "A 与 B", "A B", "C"]
    findings = pd.DataFrame(
        [{**dict.fromkeys(DEFECTS.names, ""), "record": record} for record in records]
    )
    monkeypatch.setattr("pipeline.runner.dossiers.read_findings", lambda _: [])
    monkeypatch.setattr("pipeline.runner.dossiers.findings_table", lambda _: findings)
    made = Tables(tmp_path)
    made._read = frames
    return made


def test_every_table_is_cut_down_to_the_change(tables):
    evidence = Dossiers(tables, "a.shp")["A"]
    assert evidence.source == "a.shp"
    assert list(evidence.pieces["piece_id"]) == ["A-1", "A-2"]
    assert evidence.original == {"BZ": "甲"}
    assert len(evidence.rulings) == len(evidence.rectified) == len(evidence.result) == 1
    assert len(evidence.coverage) == len(evidence.constraints) == 0
    assert list(evidence.townships["township_code"]) == ["1"]


def test_a_finding_is_found_by_its_record_with_or_without_words_added(tables):
    dossiers = Dossiers(tables, "")
    assert list(dossiers["A"].findings["record"]) == ["A", "A 与 B", "A B"]
    assert list(dossiers["A B"].findings["record"]) == ["A B"]


def test_an_unknown_change_has_empty_tables(tables):
    evidence = Dossiers(tables, "")["X"]
    assert evidence.received.empty
    assert evidence.findings.empty
    assert evidence.original == {}
