"""What a stage is, and what a run hands from one to the next (阶段)."""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from pipeline.errors import SEVERITIES, Finding, Refused
from pipeline.project import Project
from pipeline.runner.inputs import Inputs
from pipeline.runner.tables import FILES, Tables
from pipeline.schema.conform import conform
from pipeline.schema.derived import DEFECTS


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
        return sorted_findings(self.tables)


def sorted_findings(tables: Tables) -> list[Finding]:
    """Return the stored findings of every stage, worst first, in an order of their own."""
    return sorted(read_findings(tables), key=_place)


def _place(one: Finding) -> tuple[object, ...]:
    """Return where a finding stands in a list, whatever record was looked at first."""
    worst = SEVERITIES.index(one.severity)
    return worst, one.layer, one.record, one.code, one.message, one.remedy, one.area_m2 or 0.0


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


def kept_findings(findings: list[Finding]) -> pd.DataFrame:
    """Return findings as the table that a stage keeps, in an order of their own."""
    return findings_table(sorted(findings, key=_place))


def findings_table(findings: list[Finding]) -> pd.DataFrame:
    """Return findings as a table, in the order they were found."""
    rows = [vars(finding) for finding in findings]
    return conform(pd.DataFrame(rows, columns=DEFECTS.names), DEFECTS)


def refuse(findings: list[Finding], earlier: list[Finding]) -> None:
    """Raise ``Refused`` where one of the findings is a refusal."""
    if any(finding.severity == "refused" for finding in findings):
        raise Refused([*earlier, *findings])
