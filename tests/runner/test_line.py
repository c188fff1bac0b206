"""What a run says that it rests on is what it read, whatever happens to the files meanwhile."""

import hashlib
import json
import shutil

import pytest

from pipeline.errors import PipelineError
from pipeline.project import SHIPPED_CONFIGS, load
from pipeline.runner.line import run
from pipeline.terms import STAGES
from tests.county import write_clean
from tests.squares import SQUARES

PLAIN = '[report]\nsheets = "none"\ngis = false\n'


def _after(stage, act):
    """Return what is told of a run, that acts when a stage is done."""

    def say(line):
        if line.strip().startswith(f"{STAGES[stage]}  完成"):
            act()

    return say


def _add_a_line(path):
    path.write_bytes(path.read_bytes() + b"\n")


def test_the_manifest_tells_the_config_and_the_files_that_were_read(tmp_path):
    config = write_clean(SQUARES, tmp_path, rest=PLAIN)
    raw = tmp_path / "raw"
    (raw / "other").mkdir()
    (raw / "supply.gpkg").rename(raw / "other" / "conversion.gpkg")
    text = config.read_text("utf-8").replace("raw/supply", "raw/other/conversion")
    config.write_text(text, encoding="utf-8")
    as_read = hashlib.sha256(config.read_bytes()).hexdigest()

    run(load(config), say=_after("judge", lambda: _add_a_line(config)))

    out = tmp_path / "workspace" / "out"
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["config"] == {"path": "squares.toml", "sha256": as_read}
    rows = {one["path"]: one["rows"] for one in manifest["inputs"]}
    assert rows["raw/conversion.gpkg"] == len(SQUARES.approvals["conversion"])
    assert rows["raw/other/conversion.gpkg"] == len(SQUARES.approvals["supply"])
    assert rows["hand/rulings.csv"] is None


def test_a_rule_pack_that_changes_during_the_run_is_not_published(tmp_path):
    config = write_clean(SQUARES, tmp_path)
    shutil.copytree(SHIPPED_CONFIGS / "rules", tmp_path / "configs" / "rules")
    pack = tmp_path / "configs" / "rules" / "default-2024.toml"
    say = _after("judge", lambda: _add_a_line(pack))
    with pytest.raises(PipelineError, match=r"被改动:configs/rules/default-2024\.toml"):
        run(load(config), until="rank", say=say)
    assert not (tmp_path / "workspace" / "work").exists()
