"""The same inputs give the same bytes, whatever the workers and the order of the records."""

import dataclasses
import hashlib
import random

from distributed import LocalCluster

from pipeline.cli import main
from pipeline.stages.overlay import stage
from tests.county import write_clean
from tests.squares import SQUARES

# What says where it came from (hashes of inputs and config) differs with the inputs' bytes.
_OF_ITS_INPUTS = {"manifest.json"}


def _published(folder, county, **settings):
    config = write_clean(county, folder, **settings)
    assert main(["run", str(config)]) == 0
    workspace = folder / "workspace"
    files = [*workspace.glob("out/**/*"), *workspace.glob("work/*.parquet")]
    return {
        path.relative_to(workspace): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in files
        if path.is_file() and path.name not in _OF_ITS_INPUTS
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
        plan_zones=mixed(county.plan_zones),
        approvals={kind: mixed(rows) for kind, rows in county.approvals.items()},
    )


def test_same_bytes(tmp_path):
    first = _published(tmp_path / "a", SQUARES)
    again = _published(tmp_path / "b", SQUARES, rest="[overlay]\nworkers = 1\n")
    mixed = _published(tmp_path / "c", _shuffled(SQUARES, 7), rest="[overlay]\nworkers = 4\n")

    assert {name for name in first if first[name] != again[name]} == set()
    assert {name for name in first if first[name] != mixed[name]} == set()


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
