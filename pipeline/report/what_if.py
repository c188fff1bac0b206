"""What a township's ratio would be (假如): more reclaimed, more occupied, doubt decided."""

from collections.abc import Hashable, Mapping
from decimal import Decimal
from fractions import Fraction

import pandas as pd

from pipeline.report.figures import ratio_text
from pipeline.report.heading import Heading, line_text
from pipeline.report.near_line import need_text, room_text
from pipeline.report.ranking_rows import official_parts
from pipeline.rules.accountability import is_over, reclaim_to_line, room_to_line
from pipeline.terms import OfficialRatio
from pipeline.units import UNITS_PER_M2, half_up, mu

Amount = float | Decimal


def what_if(
    township: Mapping[Hashable, object],
    heading: Heading,
    *,
    reclaimed_mu: Amount = 0,
    illegal_mu: Amount = 0,
    legal_mu: Amount = 0,
) -> pd.DataFrame:
    """Return a township's standing now and as it would be, exact to the booking unit.

    ``township`` is its row of the ranking. ``reclaimed_mu`` is farmland reclaimed and accepted
    on top; ``illegal_mu`` and ``legal_mu`` farmland occupied on top without and with papers
    (or doubtful farmland that turns out to be so). Nothing is written anywhere.
    """
    above, below = official_parts(township, heading)
    back = min(_units(reclaimed_mu), max(above, 0))
    if heading.official is OfficialRatio.GROSS:
        back = 0  # the ratio before rectification: reclaiming does not lower it
    more, papers = _units(illegal_mu), _units(legal_mu)
    leaves = back if heading.official is OfficialRatio.NET else 0
    then = above - back + more, below - leaves + more + papers
    rows = [_standing(above, below, heading), _standing(*then, heading)]
    return pd.DataFrame(rows, index=["现在", "假如"])


def _standing(above: int, below: int, heading: Heading) -> dict[str, object]:
    line = heading.township
    ratio = Fraction(above, below) if below else None
    over = is_over(ratio, line)
    return {
        heading.official_label: ratio_text(None if ratio is None else float(ratio), line.ratio),
        "分子（亩）": _mu(above),
        "分母（亩）": _mu(below),
        line_text(line): "是" if over else "否",
        "还需复耕（亩）": need_text(
            _m2(reclaim_to_line(above, below, line, heading.official) if over else None)
        ),
        "余量（亩）": room_text(_m2(None if over else room_to_line(above, below, line))),
    }


def _units(amount_mu: Amount) -> int:
    """Return mu as booking units, half up."""
    units = Fraction(str(amount_mu)) * Fraction(2000, 3) * UNITS_PER_M2
    return int(units + Fraction(1, 2))


def _m2(units: int | None) -> float | None:
    return None if units is None else units / UNITS_PER_M2


def _mu(units: int) -> float:
    return float(half_up(mu(units / UNITS_PER_M2)))
