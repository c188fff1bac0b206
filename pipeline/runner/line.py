"""Run the line of stages: only what is stale runs, and all of it is published whole (流水线)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError, Refused
from pipeline.project import Project
from pipeline.runner import fingerprint
from pipeline.runner.basis import basis_record
from pipeline.runner.heading import heading_of, heading_record
from pipeline.runner.inputs import Inputs, find_inputs
from pipeline.runner.keeping import keep_aside
from pipeline.runner.receiving import refused_altogether
from pipeline.runner.record import (
    INSPECTION,
    is_recorded,
    record_of,
    trusted_state,
    write_record,
)
from pipeline.runner.sealing.sums import NAME as SUMS
from pipeline.runner.stage import Run, Stage
from pipeline.runner.steps import LINE
from pipeline.runner.tables import Tables, link_all
from pipeline.runner.workspace import Workspace
from pipeline.terms import PUBLIC_STAGES, STAGES

_ROOM = 3  # bytes that a first run writes for each byte of its inputs, about


def run(project: Project, *, until: str = "report", say: Callable[[str], None] = print) -> Run:
    """Run what is stale, up to a stage, and publish it whole; return what was done.

    Raises ``Refused`` with all reasons; the published results are then as they were.
    """
    workspace = Workspace(project.workspace)
    with workspace.held(say):
        inputs = inputs_of(project)
        workspace.expected = _ROOM * inputs.size(project.root)
        building = workspace.fresh()
        tables = Tables(workspace.work, building / "work")
        current = Run(project, inputs, tables, building / "out", say)
        state = trusted_state(workspace.work)
        for stage in LINE:
            _step(stage, current, state, workspace.out)
            if stage.name == until:
                break
        told = _told(current, state, until)
        state[INSPECTION] = told
        record = record_of(state, is_whole=until == PUBLIC_STAGES[-1])
        if current.ran or not is_recorded(workspace.folder, record):
            if f"out/{SUMS}" in record and not current.out.exists():
                link_all(workspace.out, current.out)
            write_record(building, record)
            _refuse_changed(current)
            if PUBLIC_STAGES[-1] in current.ran:
                keep_aside(workspace.folder, workspace.kept, say)
            workspace.publish(["work", "out"])
        workspace.refused.unlink(missing_ok=True)
    current.tables = Tables(workspace.work)
    current.out = workspace.out
    return current


def _told(current: Run, state: dict[str, Any], until: str) -> dict[str, Any]:
    """Return what the tables are about: who opens them later may not have the config."""
    is_whole = PUBLIC_STAGES.index(until) >= PUBLIC_STAGES.index("rank")
    if not current.ran and not is_whole:
        before: dict[str, Any] = state.get(INSPECTION, {})
        return before
    heading = heading_record(heading_of(current.project, current.inputs.pack))
    return {"heading": heading, "is_whole": is_whole, "basis": basis_record(current)}


def inputs_of(project: Project) -> Inputs:
    """Return the inputs; where one is missing, refuse with all that is wrong with the rest."""
    try:
        return find_inputs(project)
    except Refused as refused:
        raise refused_altogether(project, refused) from None


def _refuse_changed(current: Run) -> None:
    """Raise where an input was changed while it was used: nobody could say what was counted."""
    before, now = current.inputs, inputs_of(current.project)
    differ = (before.all() | before.law).items() ^ (now.all() | now.law).items()
    changed = sorted(name for name, _ in differ)
    if changed:
        raise PipelineError(
            f"运行期间输入文件被改动:{'、'.join(dict.fromkeys(changed[:3]))};原有成果未动",
            remedy="等文件保存完毕、关闭正在写它的程序,再运行一次",
        )


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
        made.pop(SUMS, None)  # written when all stages are done
    return made
