"""The county or one township in a notebook (分布图): ratio classes, and the changes by verdict."""

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Patch, PathPatch
from matplotlib_scalebar.scalebar import ScaleBar

from pipeline.report.figures import rank_text, ratio_text
from pipeline.report.fonts import chinese_style, family
from pipeline.report.heading import Heading, line_text
from pipeline.report.maps.areas import township_areas
from pipeline.report.maps.collar import small_note
from pipeline.report.maps.labels import LabelText, write_labels
from pipeline.report.maps.panel import draw_map, no_data_style, path_of, place_areas
from pipeline.report.maps.picture import Picture, Sheet
from pipeline.report.near_line import need_text, room_text, with_unit
from pipeline.report.palette import (
    ACCENT,
    FAINT,
    INK,
    QUIET,
    VERDICTS,
    RatioClass,
    ratio_classes,
)
from pipeline.report.ranking_rows import RankingRow, by_code, ranking_rows
from pipeline.report.standing import standing_label
from pipeline.terms import Verdict
from pipeline.units import mu_text

_PALE = 0.55  # how far the classes go towards white, so that the changes stand out on them
_UNITS = {"km": "千米", "m": "米"}
# What weighs most is drawn last, on top.
_ORDER = (Verdict.OTHER, Verdict.LEGAL, Verdict.DOUBTFUL, Verdict.ILLEGAL)
_NAMED = 30  # illegal changes named on the map of a township, the largest first
_LARGER = 3.0  # dots on the map of a township, over the ends of the labels' leaders
_TAIL = 5  # characters of a change's id that tell it from its neighbours


def county_map(
    townships: gpd.GeoDataFrame, changes: gpd.GeoDataFrame, heading: Heading
) -> Picture:
    """Return the county: townships by class of the ratio, changes as dots by verdict.

    ``townships`` is the ranking with geometry, ``changes`` the results with geometry, both in
    the working CRS.
    """
    with chinese_style():
        sheet = Sheet(f"变化图斑与乡镇占耕比{heading.mark}", heading)
        rows = ranking_rows(townships, heading)
        classes = tuple(_pale(one) for one in ratio_classes(heading.township, heading.county))
        draw_map(sheet.map, township_areas(townships), by_code(rows), classes, heading)
        _draw_dots(sheet.map, changes)
        draw_scale(sheet.map)
        sheet.head(f"乡镇：{heading.short_label}占耕比")
        sheet.legend(_class_legend(rows, classes, heading))
        _tell_verdicts(sheet, changes)
        sheet.tell("圆点大小随图斑面积")
        if any(row.is_small for row in rows):
            sheet.tell(small_note(heading))
        return sheet.picture


def township_map(
    townships: gpd.GeoDataFrame, changes: gpd.GeoDataFrame, heading: Heading, code: str
) -> Picture:
    """Return one township with its changes as they lie, the largest illegal ones named."""
    here = townships["township_code"] == code
    row = by_code(ranking_rows(townships[here], heading))[code]
    inside = changes[changes["township_code"] == code]
    with chinese_style():
        sheet = Sheet(f"{row.name}：变化图斑{heading.mark}", heading)
        shapes = place_areas(sheet.map, township_areas(townships[here])).shapes
        sheet.map.set_facecolor("#f4f5f6")
        for shape in township_areas(townships[~here]).shapes.values():
            sheet.map.add_patch(
                PathPatch(path_of(shape), facecolor="#ebedef", edgecolor="#ffffff", zorder=1)
            )
        for shape in shapes:
            sheet.map.add_patch(
                PathPatch(
                    path_of(shape), facecolor="#ffffff", edgecolor=QUIET, lw=1.2, zorder=2
                )
            )
        _draw_dots(sheet.map, inside, _LARGER)
        _name_illegal(sheet.map, inside)
        draw_scale(sheet.map)
        _tell_township(sheet, row, heading)
        _tell_verdicts(sheet, inside)
        sheet.tell(f"圆点大小随图斑面积；疑似违法的注编号末 {_TAIL} 位")
        return sheet.picture


