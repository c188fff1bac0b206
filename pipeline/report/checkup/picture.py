"""A small picture of a place (小图): what is wrong in colour, what lies around it in grey.

Drawn as SVG from whole numbers alone: no text of a stranger gets into it.
"""

import math
from typing import Any

import numpy as np
import shapely
from markupsafe import Markup

from pipeline.report.palette import ACCENT, FAINT, INK
from pipeline.schema.examined import Observation

_WIDE, _HIGH = 1680, 1120  # tenths of a CSS pixel
_MOST_CORNERS = 600
_ROOM, _LEAST_M = 0.45, 4.0  # room around, as a share of the shape
_BELOW = 0.57  # the shape stands a little high: below it runs the scale
_WHOLE = 6.0  # the surroundings are shown whole up to so many times the shape
_FAR = 4.0  # of parts that lie farther apart only the largest is shown

Frame = tuple[float, float, float, float]


def picture(one: Observation) -> Markup:
    """Return the picture of an observation, nothing where it has no place."""
    if one.shape is None or shapely.is_empty(one.shape):
        return Markup()
    frame = _frame(one)
    around = "".join(_path(shape, frame, "around") for shape in one.around)
    length, label = _scale(frame)
    foot = _HIGH - 60
    return Markup(  # noqa: S704  (numbers and our own words)
        f'<svg viewBox="0 0 {_WIDE} {_HIGH}" role="img" aria-label="示意图，比例尺 {label}">'
        f"{around}{_path(one.shape, frame, 'wrong')}"
        f'<path class="scale" d="M60 {foot - 40}V{foot}H{60 + length}V{foot - 40}"/>'
        f'<text x="{80 + length}" y="{foot}">{label}</text></svg>'
    )


STYLE = (
    f".wrong {{ fill: {ACCENT}; fill-opacity: .3; stroke: {ACCENT}; stroke-width: 16; }}"
    f" .around {{ fill: none; stroke: {FAINT}; stroke-width: 12; }}"
    f" .scale {{ fill: none; stroke: {INK}; stroke-width: 10; }}"
    " svg text { font-size: 100px; }"
)


def _frame(one: Observation) -> Frame:
    """Return what is shown: the shape, or its largest part, and room around it."""
    parts = shapely.get_parts(one.shape)
    largest = parts[int(np.argmax(_extent(parts)))]
    whole = shapely.bounds(one.shape)
    shown = whole if _size(whole) <= _FAR * _size(largest.bounds) else largest.bounds
    if one.around:
        both = shapely.total_bounds([shapely.box(*shown), *one.around])
        shown = both if _size(both) <= _WHOLE * _size(shown) else shown
    return _fitted(shown)


def _fitted(bounds: Any) -> Frame:
    """Return a frame of the picture's proportions around bounds."""
    x0, y0, x1, y1 = (float(edge) for edge in bounds)
    wide = max((x1 - x0) * (1 + _ROOM), _LEAST_M)
    high = max((y1 - y0) * (1 + _ROOM), _LEAST_M)
    wide, high = max(wide, high * _WIDE / _HIGH), max(high, wide * _HIGH / _WIDE)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    below = high * _BELOW
    return x - wide / 2, y - below, x + wide / 2, y + high - below


def _size(bounds: Any) -> float:
    return max(float(bounds[2] - bounds[0]), float(bounds[3] - bounds[1]), 1e-3)


def _extent(parts: Any) -> Any:
    boxes = shapely.bounds(parts).reshape(-1, 4)
    return np.maximum(boxes[:, 2] - boxes[:, 0], boxes[:, 3] - boxes[:, 1])


def _path(shape: Any, frame: Frame, name: str) -> str:
    """Return the outlines of a shape within the frame, as they come: folds stay folds."""
    x0, y0, x1, _ = frame
    scale = _WIDE / (x1 - x0)
    pieces = []
    for ring in _rings(shape, frame):
        xy = (ring - [x0, y0]) * scale
        points = np.rint(np.column_stack([xy[:, 0], _HIGH - xy[:, 1]])).astype(int)
        keep = np.append(True, np.any(np.diff(points, axis=0), axis=1))
        pieces.append("M" + "L".join(f"{x} {y}" for x, y in points[keep].tolist()) + "Z")
    return f'<path class="{name}" fill-rule="evenodd" d="{"".join(pieces)}"/>' if pieces else ""


def _rings(shape: Any, frame: Frame) -> list[Any]:
    """Return the corners of the rings; a shape with very many is thinned and cut to the frame."""
    if shapely.get_num_coordinates(shape) > _MOST_CORNERS:
        detail = (frame[2] - frame[0]) / 400
        room = (frame[2] - frame[0]) / 10
        edges = (frame[0] - room, frame[1] - room, frame[2] + room, frame[3] + room)
        rings = shapely.get_rings(shapely.get_parts(shapely.get_parts(shape)))
        near = rings[shapely.intersects(rings, shapely.box(*edges))]
        thin = shapely.simplify(near, detail, preserve_topology=False)
        kept = [shapely.get_coordinates(ring) for ring in thin]
        return [_near(xy, edges) for xy in kept if len(xy) > 2]  # noqa: PLR2004
    rings = shapely.get_rings(shapely.get_parts(shapely.get_parts(shape)))
    return [shapely.get_coordinates(ring) for ring in rings]


def _near(xy: Any, edges: Frame) -> Any:
    """Return corners, those far outside drawn in to just outside the frame."""
    wide, high = edges[2] - edges[0], edges[3] - edges[1]
    low = [edges[0] - 20 * wide, edges[1] - 20 * high]
    return np.clip(xy, low, [edges[2] + 20 * wide, edges[3] + 20 * high])


def _scale(frame: Frame) -> tuple[int, str]:
    """Return how long a scale bar is, and its round length."""
    most = (frame[2] - frame[0]) * 0.3
    power = 10.0 ** math.floor(math.log10(most))
    metres = next(step * power for step in (5, 2, 1) if step * power <= most)
    label = f"{metres:g} 米" if metres < 1000 else f"{metres / 1000:g} 公里"  # noqa: PLR2004
    return round(metres * _WIDE / (frame[2] - frame[0])), label
