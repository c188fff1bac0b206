"""The input doctor on half a million parcels: its own CPU, and the gate's share of a run.

CPU seconds of this process, all threads. The gate is what receiving does beyond reading, moving,
measuring and writing: whether shapes are sound, keys and codes are what they should be, layers
lie where they say. It is held against the stages ingest and overlay together.
"""

import dataclasses
import functools
import importlib
import tempfile
import time
from pathlib import Path

from checks.torture._broad_county import ASIDE, GAPS, REPEATS, write_broad_county
from pipeline.project import load
from pipeline.runner import check, line
from pipeline.runner.first_use import prepare

_MOST_CPU_S, _MOST_SHARE = 60.0, 0.10
_RECEIVING = "pipeline.runner.receiving"
_GATE = (
    (f"{_RECEIVING}.opening", "_is_sound"),
    (f"{_RECEIVING}.layer", "Layer.gate"),
    (f"{_RECEIVING}.layer", "Layer.key"),
    (f"{_RECEIVING}.layer", "Layer.refuse_duplicates"),
    (f"{_RECEIVING}.layer", "Layer.balance"),
    (f"{_RECEIVING}.layer", "Layer.quarantined"),
    (f"{_RECEIVING}.placing", "contradiction"),
    (f"{_RECEIVING}.placing", "typical_bounds"),
    (f"{_RECEIVING}.placing", "_meets"),
    (f"{_RECEIVING}.layers", "check_stated_areas"),
    (f"{_RECEIVING}.layers", "_note_gaps"),
    ("pipeline.rules.land_classes", "CodeSystem.classify"),
)


class Clock:
    """Adds up the CPU of functions, each counted once where one calls another."""

    def __init__(self):
        self.spent, self._is_inside = 0.0, False

    def watch(self, module, name):
        """Time a function or method from now on."""
        owner = importlib.import_module(module)
        *path, last = name.split(".")
        for part in path:
            owner = getattr(owner, part)
        setattr(owner, last, self.timed(getattr(owner, last)))

    def timed(self, function):
        """Return the function with its time taken."""

        @functools.wraps(function)
        def with_time(*given, **named):
            if self._is_inside:
                return function(*given, **named)
            self._is_inside, began = True, time.process_time()
            try:
                return function(*given, **named)
            finally:
                self._is_inside = False
                self.spent += time.process_time() - began

        return with_time


def _silent(_):
    pass


def run():
    """Return the figures; raise where the doctor is slow, or does not find what is planted."""
    prepare(_silent)
    with tempfile.TemporaryDirectory() as folder:
        config = write_broad_county(Path(folder))
        return {**_gate_share(config), **_doctor(config)}


def _gate_share(config):
    stages, gate = Clock(), Clock()
    for module, name in _GATE:
        gate.watch(module, name)
    kept = line.LINE
    line.LINE = tuple(dataclasses.replace(one, act=stages.timed(one.act)) for one in kept)
    try:
        line.run(load(config), until="overlay", say=_silent)
    finally:
        line.LINE = kept
    share = gate.spent / stages.spent
    if share > _MOST_SHARE:
        raise AssertionError(f"the gate takes {share:.1%} of ingest and overlay")
    return {"gate": f"{gate.spent:.1f} s of {stages.spent:.1f} s CPU, {share:.1%}"}


def _doctor(config):
    clock, found = Clock(), []
    examine = check.examine

    def seen(handed):
        found.extend(examine(handed))
        return found

    check.examine = clock.timed(seen)
    check.publish_checkup = clock.timed(check.publish_checkup)
    check.check(config, say=_silent)
    counts = {}
    for one in found:
        counts[one.finding.code] = counts.get(one.finding.code, 0) + 1
    if counts.get("land-use-overlap") != REPEATS or counts.get("land-use-gap", 0) not in range(
        1, GAPS + 1
    ):
        raise AssertionError(f"planted {GAPS} gaps and {REPEATS} repeats, found {counts}")
    if counts.get("permanent-not-farmland", 0) not in range(1, ASIDE + 1) or len(counts) != 3:
        raise AssertionError(f"planted {ASIDE} woods, found {counts}")
    if clock.spent > _MOST_CPU_S:
        raise AssertionError(f"the doctor takes {clock.spent:.0f} s of CPU")
    return {
        "doctor": f"{clock.spent:.1f} s CPU, 504,000 parcels",
        "found": sum(counts.values()),
    }
