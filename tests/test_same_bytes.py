"""The same inputs give the same bytes, whatever the workers, the order, and what is around."""

import dataclasses
import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

from distributed import LocalCluster

from pipeline.cli import main
from pipeline.stages.overlay import stage
from tests.county import write_clean
from tests.squares import SQUARES

# What says where it came from (hashes of inputs and config) differs with the inputs' bytes.
_OF_ITS_INPUTS = {"manifest.json", "state.json", "SHA256SUMS"}
_ROOT = Path(__file__).parents[1]
_TWO = "[overlay]\nworkers = 2\n"


def _published(folder, county, **settings):
    config = write_clean(county, folder, **settings)
    assert main(["run", str(config)]) == 0
    every = _hashes(folder / "workspace")
    return {path: one for path, one in every.items() if path.name not in _OF_ITS_INPUTS}


def _hashes(workspace):
    return {
        path.relative_to(workspace): hashlib.sha256(path.read_bytes()).hexdigest()
        for part in ("out", "work")
        for path in (workspace / part).rglob("*")
        if path.is_file()
    }


def _shuffled(county, seed):
    dice = random.Random(seed)

    def mixed(records):
        return dice.sample(records, len(records))

    return dataclasses.replace(
        county,
        changes=mixed(county.changes),
        townships=mixed(county.townships),
        land_use=mixed(county.land_use),
        permanent_farmland=mixed(county.permanent_farmland),
        plan_zones=mixed(county.plan_zones),
        approvals={kind: mixed(rows) for kind, rows in county.approvals.items()},
        hand={name: mixed(rows) for name, rows in county.hand.items()},
    )


def test_same_bytes(tmp_path):
    first = _published(tmp_path / "a", SQUARES, rest=_TWO)
    again = _published(tmp_path / "b", SQUARES, rest="[overlay]\nworkers = 1\n")
    mixed = _published(tmp_path / "c", _shuffled(SQUARES, 7), rest="[overlay]\nworkers = 4\n")

    assert {name for name in first if first[name] != again[name]} == set()
    assert {name for name in first if first[name] != mixed[name]} == set()

    surrounded = _surrounded(tmp_path / "另一个 文件夹", tmp_path / "home")
    here = _hashes(tmp_path / "a" / "workspace")
    assert {name for name in here if here[name] != surrounded[name]} == set()
    assert here.keys() == surrounded.keys()


def _surrounded(folder, home):
    """Return every published file of a run among other settings, the manifest too."""
    (home / "mpl").mkdir(parents=True)
    (home / "mpl" / "matplotlibrc").write_text("pdf.fonttype: 3\nsvg.hashsalt: other\n")
    environment = {
        "HOME": str(home), "MPLCONFIGDIR": str(home / "mpl"), "LC_ALL": "C", "TZ": "Asia/Shanghai",
        "PYTHONHASHSEED": "4242", "PYTHONPATH": str(_ROOT),
    }  # fmt: skip
    config = write_clean(SQUARES, folder, rest=_TWO)
    subprocess.run(
        [sys.executable, "-m", "pipeline", "run", config],
        env={**os.environ, **environment}, umask=0o077, cwd=home, check=True,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return _hashes(folder / "workspace")


def test_same_bytes_from_the_workers_of_a_scheduler(tmp_path, monkeypatch):
    monkeypatch.setattr(stage, "_BLOCK", 2)  # several blocks, read by the workers themselves
    here = _published(tmp_path / "a", SQUARES)
    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None,
        protocol="tcp", host="127.0.0.1",
    ) as cluster:  # fmt: skip
        scheduler = f'[overlay]\nscheduler = "{cluster.scheduler_address}"\n'
        there = _published(tmp_path / "b", SQUARES, rest=scheduler)

    assert {name for name in here if here[name] != there[name]} == set()
