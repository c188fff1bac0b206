"""The line of stages: what each reads, makes and rests on; only what is stale runs (流水线)."""

import json
import sys
import time
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import SEVERITIES, Finding, Refused
from pipeline.project import Project
from pipeline.runner import fingerprint
from pipeline.runner.inputs import Inputs, find_inputs
from pipeline.runner.tables import FILES, Tables
from pipeline.runner.workspace import Workspace
from pipeline.schema.conform import conform
from pipeline.schema.derived import DEFECTS

# The stages by name, in order, with what each is called on the screen.
STAGES = {
    "ingest": "入库",
    "hand": "人工台账",
    "overlay": "套合",
    "judge": "认定",
    "rectify": "整改",
    "aggregate": "汇总",
    "rank": "排名",
    "report": "成果",
}
# What `--until` takes: reading the hand-kept ledgers is part of receiving.
PUBLIC_STAGES = tuple(name for name in STAGES if name != "hand")


@dataclass(frozen=True)
class Stage:
    """One stage: the tables it reads and makes, what else it rests on, and what it does."""

    name: str
    reads: tuple[str, ...]
    makes: tuple[str, ...]
    rests_on: Callable[["Run"], Any]
    act: Callable[["Run"], None]


@dataclass
class Run:
    """One run over a project: its inputs, its tables, and what it has said so far."""

    project: Project
    inputs: Inputs
    tables: Tables
    out: Path
    say: Callable[[str], None]
    ran: list[str] = field(default_factory=list)

    def findings(self) -> list[Finding]:
        """Return the findings of every stage so far, worst first, in an order of their own."""
        return sorted(
            read_findings(self.tables),
            key=lambda one: (
                SEVERITIES.index(one.severity),
                one.layer,
                one.record,
                one.code,
                one.message,
            ),
        )


def read_findings(tables: Tables) -> Iterator[Finding]:
    """Yield the stored findings of every stage, in the order of the stages."""
    for name in FILES:
        if name.startswith("findings_") and tables.path(name).is_file():
            for row in tables[name].to_dict("records"):
                yield Finding(
                    **{str(key): _read_back(key, value) for key, value in row.items()}
                )


def _read_back(column: Hashable, value: Any) -> Any:
    """Return a stored cell as the finding had it: no text is empty, no area is None."""
    if pd.isna(value):
        return None if column == "area_m2" else ""
    return value


def findings_table(findings: list[Finding]) -> pd.DataFrame:
    """Return findings as a table, in the order they were found."""
    rows = [vars(finding) for finding in findings]
    return conform(pd.DataFrame(rows, columns=DEFECTS.names), DEFECTS)


def run(project: Project, *, until: str = "report", say: Callable[[str], None] = print) -> Run:
    """Run what is stale, up to a stage, and publish it whole; return what was done.

    Raises ``Refused`` with all reasons; the published results are then as they were.
    """
    from pipeline.runner.steps import LINE

    workspace = Workspace(project.workspace)
    with workspace.held():
        inputs = find_inputs(project)
        building = workspace.fresh()
        tables = Tables(workspace.work, building / "work")
        current = Run(project, inputs, tables, building / "out", say)
        state = _read_state(tables.folder)
        for stage in LINE:
            _step(stage, current, state, workspace.out)
            if stage.name == until:
                break
        if current.ran:
            (tables.folder / "state.json").unlink(missing_ok=True)
            text = json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True)
            (tables.folder / "state.json").write_text(text, encoding="utf-8")
            workspace.publish(["work", "out"])
        workspace.refused.unlink(missing_ok=True)
    current.tables = Tables(workspace.work)
    current.out = workspace.out
    return current


def _step(stage: Stage, current: Run, state: dict[str, Any], published: Path) -> None:
    """Run one stage unless what it rests on and what it made are as they were."""
    title = STAGES[stage.name]
    key = fingerprint.combined(
        fingerprint.program(),
        stage.rests_on(current),
        {name: current.tables.hash(name) for name in stage.reads},
    )
    if (
        state.get(stage.name, {}).get("key") == key
        and _made(stage, current, published) == (state[stage.name]["made"])
    ):
        current.say(f"  {title}  未变,沿用")
        return
    began = time.monotonic()
    stage.act(current)
    current.ran.append(stage.name)
    building = current.out.parent
    state[stage.name] = {"key": key, "made": _made(stage, current, building / "out")}
    current.say(f"  {title}  完成,{time.monotonic() - began:.1f} 秒")


def _made(stage: Stage, current: Run, out: Path) -> dict[str, str | None]:
    """Return the hash of everything a stage made (the report stage: the files in ``out/``)."""
    made = {name: current.tables.hash(name) for name in stage.makes}
    if stage.name == "report":
        files = (
            sorted(path for path in out.rglob("*") if path.is_file()) if out.is_dir() else []
        )
        made |= {
            path.relative_to(out).as_posix(): fingerprint.file_hash(path) for path in files
        }
    return made


def _read_state(work: Path) -> dict[str, Any]:
    try:
        state: dict[str, Any] = json.loads((work / "state.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state


def progress(title: str) -> Callable[[int, int], None]:
    """Return a callback that draws a progress bar on a terminal and nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda _done, _total: None
    from rich.progress import Progress

    bar = Progress(transient=True)
    task = bar.add_task(title, total=None)

    def advance(done: int, total: int) -> None:
        if not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=total)
        if done >= total:
            bar.stop()

    return advance


def refuse(findings: list[Finding], earlier: list[Finding]) -> None:
    """Raise ``Refused`` where one of the findings is a refusal."""
    if any(finding.severity == "refused" for finding in findings):
        raise Refused([*earlier, *findings])
