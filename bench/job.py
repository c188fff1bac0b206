"""What every engine is asked (任务), and what it is handed for it."""

import time
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa

from bench.county.sizes import CHANGE, LAYERS, Size

# Areas are of one change and one row of each layer; where a layer has no row there, null or -1.
KEYS = (CHANGE, *LAYERS)
AREA = "area"
BIG = ("township", "zone", "permanent")  # polygons of tens of thousands of corners


@dataclass
class Job:
    """One run: the county, the file to write areas to, and the threads to use.

    Asked: the area of every (change, township, zone, in permanent farmland or not, supplied
    plot, approval, parcel), in the plane; of overlapping approvals the one of lowest
    ``priority`` has the ground. The answer is a Parquet file of ``KEYS`` and ``AREA``.
    """

    size: Size
    out: Path
    threads: int
    laps: dict[str, float] = field(default_factory=dict)
    _last: float = 0.0

    def start(self) -> None:
        """Begin to count laps."""
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        """Record the time since the last lap under a name."""
        now = time.perf_counter()
        self.laps[name] = self.laps.get(name, 0.0) + now - self._last
        self._last = now

    def path(self, layer: str) -> Path:
        """Return the file of a layer."""
        return self.size.path(layer)


class Engine:
    """One way to do the job; only ``areas`` is timed."""

    title = ""

    def missing(self) -> str:
        """Return why this engine cannot run here, nothing if it can."""
        return ""

    def prepare(self, job: Job) -> None:
        """Start servers, load extensions, compile: whatever is done once on a machine."""

    def areas(self, job: Job) -> None:
        """Read the layers, partition the changes, write the areas."""
        raise NotImplementedError

    def elsewhere(self) -> tuple[float, float]:
        """Return CPU seconds and memory (MB) of processes that are not children of this one."""
        return 0.0, 0.0

    def close(self) -> None:
        """Stop what ``prepare`` started."""


def as_table(columns: dict[str, object]) -> pa.Table:
    """Return keys and areas as a table in the order of ``KEYS``."""
    return pa.table({name: columns[name] for name in (*KEYS, AREA)})
