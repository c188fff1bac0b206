"""Results in a line for each engine (汇总): medians, smallest, largest."""

from dataclasses import dataclass
from statistics import median

from bench.judge import Verdict
from bench.runs import OURS, Record, Results


@dataclass(frozen=True)
class Line:
    """One engine at one size; ``times`` is its wall time in ours, ``cpu_times`` its CPU time."""

    title: str
    wall: float
    least: float
    most: float
    times: float
    cpu: float
    cpu_times: float
    memory_mb: float
    runs: int
    verdict: Verdict | None
    is_ours: bool = False
    failed: str = ""

    @property
    def wall_text(self) -> str:
        """The median wall time, with the smallest and the largest."""
        if self.runs == 0:
            return "–"
        spread = "" if self.runs == 1 else f" ({self.least:.3g}–{self.most:.3g})"
        return f"{self.wall:.3g}{spread}"

    @property
    def times_text(self) -> str:
        """The wall time in ours: 4.2, 68."""
        return _times(self.times)

    @property
    def cpu_times_text(self) -> str:
        """The CPU time in ours."""
        return _times(self.cpu_times)

    @property
    def areas_text(self) -> str:
        """Whether the areas are right."""
        if self.failed:
            return self.failed
        if self.verdict is None:
            return ""
        if self.is_ours:
            return f"changes add up to {_small(self.verdict.unbalanced_m2)} m²"
        if self.verdict.off == 0:
            return f"the same to {_small(self.verdict.worst_m2)} m²"
        changes = f"{self.verdict.off} change{'s' * (self.verdict.off > 1)}"
        return f"{changes} wrong, by up to {self.verdict.worst_m2:,.4g} m²"


def lines_of(results: Results) -> list[Line]:
    """Return a line for each engine, ours first, then the fastest."""
    ours = _medians(results.engines[OURS])
    lines = []
    for name, record in results.engines.items():
        lines.append(_line(record, ours, is_ours=name == OURS))
        if record.runs and all("load" in laps for laps in record.laps):
            lines.append(_line(_without_load(record), ours))
    return sorted(lines, key=lambda line: (not line.is_ours, line.runs == 0, line.wall))


def others(results: Results) -> float:
    """Return how many cores were busy with other work, in the median of all runs."""
    return median(run["others"] for record in results.engines.values() for run in record.runs)


def _times(ratio: float) -> str:
    return f"{ratio:.1f}" if ratio < 9.95 else f"{ratio:,.0f}"


def _small(value: float) -> str:
    return f"{value:.1g}" if value >= 1e-4 else f"{value:.0e}"


def _medians(record: Record) -> dict[str, float]:
    return {
        what: median(run[what] for run in record.runs) for what in ("wall", "cpu", "memory")
    }


def _line(record: Record, ours: dict[str, float], *, is_ours: bool = False) -> Line:
    if not record.runs:
        nothing = (0.0,) * 7
        return Line(record.title, *nothing, 0, None, is_ours, record.failed)
    wall = [run["wall"] for run in record.runs]
    usual = _medians(record)
    return Line(
        record.title,
        usual["wall"],
        min(wall),
        max(wall),
        usual["wall"] / ours["wall"],
        usual["cpu"],
        usual["cpu"] / ours["cpu"],
        usual["memory"],
        len(wall),
        record.verdict,
        is_ours,
        record.failed,
    )


def _without_load(record: Record) -> Record:
    pairs = zip(record.runs, record.laps, strict=True)
    runs = [run | {"wall": run["wall"] - laps["load"]} for run, laps in pairs]
    return Record(f"{record.title}, loaded before", runs, [], record.verdict)
