"""The places of the findings for GIS software (问题位置图层)."""

import geopandas as gpd
import pandas as pd
import shapely

from pipeline.report.checkup.data import Checkup, layer_label
from pipeline.report.palette import ACCENT, QUIET
from pipeline.report.print_text import printed
from pipeline.report.qgis.style import Label, LayerStyle, Rule, Tab, render_style
from pipeline.report.qgis.symbols import fill, outline, polygon
from pipeline.report.qgis.templates import literal
from pipeline.report.safe_text import safe
from pipeline.schema.conform import conform
from pipeline.schema.examined import PLACES
from pipeline.schema.finding_titles import title_of, treatment_of
from pipeline.schema.gis import GisLayer
from pipeline.terms import SEVERITY_LABELS

_COLOURS = {
    "refused": "#9b1c1c", "quarantined": ACCENT, "repaired": "#c98a00", "noted": QUIET,
}  # fmt: skip
_NEAR = 20_000


def places_layer(checkup: Checkup, crs: str) -> GisLayer | None:
    """Return the findings that have a place, worst first; null where none has."""
    found = [
        one
        for group in checkup.groups
        for one in group.observations
        if one.shape is not None and not shapely.is_empty(one.shape)
    ]
    if not found:
        return None
    rows = [
        {
            "severity": one.finding.severity,
            "layer": one.finding.layer,
            "record": safe(one.finding.record),
            "title": title_of(one.finding.code),
            "problem": safe(printed(one.finding.message)),
            "treatment": printed(treatment_of(one.finding)),
            "remedy": safe(printed(one.finding.remedy)),
            "code": one.finding.code,
            "area_m2": one.finding.area_m2,
        }
        for one in found
    ]
    frame = gpd.GeoDataFrame(
        conform(pd.DataFrame(rows, columns=PLACES.names), PLACES),
        geometry=[one.shape for one in found],
        crs=crs,
    )
    layers = {one.finding.layer: layer_label(one.finding.layer) for one in found}
    return GisLayer(PLACES, frame, {"severity": SEVERITY_LABELS, "layer": layers})


def places_style(layer: GisLayer) -> str:
    """Return the QGIS style: coloured by severity, named by problem."""
    rules = tuple(
        Rule(
            label,
            polygon(fill(_COLOURS[severity], 70), outline(_COLOURS[severity], 0.7, level=1)),
            f'"severity" = {literal(severity)}',
        )
        for severity, label in SEVERITY_LABELS.items()
    )
    style = LayerStyle(
        rules=rules,
        tabs=(Tab("问题", tuple(PLACES.names)),),
        shown_as='"title" || \' \' || "record"',
        label=Label('"title"', 8.5, "#1f2328", closer_than=_NEAR, beside=True),
        tip=(
            ("问题", '"title"'),
            ("记录", '"record"'),
            ("发现", '"problem"'),
            ("处理", '"treatment"'),
            ("怎样改", '"remedy"'),
        ),
    )
    return render_style(layer, style)
