"""Whatever is touched in a published run is found, and nothing else is accused."""

import json
import sqlite3
import stat

import pytest

from pipeline.runner.sealing.checking import check_results
from pipeline.runner.sealing.sums import NAME
from tests.runner.sealing.tampering import files_of, touches


def test_a_flipped_bit_a_lost_and_an_added_file_are_each_named(county):
    workspace = county.parent / "workspace"
    names = files_of(workspace)
    assert {"out/manifest.json", f"out/{NAME}", f"work/{NAME}", "work/state.json"} <= {*names}
    assert check_results(workspace).wrong == []
    missed = []
    for touched in touches(workspace, names, 2 * len(names), seed=5):
        wrong = check_results(workspace).wrong
        if len(wrong) != 1 or f" {touched.name} " not in wrong[0]:
            missed.append((touched.name, touched.how, wrong))
    assert missed == []
    assert check_results(workspace).wrong == []


def test_a_geopackage_that_was_only_opened_is_told_from_one_that_says_something_else(
    county, said
):
    path = county.parent / "workspace/out/changes.gpkg"
    assert not path.stat().st_mode & stat.S_IWUSR  # QGIS opens it without writing
    path.chmod(0o644)
    with sqlite3.connect(path) as base:
        base.execute("UPDATE gpkg_contents SET last_change = '2031-01-01T00:00:00.000Z'")
    base.close()
    status, told = said("verify", county)
    assert status == 1
    assert "out/changes.gpkg 的字节变了,行与样式没有变" in told

    with sqlite3.connect(path) as base:
        for (trigger,) in base.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'"):
            base.execute(f"DROP TRIGGER {trigger}")  # they call what only GDAL has
        base.execute("UPDATE changes SET verdict = 'legal' WHERE change_id = 'C11'")
    base.close()
    status, told = said("verify", county)
    assert status == 1
    assert "out/changes.gpkg 的内容变了:表 changes" in told


def test_a_touched_list_of_sums_leaves_the_manifest_as_a_witness(county):
    workspace = county.parent / "workspace"
    (workspace / "out" / NAME).unlink()
    (workspace / "out" / "changes.csv").write_bytes(b"x")
    (workspace / "out" / "mine.csv").write_bytes(b"x")
    wrong = check_results(workspace).wrong
    assert [line.split()[1] for line in wrong] == [
        f"out/{NAME}",
        "out/changes.csv",
        "out/mine.csv",
    ]


def test_changed_inputs_are_told_from_results_that_were_touched(county, said):
    raw = county.parent / "raw"
    (raw / "supply.gpkg").write_bytes((raw / "supply.gpkg").read_bytes() + b" ")
    status, told = said("verify", county)
    assert status == 1
    assert "输入 raw/supply.gpkg 的内容变了(在这次运行以后)" in told
    assert "输入变了,成果是按以前的输入做的" in told
    assert "成果与清单不符" not in told


def test_a_manifest_that_was_touched_is_not_believed_about_the_inputs(county, said):
    manifest = county.parent / "workspace/out/manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    told["inputs"][0]["sha256"] = "0" * 64
    manifest.write_text(json.dumps(told), encoding="utf-8")
    status, words = said("verify", county)
    assert status == 1
    assert "成果 out/manifest.json 的内容变了" in words
    assert "输入没有核对" in words
    assert "raw/" not in words


def test_tables_computed_since_are_no_tampering_and_the_next_run_mends_all(county, said):
    text = county.read_text(encoding="utf-8")
    county.write_text(text.replace("ratio = 0.08", "ratio = 0.09"), encoding="utf-8")
    assert said("run", county, "--until", "rank")[0] == 0
    status, told = said("verify", county)
    assert status == 1
    assert "成果 out/ 是以前的" in told
    assert "township_ranking" not in told
    assert said("run", county)[0] == 0
    assert said("verify", county)[0] == 0


def test_what_somebody_added_is_gone_after_the_next_run(county, said):
    workspace = county.parent / "workspace"
    added = [workspace / "work/received/mine.parquet", workspace / "out/mine\x1b[31m.csv"]
    for file in added:
        file.write_bytes(b"x")
    status, told = said("verify", county)
    assert status == 1
    assert "work/received/mine.parquet 不在清单里" in told
    assert "out/mine\\x1b[31m.csv 不在清单里" in told
    assert said("run", county)[0] == 0
    assert not any(file.exists() for file in added)
    assert said("verify", county)[0] == 0


@pytest.mark.parametrize(
    ("name", "how"),
    [("work/state.json", "flipped"), (f"out/{NAME}", "deleted"), (f"work/{NAME}", "flipped")],
)
def test_the_next_run_mends_the_record(county, said, name, how):
    path = county.parent / "workspace" / name
    good = path.read_bytes()
    path.unlink()
    if how == "flipped":
        path.write_bytes(good.replace(b"a", b"q", 1))
    assert said("run", county)[0] == 0
    assert path.read_bytes() == good
    assert said("verify", county)[0] == 0
