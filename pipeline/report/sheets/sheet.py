"""An evidence sheet (图斑核查单): one A4 page for one change, as data and pictures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.report.explain.text import Evidence
from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.print_text import printed
from pipeline.report.safe_text import safe, shorten
from pipeline.report.sheets.annex import approvals_of, corners_of, numbers_of, pieces_of
from pipeline.report.sheets.areas import areas_of
from pipeline.report.sheets.card import card_of
from pipeline.report.sheets.chip_pictures import jpeg, outline
from pipeline.report.sheets.map import Surroundings, draw_pieces
from pipeline.report.sheets.names import SheetNames
from pipeline.report.sheets.opinion import proposal_of, rectifications_of, rulings_of
from pipeline.report.sheets.svg import Frame, frame_around
from pipeline.report.standing import is_settled, standing_label
from pipeline.schema.derived import JUDGED

# Millimetres of the page: the chips, and the map in what they leave of the width.
_WIDE, _GAP, _CHIP = 186.0, 3.0, 57.0
_LEAST_M, _ROOM = 24.0, 1.35
_CHIP_LEAST_M, _CHIP_LEAST_PX, _CHIP_ROOM = 110.0, 30, 1.9
_CHIP_PX = 340  # 150 dots an inch
_LONGEST_REASON = 220  # characters, three lines; the whole is in changes.csv
_SUBPIXELS = 6  # no more dots for a pixel of a coarse image
Record = Mapping[Any, Any]


@dataclass(frozen=True)
class View:
    """A chip of a date (一个时相的截图); ``pixels`` null where there is no image of the place."""

    title: str
    date: str
    source: str
    pixels: npt.NDArray[np.uint8] | None
    covered: float = 0.0


@dataclass(frozen=True)
class Sheet:
    """A sheet ready to be typeset (一页核查单): its data, and pictures by file name."""

    data: Mapping[str, object]
    pictures: Mapping[str, bytes]


def chip_frame(change: Any, pixel_m: float) -> Frame:
    """Return the ground that a chip shows; ``pixel_m``: an image coarser than that shows more."""
    least = max(_CHIP_LEAST_M, _CHIP_LEAST_PX * pixel_m)
    return frame_around(change, _CHIP, _CHIP, least_m=least, room=_CHIP_ROOM)


def chip_size(frame: Frame, pixel_m: float) -> int:
    """Return how many dots wide a chip of an image with such pixels is."""
    return min(_CHIP_PX, max(1, round(frame.width_mm * frame.scale / pixel_m * _SUBPIXELS)))


def map_frame(change: Any, chips: int) -> Frame:
    """Return the ground that the map shows beside so many chips."""
    width = _WIDE - chips * (_CHIP + _GAP)
    return frame_around(change, width, _CHIP, least_m=_LEAST_M, room=_ROOM)


@dataclass(frozen=True)
class Context:
    """What all sheets of a run share (共用信息): heading, names, sources with their dates."""

    heading: Heading
    names: SheetNames
    sources: Sequence[str]


def make_sheet(
    evidence: Evidence,
    around: Surroundings,
    views: Sequence[View],
    chips: Frame,
    context: Context,
    key: str,
) -> Sheet:
    """Return the sheet of a change; ``key`` makes the names of its pictures its own.

    ``views`` is empty where no imagery is configured: the map then has their place.
    """
    change = evidence.received["geometry"].iloc[0]
    drawing = map_frame(change, len(views))
    pieces = ordered_pieces(evidence)
    numbers = numbers_of(pieces)
    pictures = {
        f"{key}-map.svg": draw_pieces(drawing, change, pieces, around, numbers),
    }
    shown = []
    for place, view in enumerate(views):
        name = f"{key}-{place}"
        pictures[f"{name}.svg"] = outline(chips, change)
        if view.pixels is not None:
            pictures[f"{name}.jpg"] = jpeg(view.pixels)
        shown.append(_view(view, name))
    data = {
        **_title(evidence, context),
        "views": shown,
        "map": {
            "picture": f"{key}-map.svg",
            "width": drawing.width_mm,
            "note": _map_note(pieces),
        },
        **_body(evidence, pieces, around, context),
        "corners": corners_of(change),
    }
    return Sheet(data, pictures)


def _title(evidence: Evidence, context: Context) -> dict[str, object]:
    result = evidence.result.to_dict("records")[0]
    verdict = result["verdict"]
    is_ruled = bool(evidence.pieces["ruled_verdict"].notna().any())
    settled = is_settled(verdict, evidence.pieces.to_dict("records"))
    label = "不计入" if is_null(verdict) else standing_label(verdict, is_ruled=settled)
    return {
        "change": shorten(safe(evidence.change_id), 60),
        "verdict": "outside" if is_null(verdict) else str(verdict),
        "label": label,
        "said_by": "有人工认定" if is_ruled else "系统建议，待人工确认",
        "township": shorten(safe(context.names.township(result["township_code"])), 24),
        "reason": shorten(printed(safe(result["reason"])), _LONGEST_REASON),
    }


def ordered_pieces(evidence: Evidence) -> list[Record]:
    """Return the pieces of a change as records, the largest first."""
    columns = [name for name in (*JUDGED.names, "geometry") if name in evidence.pieces]
    records: Sequence[Record] = evidence.pieces[columns].to_dict("records")
    return sorted(records, key=lambda piece: (-piece["area_m2"], str(piece["piece_id"])))


def _body(
    evidence: Evidence, pieces: Sequence[Record], around: Surroundings, context: Context
) -> dict[str, object]:
    areas = areas_of(pieces, context.heading)
    ground: Any = areas["ground"]
    return {
        "card": card_of(evidence, around.approvals, ground, context.names),
        "areas": areas,
        "proposal": proposal_of(pieces, context.heading),
        "ruling": rulings_of(evidence, context.names),
        "rectifications": rectifications_of(evidence),
        "approvals": approvals_of(evidence),
        "pieces": pieces_of(pieces, context.names),
    }


def _map_note(pieces: Sequence[Record]) -> str:
    count = sum(piece["geometry"] is None for piece in pieces)
    return f"{count} 片没有保存图形，留白" if count else "数字同碎片号，蓝圈同批准序号"


def _view(view: View, name: str) -> dict[str, object]:
    note = ""
    if view.pixels is None:
        note = "影像未覆盖此处"
    elif view.covered < 0.995:  # noqa: PLR2004
        note = f"影像只覆盖 {view.covered:.0%}"
    return {
        "title": view.title,
        "date": view.date,
        "source": shorten(safe(view.source), 40),
        "picture": "" if view.pixels is None else f"{name}.jpg",
        "outline": f"{name}.svg",
        "note": note,
    }
