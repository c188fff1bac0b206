"""Classes of the ratio and their colours (分级设色): blue below the line, orange to brown over it.

A higher class is darker, whatever eye or printer looks: the lightness L* falls by 11 or more from
class to class, by 6 or more for deuteranopic and protanopic sight (smallest CIEDE2000 between
two classes: 11 and 10). So grey print keeps the order, and the dark outline of the townships over
the line stands beside it.
"""

from dataclasses import dataclass
from decimal import Decimal

from pipeline.report.figures import percent_text
from pipeline.report.heading import is_over
from pipeline.rules.settings import Line

ACCENT = "#8a3200"  # over the line: text, outlines, the line itself
INK, QUIET, FAINT, GRID = "#1f2328", "#57606a", "#8c959f", "#e3e6ea"
NO_DATA = "#f3f3f3"
# What was judged (认定), in every map, sheet, page and layer; told apart by the colour-blind, and
# by lightness in grey print.
VERDICTS = {
    "illegal": "#b0470e",
    "doubtful": "#f0b63f",
    "legal": "#5f97c6",
    "other": "#d6dadf",
}
_BELOW = ("#eff5fa", "#b9d6ea", "#7fb2d9")
_OVER = ("#d4762a", "#9c4210")
BELOW, OVER = _BELOW[-1], _OVER[0]  # the sides of the line where there are but two
GHOST = "#d5d9de"  # before rectification


@dataclass(frozen=True)
class RatioClass:
    """One class of the ratio (一级): its words, its fill, the colour of type on it."""

    label: str
    fill: str
    is_over: bool
    ink: str = INK


def ratio_classes(line: Line, next_line: Line) -> tuple[RatioClass, ...]:
    """Return the classes, lowest first: three up to the line, two over it.

    Below, the breaks are a quarter and half of the line; above, the next line (the county's)
    where it is higher, else twice the line.
    """
    breaks = _breaks(line, next_line)
    starts = [None, *breaks]
    ends = [*breaks, None]
    fills = _BELOW + _OVER
    return tuple(
        RatioClass(
            _range_text(start, end),
            fill,
            is_over=index >= len(_BELOW),
            ink="#ffffff" if fill == _OVER[-1] else INK,
        )
        for index, (start, end, fill) in enumerate(zip(starts, ends, fills, strict=True))
    )


def class_of(ratio: float, is_accountable: bool, line: Line, next_line: Line) -> int:  # noqa: FBT001
    """Return which class a ratio is in; which side of the line is the ranking's answer, not ours."""
    exact = Decimal(repr(float(ratio)))
    quarter, half, _, upper = _breaks(line, next_line)
    if is_accountable:
        return len(_BELOW) + is_over(exact, upper)
    return is_over(exact, quarter) + is_over(exact, half)


def _breaks(line: Line, next_line: Line) -> tuple[Line, Line, Line, Line]:
    def at(ratio: Decimal) -> Line:
        return Line(ratio=ratio, comparison=">=", basis="分级")

    twice = at(min(line.ratio * 2, (1 + line.ratio) / 2))
    upper = next_line if next_line.ratio > line.ratio else twice
    return at(line.ratio / 4), at(line.ratio / 2), line, upper


def _range_text(start: Line | None, end: Line | None) -> str:
    below = "" if end is None else _below_text(end)
    if start is None:
        return below
    above = percent_text(start.ratio)
    if start.comparison == ">":
        above = f"超过 {above}"
    return (
        f"{above} 至{below}"
        if below
        else f"{above} 及以上"
        if start.comparison == ">="
        else above
    )


def _below_text(end: Line) -> str:
    text = percent_text(end.ratio)
    return f"不足 {text}" if end.comparison == ">=" else f" {text}（含）"
