"""One change explained, for a notebook (图斑解释): the verdict at a glance, the whole way below.

Printed it is the text of ``make explain``; shown in Jupyter it is a small sheet without scripts.
"""

from collections.abc import Hashable, Iterable, Mapping
from html import escape

import pandas as pd

from pipeline.report.cells import cell_text, kind_label
from pipeline.report.explain.text import Evidence, explain_text
from pipeline.report.figures import is_null
from pipeline.report.heading import CLUE, Heading
from pipeline.report.palette import FAINT, GRID, INK, QUIET, VERDICTS
from pipeline.report.print_text import printed
from pipeline.report.safe_text import safe
from pipeline.report.standing import is_settled, standing_label
from pipeline.terms import Verdict
from pipeline.units import m2_text, mu_text

_PIECES = 12  # shown, the largest first
_Record = Mapping[Hashable, object]
_SHEET = (
    f"max-width:860px;padding:18px 22px;border:1px solid {GRID};border-radius:4px;"
    f"background:#fff;color:{INK};font:14px/1.65 'Noto Sans SC','Microsoft YaHei',sans-serif"
)
_CELL = f"text-align:left;padding:3px 14px 3px 0;border-bottom:1px solid {GRID};background:#fff;vertical-align:top"
_NUMBER = _CELL.replace("text-align:left", "text-align:right;white-space:nowrap")


class Explanation:
    """Why a change is judged as it is (这个图斑为什么这样认定); ``str()`` gives all of it."""

    def __init__(self, evidence: Evidence, heading: Heading) -> None:
        """Keep what the tables know and the heading that it goes under."""
        self.evidence, self._heading = evidence, heading

    def __str__(self) -> str:
        return explain_text(self.evidence, self._heading)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        parts = [
            _head(self.evidence, self._heading),
            *(_verdict(record, self.evidence) for record in _records(self.evidence.result)),
            _facts(self.evidence),
            _pieces(self.evidence.pieces, self._heading),
            _whole_way(str(self)),
        ]
        return f'<div style="{_SHEET}">{"".join(parts)}</div>'


def _whole_way(text: str) -> str:
    """Return the whole text, folded away."""
    return (
        f'<details style="margin-top:12px"><summary style="cursor:pointer;color:{QUIET}">'
        '从原始记录到占耕比的全部过程</summary><pre style="white-space:pre-wrap;'
        f'font-size:12px;line-height:1.5">{escape(text)}</pre></details>'
    )


def _head(evidence: Evidence, heading: Heading) -> str:
    notice = f"　{_text(heading.notice)}" if heading.notice else ""
    return (
        f'<div style="color:{QUIET};font-size:12px">{_text(heading.subject)}　'
        f"{_text(CLUE)}{notice}</div>"
        f'<div style="font-size:20px;margin:2px 0 8px">图斑 {_text(evidence.change_id)}</div>'
    )


def _verdict(record: _Record, evidence: Evidence) -> str:
    verdict = str(record["verdict"])
    fill = VERDICTS.get(verdict, FAINT)
    ink = "#fff" if verdict == Verdict.ILLEGAL else INK
    settled = is_settled(verdict, _records(evidence.pieces))
    who = (
        "有人工认定"
        if evidence.pieces["ruled_verdict"].notna().any()
        else "程序建议，待人工确认"
    )
    return (
        f'<div><span style="background:{fill};color:{ink};padding:2px 10px;border-radius:3px">'
        f"{_text(standing_label(verdict, is_ruled=settled))}</span>"
        f'<span style="color:{QUIET};margin-left:10px">{who}</span></div>'
        f'<div style="margin:8px 0 10px;font-size:16px">{_text(printed(safe(record["reason"])))}</div>'
        f"{_bar(record)}"
    )


def _bar(record: _Record) -> str:
    """Return the change's area by verdict as one bar that is the whole of it."""
    parts = [(verdict, float(record[f"{verdict}_m2"])) for verdict in Verdict]  # type: ignore[arg-type]
    whole = sum(area for _, area in parts)
    if whole <= 0:
        return ""
    shown = [(verdict, area) for verdict, area in parts if area > 0]
    blocks = "".join(
        f'<div style="width:{area / whole * 100:.2f}%;background:{VERDICTS[verdict]}"></div>'
        for verdict, area in shown
    )
    words = "　".join(
        f'<span style="color:{VERDICTS[verdict]}">■</span> {_text(verdict.label)} '
        f"{m2_text(area)} ㎡"
        for verdict, area in shown
    )
    return f'<div style="display:flex;height:10px">{blocks}</div><div style="font-size:12px;color:{QUIET}">{words}</div>'


