"""The whole line over a county on the grid, from files to the ranking, and what came of it."""

import contextlib
import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.cli import main
from tests.laws.world import World
from tests.laws.world_files import PLAIN, Style, write

# What a run comes to, without where it came from.
RESULTS = (
    "pieces", "judged", "coverage", "constraints", "rectified", "change_balances",
    "change_results", "township_ranking", "office_ranking", "county_result",
)  # fmt: skip
KEYS = {
    "change_results": "change_id",
    "township_ranking": "township_code",
    "office_ranking": "office_name",
    "county_result": "county_code",
}
UNITS = 10_000

Figures = dict[tuple[str, str, str], Any]  # table, key, column → value, areas in booking units


@dataclass(frozen=True)
class Seen:
    """What a run left behind (结果)."""

    config: Path

    @property
    def work(self) -> Path:
        """The tables."""
        return self.config.parent / "workspace" / "work"

    def table(self, name: str) -> pd.DataFrame:
        """Return a table, of a layer without its shapes."""
        frame = pd.read_parquet(self.work / f"{name}.parquet")
        return frame.drop(columns="geometry", errors="ignore")

    @property
    def hashes(self) -> dict[str, str]:
        """The SHA-256 of every result."""
        return {
            name: hashlib.sha256((self.work / f"{name}.parquet").read_bytes()).hexdigest()
            for name in RESULTS
        }

    @cached_property
    def figures(self) -> Figures:
        """Every figure of changes, townships, offices and county; null is None."""
        found = {}
        for name, key in KEYS.items():
            for row in self.table(name).set_index(key).reset_index().to_dict("records"):
                for column, value in row.items():
                    if column not in {key, "reason", "township_name", "county_name"}:
                        found[name, row[key], column] = _plain(column, value)
        return found

    def of(self, table: str, column: str) -> dict[str, Any]:
        """Return one column of a table by its key."""
        return {
            key: value
            for (name, key, which), value in self.figures.items()
            if (name, which) == (table, column)
        }

    @property
    def findings(self) -> pd.DataFrame:
        """Everything that was found about the inputs."""
        files = sorted((self.work / "findings").glob("*.parquet"))
        return pd.concat([pd.read_parquet(file) for file in files], ignore_index=True)

    @property
    def balances(self) -> pd.DataFrame:
        """What was handed in of each file, and what became of it."""
        return pd.read_parquet(self.work / "received" / "balances.parquet").set_index("file")


def _plain(column: str, value: Any) -> Any:
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    return round(value * UNITS) if column.endswith("_m2") else value


Look = Callable[..., Seen]


class Looking:
    """Inspects counties in folders of their own; a county once seen is not run again."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.seen, self.count = folder, {}, 0

    def __call__(self, world: World, style: Style = PLAIN) -> Seen:
        """Write the county and run it to the ranking."""
        key = (repr(world), id(style))
        if key not in self.seen:
            self.count += 1
            config = write(world, self.folder / str(self.count), style)
            rerun(config)
            self.seen[key] = Seen(config), style  # a style kept alive keeps its id
        return self.seen[key][0]


def rerun(config: Path) -> list[str]:
    """Run the config again; return the stages that state.json says have other contents now."""
    state = config.parent / "workspace" / "work" / "state.json"
    before = json.loads(state.read_text(encoding="utf-8")) if state.exists() else {}
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        status = main(["run", str(config), "--until", "rank"])
    assert status == 0, said.getvalue()
    after = json.loads(state.read_text(encoding="utf-8"))
    return [name for name in after if after[name] != before.get(name)]


def assert_equal(one: Figures, other: Figures) -> None:
    """Every figure and verdict the same."""
    assert one.keys() == other.keys()
    assert [(key, one[key], other[key]) for key in one if one[key] != other[key]] == []


def assert_near(one: Figures, other: Figures, units: float) -> None:
    """Every area the same within so many booking units."""
    areas = [key for key in one if key[2].endswith("_m2") and key[2] != "reclaim_to_line_m2"]
    assert one.keys() == other.keys()
    far = [
        (key, one[key], other[key])
        for key in areas
        if (one[key] is None) != (other[key] is None)
        or abs((one[key] or 0) - (other[key] or 0)) > units
    ]
    assert far == []
