"""Symbols of the map layers (符号): what QGIS's own dialogs would make, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from pipeline.report.qgis.templates import rgb

Kind = Literal["fill", "line", "marker"]
Props = Mapping[str, str | float]
_ABOVE_ALL = 3  # the pass of dots: after fills and outlines


@dataclass(frozen=True)
class SymbolLayer:
    """One layer of a symbol (符号图层).

    ``level`` is the pass in which it is drawn: all records' layers of one level before any of
    the next, so that an outline is never covered by a neighbour's fill. ``dynamic`` holds
    properties that an expression decides; ``inner`` is the marker or line that it repeats.
    """

    name: str
    props: Props
    level: int = 0
    dynamic: Mapping[str, str] = field(default_factory=dict)
    inner: "Symbol | None" = None


@dataclass(frozen=True)
class Symbol:
    """A symbol (符号): its layers, lowest first."""

    kind: Kind
    layers: tuple[SymbolLayer, ...]


def polygon(*layers: SymbolLayer) -> Symbol:
    """Return the symbol of a polygon layer."""
    return Symbol("fill", layers)


def fill(colour: str, alpha: int = 255, *, edge: str = "", width: float = 0.2) -> SymbolLayer:
    """Return a plain fill, its edge in the colour given (none where empty)."""
    return SymbolLayer(
        "SimpleFill",
        {
            "color": rgb(colour, alpha),
            "style": "solid",
            "outline_color": rgb(edge or colour),
            "outline_style": "solid" if edge else "no",
            "outline_width": width,
            "outline_width_unit": "MM",
            "joinstyle": "round",
        },
    )


def outline(
    colour: str, width: float, *, level: int = 1, dash: str = "", outer: bool = False
) -> SymbolLayer:
    """Return an outline of so many millimetres; ``dash`` as ``"3;2"``.

    ``outer`` leaves holes out: what lies in one has an outline of its own, and a pinhole none.
    """
    return SymbolLayer(
        "SimpleLine",
        {
            "line_color": rgb(colour),
            "line_width": width,
            "line_width_unit": "MM",
            "line_style": "solid",
            "use_custom_dash": 1 if dash else 0,
            "customdash": dash or "5;2",
            "customdash_unit": "MM",
            "ring_filter": 1 if outer else 0,
            "joinstyle": "round",
            "capstyle": "flat" if dash else "round",
        },
        level,
    )


def hatch(
    colour: str, *, angle: float = 45, distance: float = 2.4, width: float = 0.25
) -> SymbolLayer:
    """Return parallel lines; distances in millimetres."""
    line = outline(colour, width, level=0)
    return SymbolLayer(
        "LinePatternFill",
        {
            "angle": angle,
            "distance": distance,
            "distance_unit": "MM",
            "color": rgb(colour),
            "line_width": width,
            "line_width_unit": "MM",
        },
        inner=Symbol("line", (line,)),
    )


def dot(colour: str, size: str) -> SymbolLayer:
    """Return a dot with a white rim inside each polygon; ``size`` is an expression (mm)."""
    marker = SymbolLayer(
        "SimpleMarker",
        {
            "name": "circle",
            "color": rgb(colour),
            "outline_color": rgb("#ffffff"),
            "outline_width": 0.25,
            "outline_width_unit": "MM",
            "size": 1.8,
            "size_unit": "MM",
        },
        dynamic={"size": size},
    )
    return SymbolLayer(
        "CentroidFill",
        {"point_on_surface": 1, "point_on_all_parts": 0},
        _ABOVE_ALL,
        inner=Symbol("marker", (marker,)),
    )
