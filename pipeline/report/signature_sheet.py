"""The signature sheet of a sealed run (签认页): one A4 page to print, check and sign."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.report.figures import NO_RATIO, is_null, need_mu_text, ratio_text
from pipeline.report.heading import CLUE, Heading, line_text
from pipeline.report.print_text import printed
from pipeline.report.ranking_rows import RankingRow, ranking_rows
from pipeline.report.safe_text import safe, shorten
from pipeline.report.typesetting import TEMPLATES, typeset
from pipeline.units import mu_text

_TEMPLATE = TEMPLATES / "signature_sheet.typ"
_LISTED = 12  # townships over the line in the table
_GROUP = 4  # digits of a hash said in one breath
_LONGEST = 60
_SIGNERS = ("经办人", "审核人", "分管领导")


@dataclass(frozen=True)
class Sealed:
    """What a signature sheet is about (封存的成果), beside the figures.

    ``hashes``: what it is the SHA-256 of → hex digits; ``unsettled``: what no person has decided
    yet, in words; ``account``: records and m² handed in, counted, quarantined, excluded.
    """

    name: str
    hashes: Mapping[str, str]
    unsettled: Sequence[str]
    account: Sequence[tuple[str, str]]


def signature_sheet(
    sealed: Sealed, ranking: pd.DataFrame, county: pd.DataFrame, heading: Heading
) -> bytes:
    """Return the page as PDF, the same bytes for the same run; the day is written by hand."""
    return typeset(_TEMPLATE, sheet_data(sealed, ranking, county, heading))


def sheet_data(
    sealed: Sealed, ranking: pd.DataFrame, county: pd.DataFrame, heading: Heading
) -> dict[str, object]:
    """Return everything that the template prints."""
    record = county.to_dict("records")[0]
    rows = ranking_rows(ranking, heading)
    over = [row for row in rows if row.is_accountable]
    as_of = heading.as_of
    return {
        "title": f"签认页{heading.mark}",
        "subject": shorten(heading.subject, _LONGEST),
        "notice": shorten(printed(heading.notice), _LONGEST // 2),
        "description": heading.story_text(),
        "date": [as_of.year, as_of.month, as_of.day],
        "name": shorten(safe(sealed.name), _LONGEST),
        "tiles": _tiles(record, over, rows, heading),
        "over_title": f"{line_text(heading.township)}的乡镇 {len(over)} 个（共 {len(rows)} 个）",
        "over": [_row(row, heading) for row in over[:_LISTED]],
        "more": max(len(over) - _LISTED, 0),
        "unsettled": list(sealed.unsettled),
        "account": [list(pair) for pair in sealed.account],
        "hashes": [[what, groups(digest)] for what, digest in sealed.hashes.items()],
        "made_by": [list(pair) for pair in _made_by(heading)],
        "basis": "　".join(f"{name}：{text}" for name, text in _basis(heading)),
        "signers": list(_SIGNERS),
        "clue": CLUE,
    }


def groups(digest: str) -> list[str]:
    """Return a hash in groups of four, to be read aloud."""
    return [digest[at : at + _GROUP] for at in range(0, len(digest), _GROUP)]


def _tiles(
    county: Mapping[Any, Any],
    over: Sequence[RankingRow],
    rows: Sequence[RankingRow],
    heading: Heading,
) -> list[dict[str, str]]:
    ratio = county[heading.official.value]
    side = f"{'疑似' if county['is_accountable'] else '未'}{line_text(heading.county)}"
    if is_null(ratio):
        side = heading.no_denominator
    figure = NO_RATIO if is_null(ratio) else ratio_text(ratio, heading.county.ratio)

    def tile(name: str, value: str, detail: str) -> dict[str, str]:
        return {"name": name, "value": value, "detail": detail}

    return [
        tile("变化图斑", f"{county['change_count']:,}", f"{mu_text(county['area_m2'])} 亩"),
        tile(
            "疑似违法图斑",
            f"{county['illegal_count']:,}",
            f"占耕地 {mu_text(county['illegal_farmland_m2'])} 亩",
        ),
        tile(f"全县占耕比（{heading.short_label}）", figure, side),
        tile("触线乡镇", f"{len(over)}", f"共 {len(rows)} 个，{line_text(heading.township)}"),
    ]


def _row(row: RankingRow, heading: Heading) -> list[str]:
    need = "—" if row.reclaim_m2 is None else need_mu_text(row.reclaim_m2)
    return [
        "—" if row.rank is None else str(row.rank),
        shorten(safe(row.name), 16),
        ratio_text(row.official, heading.township.ratio),
        mu_text(row.numerator_m2),
        mu_text(row.denominator_m2),
        need,
    ]


def _made_by(heading: Heading) -> list[tuple[str, str]]:
    """Return program and rule pack, hashes as far as people compare them."""
    pairs = [("认定规则", shorten(printed(heading.pack_title), _LONGEST))]
    if origin := heading.origin:
        pairs += [
            ("成果编号", origin.run_id),
            ("程序", f"pipeline {origin.program}（代码 {origin.code_sha256[:16]}）"),
            ("规则包", f"{origin.pack}（内容 {origin.pack_sha256[:16]}）"),
        ]
    return pairs


def _basis(heading: Heading) -> list[tuple[str, str]]:
    return [
        (name, shorten(printed(safe(text)), _LONGEST))
        for name, text in heading.basis()
        if name in {"考核口径", "乡镇问责线", "县级问责线", "截止日", "面积口径"}
    ]
