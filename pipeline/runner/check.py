"""Look at the inputs and judge nothing (输入体检)."""

from collections.abc import Callable, Iterable
from pathlib import Path

from pyproj.exceptions import CRSError

from pipeline.errors import SEVERITIES, Finding, Refused
from pipeline.project import Project, load
from pipeline.report.checkup.data import Checkup
from pipeline.report.checkup.headline import headline
from pipeline.report.console import defects_text
from pipeline.rules.rulings import check_rulings
from pipeline.runner.beside import write_list
from pipeline.runner.doctor.products import FOLDER, PAGE, publish_checkup
from pipeline.runner.doctor.watch import Watch
from pipeline.runner.first_use import prepare
from pipeline.runner.inputs import find_inputs
from pipeline.runner.inspection import exit_status, write_refused
from pipeline.runner.receiving import receive
from pipeline.runner.receiving.hand import receive_hand
from pipeline.runner.receiving.imagery import check_imagery
from pipeline.runner.stage import findings_table
from pipeline.runner.workspace import Workspace
from pipeline.schema.derived import DEFECTS
from pipeline.schema.examined import Observation
from pipeline.stages.crosscheck import unknown_offices
from pipeline.stages.examine import examine
from pipeline.stages.rectify import unknown_changes

_UNASKED = "有图层被拒绝，与它有关的核对没有做；改正后再体检一次。"


def check(path: Path, *, strict: bool = False, say: Callable[[str], None] = print) -> int:
    """Print and write the findings about the inputs; return the exit status.

    ``check.csv`` and the folder ``check/`` of the workspace hold what receiving found and what
    the doctor noted beside it; while nothing has been published yet, ``out/defects.csv`` holds
    the former. Published results are left as they are. Raises ``Refused`` after all is written.
    """
    project = load(path)
    workspace = Workspace(project.workspace)
    with workspace.held():
        prepare(say)
        watch = Watch()
        findings = _received(project, watch)
        is_refused = any(found.severity == "refused" for found in findings)
        noted = _noted(project, watch, findings)
        everything = [*watch.placed(findings), *noted]
        checkup = _checkup(project, watch, everything, is_refused=is_refused)
        publish_checkup(workspace, project, checkup)
        listed = [one.finding for group in checkup.groups for one in group.observations]
        write_list(workspace.folder / "check.csv", findings_table(listed), DEFECTS)
        told = (
            f"{headline(checkup)}。体检单:{workspace.folder / FOLDER / PAGE}(双击打开,不联网)"
        )
        if is_refused:
            write_refused(workspace, findings)
            say(told)
            raise Refused(findings)
        workspace.refused.unlink(missing_ok=True)
        if not (workspace.out / "manifest.json").exists():
            workspace.out.mkdir(parents=True, exist_ok=True)
            write_list(workspace.out / "defects.csv", findings_table(findings), DEFECTS)
    say(defects_text(listed, whole_list=f"见 {workspace.folder / 'check.csv'}"))
    say(told)
    return exit_status(findings, strict=strict, say=say)


def _received(project: Project, watch: Watch) -> list[Finding]:
    """Return what finding the files, receiving them and reading the ledgers has to say."""
    missing = _refusals(lambda: find_inputs(project))
    try:
        received, hand = receive(project, watch), receive_hand(project)
    except Refused as refused:
        found = refused.findings
    else:
        changes = received.tables["changes"]["change_id"]
        ledgers = [
            *check_rulings(hand.rulings, changes),
            *unknown_changes(hand.rectifications, changes),
            *unknown_offices(hand.offices, received.tables["townships"]),
        ]
        found = [*received.findings, *hand.findings, *ledgers, *check_imagery(project)]
    return [*missing, *(one for one in found if one not in missing)]


def _refusals(ask: Callable[[], object]) -> list[Finding]:
    try:
        ask()
    except Refused as refused:
        return refused.findings
    return []


def _noted(project: Project, watch: Watch, findings: Iterable[Finding]) -> list[Observation]:
    """Return what the doctor notes beside what receiving found: each thing is told once."""
    told = {(found.layer, found.record, found.code) for found in findings}
    try:
        handed = watch.handed(project)
    except (Refused, CRSError):  # no rule pack, code system, working CRS: that has been said
        return []
    return [
        one
        for one in examine(handed)
        if (one.finding.layer, one.finding.record, one.finding.code) not in told
    ]


def _checkup(
    project: Project, watch: Watch, observations: list[Observation], *, is_refused: bool
) -> Checkup:
    inspection = project.config.inspection
    return Checkup(
        county_name=inspection.county_name,
        year=inspection.year,
        inspection=inspection.name,
        notice=inspection.notice,
        crs=inspection.crs,
        balances=watch.balances,
        observations=sorted(
            observations, key=lambda one: SEVERITIES.index(one.finding.severity)
        ),
        unasked=_UNASKED if is_refused else "",
    )
