"""The sheets of what the results rest on (依据各表): approvals, rules, sources, defects."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

import pandas as pd

from pipeline.report.workbook.approval_use import APPROVAL_USE, approval_rows
from pipeline.report.workbook.columns import table_columns
from pipeline.report.workbook.data import BookData
from pipeline.report.workbook.results import basis_line, titled
from pipeline.report.workbook.rule_use import RULE_USE, rule_rows
from pipeline.report.workbook.sheet import Sheet
from pipeline.report.workbook.source_rows import SOURCES, source_rows
from pipeline.schema.derived import DEFECTS
from pipeline.schema.table import Column
from pipeline.terms import SEVERITY_LABELS

_USE_WIDTHS = dict.fromkeys(("approved", "valid_from", "valid_until"), 14) | {
    "holder": 24,
    "land_use_purpose": 18,
    "state": 14,
}
_NONE: Mapping[str, int] = MappingProxyType({})
_FIRST_DEFECTS = ("severity", "layer", "record", "message", "remedy")


def evidence_sheets(data: BookData) -> Iterator[Sheet]:
    """Yield the sheets of evidence."""
    yield _approvals(data)
    yield _rules(data)
    yield _sources(data)
    yield _defects(data)


def _approvals(data: BookData) -> Sheet:
    frame = approval_rows(data)
    late = (frame["approved_later_m2"] > 0) | (frame["expired_m2"] > 0)
    rows = ["accent" if out_of_date else "plain" for out_of_date in late]
    return _sheet(data, "批文使用", APPROVAL_USE, frame, rows, frozen=2, long=_USE_WIDTHS)


def _rules(data: BookData) -> Sheet:
    frame = rule_rows(data.pack, data.judged)
    long = {"name": 20, "legal_basis": 33, "when": 33, "dated": 32}
    return _sheet(data, "规则", RULE_USE, frame, ["plain"] * len(frame), frozen=3, long=long)


def _sources(data: BookData) -> Sheet:
    frame = source_rows(data.sources)
    return _sheet(data, "来源", SOURCES, frame, ["plain"] * len(frame), frozen=2)


def _defects(data: BookData) -> Sheet:
    labels = [SEVERITY_LABELS.get(str(s), str(s)) for s in data.defects["severity"]]
    frame = data.defects[DEFECTS.names].assign(severity=labels)
    known = {column.name: column for column in DEFECTS.columns}
    columns = [known[name] for name in _FIRST_DEFECTS]
    columns += [column for column in DEFECTS.columns if column.name not in _FIRST_DEFECTS]
    long = {"message": 38, "remedy": 38}
    return _sheet(data, "问题清单", columns, frame, ["plain"] * len(frame), frozen=1, long=long)


def _sheet(
    data: BookData,
    name: str,
    columns: Iterable[Column],
    frame: pd.DataFrame,
    rows: Sequence[str],
    *,
    frozen: int,
    long: Mapping[str, int] = _NONE,
) -> Sheet:
    cells = table_columns(columns, frame, long=long)
    return Sheet(
        name, cells, rows, frozen, titled(data.heading, name), basis_line(data.heading)
    )
