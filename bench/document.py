"""What was measured, for the docs (文档): ``docs/benchmark.md`` and ``docs/benchmark.png``."""

import json
from pathlib import Path
from statistics import median
from typing import Any

from bench.county.sizes import SCALING
from bench.plot import draw
from bench.runs import Results, kept
from bench.tables import describe, markdown

DOCS = Path(__file__).resolve().parents[1] / "docs"
_SIZES = ("S", "M10", "M")
_TITLES = {
    "S": "S: 5,000 changes on 60,000 parcels",
    "M10": "M10: every tenth change of a county, on all of its 620,000 parcels",
    "M": "M: a whole county, 50,000 changes on 620,000 parcels",
}
_HEAD = """\
# Benchmark

![Wall time and correctness of all engines](benchmark.png)

Asked of every engine alike: the area of every (change, township, plan zone, in permanent
farmland or not, supplied plot, approval, parcel), in the plane; of overlapping approvals the
earliest has the ground. The county is synthetic, with the statistics of a real one: slivers
everywhere, zones of a hundred thousand corners, overlapping approvals.

Reading, partition and writing are timed, imports and compilation are not. The engines run in
turn, each run in a process of its own; wall times are medians. "Wrong" are changes with a piece
whose area is off by more than 0.01 m²; geopandas, which works quite differently from ours, and
every engine that is right agree with ours far below that.

Again: `make bench SIZE=S` (M10, M; `PEERS=shapely,duckdb`, `BENCH_RUNS=5,geopandas=1`). PostGIS
takes part where it is installed. Ratios within one table can be compared, seconds across
machines cannot.
"""


def write_document() -> None:
    """Write the page and the picture of all sizes measured so far."""
    several = [results for size in _SIZES if (results := kept(size)) is not None]
    text = [_HEAD]
    for results in several:
        text += [f"## {_TITLES[results.size]}", "", *markdown(results), ""]
        text += [f"{_sentence(results)}", ""]
    text += _scaling()
    DOCS.joinpath("benchmark.md").write_text("\n".join(text).rstrip() + "\n", encoding="utf-8")
    draw(several, DOCS / "benchmark.png")


def _scaling() -> list[str]:
    """Return what ``bench.scaling`` found, nothing before all its parts ran."""
    found = json.loads(SCALING.read_text(encoding="utf-8")) if SCALING.exists() else {}
    if len(found) < 3:
        return []
    text = [
        "## Growing counties, threads, workers",
        "",
        "| size | changes | wall s | CPU s | CPU µs a change | peak MB |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    text += [
        f"| {row['size']} | {row['changes']:,} | {row['wall']:.3g} | {row['cpu']:.3g}"
        f" | {row['us_per_change']:.0f} | {row['memory']:,.0f} |"
        for row in found["sizes"]
    ]
    threads, workers = found["threads"], found["workers"]
    count = threads["threads"]
    whole = threads["end to end, 1"] / threads[f"end to end, {count}"]
    sweep = threads["sweep, 1"] / threads[f"sweep, {count}"]
    text += [
        "",
        (
            f"From one thread to {count} at {threads['size']}: the sweep {sweep:.2f} times as fast,"
            f" end to end {whole:.2f} times ({threads['end to end, 1']:.3g} s to"
            f" {threads[f'end to end, {count}']:.3g} s)."
        ),
        "",
        (
            f"On a dask scheduler with {workers['workers']} worker processes at {workers['size']}:"
            f" {workers['workers wall']:.3g} s (threads: {workers['threads wall']:.3g} s), with one"
            f" worker killed on the way {workers['one killed wall']:.3g} s."
            f" All runs wrote {'the same' if _same(threads, workers) else 'DIFFERENT'} bytes."
        ),
        "",
        f"Other work kept {median(row['others'] for row in found['sizes']):.1f} cores busy.",
        "Again: `.venv-bench/bin/python -m bench.scaling M10 M L`.",
        "",
    ]
    return text


def _same(*found: dict[str, Any]) -> bool:
    return all(one["same bytes"] for one in found)


def _sentence(results: Results) -> str:
    return describe(results).partition(": ")[2] + "."


if __name__ == "__main__":
    write_document()
