"""What one change adds to the ratio of its townships, as text (在占耕比中的份额)."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from pipeline.report.figures import is_null, ratio_text
from pipeline.report.heading import Heading, line_text
from pipeline.report.safe_text import safe
from pipeline.terms import Denominator, OfficialRatio, Verdict
from pipeline.units import half_up, m2_text, to_m2, to_units

_Record = Mapping[Any, Any]
_COUNTED = (Verdict.LEGAL.value, Verdict.ILLEGAL.value)


def share_lines(
    pieces: pd.DataFrame, rectified: pd.DataFrame, townships: pd.DataFrame, heading: Heading
) -> list[str]:
    """Return the change's part in numerator and denominator, township by township.

    The numerator is farmland of illegal pieces less exempt acts; the denominator farmland (or
    area, by the configured denominator) of legal and illegal pieces.
    """
    lines = []
    for record in townships.sort_values("township_code").to_dict("records"):
        here = pieces[pieces["township_code"] == record["township_code"]]
        back = rectified[rectified["township_code"] == record["township_code"]]
        lines += _township(record, here, back, heading)
    outside = pieces[pieces["township_code"].isna()]
    if len(outside):
        lines.append(f"各乡镇界外 {m2_text(_sum(outside['area_m2']))} ㎡，不计入任何乡镇")
    return lines


def _township(
    record: _Record, here: pd.DataFrame, back: pd.DataFrame, heading: Heading
) -> list[str]:
    counted = here[here["verdict"].isin(_COUNTED)]
    illegal = counted[
        (counted["verdict"] == Verdict.ILLEGAL.value)
        & ~counted["act"].isin(heading.exempt_acts)
    ]
    by_area = heading.denominator is Denominator.NEW_CONSTRUCTION
    above = _sum(illegal["farmland_m2"])
    below = _sum(counted["area_m2" if by_area else "farmland_m2"])
    reclaimed = _sum(back["reclaimed_farmland_m2"])
    whole_above = numerator_m2(record)
    whole_below = float(record[f"{heading.denominator.value}_m2"])
    name = safe(record["township_name"]) or safe(record["township_code"])
    official = record[heading.official.value]
    standing = line_text(heading.township)
    return [
        f"{name}：",
        f"  分子（违法占用耕地）{_of(above, whole_above)}",
        f"  分母（{heading.denominator.label}）{_of(below, whole_below)}",
        f"  拆除复耕 {_of(reclaimed, float(record['reclaimed_farmland_m2']))}",
        *_division(record, heading, whole_above, whole_below),
        f"  乡镇整改前 {ratio_text(record['ratio_gross'], heading.township.ratio)}，"
        f"{heading.official_label} {ratio_text(official, heading.township.ratio)}，"
        + (
            "不排名"
            if is_null(official)
            else f"疑似{standing}"
            if record["is_accountable"]
            else f"未{standing}"
        ),
    ]


def _division(record: _Record, heading: Heading, above_m2: float, below_m2: float) -> list[str]:
    """Return the division that gives the official ratio, where it is not above ÷ below."""
    back = float(record["reclaimed_farmland_m2"])
    if heading.official is OfficialRatio.GROSS or back == 0:
        return []
    less = back if heading.official is OfficialRatio.NET else 0.0
    above, below = (m2_text(max(value, 0.0)) for value in (above_m2 - back, below_m2 - less))
    return [f"  扣减后 分子 {above} ㎡ ÷ 分母 {below} ㎡"]


def numerator_m2(record: _Record) -> float:
    """Return the numerator before rectification of a unit: illegal farmland less exempt acts."""
    units = to_units([record["illegal_farmland_m2"], record["exempt_farmland_m2"]])
    return float(to_m2(units[0] - units[1]))


def _of(part: float, whole: float) -> str:
    text = f"本图斑 {m2_text(part)} ㎡，全乡镇 {m2_text(whole)} ㎡"
    return f"{text}，占 {half_up(part / whole * 100)}%" if whole > 0 else text


def _sum(values: pd.Series) -> float:
    return float(to_m2(np.sum(to_units(values.to_numpy(dtype=float)))))