def _facts(evidence: Evidence) -> str:
    facts: list[tuple[str, str]] = []
    for record in _records(evidence.received):
        facts += [
            ("图斑类型", cell_text(record["change_type"])),
            ("前时相", _span(record["before_earliest"], record["before_latest"])),
            ("后时相", _span(record["after_earliest"], record["after_latest"])),
        ]
    for record in _records(evidence.result):
        facts += [
            (label, f"{m2_text(record[name])} ㎡　{mu_text(record[name])} 亩")  # type: ignore[arg-type]
            for name, label in (
                ("area_m2", "面积"),
                ("farmland_m2", "其中耕地"),
                ("illegal_farmland_m2", "违法占用耕地"),
                ("illegal_permanent_farmland_m2", "违法占用永农"),
            )
            if not is_null(record[name])
        ]
    names = [cell_text(name) for name in evidence.townships["township_name"]]
    facts.append(("所在乡镇", "、".join(names) or "各乡镇界外"))
    facts += [
        (
            "人工认定",
            f"{cell_text(record['ruled_on'])} {cell_text(record['ruled_by'])}：{cell_text(record['reason'])}",
        )
        for record in _records(evidence.rulings)
    ]
    rows = "".join(
        f'<div><span style="color:{QUIET};display:inline-block;min-width:7em">{_text(name)}</span>'
        f"{_text(value)}</div>"
        for name, value in facts
        if value
    )
    return f'<div style="margin:12px 0;columns:2;column-gap:28px">{rows}</div>'


def _pieces(pieces: pd.DataFrame, heading: Heading) -> str:
    if pieces.empty:
        return ""
    ordered = pieces.sort_values(["area_m2", "piece_id"], ascending=[False, True])
    head = ("认定", "面积（㎡）", "其中耕地", "地类", "批文", "规则", "依据")
    sides = (_CELL, _NUMBER, _NUMBER, _CELL, _CELL, _CELL, _CELL)
    rows = [_piece(record, heading) for record in _records(ordered.head(_PIECES))]
    body = "".join(_row("td", row, sides) for row in rows)
    more = len(pieces) - _PIECES
    rest = f'<div style="color:{QUIET}">另有 {more} 块较小的未列</div>' if more > 0 else ""
    heads = _row("th", [_text(one) for one in head], sides)
    return f'<table style="table-layout:auto;border-collapse:collapse;font-size:12.5px;width:100%">{heads}{body}</table>{rest}'


def _piece(record: _Record, heading: Heading) -> list[str]:
    colour = VERDICTS.get(str(record["verdict"]), FAINT)
    paper = " ".join((kind_label(record["approval_kind"]), cell_text(record["approval_no"])))
    return [
        f'<span style="white-space:nowrap"><span style="color:{colour}">■</span> {_text(standing_label(record["verdict"], is_ruled=not is_null(record["ruled_verdict"])))}</span>',
        m2_text(record["area_m2"]),  # type: ignore[arg-type]
        m2_text(record["farmland_m2"]),  # type: ignore[arg-type]
        _text(cell_text(record["land_class"])),
        _text(paper.strip() or "无"),
        _text(heading.rule_name(str(record["rule_id"]))),
        _text(cell_text(record["legal_basis"])),
    ]


def _row(tag: str, cells: Iterable[str], sides: Iterable[str]) -> str:
    done = (
        f'<{tag} style="{side}">{cell}</{tag}>' for cell, side in zip(cells, sides, strict=True)
    )
    return f"<tr>{''.join(done)}</tr>"


def _span(earliest: object, latest: object) -> str:
    first, last = cell_text(earliest), cell_text(latest)
    return first if first == last else f"{first} 至 {last}"


def _text(value: object) -> str:
    return escape(safe(value))


def _records(frame: pd.DataFrame) -> list[dict[Hashable, object]]:
    return [dict(record) for record in frame.to_dict("records")]
