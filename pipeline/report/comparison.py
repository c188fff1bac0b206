"""Two inspections side by side (两次检查对照): what differs, in words and in Chinese tables."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd

from pipeline.report.cells import verdict_label
from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.labelled import labelled
from pipeline.report.safe_text import safe
from pipeline.schema.table import Column, Kind
from pipeline.schema.views import VIEWS

_ENDS = {"_before": "前", "_after": "后"}
# Of all columns that can stand in a comparison, what they are called there.
_KNOWN = {
    column.name: column
    for table in (VIEWS["changes"], VIEWS["townships"])
    for column in table.columns
} | {
    "official": Column("official", "占耕比", Kind.RATIO),
    "change_count": Column("change_count", "图斑数", Kind.COUNT),
    "is_accountable": Column("is_accountable", "触线", Kind.FLAG),
    "area_m2": Column("area_m2", "面积", Kind.AREA_M2),
}


def paired(frame: pd.DataFrame, heading: Heading, *, mu: bool = True) -> pd.DataFrame:
    """Return a comparison's table with Chinese heads: 占耕比（前） beside 占耕比（后）."""
    known = {}
    for name in frame.columns:
        base, end = _base(name)
        if base in _KNOWN:
            known[name] = replace(_KNOWN[base], label=f"{_KNOWN[base].label}{end}")
    return labelled(frame, known, heading, mu=mu)


def differing_settings(before: Heading, after: Heading) -> pd.DataFrame:
    """Return what the figures rest on where it is not the same: 项目, 前, 后."""
    told = [
        dict([("检查", one.inspection), ("年度", str(one.year)), *one.basis()])
        for one in (before, after)
    ]
    rows = [
        (name, safe(told[0].get(name, "")), safe(told[1].get(name, "")))
        for name in {**told[0], **told[1]}
        if told[0].get(name) != told[1].get(name)
    ]
    return pd.DataFrame(rows, columns=["项目", "前", "后"])


def summary_lines(
    townships: pd.DataFrame, changes: pd.DataFrame, moves: pd.DataFrame
) -> list[str]:
    """Return what differs in a few sentences, what decides about accountability first."""
    was, now = (
        townships[f"is_accountable{end}"].fillna(value=False).astype(bool) for end in _ENDS
    )
    lines = [
        f"新触线的乡镇 {_named(townships[now & ~was]['township_name'])}",
        f"不再触线的乡镇 {_named(townships[was & ~now]['township_name'])}",
        f"占耕比、名次或面积有变化的乡镇 {len(townships)} 个",
    ]
    moved = [
        f"{_word(row['verdict_before'])}→{_word(row['verdict_after'])} {row['change_count']} 个"
        for row in moves.to_dict("records")
    ]
    counted = "；".join(moved) or "没有"
    return [
        *lines,
        f"结论变了的图斑：{counted}",
        f"结论、规则或违法耕地有变化的图斑 {len(changes)} 个",
    ]


def _base(name: str) -> tuple[str, str]:
    for end, word in _ENDS.items():
        if name.endswith(end):
            return name.removesuffix(end), f"（{word}）"
    return name, ""


def _word(verdict: object) -> str:
    return "（没有）" if is_null(verdict) else verdict_label(verdict)


def _named(names: Iterable[object]) -> str:
    told = [safe(name) for name in names]
    return f"{len(told)} 个：{'、'.join(told)}" if told else "0 个"
