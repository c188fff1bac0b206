"""One change in a notebook (图斑图): its pieces by verdict, the approvals on it, its neighbours."""

import geopandas as gpd
import pandas as pd
import shapely
from matplotlib.patches import Patch, PathPatch
from shapely.geometry.base import BaseGeometry

from pipeline.report.cells import cell_text, kind_label
from pipeline.report.figures import is_null
from pipeline.report.fonts import chinese_style
from pipeline.report.heading import Heading
from pipeline.report.maps.areas import Areas
from pipeline.report.maps.inspection_map import draw_scale, verdict_patch
from pipeline.report.maps.labels import LabelText, write_labels
from pipeline.report.maps.panel import path_of, place_areas
from pipeline.report.maps.picture import Picture, Sheet
from pipeline.report.palette import FAINT, INK, QUIET, VERDICTS
from pipeline.report.print_text import printed
from pipeline.report.standing import is_settled, standing_label
from pipeline.terms import VERDICT_PRECEDENCE, Verdict
from pipeline.units import half_up, m2_text, mu_text

_ROOM = 0.22  # of the change's extent, shown around it
_LABELLED = 0.04  # of the change's area: smaller pieces have no label
_NAMED = 6  # approvals named
_HATCH_INK = "#57606a66"
_HATCHES = ("////", "\\\\\\\\", "....", "xxxx")


def change_map(
    change: gpd.GeoDataFrame,
    pieces: gpd.GeoDataFrame,
    approvals: gpd.GeoDataFrame,
    neighbours: gpd.GeoDataFrame,
    heading: Heading,
) -> Picture:
    """Return one change (one row) with its pieces; approvals near it are hatched.

    ``pieces`` are judged; those without a shape (config ``overlay.geometry``) are not drawn.
    """
    shape = change.geometry.iloc[0]
    frame = shape.buffer(_ROOM * _extent(shape))
    near = approvals[approvals.intersects(frame)]
    with chinese_style():
        sheet = Sheet(f"图斑 {change['change_id'].iloc[0]}{heading.mark}", heading)
        place_areas(sheet.map, Areas({"": shapely.box(*frame.bounds)}))
        sheet.map.set_facecolor("#f7f8f8")
        _outlines(sheet, neighbours[neighbours.intersects(frame)])
        _fill(sheet, pieces)
        entries = _hatch(sheet, near)
        sheet.map.add_patch(
            PathPatch(path_of(shape), fill=False, edgecolor=INK, linewidth=1.8, zorder=6)
        )
        _label(sheet, pieces)
        draw_scale(sheet.map)
        _tell(sheet, change.iloc[0], pieces)
        if pieces.geometry.isna().any():
            sheet.tell("没有保存图形的碎片未画出")
        if entries:
            sheet.head("图上的批准")
            sheet.legend(entries)
            numbers = sorted(str(number) for number in near["approval_no"].unique())
            more = " 等" if len(numbers) > _NAMED else ""
            sheet.tell("、".join(numbers[:_NAMED]) + more)
        return sheet.picture


def _extent(shape: BaseGeometry) -> float:
    x0, y0, x1, y1 = shape.bounds
    return float(max(x1 - x0, y1 - y0, 20.0))


def _outlines(sheet: Sheet, neighbours: gpd.GeoDataFrame) -> None:
    for shape in neighbours.geometry:
        sheet.map.add_patch(
            PathPatch(path_of(shape), facecolor="#e6e8ea", edgecolor=FAINT, lw=0.8, zorder=1)
        )


def _fill(sheet: Sheet, pieces: gpd.GeoDataFrame) -> None:
    for verdict, shape in zip(pieces["verdict"], pieces.geometry, strict=True):
        if shape is not None:
            fill = VERDICTS.get(str(verdict), FAINT)
            sheet.map.add_patch(
                PathPatch(path_of(shape), facecolor=fill, edgecolor="#ffffff", lw=0.9, zorder=3)
            )


def _hatch(sheet: Sheet, approvals: gpd.GeoDataFrame) -> list[Patch]:
    """Hatch the approvals, one pattern a kind; return what the legend says of each."""
    kinds = sorted(approvals["approval_kind"].unique())
    entries = []
    for number, kind in enumerate(kinds):
        hatch = _HATCHES[number % len(_HATCHES)]
        style = {
            "facecolor": "none",
            "edgecolor": QUIET,
            "hatch": hatch,
            "hatchcolor": _HATCH_INK,
            "linewidth": 0.9,
        }
        here = approvals[approvals["approval_kind"] == kind]
        for shape in here.geometry:
            sheet.map.add_patch(PathPatch(path_of(shape), zorder=5, **style))
        entries.append(Patch(label=f"{kind_label(kind)}　{len(here)} 个", **style))  # type: ignore[arg-type]
    return entries


def _label(sheet: Sheet, pieces: gpd.GeoDataFrame) -> None:
    shown = pieces[pieces.geometry.notna()]
    large = shown[shown["area_m2"] >= _LABELLED * shown["area_m2"].sum()]
    texts = []
    for record in large.to_dict("records"):
        land = cell_text(record["land_class"])
        farm = " 耕地" if record["is_farmland"] is True else ""
        words = f"{land}{farm}\n{half_up(record['area_m2'], 0)} ㎡"
        verdict = str(record["verdict"])
        ink = "#ffffff" if verdict == Verdict.ILLEGAL else INK
        texts.append(LabelText(words, ink=ink, ground=VERDICTS.get(verdict, FAINT)))
    write_labels(sheet.map, list(large.geometry), texts)


def _tell(sheet: Sheet, change: pd.Series, pieces: pd.DataFrame) -> None:
    is_ruled = pieces["ruled_verdict"].notna().any()
    parts = pieces.to_dict("records")
    settled = {verdict: is_settled(verdict, parts) for verdict in VERDICT_PRECEDENCE}
    sheet.head("认定（有人工认定）" if is_ruled else "认定（建议，待人工确认）")
    sheet.tell(
        standing_label(change["verdict"], is_ruled=settled.get(change["verdict"], False)), INK
    )
    sheet.tell(printed(change["reason"]))
    sheet.head("面积")
    sheet.legend(
        [
            verdict_patch(
                verdict, f"{m2_text(change[f'{verdict}_m2'])} ㎡", is_ruled=settled[verdict]
            )
            for verdict in VERDICT_PRECEDENCE
            if change[f"{verdict}_m2"] > 0
        ]
    )
    for name, label in (("area_m2", "图斑"), ("illegal_farmland_m2", "违法占用耕地")):
        if not is_null(change[name]):
            sheet.tell(f"{label} {m2_text(change[name])} ㎡（{mu_text(change[name])} 亩）")
