"""One run of one engine in a process of its own (单次测量): ``python -m bench.measure …``.

Imports and preparation are not timed. Prints one line of JSON.
"""

import argparse
import contextlib
import json
import os
import resource
import sys
import time
from pathlib import Path

import psutil

from bench.county.sizes import SIZES
from bench.engines import ENGINES
from bench.job import Engine, Job


def measured(engine: Engine, job: Job) -> dict[str, object]:
    """Return wall and CPU seconds and the peak memory of one run.

    ``others``: how many cores were busy with something else meanwhile.
    """
    try:
        engine.prepare(job)
        _forget_peak()
        cpu = _cpu_s() + engine.elsewhere()[0]
        busy, began = _busy_s(), time.perf_counter()
        job.start()
        engine.areas(job)
        wall, busy = time.perf_counter() - began, _busy_s() - busy
        cpu_elsewhere, memory_elsewhere = engine.elsewhere()
        cpu = _cpu_s() + cpu_elsewhere - cpu
        return {
            "wall": wall,
            "cpu": cpu,
            "others": max(0.0, busy - cpu) / wall,
            "memory": peak_mb() + memory_elsewhere,
            "laps": job.laps,
        }
    finally:
        engine.close()


def _cpu_s() -> float:
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


def _busy_s() -> float:
    """Return the seconds that all cores have worked, for whomever."""
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0))


def _forget_peak() -> None:
    """Let the peak begin anew: compiling takes memory, and is not measured."""
    with contextlib.suppress(OSError):  # only Linux can
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def peak_mb(process: int | str = "self") -> float:
    """Return the largest resident size that a process has had, in Linux; else this one's."""
    status = Path(f"/proc/{process}/status")
    if status.exists():  # the other figure includes what the parent held when it forked
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return int(line.split()[1]) * 1024 / 1e6
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6


def main() -> None:
    """Measure one run."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("engine", choices=list(ENGINES))
    parser.add_argument("size", choices=list(SIZES))
    parser.add_argument("out", type=Path)
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--scheduler", default="", help="tcp://…, for our engine")
    given = parser.parse_args()
    engine = ENGINES[given.engine]()
    if given.scheduler:
        from bench.ours import Ours

        engine = Ours(given.scheduler)
    result = measured(engine, Job(SIZES[given.size], given.out, given.threads))
    print(json.dumps(result), flush=True)


if __name__ == "__main__":
    main()
