"""What people decided by hand: rulings, rectifications, offices (人工台账入库)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from pipeline.errors import Finding, Refused, refusal
from pipeline.io.ledger import read_ledger
from pipeline.project import Project
from pipeline.runner.receiving import columns as read
from pipeline.runner.receiving.columns import Columns
from pipeline.runner.receiving.personal import blotted
from pipeline.runner.receiving.written import area, days, once
from pipeline.schema.conform import conform, empty
from pipeline.schema.personal import masked
from pipeline.schema.received import LEDGERS, OFFICES, RECTIFICATIONS, RULINGS
from pipeline.schema.table import Table
from pipeline.terms import Verdict

# Verdicts as people write them in a ledger.
_VERDICTS = (
    {verdict.label: verdict.value for verdict in Verdict}
    | {verdict.value: verdict.value for verdict in Verdict}
    | {"违法": Verdict.ILLEGAL.value}
)


@dataclass
class Hand:
    """The three tables that people keep, and what was found in them."""

    rulings: pd.DataFrame
    rectifications: pd.DataFrame
    offices: pd.DataFrame
    findings: list[Finding] = field(default_factory=list)


def receive_hand(project: Project) -> Hand:
    """Read the configured ledgers; a ledger that is not configured is an empty table."""
    hand = project.config.hand
    findings: list[Finding] = []

    def one(
        text: str | None,
        name: str,
        table: Table,
        make: Callable[[Columns], pd.DataFrame],
        wanted: Sequence[str],
        optional: Sequence[str],
    ) -> pd.DataFrame:
        if text is None:
            return empty(table)
        columns = _opened(project, text, name, wanted, optional, findings)
        return empty(table) if columns is None else _in_order(make(columns), table)

    rulings = receive_rulings(project, hand.rulings or (), findings)
    rectifications = one(
        hand.rectifications,
        "rectifications",
        RECTIFICATIONS,
        _rectifications,
        ("change_id", "method", "farmland_m2", "accepted_on", "document"),
        ("township_code",),
    )
    offices = one(
        hand.offices, "offices", OFFICES, _offices, ("township_code", "office_name"), ()
    )
    return Hand(rulings, rectifications, offices, findings)


def receive_rulings(
    project: Project, texts: Sequence[str], findings: list[Finding]
) -> pd.DataFrame:
    """Read the ledgers of rulings one after the other; what is found in them joins ``findings``."""
    wanted = ("change_id", "verdict", "reason", "ruled_by", "ruled_on")
    opened = [
        _opened(project, text, "rulings", wanted, ("township_code",), findings)
        for text in texts
    ]
    read = [conform(_rulings(columns), RULINGS) for columns in opened if columns is not None]
    return _in_order(pd.concat(read), RULINGS) if read else empty(RULINGS)


def _in_order(frame: pd.DataFrame, table: Table) -> pd.DataFrame:
    """Return a ledger in an order of its own: the order of its lines decides nothing."""
    return conform(frame, table).sort_values(table.names, ignore_index=True)


def _opened(
    project: Project,
    text: str,
    name: str,
    wanted: Sequence[str],
    optional: Sequence[str],
    findings: list[Finding],
) -> Columns | None:
    labels = _labels()
    try:
        (path,) = project.files(text)
        names = {*wanted, *optional}
        ledger = read_ledger(
            path,
            label=name,
            wanted={*names, *(labels[column] for column in names)},
            amounts=("farmland_m2", labels["farmland_m2"]) if "farmland_m2" in wanted else (),
        )
    except Refused as refused:
        findings.extend(refused.findings)
        return None
    findings.extend(ledger.findings)
    frame = ledger.frame.rename(columns={label: column for column, label in labels.items()})
    missing = [column for column in wanted if column not in frame]
    if missing:
        what = f"{Path(text).name} 缺少列 {'、'.join(missing)}"
        fix = f"表头应有:{'、'.join(wanted)}(可另有 {'、'.join(optional) or '备注'})"
        findings.append(refusal(name, Path(text).name, "missing-column", what, fix))
        return None
    return Columns(name, frame.reset_index(drop=True), list(ledger.places), findings)


def _labels() -> dict[str, str]:
    """Return column → Chinese header, both accepted in a ledger."""
    labels = {column.name: column.label for table in LEDGERS for column in table.columns}
    return labels | {"accepted_on": "验收日期"}


def _keyed(columns: Columns, column: str) -> list[str | None]:
    keys = _codes(columns, column)
    columns.keys = keys
    for row, key in enumerate(keys):
        if key is None:
            columns.findings.append(
                refusal(
                    columns.layer,
                    columns.places[row],
                    "missing-id",
                    f"没有 {column}(missing id)",
                    "补上编号",
                )
            )
    return keys


def _codes(columns: Columns, column: str) -> list[str | None]:
    """Read codes; say where a sheet keeps them as numbers (those that lost digits are refused)."""
    count = sum(isinstance(value, int | float) for value in columns.frame[column].dropna())
    if count:
        what = f"{column} 有 {count} 格存成了数字,原样读作编号(开头的 0 可能已丢)"
        columns.mend(column, "number-as-code", what, "该列设为文本后重新填写")
    return read.codes(columns, column)


def _townships(columns: Columns) -> list[str | None]:
    return (
        _codes(columns, "township_code")
        if "township_code" in columns.frame
        else [None] * len(columns.frame)
    )


def _rulings(columns: Columns) -> pd.DataFrame:
    frame = columns.frame
    ids = _keyed(columns, "change_id")
    first, last = days(columns, "ruled_on")
    verdicts: list[str | None] = []

    for row, value in enumerate(frame["verdict"]):
        written = read.code(value)
        verdicts.append(_VERDICTS.get(written or ""))
        if verdicts[-1] is None:
            what = f"认定结论 verdict 写的是 {masked(written or '(空)')}"
            fix = "只能是 " + "、".join(f"{word} {word.label}" for word in Verdict)
            columns.refuse(row, "unknown-verdict", what, fix)
        if first[row] is None or first[row] != last[row]:
            day = read.text(frame["ruled_on"].iloc[row])
            what = "没有写认定日期 ruled_on"
            if day is not None:
                what = f"认定日期 ruled_on 写的是 {masked(day)},不是写到日的日期"
            columns.refuse(row, "bad-date", what, "写成 2024-12-01")
        if read.text(frame["reason"].iloc[row]) is None:
            what = "人工认定没有写理由 reason"
            columns.refuse(row, "missing-reason", what, "补上理由:人工认定必须说明理由")
        if read.text(frame["ruled_by"].iloc[row]) is None:
            columns.refuse(row, "missing-ruler", "人工认定没有署名 ruled_by", "补上认定人")
    made = _kept(
        change_id=ids,
        township_code=_townships(columns),
        verdict=verdicts,
        reason=blotted(columns, "reason", [read.text(value) for value in frame["reason"]]),
        ruled_by=[read.text(value) for value in frame["ruled_by"]],
        ruled_on=first,
    )
    return once(columns, made)


def _rectifications(columns: Columns) -> pd.DataFrame:
    frame = columns.frame
    ids = _keyed(columns, "change_id")
    first, last = days(columns, "accepted_on")
    documents = [read.text(value) for value in frame["document"]]
    documents = blotted(columns, "document", documents)
    for row, document in enumerate(documents):
        if document is None:
            what = "没有验收文号 document,照计"
            columns.note(columns.name(row), "missing-document", what, "补上验收文号")
    made = _kept(
        change_id=ids,
        township_code=_townships(columns),
        method=[name or "" for name in read.names(columns, "method")],
        farmland_m2=[area(columns, "farmland_m2", row) for row in range(len(frame))],
        accepted_earliest=first,
        accepted_latest=last,
        document=documents,
    )
    made = once(columns, made)
    alike = made.drop(columns="document").duplicated(keep="first")
    for key, m2 in zip(made["change_id"][alike], made["farmland_m2"][alike], strict=True):
        what = "除验收文号外与另一行完全相同(重复 duplicate?),两行都计"
        fix = "同一次复耕的删去一行"
        columns.findings.append(
            Finding(columns.layer, str(key), "alike", "noted", what, fix, float(m2))
        )
    return made


def _offices(columns: Columns) -> pd.DataFrame:
    codes = _keyed(columns, "township_code")
    names = read.names(columns, "office_name")
    for row, name in enumerate(names):
        if name is None:
            what, fix = "没有写管辖所 office_name", "补上所名,或删去这一行"
            columns.refuse(row, "missing-office", what, fix)
    made = once(columns, _kept(township_code=codes, office_name=names).dropna())
    for code, rows in made.groupby("township_code"):
        if len(rows) > 1:
            what = f"乡镇 {code} 归 {'、'.join(sorted(rows['office_name']))} 几个所管辖"
            columns.findings.append(
                refusal("offices", str(code), "two-offices", what, "一个乡镇只写一个所")
            )
    return made.drop_duplicates("township_code")


def _kept(**values: Sequence[object]) -> pd.DataFrame:
    """Return the rows that have a key (the others were refused)."""
    frame = pd.DataFrame(
        {name: pd.Series(list(column), dtype=object) for name, column in values.items()}
    )
    return frame[frame.iloc[:, 0].notna()].reset_index(drop=True)
