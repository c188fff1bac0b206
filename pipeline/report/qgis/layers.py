"""The layers for GIS software, made from the tables of a run (交付图层).

What a map reader needs beside the figures is added here: names, mu, the ratio as it is printed,
its class, who ruled. Codes stay; their meanings go along as lists.
"""

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType

import geopandas as gpd
import pandas as pd
import shapely

from pipeline.report.cells import ruled_label
from pipeline.report.figures import is_null, need_mu, ratio_text
from pipeline.report.heading import Heading
from pipeline.report.palette import ratio_classes
from pipeline.report.print_text import printed
from pipeline.report.ranking_rows import ranking_rows
from pipeline.report.safe_text import safe
from pipeline.report.standing import mixed_label
from pipeline.schema import gis, received
from pipeline.schema.conform import conform
from pipeline.schema.gis import CodeList, GisLayer
from pipeline.schema.review import RULED_WORDS
from pipeline.schema.table import Kind, Table
from pipeline.terms import ApprovalKind, Verdict
from pipeline.units import half_up, mu

_PROPOSED: CodeList = {str(one): one.label for one in Verdict}
_VERDICTS: CodeList = {str(one): mixed_label(one) for one in Verdict}
_KINDS: CodeList = {str(one): one.label for one in ApprovalKind}


def township_layer(
    townships: gpd.GeoDataFrame, ranking: pd.DataFrame, heading: Heading
) -> GisLayer:
    """Return the townships with their ranking (乡镇图层); names and codes as received."""
    rows = {row.code: row for row in ranking_rows(ranking, heading)}
    frame = townships[["township_code", "geometry"]].merge(
        ranking, on="township_code", how="left", validate="1:1"
    )
    levels = [rows[code].level if code in rows else None for code in frame["township_code"]]
    frame["ratio_class"] = pd.array(levels, dtype="Int64")
    frame["ratio_text"] = _ratio_texts(frame, heading)
    for name in ("illegal_farmland", "new_farmland"):
        frame[f"{name}_mu"] = _in_mu(frame[f"{name}_m2"])
    frame["reclaim_to_line_mu"] = _in_mu(frame["reclaim_to_line_m2"], need_mu)
    classes = ratio_classes(heading.township, heading.county)
    names = {str(number): one.label for number, one in enumerate(classes)}
    return _layer(frame.sort_values("township_code"), gis.TOWNSHIPS_LAYER, ratio_class=names)


def office_layer(townships: GisLayer, offices: pd.DataFrame, heading: Heading) -> GisLayer:
    """Return the offices with their ranking (管辖所图层), each the union of its townships."""
    grouped = townships.frame.groupby("office_name")["geometry"]
    unions = grouped.agg(lambda shapes: shapely.union_all(shapely.make_valid(shapes.array)))
    shapes = gpd.GeoSeries(offices["office_name"].map(unions), crs=townships.frame.crs)
    frame = gpd.GeoDataFrame(offices, geometry=shapes)
    frame["ratio_text"] = _ratio_texts(frame, heading)
    return _layer(frame.sort_values("office_name"), gis.OFFICES_LAYER)


def change_layer(
    changes: gpd.GeoDataFrame,
    results: pd.DataFrame,
    rulings: pd.DataFrame,
    ranking: pd.DataFrame,
    heading: Heading,
    change_types: CodeList,
    sheets: Mapping[str, str] = MappingProxyType({}),
) -> GisLayer:
    """Return the change polygons with what they turned out to be (变化图斑图层).

    ``results`` say in ``standing`` whose word the verdict is. ``sheets`` tells where the picture of a change's evidence sheet lies, seen from the layer.
    """
    once = changes.drop_duplicates("change_id")
    columns = [name for name in once if name == "change_id" or name not in results]
    frame = once[columns].merge(results, on="change_id", validate="1:1")
    names = ranking.set_index("township_code")["township_name"]
    frame["township_name"] = frame["township_code"].map(names)
    frame["reason"] = frame["reason"].map(printed, na_action="ignore")
    frame["rulings"] = frame["change_id"].map(_ruling_texts(rulings))
    frame["sheet"] = frame["change_id"].map(sheets)
    frame["area_mu"] = _in_mu(frame["area_m2"])
    frame["illegal_farmland_mu"] = _in_mu(frame["illegal_farmland_m2"])
    lists = {
        "verdict": _VERDICTS,
        "rule_id": heading.rule_names,
        "change_type": _with_codes(change_types, frame["change_type"]),
    }
    return _layer(frame.sort_values("change_id"), gis.CHANGES_LAYER, **lists)


