"""Open one layer: its files read, its fields mapped, its shapes placed and measured (打开图层)."""

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from pipeline.errors import Finding, Refused, refusal
from pipeline.geometry.repair import are_valid, on_earth
from pipeline.io.settings import ApprovalLayer, LayerSettings
from pipeline.io.source import Source, read_source
from pipeline.project import Project
from pipeline.runner.fingerprint import shown
from pipeline.runner.receiving import columns as read
from pipeline.runner.receiving.columns import Columns
from pipeline.runner.receiving.layer import COUNTED, POLYGONS, Layer
from pipeline.runner.receiving.placing import Geometries, Place, placed, section_text
from pipeline.units import to_units


def open_layer(
    project: Project, section: LayerSettings, name: str, place: Place
) -> tuple[Layer | None, list[Finding]]:
    """Open a layer and place it; return no layer where it is refused, with all the reasons."""
    try:
        files = [file for text in section.path for file in project.files(text)]
        ledger = _ledger(project, section)
        source = read_source(section, files, label=name, ledger=ledger)
    except Refused as refused:
        return None, refused.findings
    file = files[0].name if len(files) == 1 else f"{files[0].parent.name}({len(files)} 个文件)"
    wanted = section.fields.mapped()  # type: ignore[attr-defined]
    fields = source.frame
    if fields.shape == (0, 0):  # a GeoJSON without features has nowhere to name its fields
        fields = pd.DataFrame(columns=list(wanted.values()), dtype=object)
    frame, findings = read.map_fields(fields, wanted, layer=name, file=file)
    if len(source.frame) == 0 and not section.allow_empty:
        fix = f"确实没有记录的话,在 {section_text(name)} 里写 allow_empty = true"
        findings.append(
            refusal(name, file, "empty-layer", f"{file} 有 0 条记录(空 empty)", fix)
        )
    shapes, more = placed(source, section, name, file, place)
    findings = [*source.findings, *findings, *more]
    if any(finding.severity == "refused" for finding in findings):
        return None, findings
    layer = _accounted(source, frame, shapes, name, file, place)
    if len(files) == 1:
        layer.path = shown(files[0], project.root)
    layer.findings.extend(findings)
    for row, what in source.lost.items():
        said = f"文件损坏,这条记录的{what}不可用,没有恢复(lost)"
        layer.quarantine(row, "lost-record", said, "请提供单位重新导出这一图层")
    return layer, []


def _ledger(project: Project, section: LayerSettings) -> Path | None:
    text = section.ledger if isinstance(section, ApprovalLayer) else None
    if text is None:
        return None
    (path,) = project.files(text)
    return path


def _accounted(
    source: Source, frame: pd.DataFrame, shapes: Geometries, name: str, file: str, place: Place
) -> Layer:
    """Gate every geometry and book the area of every record before and after."""
    count = len(shapes)
    sound = _is_sound(shapes)
    areas = np.zeros(count)
    areas[sound] = place.measure(shapes[sound])
    sound &= np.isfinite(areas)
    units = to_units(np.where(sound, areas, 0))
    return Layer(
        name=name,
        file=file,
        columns=Columns(name, frame.reset_index(drop=True), list(source.places)),
        original=source.frame.reset_index(drop=True),
        geometry=shapes.copy(),
        raw_units=units,
        units=units.copy(),
        status=np.full(count, COUNTED, dtype=object),
        place=place,
        shapes=shapes,
        unsound=np.flatnonzero(~sound),
        lost=source.lost,
    )


def _is_sound(shapes: Geometries) -> npt.NDArray[np.bool_]:
    """Whether each geometry is a valid, finite polygon with area: the vast majority."""
    polygon = np.isin(shapely.get_type_id(shapes), POLYGONS)
    sound = polygon & on_earth(shapely.bounds(shapes)) & ~shapely.is_empty(shapes)
    sound[sound] = are_valid(shapes[sound]) & (shapely.area(shapes[sound]) > 0)
    return np.asarray(sound, dtype=bool)
