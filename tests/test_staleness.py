"""A stage runs again if, and only if, something that it rests on changed."""

import os
import shutil

import pandas as pd
import pytest

from pipeline.project import load
from pipeline.runner.line import run
from tests.county import write_clean
from tests.squares import SQUARES

EVERYTHING = ["ingest", "hand", "overlay", "judge", "rectify", "aggregate", "rank", "report"]


@pytest.fixture
def config(tmp_path):
    return write_clean(SQUARES, tmp_path)


@pytest.fixture
def inspected(inspected_squares, tmp_path):
    """The config of the same county, whose inspection was published."""
    shutil.copytree(inspected_squares.parent, tmp_path / "inspected")
    return tmp_path / "inspected" / inspected_squares.name


def _ran(config, **options):
    return run(load(config), say=lambda _line: None, **options).ran


def test_first_everything_then_nothing(config):
    assert _ran(config) == EVERYTHING
    assert _ran(config) == []


def test_file_times_mean_nothing(config):
    _ran(config, until="rank")
    for path in config.parent.rglob("*.gpkg"):
        os.utime(path, (0, 0))

    assert _ran(config, until="rank") == []


def test_a_ruling_reruns_judge_and_what_follows(inspected):
    rulings = inspected.parent / "hand" / "rulings.csv"
    rulings.write_text(
        "change_id,township_code,verdict,reason,ruled_by,ruled_on\n"
        "C11,,legal,补交了批文,甲,2025-01-05\n",
        encoding="utf-8-sig",
    )

    assert _ran(inspected) == ["hand", "judge", "rectify", "aggregate", "rank", "report"]
    changes = pd.read_csv(inspected.parent / "workspace/out/changes.csv").set_index("change_id")
    assert changes.loc["C11", "verdict"] == "legal"


def test_a_line_reruns_what_rests_on_it(config):
    _ran(config, until="rank")
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("ratio = 0.08", "ratio = 0.09"), encoding="utf-8")

    assert _ran(config, until="rank") == ["rectify", "aggregate", "rank"]


def test_until_stops_and_leaves_published_results(config):
    assert _ran(config, until="overlay") == ["ingest", "hand", "overlay"]
    workspace = config.parent / "workspace"
    assert (workspace / "work" / "pieces.parquet").is_file()
    assert not (workspace / "out").exists()
    assert _ran(config, until="rank") == ["judge", "rectify", "aggregate", "rank"]


def test_published_results_survive_killed_runs_and_lost_files(inspected):
    workspace = inspected.parent / "workspace"

    # killed while it was building: the earlier results stand
    half = workspace / ".next" / "out"
    half.mkdir(parents=True)
    (half / "changes.csv").write_text("half", encoding="utf-8")
    assert _ran(inspected) == []
    assert not (workspace / ".next").exists()
    assert (workspace / "out" / "changes.csv").read_text("utf-8-sig").startswith("change_id")

    # killed while it was publishing: the next run finishes that first
    (workspace / ".next").mkdir()
    (workspace / "out").rename(workspace / ".next" / "out")
    (workspace / ".next" / "COMPLETE").write_text('["work", "out"]', encoding="utf-8")
    assert _ran(inspected) == []
    assert (workspace / "out" / "manifest.json").is_file()

    # a result that was lost is made again
    (workspace / "out" / "changes.csv").unlink()
    assert _ran(inspected) == ["report"]
