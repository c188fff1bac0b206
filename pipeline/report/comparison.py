"""Two inspections side by side (两次检查对照): what differs, in words and in Chinese tables."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace

import pandas as pd

from pipeline.report.cells import verdict_label
from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.labelled import labelled
from pipeline.report.print_text import printed
from pipeline.report.safe_text import safe
from pipeline.schema.table import Column, Kind
from pipeline.schema.views import VIEWS

KINDS = ("检查", "规则", "口径", "数据")
Basis = Mapping[str, Mapping[str, str]]  # by kind: item → what it is
_MOST = 6  # items named in a sentence
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
    shown = labelled(frame, known, heading, mu=mu)
    return shown.rename(
        columns=lambda head: re.sub("（(前|后)）（(亩|㎡)）", r"（\2，\1）", head)
    )


def differing_settings(before: Heading, after: Heading) -> pd.DataFrame:
    """Return what the headings say of the figures where it is not the same: 项目, 前, 后.

    Punctuation makes no difference: earlier versions left it as it was configured.
    """
    told = [
        {"检查": one.inspection, "年度": str(one.year), **dict(one.basis())}
        for one in (before, after)
    ]
    rows = [
        (name, safe(ends[0]), safe(ends[1]))
        for name, ends in _pairs(*told).items()
        if printed(ends[0]) != printed(ends[1])
    ]
    return pd.DataFrame(rows, columns=["项目", "前", "后"])


def differing_basis(before: Basis, after: Basis) -> pd.DataFrame:
    """Return what the figures rest on where it is not the same: 类, 项目, 前, 后.

    规则 how the pieces are judged, 口径 how the ratios are made, 数据 the files by content.
    """
    rows = [
        (kind, name, safe(ends[0]), safe(ends[1]))
        for kind in KINDS
        for name, ends in _pairs(before[kind], after[kind]).items()
        if printed(ends[0]) != printed(ends[1])
    ]
    return pd.DataFrame(rows, columns=["类", "项目", "前", "后"])


def basis_of(heading: Heading, basis: Mapping[str, Mapping[str, str]]) -> Basis:
    """Return all that the figures of an inspection rest on, by kind."""
    told = dict(heading.basis())
    title = told.pop("认定规则")
    return {
        "检查": {"检查": heading.inspection, "年度": str(heading.year)},
        "规则": {"认定规则": title, **basis["rules"]},
        "口径": told,
        "数据": dict(basis["files"]),
    }


def _pairs(before: Mapping[str, str], after: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    names = {**before, **after}
    return {name: (before.get(name, "—"), after.get(name, "—")) for name in names}


def basis_lines(differing: pd.DataFrame) -> list[str]:
    """Return kind by kind whether it is the same, and what is not."""
    lines = []
    for kind in KINDS[1:]:
        rows = differing[differing["类"] == kind].to_dict("records")
        told = [f"{row['项目']} {row['前']} → {row['后']}" for row in rows[:_MOST]]
        more = [f"另有 {len(rows) - _MOST} 项"] if len(rows) > _MOST else []
        lines.append(f"{kind}不同：{'；'.join([*told, *more])}" if rows else f"{kind}相同")
    return lines


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
