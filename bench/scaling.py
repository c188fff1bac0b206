"""How our engine scales (扩展性): ``python -m bench.scaling M10 M L``.

Cost and memory as counties grow; threads against one thread; worker processes of a dask
scheduler against threads, also when one of them is killed. All ways must write the same bytes.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from statistics import median
from typing import Any

import psutil

from bench.county.generate import generate
from bench.county.sizes import CHANGE, SCALING, SIZES, Size
from bench.measure import peak_mb
from bench.ours import CHANGES_PER_BLOCK, Loaded, loaded, partitioned
from bench.runs import answer_path
from pipeline.geometry.sweep.areas import swept
from pipeline.io.layer_file import LayerFile

_KERNEL_BLOCKS = 8


def end_to_end(size: Size, threads: int, scheduler: str = "") -> dict[str, Any]:
    """Run our engine in a process of its own; return what it took and a hash of its bytes."""
    out = answer_path(size.name, "scaling")
    out.parent.mkdir(parents=True, exist_ok=True)
    asked = ["ours", size.name, str(out), "--threads", str(threads), "--scheduler", scheduler]
    done = subprocess.run(
        [sys.executable, "-m", "bench.measure", *asked],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    run: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    run["bytes"] = hashlib.sha256(out.read_bytes()).hexdigest()[:16]
    return run


def grown(sizes: list[Size], threads: int, runs: int) -> list[dict[str, Any]]:
    """Return cost and memory of each size."""
    rows = []
    for size in sizes:
        done = [end_to_end(size, threads) for _ in range(runs)]
        changes = LayerFile(str(size.path(CHANGE))).rows
        row: dict[str, Any] = {"size": size.name, "changes": changes} | {
            what: median(run[what] for run in done)
            for what in ("wall", "cpu", "memory", "others")
        }
        row["us_per_change"] = row["cpu"] / changes * 1e6
        print(row, flush=True)
        rows.append(row)
    return rows


def in_threads(size: Size, threads: int, runs: int) -> dict[str, Any]:
    """Return the best wall times of one thread and of several, end to end and of the sweep."""
    blocks = LayerFile(str(size.path(CHANGE))).blocks(CHANGES_PER_BLOCK)
    held = [loaded(size, rows) for rows in blocks[:: max(1, len(blocks) // _KERNEL_BLOCKS)]]
    times: dict[str, list[float]] = {}
    hashes = set()
    for _ in range(runs):
        for count in (1, threads):
            run = end_to_end(size, count)
            hashes.add(run["bytes"])
            times.setdefault(f"end to end, {count}", []).append(run["wall"])
            times.setdefault(f"sweep, {count}", []).append(_sweep_s(held, count))
    found: dict[str, Any] = {name: min(each) for name, each in times.items()}
    found["size"], found["threads"], found["same bytes"] = size.name, threads, len(hashes) == 1
    print(found, flush=True)
    return found


def on_workers(size: Size, workers: int, runs: int) -> dict[str, Any]:
    """Return wall times of threads and of worker processes, and of a run that loses a worker."""
    here = [end_to_end(size, workers) for _ in range(runs)]
    hashes = {run["bytes"] for run in here}
    with cluster(workers) as (address, pids):
        there, memory = [], 0.0
        for _ in range(runs):
            there.append(end_to_end(size, workers, address))
            memory = max(memory, *(peak_mb(pid) for pid in pids()))
        usual = median(run["wall"] for run in there)
        killer = threading.Timer(_preparation_s(address) + 0.4 * usual, _kill, [pids])
        killer.start()
        wounded = end_to_end(size, workers, address)
        killer.join()
    hashes |= {run["bytes"] for run in there} | {wounded["bytes"]}
    found = {
        "size": size.name,
        "workers": workers,
        "threads wall": median(run["wall"] for run in here),
        "workers wall": usual,
        "one killed wall": wounded["wall"],
        "worker MB": memory,
        "same bytes": len(hashes) == 1,
    }
    print(found, flush=True)
    return found


@contextmanager
def cluster(workers: int) -> Iterator[tuple[str, Any]]:
    """Start a scheduler and worker processes of one thread each, all warm."""
    from distributed import Client, LocalCluster

    with LocalCluster(  # type: ignore[no-untyped-call]
        n_workers=workers, threads_per_worker=1, dashboard_address=None
    ) as local:
        with Client(local) as client:  # type: ignore[no-untyped-call]
            client.run(partitioned, SIZES["XS"], range(100))
        yield (
            str(local.scheduler_address),
            lambda: [nanny.pid for nanny in local.workers.values() if nanny.pid],
        )


def _kill(pids: Any) -> None:
    psutil.Process(pids()[0]).kill()


def _preparation_s(address: str) -> float:
    """Return how long a run takes beside what is timed: imports, connecting, loading code."""
    began = time.perf_counter()
    run = end_to_end(SIZES["XS"], 1, address)
    return float(time.perf_counter() - began - run["wall"])


def _sweep_s(held: list[Loaded], threads: int) -> float:
    began = time.perf_counter()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda block: swept(block.changes, block.ground), held))
    return time.perf_counter() - began


def main() -> None:
    """Measure, show, keep."""
    parser = argparse.ArgumentParser(prog="python -m bench.scaling", description=main.__doc__)
    parser.add_argument("size", nargs="*", default=["M10", "M"], choices=list(SIZES))
    parser.add_argument("--parts", default="sizes,threads,workers", help="what to measure")
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    sizes = [SIZES[name] for name in given.size]
    for size in (SIZES["XS"], *sizes):
        if not size.is_there():
            generate(size)
    threads = os.cpu_count() or 1
    end_to_end(SIZES["XS"], 1)  # compiles
    county = SIZES["M"] if "M" in given.size else sizes[0]
    results = json.loads(SCALING.read_text(encoding="utf-8")) if SCALING.exists() else {}
    for part in given.parts.split(","):
        if part == "sizes":
            results[part] = grown(sizes, threads, given.runs)
        else:
            results[part] = _PARTS[part](county, threads, given.runs)
        SCALING.write_text(json.dumps(results, indent=1), encoding="utf-8")


_PARTS = {"threads": in_threads, "workers": on_workers}


if __name__ == "__main__":
    main()
