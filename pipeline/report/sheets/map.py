"""The map of a sheet (碎片图): the pieces by verdict, on the layers that decided them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.report.figures import is_null
from pipeline.report.palette import INK, QUIET, VERDICTS
from pipeline.report.safe_text import shorten
from pipeline.report.sheets.svg import Frame, element, north_arrow, picture, scale_bar, text

APPROVAL, FARMLAND, PERMANENT = "#1c4f8a", "#8a9a5b", "#4f6b2a"
OUTSIDE = "#ffffff"
_GOLDEN = 0.618  # numbers of approvals are spread along their outlines
_TYPE_MM = 2.3
_LEAST_MM = 3.4  # a piece smaller than this on the page bears no number
_Shapes = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Surroundings:
    """What lies around a change (图斑周边), in the working CRS.

    ``townships`` are names with shapes; ``approvals`` records of ``schema.received.APPROVALS``
    that meet the change, in the order in which the sheet numbers them.
    """

    farmland: _Shapes
    permanent: _Shapes
    townships: Sequence[tuple[str, Any]]
    approvals: Sequence[Mapping[Any, Any]]


def draw_pieces(
    frame: Frame,
    change: Any,
    pieces: Sequence[Mapping[Any, Any]],
    around: Surroundings,
    numbers: Mapping[str, str],
) -> bytes:
    """Return the map as SVG; ``numbers`` are those of the pieces that have a row of their own."""
    parts = [
        _hatches(),
        element("rect", width=frame.width_mm, height=frame.height_mm, fill="#ffffff"),
        *_fills(frame, pieces),
        *_hatched(frame, around.farmland, "farmland"),
        *_hatched(frame, around.permanent, "permanent"),
        *_borders(frame, change, around.townships),
        *_approvals(frame, around.approvals),
        element(
            "path",
            d=frame.path(change),
            fill="none",
            stroke=INK,
            stroke_width=0.55,
            stroke_linejoin="round",
        ),
        *_numbers(frame, pieces, numbers),
        scale_bar(frame),
        north_arrow(frame),
    ]
    return picture(frame, parts)


def _hatches() -> str:
    def hatch(name: str, turn: int, step: float, colour: str, width: float) -> str:
        line = element("path", d=f"M0 0V{step}", stroke=colour, stroke_width=width)
        return element(
            "pattern", line, id=name, width=step, height=step,
            patternUnits="userSpaceOnUse", patternTransform=f"rotate({turn})",
        )  # fmt: skip

    return element(
        "defs",
        hatch("farmland", 45, 2.2, FARMLAND, 0.22)
        + hatch("permanent", -45, 2.2, PERMANENT, 0.26),
    )


def _fills(frame: Frame, pieces: Sequence[Mapping[Any, Any]]) -> Iterable[str]:
    for piece in pieces:
        shape, verdict = piece["geometry"], piece["verdict"]
        if shape is not None:
            fill = OUTSIDE if is_null(verdict) else VERDICTS.get(str(verdict), OUTSIDE)
            yield element(
                "path",
                d=frame.path(shape),
                fill=fill,
                fill_rule="evenodd",
                stroke="#ffffff",
                stroke_width=0.25,
            )


def _hatched(frame: Frame, shapes: _Shapes, name: str) -> Iterable[str]:
    path = "".join(frame.path(shape) for shape in shapes)
    if path:
        yield element("path", d=path, fill=f"url(#{name})", fill_rule="nonzero")


def _borders(frame: Frame, change: Any, townships: Sequence[tuple[str, Any]]) -> Iterable[str]:
    """Draw the borders between townships, and their names where there is more than one."""
    inside = shapely.box(*frame.box)
    parts = [(name, shapely.intersection(inside, shape)) for name, shape in townships]
    parts = [(name, shape) for name, shape in parts if not shape.is_empty]
    if len(parts) < 2 and all(shape.area > inside.area * 0.999 for _, shape in parts):  # noqa: PLR2004
        return
    line = {"fill": "none", "stroke_linejoin": "round"}
    for _, shape in townships:
        path = frame.path(shape)
        yield element(
            "path", d=path, stroke="#ffffff", stroke_width=1.1, stroke_opacity=0.8, **line
        )
        yield element(
            "path",
            d=path,
            stroke=QUIET,
            stroke_width=0.45,
            stroke_dasharray="2.4 0.8 0.5 0.8",
            **line,
        )
    for name, whole in parts:
        label = shorten(name, 10)
        free = _free(frame, change, whole, len(label) * _TYPE_MM)
        if not free.is_empty:
            x, y = frame.place(*shapely.get_coordinates(shapely.point_on_surface(free))[0])
            yield _label(label, x, y + _TYPE_MM / 3, _TYPE_MM, QUIET)


def _free(frame: Frame, change: Any, township: Any, width_mm: float) -> Any:
    """Return where the middle of a name may be: in its township, off the change, in the frame."""
    across, along = frame.scale * (width_mm / 2 + 1), frame.scale * (_TYPE_MM / 2 + 1)
    west, south, east, north = change.bounds
    beside = shapely.box(west - across, south - along, east + across, north + along)
    west, south, east, north = frame.box
    low = south + 6 * frame.scale  # above the scale bar
    inside = shapely.box(west + across, low, east - across, north - along)
    return shapely.difference(shapely.intersection(township, inside), beside)


def _approvals(frame: Frame, approvals: Sequence[Mapping[Any, Any]]) -> Iterable[str]:
    """Draw the outlines of the approvals, and over them the number of each in the table."""
    numbers: dict[tuple[str, str], int] = {}
    marks = []
    line = {"fill": "none", "stroke": APPROVAL, "stroke_dasharray": "1.6 0.8"}
    for record in approvals:
        key = (str(record["approval_kind"]), str(record["approval_no"]))
        is_new = key not in numbers
        number = numbers.setdefault(key, len(numbers) + 1)
        if record["geometry"] is not None:
            yield element("path", d=frame.path(record["geometry"]), stroke_width=0.5, **line)
            marks += [_mark(frame, record["geometry"], number)] if is_new else []
    yield from marks


def _mark(frame: Frame, shape: Any, number: int) -> str:
    """Return the number of an approval on the longest line of its outline inside the frame."""
    inside = shapely.buffer(shapely.box(*frame.box), -3 * frame.scale)
    visible = shapely.intersection(shape.boundary, inside)
    if visible.is_empty:
        return ""
    place = number * _GOLDEN % 1
    point = shapely.line_interpolate_point(_longest(visible), place, normalized=True)
    x, y = frame.place(point.x, point.y)
    disc = element(
        "circle", cx=x, cy=y, r=1.55, fill=APPROVAL, stroke="#ffffff", stroke_width=0.3
    )
    return disc + text(number, x, y + 0.78, 2.1, text_anchor="middle", fill="#ffffff")


def _longest(lines: Any) -> Any:
    parts = [part for part in shapely.get_parts(shapely.line_merge(lines)) if part.length > 0]
    return max(parts, key=lambda part: part.length) if parts else lines


def _numbers(
    frame: Frame, pieces: Sequence[Mapping[Any, Any]], numbers: Mapping[str, str]
) -> Iterable[str]:
    if len(numbers) < 2:  # noqa: PLR2004
        return
    for piece in pieces:
        shape, number = piece["geometry"], numbers.get(str(piece["piece_id"]))
        if shape is None or number is None:
            continue
        circle = shapely.maximum_inscribed_circle(shape, tolerance=frame.scale)
        if 2 * circle.length / frame.scale >= _LEAST_MM:
            x, y = frame.place(*shapely.get_coordinates(circle)[0])
            yield _label(number, x, y + 0.9, 2.6, INK)


def _label(content: str, x: float, y: float, size: float, colour: str) -> str:
    halo = {"stroke": "#ffffff", "stroke_width": 0.9, "stroke_linejoin": "round"}
    return text(content, x, y, size, text_anchor="middle", fill="#ffffff", **halo) + text(
        content, x, y, size, text_anchor="middle", fill=colour
    )
