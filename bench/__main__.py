"""Measure all engines side by side: ``python -m bench S``."""

import argparse
import os

from bench.county.generate import generate
from bench.county.sizes import SIZES, Size
from bench.engines import ENGINES
from bench.runs import OURS, run_all
from bench.tables import show

# Who can finish: the others take many minutes a run, run out of memory or throw.
_AT = {"M": ("shapely-careful", "postgis-grid"), "L": ()}
_DOCUMENTED = ("S", "M10", "M")


def main() -> None:
    """Generate the county if it is not there, measure, compare, show."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=main.__doc__)
    parser.add_argument("size", nargs="?", default="S", choices=list(SIZES))
    parser.add_argument("--peers", help="only these, with commas; none: ours alone")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument(
        "--runs",
        default=os.environ.get("BENCH_RUNS", "5"),
        help="of each engine, or of some: 5,geopandas=1,sedona=2",
    )
    parser.add_argument("--limit", type=float, default=1800.0, help="seconds for one run")
    given = parser.parse_args()
    size = SIZES[given.size]
    for needed in (SIZES["XS"], size):
        _generated(needed)
    peers = _peers(given.peers, given.size)
    results = run_all(size, _counts(given.runs, (OURS, *peers)), given.threads, given.limit)
    show(results)
    if given.size in _DOCUMENTED:
        from bench.document import write_document

        write_document()


def _generated(size: Size) -> None:
    if not size.is_there():
        print(f"generating county {size.name} …", flush=True)
        generate(size)


def _peers(asked: str | None, size: str) -> tuple[str, ...]:
    everyone = tuple(name for name in ENGINES if name != OURS)
    if asked is None:
        return _AT.get(size, everyone)
    names = tuple(name for name in asked.split(",") if name and name != "none")
    unknown = set(names) - set(everyone)
    if unknown:
        raise SystemExit(f"unknown: {', '.join(sorted(unknown))}; known: {', '.join(everyone)}")
    return names


def _counts(text: str, names: tuple[str, ...]) -> dict[str, int]:
    """Return how many runs each engine gets: "5,geopandas=1" or just "geopandas=1"."""
    usual, own = 5, {}
    for part in text.split(","):
        name, _, count = part.rpartition("=")
        if name:
            own[name] = int(count)
        else:
            usual = int(count)
    return {name: max(1, own.get(name, usual)) for name in names}


if __name__ == "__main__":
    main()
