"""What people left in out/ is kept aside before a new run takes its place."""

import sqlite3
import stat
from contextlib import closing

import pytest

from pipeline.project import load
from pipeline.runner.line import run
from tests.county import write_clean
from tests.squares import SQUARES

PLAIN = '[report]\nsheets = "none"\ngis = false\n'


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    config = write_clean(SQUARES, tmp_path_factory.mktemp("county"), rest=PLAIN)
    run(load(config))
    return config


@pytest.fixture
def workspace(config):
    return config.parent / "workspace"


def _again(config):
    """Run again; return what is said of files that were kept."""
    said = []
    run(load(config), say=said.append)
    return [line for line in said if "留存" in line]


def _files(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def _leave(out, remark):
    (out / "给科长看").mkdir()
    (out / "给科长看" / "说明.txt").write_text("明天上会", encoding="utf-8")
    table = out / "townships.csv"
    table.chmod(table.stat().st_mode | stat.S_IWUSR)
    table.write_bytes(table.read_bytes() + remark.encode())


def test_a_file_of_ones_own_and_one_with_remarks_are_kept_and_told_once(config, workspace):
    whole = _files(workspace / "out")
    kept = {
        "1/out/townships.csv": whole["townships.csv"] + "已约谈".encode(),
        "1/out/给科长看/说明.txt": "明天上会".encode(),
    }

    _leave(workspace / "out", "已约谈")
    (said,) = _again(config)
    assert "2 个文件" in said
    assert "out/给科长看/说明.txt" in said
    assert _files(workspace / "out") == whole
    assert _files(workspace / "kept") == kept

    _leave(workspace / "out", "已约谈")
    assert _again(config) == []
    _leave(workspace / "out", "已处分")
    assert len(_again(config)) == 1
    other = {"2/out/townships.csv": whole["townships.csv"] + "已处分".encode()}
    assert _files(workspace / "kept") == kept | other


def test_a_geopackage_that_was_only_opened_is_not_kept(config, workspace):
    before = set(workspace.rglob("*"))
    layer = workspace / "out" / "changes.gpkg"
    layer.chmod(layer.stat().st_mode | stat.S_IWUSR)
    whole = layer.read_bytes()
    with closing(sqlite3.connect(layer)) as base:
        base.execute("VACUUM")  # the file's count of changes goes up
    assert layer.read_bytes() != whole
    assert _again(config) == []
    assert layer.read_bytes() == whole
    assert set(workspace.rglob("*")) == before
