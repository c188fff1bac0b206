"""Memory of the whole line as a county grows: 1×, 4×, 16× the polygons, stage by stage (内存).

The largest county has 640,000 parcels and 48,000 changes. Every stage runs in a process of its
own. No stage may take more than a run says of it beforehand. The blocks of the overlay grow until
what they keep of the layers is full, then no more; receiving grows with all records.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bench.measure import peak_mb
from checks.torture._county_config import CRS, write_config
from checks.torture._mesh_county import mesh_county
from pipeline.geometry.settings import AreaSettings, OverlaySettings
from pipeline.io.layer_file import LayerFile
from pipeline.project import load
from pipeline.runner.acts import RECEIVED
from pipeline.runner.first_use import prepare
from pipeline.runner.line import run as run_line
from pipeline.runner.memory import judging_bytes, overlay_bytes
from pipeline.stages.overlay import Sources, overlay
from pipeline.terms import ApprovalKind

PARCELS, CHANGES = 40_000, 3_000
TIMES = [int(times) for times in os.environ.get("MEMORY_TIMES", "1 4 16").split()]
BLOCKS = "blocks of the overlay"
STAGES = ("ingest", BLOCKS, "overlay", "judge", "aggregate", "rank")
MOST_MB = 1_500 * 1.048576


def run():
    prepare(print)  # compiling takes memory of its own, once
    peaks = [_peaks(times) for times in TIMES]
    last = peaks[-1]
    assert max(last[BLOCKS], last["overlay"]) <= MOST_MB, peaks
    for found, times in zip(peaks, TIMES, strict=True):
        said = {"overlay": overlay_bytes(2), "judge": judging_bytes(round(CHANGES * times))}
        assert all(found[stage] * 1e6 <= size for stage, size in said.items()), (found, said)
    return {stage: " → ".join(f"{each[stage]:.0f}" for each in peaks) + " MB" for stage in last}


def _peaks(times):
    """Return the peak of each stage in a process of its own, then of all of them in one."""
    with tempfile.TemporaryDirectory() as folder:
        config = write(times, Path(folder))
        found = {stage: _peak_mb(config, stage) for stage in STAGES}
        shutil.rmtree(config.parent / "workspace")
        found["in one process"] = _peak_mb(config, STAGES[-1])
    print(f"{times}×: {found}", flush=True)
    return found


def _peak_mb(config, stage):
    asked = [sys.executable, "-m", "checks.torture.memory", str(config), stage]
    done = subprocess.run(asked, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout.splitlines()[-1])


def write(times, folder):
    """Write a county as a bureau would hand it in; return the config."""
    (folder / "raw").mkdir()
    for name, frame in mesh_county(round(PARCELS * times), round(CHANGES * times)).items():
        frame.to_parquet(folder / "raw" / f"{name}.parquet")
    two = "\n[overlay]\nworkers = 2\n"
    return write_config(folder, "memory", "大县", "990000", rest=two)


def watched(config, stage):
    """Run up to a stage in this process; print its peak in MB."""
    if stage == BLOCKS:
        _blocks(config.parent / "workspace" / "work" / "received")
    else:
        run_line(load(config), until=stage, say=lambda _line: None)
    print(json.dumps(peak_mb()))


def _blocks(received):
    """Cut all changes, and keep nothing of it."""
    overlay(
        Sources(**{name: LayerFile(str(received / f"{name}.parquet")) for name in RECEIVED}),
        lambda _pieces: None,
        crs=CRS,
        kinds=(ApprovalKind.CONVERSION,),
        area=AreaSettings(),
        settings=OverlaySettings(workers=2),
        has_permanent_farmland=True,
    )


if __name__ == "__main__":
    watched(Path(sys.argv[1]), sys.argv[2])
