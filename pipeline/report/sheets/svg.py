"""Shapes of the working CRS as SVG, in millimetres of the page (图形转 SVG)."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import numpy as np
import shapely

from pipeline.report.fonts import drawable

Box = tuple[float, float, float, float]
_PLACES = 2  # of a millimetre: 0.01 mm


@dataclass(frozen=True)
class Frame:
    """A part of the map on a part of the page (图幅): north up, ``scale`` metres a millimetre."""

    west: float
    north: float
    scale: float
    width_mm: float
    height_mm: float

    @property
    def box(self) -> Box:
        """West, south, east, north in the working CRS."""
        east = self.west + self.width_mm * self.scale
        return self.west, self.north - self.height_mm * self.scale, east, self.north

    def path(self, shape: Any) -> str:
        """Return the outline of the part of a shape that is inside the frame."""
        west, south, east, north = self.box
        edge = 3 * self.scale  # beyond the frame, so that no cut edge is drawn
        part = shapely.clip_by_rect(shape, west - edge, south - edge, east + edge, north + edge)
        return "".join(self._line(line, is_closed=line.is_ring) for line in _lines(part))

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return a point as millimetres from the upper left corner."""
        return (x - self.west) / self.scale, (self.north - y) / self.scale

    def _line(self, line: Any, *, is_closed: bool) -> str:
        points = shapely.get_coordinates(line)
        points = (points - [self.west, self.north]) / [self.scale, -self.scale]
        if is_closed:
            points = points[:-1]
        steps = [f"{number(x)} {number(y)}" for x, y in points]
        return f"M{'L'.join(steps)}{'Z' if is_closed else ''}"


def frame_around(
    shape: Any, width_mm: float, height_mm: float, *, least_m: float, room: float
) -> Frame:
    """Return the frame with a shape in its middle, ``room`` times its size, no less than ``least_m``."""
    west, south, east, north = shape.bounds
    scale = max(
        (east - west) * room / width_mm,
        (north - south) * room / height_mm,
        least_m / min(width_mm, height_mm),
    )
    x, y = (west + east) / 2, (south + north) / 2
    return Frame(
        x - width_mm * scale / 2, y + height_mm * scale / 2, scale, width_mm, height_mm
    )


def element(name: str, content: str = "", **attributes: object) -> str:
    """Return an element; ``stroke_width`` becomes ``stroke-width``; values are escaped."""
    said = "".join(
        f" {key.rstrip('_').replace('_', '-')}={quoteattr(number(value) if isinstance(value, float) else str(value))}"
        for key, value in attributes.items()
    )
    return f"<{name}{said}>{content}</{name}>" if content else f"<{name}{said}/>"


def text(content: object, x: float, y: float, size: float, **attributes: object) -> str:
    """Return a line of text, ``size`` in millimetres; it may be a stranger's."""
    family = {"font_family": "Noto Sans SC", "font_size": size}
    return element("text", escape(drawable(content)), x=x, y=y, **family, **attributes)


def picture(frame: Frame, parts: Iterable[str]) -> bytes:
    """Return the SVG of a frame."""
    width, height = number(frame.width_mm), number(frame.height_mm)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}mm" height="{height}mm" '
        f'viewBox="0 0 {width} {height}">'
    )
    return f"{head}{''.join(parts)}</svg>".encode()


def scale_bar(frame: Frame) -> str:
    """Return a scale bar (比例尺) at the lower left: a round length, at most a third as wide."""
    metres = _round_length(frame.width_mm * frame.scale / 3)
    length, left, low = metres / frame.scale, 2.2, frame.height_mm - 2.2
    line = f"M{number(left)} {number(low - 1.2)}V{number(low)}H{number(left + length)}V{number(low - 1.2)}"
    shown = f"{metres:g} 米" if metres < 1000 else f"{metres / 1000:g} 千米"  # noqa: PLR2004
    middle = left + length / 2
    return (
        _halo(line, 1.3)
        + element("path", d=line, fill="none", stroke="#1f2328", stroke_width=0.35)
        + _haloed(shown, middle, low - 1.0, 2.3)
    )


def north_arrow(frame: Frame) -> str:
    """Return a north arrow (指北针) at the upper right."""
    x, top = frame.width_mm - 4.0, 2.0
    arrow = f"M{number(x)} {number(top)}l1.5 4.6l-1.5 -1.1l-1.5 1.1Z"
    return (
        _halo(arrow, 0.9)
        + element("path", d=arrow, fill="#1f2328")
        + _haloed("北", x, top + 7.1, 2.3)
    )


def _haloed(content: str, x: float, y: float, size: float) -> str:
    halo = {"stroke": "#ffffff", "stroke_width": 0.8, "stroke_linejoin": "round"}
    return text(content, x, y, size, text_anchor="middle", fill="#ffffff", **halo) + text(
        content, x, y, size, text_anchor="middle", fill="#1f2328"
    )


def _halo(path: str, width: float) -> str:
    return element(
        "path", d=path, fill="none", stroke="#ffffff", stroke_width=width, stroke_opacity=0.85,
        stroke_linejoin="round",
    )  # fmt: skip


def number(value: float) -> str:
    """Return a number with at most two decimals."""
    text = f"{float(value):.{_PLACES}f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


def _round_length(most: float) -> float:
    power = 10.0 ** math.floor(math.log10(most))
    return max(digit * power for digit in (1, 2, 5) if digit * power <= most)


def _lines(shape: Any) -> list[Any]:
    """Return the rings of polygons and the lines, in order."""
    found = []
    for part in shapely.get_parts(shapely.get_parts(np.atleast_1d(shape))):
        if part.is_empty:
            continue
        if part.geom_type == "Polygon":
            found += [part.exterior, *part.interiors]
        elif part.geom_type in {"LineString", "LinearRing"}:
            found.append(part)
    return found
