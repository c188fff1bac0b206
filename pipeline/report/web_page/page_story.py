"""What a page says in sentences (网页文字): headline, deck, key figures, what they rest on."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from pipeline.report.figures import percent_text, ratio_text
from pipeline.report.heading import CLUE, DEFAULT_RULES, Heading, line_text
from pipeline.report.print_text import printed
from pipeline.report.ranking_rows import RankingRow, official_parts
from pipeline.report.safe_text import safe
from pipeline.report.web_page.english import english
from pipeline.report.web_page.page_words import Words, act_words
from pipeline.rules.settings import Line
from pipeline.terms import Denominator, OfficialRatio
from pipeline.units import UNITS_PER_M2, mu_text

_WHOLE = {
    Denominator.NEW_FARMLAND: "farmland taken by new construction",
    Denominator.NEW_CONSTRUCTION: "new construction land",
}
_OFFICIAL = {
    OfficialRatio.GROSS: "Before rectification: illegally taken farmland ÷ {whole}",
    OfficialRatio.NUMERATOR: (
        "After rectification: (illegally taken farmland – demolished and reclaimed) ÷ {whole}"
    ),
    OfficialRatio.NET: (
        "After rectification: (illegally taken farmland – demolished and reclaimed) ÷ "
        "({whole} – demolished and reclaimed)"
    ),
}


_RANGES = (
    ("（含）", "(incl.)"),
    ("超过", "over"),
    ("不足", "under"),
    ("及以上", "and more"),
    ("至", "to"),
)


def headline(rows: list[RankingRow], heading: Heading) -> Words:
    """Return the finding in one sentence; suspected (疑似) until a person has signed."""
    over = [row for row in rows if row.is_accountable]
    line = heading.township
    zh_mark = "" if heading.is_signed else "疑似"
    en_mark = "" if heading.is_signed else "Suspected: "
    if not any(row.official is not None for row in rows):
        return {
            "zh": f"各乡镇都{heading.no_denominator}，不排名",
            "en": "No township has new construction to rank",
        }
    if not over:
        return {
            "zh": f"{len(rows)} 个乡镇（街道）均未{line_text(line)} 问责线",
            "en": f"{en_mark}none of {len(rows)} townships is {_line(line)}",
        }
    top = over[0]
    ratio = ratio_text(top.official, line.ratio)
    name = safe(top.name)
    return {
        "zh": f"{len(over)} 个乡镇（街道）{zh_mark}{line_text(line)} 问责线，{name}最高，达 {ratio}",
        "en": (
            f"{en_mark}{len(over)} of {len(rows)} townships {_line(line)}, "
            f"{name} highest at {ratio}"
        ),
    }


def deck(heading: Heading) -> Words:
    """Return how the figures were made, in one sentence."""
    return {
        "zh": (
            "变化图斑逐块套合地类、永久基本农田、规划和批准文件，按规则给出建议；"
            f"{heading.short_label}占耕比 ＝ {heading.formula}。{CLUE}。"
        ),
        "en": (
            "Changes seen from space, cut by land use, farmland, plan and approvals, judged "
            f"piece by piece. {_formula(heading)}. "
            "A change is a lead, not a conclusion."
        ),
    }


def key_figures(county: pd.DataFrame, signed: int, heading: Heading) -> list[dict[str, Words]]:
    """Return the county's figures, each with what it counts; a ratio with its own two amounts.

    ``signed``: of how many changes people ruled that they are illegal.
    """
    record = county.to_dict("records")[0]
    official = heading.official
    flagged = f"{int(record['illegal_count']):,}"
    figures = [
        _figure(f"{int(record['change_count']):,}", "变化图斑", "changes seen"),
        _figure(
            flagged,
            f"有违法面积（含疑似），其中人工认定 {signed:,} 个",
            f"with illegal ground (incl. suspected), {signed:,} ruled",
        ),
        _ratio_figure(record, official, heading, is_official=True),
    ]
    if official is not OfficialRatio.GROSS:
        figures.append(_ratio_figure(record, OfficialRatio.GROSS, heading))
    return figures


def notice(heading: Heading) -> Words:
    """Return the notice of the config, in English where it is one that is known."""
    chinese = printed(safe(heading.notice))
    return {"zh": chinese, "en": english(chinese) or chinese}


def _ratio_figure(
    record: Mapping[Hashable, Any],
    kind: OfficialRatio,
    heading: Heading,
    *,
    is_official: bool = False,
) -> dict[str, Words]:
    """Return the county's ratio of a kind with the two amounts that it is made of."""
    above, below = (
        mu_text(units / UNITS_PER_M2) for units in official_parts(record, heading, kind)
    )
    is_gross = kind is OfficialRatio.GROSS
    zh, en = (
        ("整改前", "before rectification") if is_gross else ("整改后", "after rectification")
    )
    line = (f"，县级线{line_text(heading.county)}", f"; line {_bound(heading.county)}")
    zh_line, en_line = line if is_official else ("", "")
    return _figure(
        ratio_text(record[kind.value], heading.county.ratio),
        f"全县占耕比，{zh} {above} ÷ {below} 亩{zh_line}",
        f"county ratio {en}, {above} ÷ {below} mu{en_line}",
    )


def basis(heading: Heading) -> list[list[Words]]:
    """Return what the figures rest on, name by name."""
    exempt = ", ".join(act_words(act)["en"] for act in heading.exempt_acts) or "none"
    whole = _WHOLE[heading.denominator]
    pack = heading.pack_title.replace(",", "，")
    ours = "default rules of this software, not an official document"
    english = [
        ("Official ratio", _formula(heading)),
        ("Before rectification", _OFFICIAL[OfficialRatio.GROSS].format(whole=whole)),
        ("Denominator", whole),
        ("Township line", f"{_bound(heading.township)} ({heading.township.basis})"),
        ("County line", f"{_bound(heading.county)} ({heading.county.basis})"),
        ("As of", f"{heading.as_of.isoformat()}, rectified or approved by then"),
        ("Acts left out of the numerator", exempt),
        ("Areas", "ellipsoidal" if heading.area_kind == "ellipsoid" else heading.area_kind),
        ("CRS", heading.crs),
        ("Rules", ours if pack == DEFAULT_RULES else heading.pack_title),
    ]
    return [
        [{"zh": safe(zh[0]), "en": en[0]}, {"zh": safe(zh[1]), "en": safe(en[1])}]
        for zh, en in zip(heading.basis(), english, strict=True)
    ]


def line_words(line: Line) -> Words:
    """Return a line in both languages."""
    return {
        "zh": f"{percent_text(line.ratio)} 问责线",
        "en": f"{percent_text(line.ratio)} line",
    }


def class_words(label: str) -> Words:
    """Return the words of a class of the ratio in both languages."""
    english = label
    for chinese, other in _RANGES:
        english = english.replace(chinese, f" {other} ")
    return {"zh": label, "en": " ".join(english.split())}


def percent_number(ratio: Decimal) -> float:
    """Return a line as percentage points for drawing."""
    return float(ratio * 100)


def _line(line: Line) -> str:
    bound = "over" if line.comparison == ">" else "at or over"
    return f"{bound} the {percent_text(line.ratio)} line"


def _bound(line: Line) -> str:
    return f"{'over' if line.comparison == '>' else 'from'} {percent_text(line.ratio)}"


def _formula(heading: Heading) -> str:
    return _OFFICIAL[heading.official].format(whole=_WHOLE[heading.denominator])


def _figure(value: str, zh: str, en: str) -> dict[str, Words]:
    return {"value": {"zh": value, "en": value}, "says": {"zh": zh, "en": en}}
