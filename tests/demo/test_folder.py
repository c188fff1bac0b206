"""The demo's folder: the same bytes every time, mended where damaged, never over other work."""

import hashlib
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.demo import write_demo
from pipeline.demo.folder import demo_config
from pipeline.errors import Refused
from pipeline.project import load


def fingerprints(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "workspace" not in path.parts
    }


@pytest.fixture
def copy(demo, tmp_path):
    target = tmp_path / "copy"
    shutil.copytree(demo, target, ignore=shutil.ignore_patterns("workspace"))
    return target


def test_a_damaged_demo_is_written_again_to_the_same_bytes(copy):
    whole = fingerprints(copy)
    (copy / "raw" / "base" / "townships.gpkg").write_bytes(b"damaged")
    (copy / "raw" / "imagery" / "after.tif").unlink()
    (copy / "hand" / "offices.csv").write_text("mine", encoding="utf-8")
    write_demo(copy)
    written = fingerprints(copy)
    assert (copy / "hand" / "offices.csv").read_text(encoding="utf-8") == "mine"
    assert written | {"hand/offices.csv": whole["hand/offices.csv"]} == whole


def test_a_whole_demo_is_left_alone_at_once_without_geopandas(demo):
    program = (
        "import sys, pathlib; from pipeline.demo import write_demo;"
        "write_demo(pathlib.Path(sys.argv[1]));"
        "sys.exit('geopandas' in sys.modules or 'numpy' in sys.modules)"
    )
    before = fingerprints(demo)
    start = time.monotonic()
    assert subprocess.run([sys.executable, "-c", program, demo], check=False).returncode == 0
    assert time.monotonic() - start < 3
    assert fingerprints(demo) == before


def test_edited_ledgers_and_config_stay_as_they_are(copy):
    for name in ("hand/rulings.csv", "demo.toml"):
        (copy / name).write_text("# mine\n", encoding="utf-8")
    before = fingerprints(copy)
    write_demo(copy)
    assert fingerprints(copy) == before


def test_a_folder_with_other_work_in_it_is_refused_and_untouched(tmp_path):
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "county.txt").write_text("real work", encoding="utf-8")
    with pytest.raises(Refused, match="已有别的内容"):
        write_demo(tmp_path)
    assert (tmp_path / "raw" / "county.txt").read_text(encoding="utf-8") == "real work"
    assert not (tmp_path / "demo.toml").exists()


def test_the_config_in_the_folder_is_the_one_in_configs(demo):
    written = (demo / "demo.toml").read_text(encoding="utf-8")
    assert written == demo_config()
    assert "../" not in written
    kept = Path(__file__).parents[2] / "configs" / "demo-2024.toml"
    assert kept.read_text(encoding="utf-8").replace("../data/demo-2024/", "") == written
    moved = load_moved(kept, demo).model_dump_json()
    assert load(demo / "demo.toml").config.model_dump_json() == moved.replace(
        "../data/demo-2024/", ""
    )


def load_moved(kept, demo):
    """Load the config of ``configs/`` from a folder beside the demo's data."""
    project = demo.parent / "moved"
    (project / "configs").mkdir(parents=True)
    shutil.copy(kept, project / "configs" / kept.name)
    shutil.copytree(
        demo, project / "data" / "demo-2024", ignore=shutil.ignore_patterns("workspace")
    )
    return load(project / "configs" / kept.name).config


def test_the_demo_is_small(demo):
    sizes = {path: path.stat().st_size for path in demo.rglob("*") if path.is_file()}
    raw = [size for path, size in sizes.items() if "workspace" not in path.parts]
    assert sum(raw) < 40e6
    assert all(size < 5e6 for path, size in sizes.items() if path.suffix == ".tif")


def test_ledgers_that_were_half_written_do_not_pass_for_edited_ones(tmp_path, monkeypatch):
    for name in (
        "county.make_county",
        "deliver_base.deliver_base",
        "deliver_changes.deliver_changes",
        "deliver_approvals.deliver_approvals",
        "imagery.deliver_imagery",
        "answers.write_answers",
    ):
        monkeypatch.setattr(f"pipeline.demo.{name}", lambda *_: None)

    def deliver(_county, folder, names):
        folder.mkdir()
        for name in names:
            (folder / name).touch()
        if len(names) == 1:
            raise OSError(28, "No space left on device")

    place = tmp_path / "demo"
    hand = "pipeline.demo.deliver_hand.deliver_hand"
    with monkeypatch.context() as patch:
        patch.setattr(hand, lambda *args: deliver(*args, ["rulings.csv"]))
        with pytest.raises(OSError, match="No space"):
            write_demo(place)
    assert not (place / "hand").exists()
    monkeypatch.setattr(hand, lambda *args: deliver(*args, ["rulings.csv", "offices.csv"]))
    write_demo(place)
    assert {path.name for path in (place / "hand").iterdir()} == {"rulings.csv", "offices.csv"}
