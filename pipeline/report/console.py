"""What is printed after a run (屏幕输出): the ranking with its line, the findings in short.

Plain text without colours. Our own words encode in GBK; a rare character in a name may not, so
the terminal's error handler must be one that replaces.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from pipeline.errors import SEVERITIES, Finding
from pipeline.report.figures import is_null, rank_text, ratio_text
from pipeline.report.heading import CLUE, Heading, line_text
from pipeline.report.near_line import need_text
from pipeline.report.safe_text import safe
from pipeline.report.text_table import Side, clip, columns, width
from pipeline.terms import SEVERITY_LABELS, OfficialRatio
from pipeline.units import mu_text

_NAME_WIDTH = 24
_MESSAGE_WIDTH = 120
_ROWS = 100  # townships printed at most
_GROUPS = 12  # kinds of findings listed at most
_NAMES = 20  # townships without new farmland named at most


def ranking_text(
    ranking: pd.DataFrame,
    county: pd.DataFrame,
    heading: Heading,
    quarantine_lines: Sequence[str] = (),
    *,
    limit: int = _ROWS,
) -> str:
    """Return the ranking as text, the line drawn between those over it and those under it.

    ``ranking`` and ``county`` by ``schema.derived``; ``quarantine_lines`` are printed below
    (evidence in quarantine that has no place). At most ``limit`` townships, the first ones.
    """
    ranked = ranking[ranking[heading.official.value].notna()]
    ranked = ranked.sort_values(["rank", "township_code"])
    blank = ranking[ranking[heading.official.value].isna()]
    parts = [
        *_head(heading),
        "",
        *_ranked(ranked.head(limit), heading, over=int(ranked["is_accountable"].sum())),
        *_cut(ranked.iloc[limit:]),
        *_blank(blank, heading),
        *_county(county, heading),
    ]
    parts += [f"  ! {safe(line)}" for line in quarantine_lines]
    return "\n".join(parts)


def _head(heading: Heading) -> list[str]:
    lines = [safe(heading.title)]
    if heading.notice:
        lines.append(f"【{safe(heading.notice)}】")
    lines.append(f"{heading.official_label} = {heading.formula}")
    exempt = "、".join(heading.exempt_acts)
    lines += [f"不计入分子的行为：{safe(exempt)}"] if exempt else []
    lines.append(f"截止日 {heading.as_of}；{safe(heading.pack_title)}；{CLUE}")
    return lines


def _ranked(ranked: pd.DataFrame, heading: Heading, over: int) -> list[str]:
    """Return the table; ``over`` of its rows stand above the line."""
    has_gross = heading.official is not OfficialRatio.GROSS
    head = ["名次", "乡镇(街道)", heading.short_label]
    head += ["整改前"] if has_gross else []
    head += ["存疑区间", "违法占用耕地(亩)", "分母(亩)", "降至线下还需复耕(亩)"]
    sides: list[Side] = ["right", "left", *["right"] * (len(head) - 2)]  # type: ignore[list-item]
    rows = [_cells(record, heading, has_gross=has_gross) for record in _records(ranked)]
    first, *lines = columns(head, rows, sides)
    across = max((width(line) for line in (first, *lines)), default=0)
    words = f" 问责线：{line_text(heading.township)}（依据：{safe(heading.township.basis)}） "
    rule = f"----{words}" + "-" * max(across - width(words) - 4, 4)
    above = lines[:over] if over else [f"  没有乡镇{line_text(heading.township)}（疑似）"]
    return [first, *above, rule, *lines[over:]]


def _cells(record: dict[str, object], heading: Heading, *, has_gross: bool) -> list[str]:
    line = heading.township.ratio
    cells = [
        rank_text(_number(record["rank"])),
        _name(record),
        ratio_text(_number(record[heading.official.value]), line),
    ]
    cells += [ratio_text(_number(record["ratio_gross"]), line)] if has_gross else []
    low, high = (ratio_text(_number(record[f"ratio_{end}"]), line) for end in ("low", "high"))
    need = _number(record["reclaim_to_line_m2"])
    return [
        *cells,
        "-" if low == high else f"{low}至{high}",
        mu_text(_number(record["illegal_farmland_m2"]) or 0.0),
        mu_text(_number(record[f"{heading.denominator.value}_m2"]) or 0.0),
        _need_text(need, is_accountable=bool(record["is_accountable"])),
    ]


def _need_text(area_m2: float | None, *, is_accountable: bool) -> str:
    """Return how much is still to be reclaimed, rounded up; an amount too small for mu in m²."""
    if area_m2 is None or not is_accountable:
        return "-"
    return need_text(area_m2).replace(" ", "")


def _cut(left: pd.DataFrame) -> list[str]:
    over = int(left["is_accountable"].sum())
    among = f"（其中触线 {over} 个）" if over else ""
    return (
        [f"  ……另有 {len(left)} 个乡镇未列{among}，全表见 out/townships.csv"]
        if len(left)
        else []
    )


def _blank(blank: pd.DataFrame, heading: Heading) -> list[str]:
    if blank.empty:
        return []
    names = [_name(record) + _doubt(record) for record in _records(blank.head(_NAMES))]
    more = f"等 {len(blank)} 个" if len(blank) > _NAMES else ""
    return [f"{heading.no_denominator}，不排名：{'、'.join(names)}{more}"]


def _doubt(record: dict[str, object]) -> str:
    """Return what may yet become new farmland there, where something is in doubt."""
    doubtful = _number(record["doubtful_farmland_m2"]) or 0.0
    return f"（另有存疑耕地 {mu_text(doubtful)} 亩）" if doubtful > 0 else ""


def _county(county: pd.DataFrame, heading: Heading) -> list[str]:
    lines = []
    for record in _records(county):
        ratio = _number(record[heading.official.value])
        figure = ratio_text(ratio, heading.county.ratio)
        verdict = "疑似" if record["is_accountable"] else "未"
        lines.append(
            f"全县 {safe(record['county_name'])}：{heading.short_label} {figure}，"
            f"{verdict}{line_text(heading.county)}（依据：{safe(heading.county.basis)}）"
            if ratio is not None
            else f"全县 {safe(record['county_name'])}：{heading.no_denominator}，不计算比例"
        )
    return lines


def _name(record: dict[str, object]) -> str:
    name = record["township_name"]
    return clip(
        safe(record["township_code"] if is_null(name) or not name else name), _NAME_WIDTH
    )


def _records(frame: pd.DataFrame) -> list[dict[str, object]]:
    return [{str(k): v for k, v in record.items()} for record in frame.to_dict("records")]


def _number(value: object) -> float | None:
    return None if is_null(value) else float(value)  # type: ignore[arg-type]


@dataclass(frozen=True)
class _Group:
    """Findings of one kind in one layer (同类问题), shown by their first."""

    first: Finding
    count: int


def defects_text(findings: Iterable[Finding], *, whole_list: str = "见 out/defects.csv") -> str:
    """Return the findings as a short list, worst first, with counts and where the rest is."""
    groups = _groups(findings)
    if not groups:
        return "输入没有发现问题"
    totals = {
        severity: sum(group.count for group in groups if group.first.severity == severity)
        for severity in SEVERITIES
    }
    counts = "，".join(f"{SEVERITY_LABELS[s]} {n}" for s, n in totals.items() if n)
    lines = [f"输入问题 {sum(totals.values())} 条：{counts}"]
    for group in groups[:_GROUPS]:
        lines += _group_lines(group)
    if len(groups) > _GROUPS:
        rest = sum(group.count for group in groups[_GROUPS:])
        lines.append(f"  ……另有 {len(groups) - _GROUPS} 类 {rest} 条未列")
    return "\n".join([*lines, f"全部问题{safe(whole_list)}"])


def _groups(findings: Iterable[Finding]) -> list[_Group]:
    """Gather findings of one severity, layer and code; worst first, then as they came."""
    kinds: dict[tuple[str, str, str], list[Finding]] = {}
    for found in findings:
        kinds.setdefault((found.severity, found.layer, found.code), []).append(found)
    groups = [_Group(found[0], len(found)) for found in kinds.values()]
    return sorted(groups, key=lambda group: SEVERITIES.index(group.first.severity))


def _group_lines(group: _Group) -> list[str]:
    found = group.first
    where = " ".join(safe(part) for part in (found.layer, found.record) if part)
    more = f"（同类共 {group.count} 条）" if group.count > 1 else ""
    text = clip(f"{where}：{safe(found.message)}", _MESSAGE_WIDTH)
    lines = [f"  [{SEVERITY_LABELS[found.severity]}] {text}{more}"]
    if found.remedy:
        lines.append(f"         办法：{clip(safe(found.remedy), _MESSAGE_WIDTH)}")
    return lines
