"""Look at the inputs and judge nothing (检查输入)."""

from collections.abc import Callable
from pathlib import Path

from pipeline.errors import Finding, Refused
from pipeline.project import Project, load
from pipeline.report.console import defects_text
from pipeline.report.csv_results import write_csv
from pipeline.rules.rulings import check_rulings
from pipeline.runner.first_use import prepare
from pipeline.runner.inspection import exit_status, write_refused
from pipeline.runner.line import inputs_of
from pipeline.runner.receiving import receive
from pipeline.runner.receiving.hand import receive_hand
from pipeline.runner.receiving.imagery import check_imagery
from pipeline.runner.stage import findings_table
from pipeline.runner.workspace import Workspace
from pipeline.schema.derived import DEFECTS


def check(path: Path, *, strict: bool = False, say: Callable[[str], None] = print) -> int:
    """Print and write the findings about the inputs; return the exit status.

    They go to ``check.csv`` in the workspace; while nothing has been published yet, to
    ``out/defects.csv`` too. Published results are left as they are.
    """
    project = load(path)
    workspace = Workspace(project.workspace)
    with workspace.held():
        try:
            inputs_of(project)
            prepare(say)
            findings = _findings(project)
        except Refused as refused:
            write_refused(workspace, refused.findings)
            raise
        workspace.refused.unlink(missing_ok=True)
        table = findings_table(findings)
        write_csv(workspace.folder / "check.csv", table, DEFECTS)
        if not (workspace.out / "manifest.json").exists():
            workspace.out.mkdir(parents=True, exist_ok=True)
            write_csv(workspace.out / "defects.csv", table, DEFECTS)
    say(defects_text(findings, whole_list=str(workspace.folder / "check.csv")))
    return exit_status(findings, strict=strict, say=say)


def _findings(project: Project) -> list[Finding]:
    """Return what receiving finds, and what the judge would find in the rulings."""
    received, hand = receive(project), receive_hand(project)
    rulings = check_rulings(hand.rulings, received.tables["changes"]["change_id"])
    findings = [*received.findings, *hand.findings, *rulings, *check_imagery(project)]
    if any(found.severity == "refused" for found in findings):
        raise Refused(findings)
    return findings
