"""The QGIS project of an inspection (QGIS 工程): layers, groups, themes, print layouts, as text."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pyproj import CRS

from pipeline.report.heading import CLUE, Heading, line_text
from pipeline.report.palette import ACCENT, GRID, INK, QUIET
from pipeline.report.print_text import printed
from pipeline.report.qgis.layouts import ATLAS, RANKED, RANKING, fitted
from pipeline.report.qgis.style import FONTS, NEAR, LayerStyle, render_body
from pipeline.report.qgis.styles import style_of
from pipeline.report.qgis.templates import render
from pipeline.schema.gis import GisLayer

PACKAGE = "inspection.gpkg"
_GROUPS = {
    "结果": ("changes", "quarantine", "pieces", "offices", "townships"),
    "依据": ("approvals", "constraints", "permanent_farmland"),
}
_IMAGERY = "影像"
_HIDDEN = {"offices", "quarantine", "permanent_farmland", "before"}  # at first
_THEMES = {
    "排名": {"townships", "changes"},
    "管辖所": {"townships", "offices"},
    "前时相": {"changes", "before"},
    "后时相": {"changes", "after"},
    "认定": {"changes", "pieces", "townships", "after"},
    "依据": {"changes", "approvals", "constraints", "permanent_farmland", "after"},
}
_RELATION = "change_pieces"


@dataclass(frozen=True)
class Image:
    """One picture of the ground (影像): where it lies, seen from the project, and its CRS."""

    name: str  # before or after
    title: str
    path: str
    crs: str


@dataclass(frozen=True)
class _Entry:
    """One layer of the project; ids of ten characters or fewer would be replaced by QGIS."""

    name: str
    title: str
    source: str
    provider: str
    crs: str
    style: LayerStyle | None = None
    body: str = ""

    @property
    def id(self) -> str:
        return f"inspection_{self.name}"

    @property
    def is_shown(self) -> bool:
        return self.name not in _HIDDEN


def render_project(
    layers: Sequence[GisLayer], images: Sequence[Image], heading: Heading
) -> str:
    """Return the ``.qgs``; it lies beside the GeoPackage and names everything by relative paths.

    ``images`` that are not there are left out, as are groups and themes without a layer.
    """
    entries = {layer.name: _entry(layer, heading) for layer in layers}
    entries |= {
        image.name: _Entry(image.name, image.title, image.path, "gdal", image.crs)
        for image in images
    }
    groups = {**_GROUPS, _IMAGERY: ("after", "before")}
    bounds = _bounds(layers)
    return render(
        "project.qgs",
        title=_unevaluated(f"{heading.subject}{heading.mark}"),
        abstract="；".join(f"{name}：{text}" for name, text in heading.basis()),
        ranking_title=_unevaluated(heading.title),
        notice=_unevaluated(printed(heading.notice)),
        ratio_label=f"{heading.official_label}占耕比",
        crs=heading.crs,
        systems={
            one: _system(one)
            for one in {heading.crs, *(entry.crs for entry in entries.values())}
        },
        groups=_present(groups, entries),
        themes=_present(_THEMES, entries),
        layers=entries,
        extent=bounds,
        relation=_RELATION if {"changes", "pieces"} <= entries.keys() else "",
        near=NEAR,
        ranking=RANKING,
        ranked=RANKED,
        ranked_caption=_ranked_caption(layers),
        accent=ACCENT,
        ranking_extent=fitted(bounds, RANKING["map"]),
        ranking_classes=",".join(str(n) for n in range(_class_count(entries))),
        atlas=ATLAS,
        atlas_extent=fitted(bounds, ATLAS["after"]),
        fonts=FONTS,
        ink=INK,
        quiet=QUIET,
        grid=GRID,
        source_line=_unevaluated(_source_line(heading)),
        line=f"{heading.official_label}占耕比 ＝ {heading.formula}；{line_text(heading.township)} 触线",
    )


def _entry(layer: GisLayer, heading: Heading) -> _Entry:
    style = style_of(layer.name, heading)
    relation = _RELATION if layer.name == "changes" else ""
    return _Entry(
        layer.name,
        layer.title,
        f"./{PACKAGE}|layername={layer.name}",
        "ogr",
        heading.crs,
        style,
        render_body(layer, style, relation=relation),
    )


def _system(crs: str) -> tuple[str, str]:
    """Return a coordinate system as WKT, and as ``EPSG:4549`` where it is one of a register."""
    system = CRS(crs)
    authority = system.to_authority()
    return system.to_wkt(), ":".join(authority) if authority else ""


def _present(
    groups: Mapping[str, Sequence[str] | set[str]], entries: Mapping[str, _Entry]
) -> dict[str, list[_Entry]]:
    found = {
        title: [entries[name] for name in sorted(names) if name in entries]
        if isinstance(names, set)
        else [entries[name] for name in names if name in entries]
        for title, names in groups.items()
    }
    return {title: several for title, several in found.items() if several}


def _bounds(layers: Sequence[GisLayer]) -> tuple[float, float, float, float]:
    """Return the extent of the townships, a place of its own where there is none."""
    townships = next((layer for layer in layers if layer.name == "townships"), None)
    bounds = np.full(4, np.nan) if townships is None else townships.frame.total_bounds
    if not np.isfinite(bounds).all():
        bounds = np.array([0.0, 0.0, 1000.0, 1000.0])
    west, south, east, north = (float(round(one, 3)) for one in bounds)
    return west, south, east, north


def _class_count(entries: Mapping[str, _Entry]) -> int:
    """Return how many rules of the townships are classes seen from far: all but the last."""
    townships = entries.get("townships")
    return len(townships.style.rules) - 1 if townships and townships.style else 0


def _unevaluated(text: str) -> str:
    """Return text in which QGIS finds no expression to evaluate."""
    return text.replace("[%", "[ %")


def _ranked_caption(layers: Sequence[GisLayer]) -> str:
    count = max((len(one.frame) for one in layers if one.name == "townships"), default=0)
    return "排名" if count <= RANKED else f"排名（前 {RANKED} 名）"


def _source_line(heading: Heading) -> str:
    parts = (
        CLUE,
        heading.pack_title,
        f"截止日 {heading.as_of.isoformat()}",
        heading.area_label,
        f"坐标系 {heading.crs}",
    )
    return "；".join(part for part in parts if part)
