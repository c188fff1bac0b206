"""Runs side by side (交错运行): one of each engine in turn, each in a process of its own."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

import psutil

from bench.county.sizes import DATA, SIZES, Size
from bench.engines import ENGINES
from bench.judge import Verdict, areas_in, judged, own_areas

OURS = "ours"


@dataclass
class Record:
    """All runs of one engine (测量记录); ``failed`` says why there are no more."""

    title: str
    runs: list[dict[str, float]] = field(default_factory=list)
    laps: list[dict[str, float]] = field(default_factory=list)
    verdict: Verdict | None = None
    failed: str = ""


@dataclass
class Results:
    """What was measured at one size, on what machine."""

    size: str
    threads: int
    cores: int
    memory_gb: int
    engines: dict[str, Record]

    @property
    def path(self) -> Path:
        """Where results are kept."""
        return results_path(self.size)

    def save(self) -> None:
        """Keep the results."""
        self.path.write_text(json.dumps(asdict(self), indent=1), encoding="utf-8")


def results_path(size: str) -> Path:
    """Return where the results of a size are kept."""
    return DATA / size / "results.json"


def kept(size: str) -> Results | None:
    """Return the results of the last run of a size, null if there was none."""
    if not results_path(size).exists():
        return None
    raw = json.loads(results_path(size).read_text(encoding="utf-8"))
    for name, record in raw["engines"].items():
        verdict = Verdict(**record["verdict"]) if record["verdict"] else None
        raw["engines"][name] = Record(**record | {"verdict": verdict})
    return Results(**raw)


def run_all(size: Size, counts: dict[str, int], threads: int, limit_s: float) -> Results:
    """Measure each engine so many times, in turn, and compare the areas with ours."""
    results = Results(
        size.name,
        threads,
        os.cpu_count() or 1,
        round(psutil.virtual_memory().total / 2**30),
        {name: Record(ENGINES[name]().title) for name in counts},
    )
    for name, record in results.engines.items():
        record.failed = ENGINES[name]().missing()
    print("  compiling …", flush=True)
    _run_once(OURS, Record(""), SIZES["XS"], threads, limit_s)
    for turn, name in _turns(counts):
        record = results.engines[name]
        if record.failed:
            continue
        print(f"  {turn + 1}/{counts[name]} {record.title} …", end=" ", flush=True)
        _run_once(name, record, size, threads, limit_s)
        print(record.failed or f"{record.runs[-1]['wall']:.2f} s", flush=True)
        results.save()
    _compare(results, size)
    results.save()
    return results


def answer_path(size: str, name: str) -> Path:
    """Return where the areas of an engine's last run are."""
    return DATA / size / "out" / f"{name}.parquet"


def _turns(counts: dict[str, int]) -> Iterator[tuple[int, str]]:
    for turn in range(max(counts.values())):
        for name, count in counts.items():
            if turn < count:
                yield turn, name


def _run_once(name: str, record: Record, size: Size, threads: int, limit_s: float) -> None:
    out = answer_path(size.name, name)
    out.parent.mkdir(parents=True, exist_ok=True)
    asked = ["bench.measure", name, size.name, str(out), "--threads", str(threads)]
    process = subprocess.Popen(
        [sys.executable, "-m", *asked],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        output, errors = process.communicate(timeout=limit_s)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGINT)  # it stops the server that it may have started
        process.wait()
        record.failed = f"not finished in {limit_s:.0f} s"
        return
    if process.returncode != 0:
        record.failed = _reason(errors) or f"exit code {process.returncode}"
        return
    run = json.loads(output.splitlines()[-1])
    record.laps.append(run.pop("laps"))
    record.runs.append(run)


def _reason(errors: str) -> str:
    """Return the last exception of a process, without its module and its coordinates."""
    told = [
        line
        for line in errors.splitlines()
        if re.match(r"[\w.]*(Error|Exception|Interrupt)\w*: ", line)
    ]
    return told[-1].partition(": ")[2].partition(" at ")[0][:80] if told else ""


def _compare(results: Results, size: Size) -> None:
    own = own_areas(size)
    reference = areas_in(answer_path(size.name, OURS))
    for name, record in results.engines.items():
        if record.runs:
            areas = reference if name == OURS else areas_in(answer_path(size.name, name))
            record.verdict = judged(areas, reference, own)
