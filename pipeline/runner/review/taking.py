"""Read working copies back: what is right goes into the ledger, the rest is refused (读回认定)."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.io.review_copies import Row, read_copy
from pipeline.project import Project, load
from pipeline.report.safe_text import safe
from pipeline.runner.beside import write_list
from pipeline.runner.review.checking import Checker, Outcome, side_effects
from pipeline.runner.review.facts import Facts, facts_of
from pipeline.runner.review.ledger import RulingsLedger, log_rows, logged
from pipeline.runner.stage import findings_table
from pipeline.runner.tables import Tables
from pipeline.runner.workspace import Workspace
from pipeline.schema.derived import DEFECTS
from pipeline.schema.gis import caption
from pipeline.schema.review import ANSWERS, KEY, REVIEW

REFUSED_SOME = 2
_SHOWN = 20
_NEEDED = (*KEY, *(column.name for column in ANSWERS), "run_id", "fingerprint")
_LABELS = {c.name: caption(c) for c in REVIEW.columns}
_COPIES = ("*.xlsx", "*.gpkg")


def take_rulings(
    path: Path, files: Sequence[Path] = (), *, say: Callable[[str], None] = print
) -> int:
    """Take what people ruled in ``files`` (none: every working copy) into the ledger.

    Right rows are accepted and logged in ``review/log.csv``; wrong ones are left out, listed in
    ``review/refused.csv``, and make the exit status 2. What the ledger has already is not added
    again. Raises ``Refused`` for a file that is none of ours: nothing is taken then.
    """
    project = load(path)
    workspace = Workspace(project.workspace)
    with workspace.held():
        facts = published_facts(project, workspace)
        copies = [(file, copy_rows(file)) for file in files or working_copies(workspace)]
        if not copies:
            raise PipelineError(
                "没有可读回的复核表", where=str(workspace.review), remedy="先运行 make review"
            )
        ledger = RulingsLedger(project)
        standing = ledger.standing()
        checker = Checker(facts, standing)
        outcome = checker.check(copies)
        if outcome.accepted:
            rows = log_rows(outcome.accepted, checker, standing, project.root)
            with logged(workspace.review / "log.csv", rows, ledger.path, project.root):
                ledger.add(outcome.accepted)
        _write_refused(workspace.review / "refused.csv", outcome)
    _tell(outcome, checker, workspace, say)
    _tell_what_next(path, outcome, ledger, workspace, say)
    return REFUSED_SOME if outcome.refused else 0


def published_facts(project: Project, workspace: Workspace) -> Facts:
    """Return the facts of the published run; raise ``PipelineError`` where there is none."""
    tables = Tables(workspace.work)
    if not tables.path("judged").is_file():
        raise PipelineError(
            "还没有结果可以复核", where=str(workspace.folder), remedy="先运行 make all"
        )
    return facts_of(project, tables)


def working_copies(workspace: Workspace) -> list[Path]:
    """Return the working copies in the workspace; what Excel and QGIS put beside is none."""
    found = [file for kind in _COPIES for file in workspace.review.glob(kind)]
    return sorted(file for file in found if not file.name.startswith(("~$", ".")))


def copy_rows(file: Path) -> list[Row]:
    """Return the rows of a working copy."""
    if not file.is_file():
        raise PipelineError("没有这个文件", where=str(file), remedy="检查路径")
    return read_copy(file, _LABELS, needed=_NEEDED, layer=REVIEW.name)


def _write_refused(path: Path, outcome: Outcome) -> None:
    if not outcome.refused:
        path.unlink(missing_ok=True)
    else:
        write_list(path, findings_table(outcome.refused), DEFECTS)


def _tell(
    outcome: Outcome,
    checker: Checker,
    workspace: Workspace,
    say: Callable[[str], None],
) -> None:
    say(
        f"读回认定:采纳 {len(outcome.accepted)} 条,"
        f"已在台账 {outcome.known} 条(不再追加),拒绝 {outcome.refused_rows} 行"
    )
    if outcome.unsigned:
        say(f"  另有 {outcome.unsigned} 行只填了认定人或日期,没有结论和理由,未计")
    today = datetime.now().astimezone().date()
    for one in [late for late in outcome.accepted if late.answer.ruled_on > today][:_SHOWN]:
        say(
            f"  注意 {' '.join(one.key)}:认定日期 {one.answer.ruled_on} 在今天以后,已采纳;"
            "写错了的,在台账里改正"
        )
    for one in outcome.accepted[:_SHOWN]:
        if along := side_effects(checker.fact(one.key), one.answer):
            say(f"  注意 {' '.join(one.key)}:{along}")
    for found in outcome.refused[:_SHOWN]:
        say(f"  拒绝 {safe(found.record)}({safe(found.layer)}):{safe(found.message)}")
        say(f"       办法:{safe(found.remedy)}")
    if outcome.refused:
        more = len(outcome.refused) - _SHOWN
        say(
            f"  {f'还有 {more} 条;' if more > 0 else ''}全部见 {workspace.review / 'refused.csv'}"
        )


def _tell_what_next(
    config: Path,
    outcome: Outcome,
    ledger: RulingsLedger,
    workspace: Workspace,
    say: Callable[[str], None],
) -> None:
    """Say what is left to do, in the order to do it."""
    if outcome.accepted:
        say(f"已追加到 {ledger.path};经过见 {workspace.review / 'log.csv'}")
    if not ledger.is_configured and ledger.path.exists():
        say(f"这个台账还没有写进配置,不写不计入;在 [hand] 一节写上:{ledger.config_line}")
    if outcome.accepted:
        say(f"接着运行 make all CONFIG={config}:认定、整改、汇总、排名按新的认定重算")