def piece_layer(judged: gpd.GeoDataFrame, heading: Heading, land_classes: CodeList) -> GisLayer:
    """Return the judged pieces (认定碎片图层); without a shape where none was asked for."""
    lists: dict[str, CodeList] = {
        "verdict": _VERDICTS,
        "proposed_verdict": _PROPOSED,
        "ruled_verdict": RULED_WORDS,
        "rule_id": heading.rule_names,
        "approval_kind": _KINDS,
        "land_class": _with_codes(land_classes, judged["land_class"]),
    }
    return _layer(judged.sort_values("piece_id"), gis.PIECES_LAYER, **lists)


def context_layers(
    approvals: gpd.GeoDataFrame,
    constraints: gpd.GeoDataFrame,
    permanent_farmland: gpd.GeoDataFrame,
) -> list[GisLayer]:
    """Return what the changes lie on (批准用地、管控图层、永久基本农田), as it is handed in."""
    farmland = permanent_farmland.assign(kind_name="永久基本农田")
    return [
        _layer(approvals, gis.APPROVALS_LAYER, approval_kind=_KINDS),
        _layer(constraints, gis.CONSTRAINTS_LAYER),
        _layer(farmland, gis.PERMANENT_FARMLAND_LAYER),
    ]


def quarantine_layer(quarantine: gpd.GeoDataFrame, findings: pd.DataFrame) -> GisLayer:
    """Return the records in quarantine that have a place, with what is wrong (隔离记录图层)."""
    placed = quarantine[quarantine.geometry.notna()]
    bad = findings[findings["severity"] == "quarantined"]
    words = bad["message"].str.rstrip("。") + "。" + bad["remedy"].fillna("")
    texts = words.groupby([bad["layer"], bad["record"].fillna("")])
    problems = texts.agg(lambda several: "；".join(dict.fromkeys(several)))
    keys = pd.MultiIndex.from_frame(placed[["layer", "record"]])
    return _layer(
        placed.assign(problem=problems.reindex(keys).to_numpy()),
        gis.QUARANTINE_LAYER,
        layer={table.name: table.label for table in received.LAYERS},
    )


def _layer(frame: gpd.GeoDataFrame, table: Table, **code_lists: CodeList) -> GisLayer:
    """Return the frame cut to its table, text made safe to show."""
    shaped = conform(frame[[*table.names, "geometry"]], table)
    for column in table.columns:
        if column.kind in {Kind.TEXT, Kind.CODE}:
            shaped[column.name] = _safe(shaped[column.name])
    lists = {name: words for name, words in code_lists.items() if name in table.names}
    return GisLayer(table, gpd.GeoDataFrame(shaped, geometry="geometry", crs=frame.crs), lists)


def _with_codes(words: CodeList, used: pd.Series) -> CodeList:
    """Return the meanings of the codes in use, each after its code: analysts know both."""
    codes = sorted(used.dropna().unique())
    return {code: f"{code} {words[code]}" for code in codes if code in words}


def _safe(values: pd.Series) -> pd.Series:
    if values.dropna().map(str.isprintable).all():
        return values
    return values.map(safe, na_action="ignore")


def _ratio_texts(frame: pd.DataFrame, heading: Heading) -> list[str]:
    line = heading.township.ratio
    return [
        heading.no_denominator if is_null(ratio) else ratio_text(ratio, line)
        for ratio in frame[heading.official.value]
    ]


def _rounded_mu(area_m2: float) -> Decimal:
    return half_up(mu(area_m2))


def _in_mu(
    areas: Iterable[float | None], rounded: Callable[[float], Decimal] = _rounded_mu
) -> list[float | None]:
    return [None if is_null(area) else float(rounded(float(area or 0))) for area in areas]


def _ruling_texts(rulings: pd.DataFrame) -> Mapping[str, str]:
    """Return who ruled what on which change, and why, in the order of the days."""
    texts: dict[str, list[str]] = {}
    for row in rulings.sort_values(["change_id", "ruled_on"], kind="stable").to_dict("records"):
        where = "" if is_null(row["township_code"]) else f"（{row['township_code']}）"
        text = (
            f"{safe(row['ruled_by'])} {row['ruled_on']} 认定为"
            f"{ruled_label(row['verdict'])}{where}：{safe(row['reason'])}"
        )
        texts.setdefault(str(row["change_id"]), []).append(text)
    return {change: "；".join(several) for change, several in texts.items()}
