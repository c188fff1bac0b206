"""The pages of a ranking (排名页): the map with the bars beside it, then the bars that found no room."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from matplotlib.figure import Figure

from pipeline.report.heading import Heading, line_text
from pipeline.report.maps.areas import Areas
from pipeline.report.maps.collar import draw_legend, draw_north_arrow, draw_scale, small_note
from pipeline.report.maps.labels import Labelled
from pipeline.report.maps.page import (
    EDGE,
    WIDE,
    line_words,
    new_page,
    panel,
    write_foot,
    write_titles,
)
from pipeline.report.maps.panel import MOVED_NOTE, draw_map
from pipeline.report.maps.ranking_bars import bar_legend, draw_bars, scale_of
from pipeline.report.palette import RatioClass, ratio_classes
from pipeline.report.ranking_rows import OFFICES, RankingRow, Unit, by_code, ranking_rows

# left, bottom, width, height in inches
MAP = (EDGE, 2.42, 9.35, 7.8)
COLLAR = (EDGE, 1.16, 9.35, 1.26)
BARS = (10.2, 2.42, 5.79, 7.5)
NOTES = (10.2, 1.16, 5.79, 0.78)

# Bars beside the map while each has an eighth of an inch; beyond that the ranking has pages of
# its own, three columns each.
_BESIDE, _COLUMNS, _IN_COLUMN = 60, 3, 45
_GUTTER = 0.5


@dataclass(frozen=True)
class Ranking:
    """What is drawn (排名内容): the rows by rank, their unit, classes and heading."""

    rows: list[RankingRow]
    unit: Unit
    classes: tuple[RatioClass, ...]
    heading: Heading

    @property
    def title(self) -> str:
        """The title of the page."""
        heading = self.heading
        return f"{heading.subject} {self.unit.subject}违法占用耕地比例排名{heading.mark}"


def ranking_of(ranking: pd.DataFrame, heading: Heading, unit: Unit) -> Ranking:
    """Return a ranking table ready to be drawn."""
    classes = ratio_classes(heading.township, heading.county)
    return Ranking(ranking_rows(ranking, heading, unit), unit, classes, heading)


def pages_of(areas: Areas, ranking: Ranking) -> list[Figure]:
    """Return the pages of a ranking, the map with the bars first; needs ``chinese_style``."""
    first = new_page()
    map_axes, collar = panel(first, MAP), panel(first, COLLAR)
    rows, heading = ranking.rows, ranking.heading
    labelled = draw_map(map_axes, areas, by_code(rows), ranking.classes, heading, boxes=True)
    notes = [small_note(heading)] if any(row.is_small for row in rows) else []
    draw_legend(collar, rows, ranking.classes, heading, [*notes, *_numbers(labelled)])
    draw_scale(collar, map_axes)
    draw_north_arrow(collar)
    beside = rows if len(rows) <= _BESIDE else rows[:_IN_COLUMN]
    draw_bars(
        panel(first, BARS),
        beside,
        ranking.classes,
        heading,
        head=ranking.unit.head,
        scale=scale_of(rows, heading),
    )
    _explain_bars(first, ranking)
    rest = [] if len(beside) == len(rows) else _list_pages(ranking)
    words = [MOVED_NOTE] if labelled.has_boxes else []
    if labelled.left_out:
        words.append(f"图面过小未注记 {len(labelled.left_out)} 个，见排名")
    _write(first, ranking, _shown(len(beside), ranking, 1 + len(rest)), words)
    return [first, *rest]


def _list_pages(ranking: Ranking) -> list[Figure]:
    """Return the whole ranking in columns, page after page."""
    rows, size = ranking.rows, _COLUMNS * _IN_COLUMN
    pages = []
    for start in range(0, len(rows), size):
        page = new_page()
        wide = (WIDE - 2 * EDGE - (_COLUMNS - 1) * _GUTTER) / _COLUMNS
        for column in range(_COLUMNS):
            first = start + column * _IN_COLUMN
            part = rows[first : min(first + _IN_COLUMN, len(rows))]
            if part:
                left = EDGE + column * (wide + _GUTTER)
                high = BARS[3] * len(part) / _IN_COLUMN
                axes = panel(page, (left, BARS[1] + BARS[3] - high, wide, high))
                draw_bars(
                    axes,
                    part,
                    ranking.classes,
                    ranking.heading,
                    head=ranking.unit.head,
                    scale=scale_of(rows, ranking.heading),
                )
        _explain_bars(page, ranking)
        number = start // size + 2
        last = min(start + size, len(rows))
        _write(page, ranking, f"第 {number} 页：第 {start + 1} 至 {last} 个", [])
        pages.append(page)
    return pages


def _explain_bars(page: Figure, ranking: Ranking) -> None:
    notes = panel(page, NOTES)
    notes.axis("off")
    bar_legend(notes, ranking.classes, ranking.heading)


def _write(page: Figure, ranking: Ranking, shown: str, more: Sequence[str]) -> None:
    heading = ranking.heading
    count = f"共 {len(ranking.rows)} 个{ranking.unit.head}"
    formula = f"{heading.official_label} ＝ {heading.formula}"
    subtitle = "　｜　".join(part for part in (count, shown, formula) if part)
    write_titles(page, ranking.title, subtitle, heading)
    words = line_words(heading)
    if ranking.unit is OFFICES:
        words = f"管辖所与乡镇同一条线：{line_text(heading.township)}（依据：{heading.township.basis}）"
    exempt = "、".join(heading.exempt_acts) or "无"
    first = [words, f"不计入分子的行为：{exempt}", "分级与触线按未四舍五入的数值"]
    write_foot(page, heading, [*first, *more])


def _shown(count: int, ranking: Ranking, pages: int) -> str:
    if count == len(ranking.rows):
        return ""
    return f"右侧列前 {count} 个，全部见 PDF 第 2 至 {pages} 页"


def _numbers(labelled: Labelled) -> list[str]:
    return ["图上的数字是名次"] if labelled.numbers else []
