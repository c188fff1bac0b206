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
from pipeline.report.svg import Frame, element, north_arrow, picture, scale_bar, text

APPROVAL, FARMLAND, PERMANENT = "#1c4f8a", "#8a9a5b", "#4f6b2a"
OUTSIDE = "#ffffff"
_GOLDEN = 0.618  # numbers of approvals are spread along their outlines
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
    beside = shapely.buffer(change.envelope, 4 * frame.scale)
    for name, whole in parts:
        free = shapely.difference(whole, beside)
        shape = whole if free.is_empty else free
        x, y = frame.place(*shapely.get_coordinates(shapely.point_on_surface(shape))[0])
        x = min(max(x, 8.0), frame.width_mm - 8.0)
        if shape.area > inside.area * 0.04:
            yield _label(shorten(name, 10), x, y, 2.3, QUIET)


def _approvals(frame: Frame, approvals: Sequence[Mapping[Any, Any]]) -> Iterable[str]:
    """Draw the outlines of the approvals, each with its number in the table."""
    seen: dict[tuple[str, str], int] = {}
    inside = shapely.box(*frame.box)
    for record in approvals:
        key = (str(record["approval_kind"]), str(record["approval_no"]))
        is_new = key not in seen
        number = seen.setdefault(key, len(seen) + 1)
        shape = record["geometry"]
        if shape is None:
            continue
        yield element(
            "path",
            d=frame.path(shape),
            fill="none",
            stroke=APPROVAL,
            stroke_width=0.5,
            stroke_dasharray="1.6 0.8",
        )
        visible = shapely.intersection(shape.boundary, shapely.buffer(inside, -3 * frame.scale))
        if is_new and not visible.is_empty:
            point = shapely.line_interpolate_point(
                _longest(visible), number * _GOLDEN % 1, normalized=True
            )
            x, y = frame.place(point.x, point.y)
            yield element(
                "circle", cx=x, cy=y, r=1.55, fill=APPROVAL, stroke="#ffffff", stroke_width=0.3
            )
            yield text(number, x, y + 0.78, 2.1, text_anchor="middle", fill="#ffffff")


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
