"""One bad input, what it must get, and the judge that tries it on the whole program.

A case spoils a copy of the clean county and the program is run over it, up to the ranking::

    refuse      exit 2, nothing published, a message in Chinese that holds every word of ``says``
    quarantine  exit 0, a row of the defects of that severity holds them
    repair      the same with ``repaired``, and the figures are the clean county's
    flag        the same with ``noted``, and the figures are the clean county's
    accept      exit 0, the clean county's figures, nothing found

``figures`` gives the townships whose figures are others, as ``county.FIGURES`` does.
"""

import hashlib
import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pandas as pd

from pipeline.cli import main
from pipeline.errors import Finding
from pipeline.runner.stage import sorted_findings
from pipeline.runner.tables import Tables
from tests.bad_inputs.county import CONFIG, FIGURES
from tests.bad_inputs.watched import Watch, watched

Demand = Literal["refuse", "quarantine", "repair", "flag", "accept"]
SEVERITY = {"quarantine": "quarantined", "repair": "repaired", "flag": "noted"}
_MOST_LINES = 5
_MOST_MIB, _MOST_SECONDS = 512, 60


@dataclass(frozen=True)
class Case:
    """One row of the table: how the county is spoilt and what the program must do."""

    id: str
    spoil: Callable[[Path], None]
    demand: Demand
    says: tuple[str, ...] = ()  # regular expressions
    code: str = ""
    record: str = ""
    figures: dict[str, tuple[float, float, float, float, bool]] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)  # records of a layer that count
    tolerates: tuple[str, ...] = ()  # codes of notes that an accepted input may get
    canaries: tuple[str, ...] = ()  # texts that may stand in no message and no result
    until: str = "rank"


@dataclass(frozen=True)
class Outcome:
    """What the program did."""

    status: int
    said: str
    findings: list[Finding]
    workspace: Path
    seen: Watch


def judge(case: Case, clean: Path, folder: Path, capsys) -> Outcome:
    """Try a case on a copy of the clean county and hold the outcome against its demand."""
    county = folder / "county"
    shutil.copytree(clean, county, symlinks=True)
    case.spoil(county)
    before = _hashes(county / "workspace")
    outcome = _run(county, case, capsys)
    assert "Traceback" not in outcome.said
    assert outcome.seen.sockets == [], "a socket was opened"
    assert outcome.seen.seconds < _MOST_SECONDS
    assert outcome.seen.grown_mib < _MOST_MIB
    _no_canary(case, outcome)
    if case.demand == "refuse":
        _refused(case, outcome, before)
    else:
        _went_through(case, outcome)
    return outcome


def _run(county: Path, case: Case, capsys) -> Outcome:
    capsys.readouterr()
    with watched() as seen:
        status = main(["run", str(county / CONFIG), "--until", case.until])
    printed = capsys.readouterr()
    workspace = county / "workspace"
    refused = workspace / "refused.csv"
    if status == 0:
        findings = sorted_findings(Tables(workspace / "work"))
    else:
        findings = read_defects(refused) if refused.exists() else []
    return Outcome(status, printed.err + printed.out, findings, workspace, seen)


def read_defects(path: Path) -> list[Finding]:
    """Return the rows of defects.csv or refused.csv."""
    table = pd.read_csv(path, dtype=str, keep_default_na=False)
    columns = ["layer", "record", "code", "severity", "message", "remedy"]
    return [Finding(*row) for row in table[columns].itertuples(index=False)]


def _hashes(folder: Path) -> dict[str, str]:
    """Return what readers of the workspace see; the list of refusals is the run's own."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "refused.csv" and path.name[0] != "."
    }


def _refused(case: Case, outcome: Outcome, before: dict[str, str]) -> None:
    assert outcome.status == 2, outcome.said
    assert _hashes(outcome.workspace) == before, "something was published"
    _holds(case.says, outcome.said)
    for told in outcome.said.split("【")[1:]:
        assert re.search("[\u4e00-\u9fff]", told)
        assert "办法:" in told, told
        assert len(told.strip().splitlines()) <= _MOST_LINES
    outcome.said.encode("gbk")
    if "【输入被拒绝】" in outcome.said:
        rows = [found for found in outcome.findings if found.severity == "refused"]
        assert all(found.layer and found.record and found.remedy for found in rows)
        assert case.code in {found.code for found in rows} | {""}
        assert case.record in {found.record for found in rows} | {""}


def _went_through(case: Case, outcome: Outcome) -> None:
    assert outcome.status == 0, outcome.said
    if case.demand == "accept":
        odd = [one for one in outcome.findings if one.code not in case.tolerates]
        assert odd == []
    else:
        _found(case, outcome.findings)
    if case.demand in {"repair", "flag"}:
        assert {one.severity for one in outcome.findings} <= {"repaired", "noted"}
    assert township_figures(outcome.workspace) == FIGURES | case.figures
    _balanced(case, outcome.workspace)


def _found(case: Case, findings: list[Finding]) -> None:
    """Assert that one row has the severity, the record, the code and every word."""
    rows = [one for one in findings if one.severity == SEVERITY[case.demand]]
    fit = [
        one
        for one in rows
        if case.code in {"", one.code}
        and case.record in {"", one.record}
        and not _lacking(case.says, " ".join(map(str, vars(one).values())))
    ]
    assert fit, f"no row with {case.says}, {case.code}, {case.record} in {findings}"
    assert all(one.message for one in fit)


def _holds(says: tuple[str, ...], text: str) -> None:
    assert _lacking(says, text) == [], text


def _lacking(says: tuple[str, ...], text: str) -> list[str]:
    return [word for word in says if not re.search(word, text, re.IGNORECASE)]


def township_figures(workspace: Path) -> dict[str, tuple[float, float, float, float, bool]]:
    """Return the figures that ``county.FIGURES`` gives by hand, as the program has them."""
    table = pd.read_parquet(workspace / "work" / "township_ranking.parquet")
    columns = [
        "illegal_farmland_m2",
        "new_farmland_m2",
        "doubtful_farmland_m2",
        "reclaimed_farmland_m2",
        "is_accountable",
    ]
    rows = table[columns].itertuples(index=False, name=None)
    return dict(zip(table["township_code"], rows, strict=True))


def _balanced(case: Case, workspace: Path) -> None:
    """Assert handed in + repaired = counted + quarantined + excluded, in records and in area."""
    table = pd.read_parquet(workspace / "work" / "received" / "balances.parquet")
    for what in ("records", "units"):
        given = table[f"{what}_handed_in"]
        given = given + table["units_repaired"] if what == "units" else given
        ends = [table[f"{what}_{end}"] for end in ("counted", "quarantined", "excluded")]
        assert given.tolist() == sum(ends).tolist()
    counted = dict(zip(table["layer"], table["records_counted"], strict=True))
    assert {name: counted[name] for name in case.counted} == case.counted


def _no_canary(case: Case, outcome: Outcome) -> None:
    for canary in case.canaries:
        assert canary not in outcome.said
        for path in outcome.workspace.rglob("*"):
            if path.is_file() and not path.is_symlink():
                assert canary.encode() not in path.read_bytes(), path
