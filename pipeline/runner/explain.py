"""Gather what the tables know of one change polygon (逐图斑解释)."""

from difflib import get_close_matches
from pathlib import Path

from pipeline.errors import PipelineError, Refused, refusal
from pipeline.project import load
from pipeline.report.explain.text import Evidence, explain_text
from pipeline.runner.dossiers import Dossiers
from pipeline.runner.heading import heading_as_run
from pipeline.runner.record import INSPECTION, read_state
from pipeline.runner.tables import Tables
from pipeline.runner.workspace import Workspace

_STALE = "【注意】认定重算过,汇总和排名还是以前的:先运行 make all(pipeline run),再看这里的份额"


def explain(path: Path, change_id: str) -> str:
    """Return one change from raw record to its share in the ratio, as text.

    Raises ``Refused`` with the nearest ids for an unknown one, and where nothing was run yet.
    """
    project = load(path)
    workspace = Workspace(project.workspace)
    workspace.finish()
    tables = Tables(workspace.work)
    if not tables.path("township_ranking").is_file():
        raise PipelineError(
            "还没有结果可以解释", where=str(project.workspace), remedy="先运行 make all"
        )
    heading = heading_as_run(project, workspace.work)
    source = "、".join(project.config.layers.changes.path)
    evidence = evidence_of(Dossiers(tables, source), tables, change_id)
    text = explain_text(evidence, heading)
    is_whole = read_state(workspace.work).get(INSPECTION, {}).get("is_whole")
    return text if is_whole else f"{_STALE}\n\n{text}"


def evidence_of(dossiers: Dossiers, tables: Tables, change_id: str) -> Evidence:
    """Return the dossier of a change; raise ``Refused`` with the nearest ids for an unknown one."""
    evidence = dossiers[change_id]
    if evidence.received.empty and evidence.findings.empty:
        _refuse_unknown(tables, change_id)
    return evidence


def _refuse_unknown(tables: Tables, change_id: str) -> None:
    known = sorted(tables["changes"]["change_id"])
    near = get_close_matches(change_id, known, n=5, cutoff=0.3)
    fix = (
        f"相近的编号:{'、'.join(near)}"
        if near
        else f"共有 {len(known)} 个图斑,见 out/changes.csv"
    )
    raise Refused(
        [refusal("changes", change_id, "unknown-change", f"没有编号为 {change_id} 的图斑", fix)]
    )