def draw_scale(axes: Axes) -> None:
    """Draw the scale bar into the lower right corner of a map in metres."""
    bar = ScaleBar(
        1,
        "m",
        rotation="horizontal-only",
        location="lower right",
        length_fraction=0.2,
        width_fraction=0.006,
        color=INK,
        box_alpha=0.75,
        scale_loc="top",
        font_properties={"family": family(), "size": 9},
        scale_formatter=lambda value, unit: f"{value:g} {_UNITS.get(unit, unit)}",
    )
    bar.set_zorder(20)
    axes.add_artist(bar)


def verdict_patch(verdict: Verdict, words: str, *, is_ruled: bool = False) -> Patch:
    """Return the entry of a verdict in a legend."""
    label = standing_label(verdict, is_ruled=is_ruled)
    return Patch(facecolor=VERDICTS[verdict], edgecolor=INK, lw=0.5, label=f"{label}　{words}")


def _draw_dots(axes: Axes, changes: gpd.GeoDataFrame, larger: float = 1.0) -> None:
    """Draw each change as a dot in the colour of its verdict, what weighs most on top."""
    for level, verdict in enumerate(_ORDER):
        here = changes[changes["verdict"] == verdict]
        places = here.geometry.representative_point()
        size = np.clip(np.sqrt(here["area_m2"].to_numpy(dtype=float)) / 2.6, 7, 110) * larger
        axes.scatter(
            places.x,
            places.y,
            s=size,
            color=VERDICTS[verdict],
            edgecolors="#ffffff",
            linewidths=0.5,
            zorder=8.5 + level / 10 if larger > 1 else 5 + level / 10,
        )


def _name_illegal(axes: Axes, changes: gpd.GeoDataFrame) -> None:
    illegal = changes[changes["verdict"] == Verdict.ILLEGAL]
    largest = illegal.sort_values(["illegal_m2", "change_id"], ascending=[False, True])
    named = largest.head(_NAMED)
    texts = [LabelText(str(change)[-_TAIL:]) for change in named["change_id"]]
    write_labels(axes, list(named.geometry), texts)


def _tell_verdicts(sheet: Sheet, changes: pd.DataFrame) -> None:
    sheet.head("图斑：认定（建议，待人工确认）")
    entries = []
    for verdict in reversed(_ORDER):
        here = changes[changes["verdict"] == verdict]
        area = float(here[f"{verdict}_m2"].sum())
        entries.append(verdict_patch(verdict, f"{len(here)} 个，{mu_text(area)} 亩"))
    sheet.legend(entries)


def _tell_township(sheet: Sheet, row: RankingRow, heading: Heading) -> None:
    sheet.head("占耕比")
    ratio = ratio_text(row.official, heading.township.ratio)
    side = "疑似" if row.is_accountable else "未"
    sheet.tell(f"{heading.official_label} {ratio}")
    sheet.tell(f"名次 {rank_text(row.rank)}")
    if row.official is not None:
        sheet.tell(
            f"{side}{line_text(heading.township)}", ACCENT if row.is_accountable else QUIET
        )
    if row.is_accountable and row.reclaim_m2 is not None:
        sheet.tell(f"降至线下还需复耕 {with_unit(need_text(row.reclaim_m2))}")
    if not row.is_accountable and row.room_m2 is not None:
        sheet.tell(f"离线还有余量 {with_unit(room_text(row.room_m2))}")


def _class_legend(
    rows: list[RankingRow], classes: tuple[RatioClass, ...], heading: Heading
) -> list[Patch]:
    counts = [sum(row.level == level for row in rows) for level in range(len(classes))]
    entries = [
        Patch(facecolor=one.fill, edgecolor=FAINT, lw=0.6, label=f"{one.label}　{count} 个")
        for one, count in zip(classes, counts, strict=True)
    ]
    none = sum(row.level is None for row in rows)
    if none:
        entries.append(Patch(label=f"{heading.no_denominator}　{none} 个", **no_data_style()))  # type: ignore[arg-type]
    over = sum(row.is_accountable for row in rows)
    words = f"{line_text(heading.township)}{heading.mark}　{over} 个"
    return [*entries, Patch(facecolor="none", edgecolor=ACCENT, lw=2, label=words)]


def _pale(one: RatioClass) -> RatioClass:
    white = [value + (1 - value) * _PALE for value in to_rgb(one.fill)]
    return replace(one, fill=to_hex((white[0], white[1], white[2])), ink=INK)
