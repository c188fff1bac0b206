"""What the published run says of every change in every township (复核的事实)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from shapely.geometry.base import BaseGeometry

from pipeline.geometry.polygonal import polygonal
from pipeline.project import Project
from pipeline.report.safe_text import safe
from pipeline.rules.change_result import change_results
from pipeline.rules.pack import RulePack
from pipeline.runner.fingerprint import combined, file_hash, program
from pipeline.runner.inputs import find_pack_file, read_pack
from pipeline.runner.tables import Tables
from pipeline.schema.review import FACTS, GROUNDS, KEY
from pipeline.schema.table import Kind
from pipeline.terms import Verdict
from pipeline.units import half_up, mu

_FLAGGED = (Verdict.ILLEGAL.value, Verdict.DOUBTFUL.value)
_LABELS = {verdict.value: verdict.label for verdict in Verdict}
_AREAS = (
    *("area_m2", "farmland_m2", "permanent_farmland_m2"),
    *("illegal_m2", "doubtful_m2", "legal_m2", "other_m2"),
)
_APART = "\x1f"  # between the parts of a key, in no code


@dataclass(frozen=True)
class Facts:
    """The facts of a run (事实), one row a change and township that a ruling can reach.

    ``frame`` has the machine's columns of ``pipeline.schema.review`` as they are shown (areas
    to 0.01), ``is_flagged``, the seals, and the shape of the change in the township.
    """

    frame: gpd.GeoDataFrame
    run_id: str


def facts_of(project: Project, tables: Tables) -> Facts:
    """Return the facts of the published run; rulings change none of them.

    Ground outside every township or counted in another change is left out: no ruling reaches
    it, and its areas are not among those shown.
    """
    judged = pd.DataFrame(tables["judged"].drop(columns="geometry", errors="ignore"))
    ground = judged[judged["township_code"].notna() & judged["counted_in"].isna()]
    pack_file = find_pack_file(project)
    pack = read_pack(project, pack_file)
    has_permanent = project.config.layers.permanent_farmland is not None
    frame = _results(ground, pack, has_permanent_farmland=has_permanent)
    frame = _shaped(_described(frame, tables, pack), tables)
    frame["centre"] = [_centre(box) for box in frame.bounds.to_numpy()]
    frame["is_flagged"] = _flagged(ground, frame)
    for name, column in FACTS.items():
        if column.kind in {
            Kind.CODE,
            Kind.TEXT,
        }:  # a stranger's text is spelt out once, and compared so
            frame[name] = frame[name].map(safe, na_action="ignore")
    made_of = [tables.hash(name) for name in ("judged", "changes", "townships")]
    run_id = combined(program(), made_of, file_hash(pack_file))[:12]
    frame["run_id"] = run_id
    frame["fingerprint"] = [fingerprint_of(row) for row in frame.to_dict("records")]
    return Facts(frame, run_id)


def fingerprint_of(row: dict[object, object]) -> str:
    """Return the hash of what a ruling on this row rests on."""
    return combined([fact_text(row[name]) for name in GROUNDS])[:16]


def fact_text(value: object) -> str:
    """Return a fact as it is compared: figures to 0.01, a blank empty."""
    if value is None or value is pd.NA or value != value:  # noqa: PLR0124 - NaN
        return ""
    return f"{half_up(value)}" if isinstance(value, float | int) else str(value)


def _results(
    ground: pd.DataFrame, pack: RulePack, *, has_permanent_farmland: bool
) -> pd.DataFrame:
    """Return what a change comes to in each township if nobody rules."""
    keys = ground["change_id"] + _APART + ground["township_code"]
    asked = ground.assign(
        change_id=keys, verdict=ground["proposed_verdict"], ruling_reason=None
    )
    frame = change_results(asked, pack, has_permanent_farmland=has_permanent_farmland)
    parts = [key.split(_APART) for key in frame["change_id"]]
    by_key = asked.groupby("change_id")
    for name, column in (
        ("act", "act"),
        ("approvals", "approval_no"),
        ("missing_evidence", "missing_evidence"),
    ):
        frame[name] = frame["change_id"].map(by_key[column].agg(_words))
    for name in _AREAS:
        frame[name] = [None if pd.isna(v) else float(half_up(v)) for v in frame[name]]
    frame["area_mu"] = [float(half_up(mu(area))) for area in frame["area_m2"]]
    frame["rule_name"] = [pack.rule_name(str(rule)) for rule in frame["rule_id"]]
    frame["is_doubted"] = frame["verdict"].isin(_FLAGGED)
    frame["proposed_verdict"] = frame["verdict"].map(_LABELS)
    return frame.assign(
        change_id=_texts(change_id for change_id, _ in parts),
        township_code=_texts(code for _, code in parts),
    )


def _words(values: pd.Series) -> str | None:
    """Return the words of several cells, each once, in an order of their own."""
    words = {word for value in values.dropna() for word in str(value).split("、")}
    return "、".join(sorted(words)) or None


def _described(frame: pd.DataFrame, tables: Tables, pack: RulePack) -> pd.DataFrame:
    """Return the rows with the names, the type and the dates that a person needs."""
    towns = tables["townships"].set_index("township_code")["township_name"]
    changes = tables["changes"].set_index("change_id")
    changes = changes[~changes.index.duplicated()].reindex(frame["change_id"])
    types = changes["change_type"]
    return frame.assign(
        township_name=frame["township_code"].map(towns[~towns.index.duplicated()]),
        change_type=_texts(
            None if pd.isna(code) else f"{code} {pack.change_types.get(code, '')}".strip()
            for code in types
        ),
        before=_spans(changes, "before"),
        after=_spans(changes, "after"),
    )


def _texts(texts: Iterable[str | None]) -> pd.Series:
    return pd.Series(list(texts), dtype="str")


def _spans(changes: pd.DataFrame, name: str) -> pd.Series:
    pairs = zip(changes[f"{name}_earliest"], changes[f"{name}_latest"], strict=True)
    return _texts(_span(first, last) for first, last in pairs)


def _span(first: date | None, last: date | None) -> str | None:
    if pd.isna(first) or pd.isna(last):
        return None
    return f"{first}" if first == last else f"{first} 至 {last}"


def _centre(box: npt.NDArray[np.float64]) -> str:
    """Return where to look, to the metre: east, north."""
    return f"{half_up((box[0] + box[2]) / 2, 0)}, {half_up((box[1] + box[3]) / 2, 0)}"


def _flagged(ground: pd.DataFrame, frame: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Tell where the machine or a person has found something illegal or doubtful."""
    held = ground[ground["verdict"].isin(_FLAGGED)]
    places = set(zip(held["change_id"], held["township_code"], strict=True))
    keys = zip(*(frame[name] for name in KEY), strict=True)
    flags = [
        bool(doubted) or key in places
        for doubted, key in zip(frame["is_doubted"], keys, strict=True)
    ]
    return np.array(flags, dtype=bool)  # of no rows too


def _shaped(frame: pd.DataFrame, tables: Tables) -> gpd.GeoDataFrame:
    """Return the rows with their shapes; a change in several townships is cut at the border."""
    changes = tables["changes"].drop_duplicates("change_id").set_index("change_id").geometry
    towns = tables["townships"].drop_duplicates("township_code").set_index("township_code")
    grounds = towns.geometry
    shared = frame["change_id"].duplicated(keep=False)
    shapes = [
        _within(changes[change], grounds[town]) if cut else changes[change]
        for change, town, cut in zip(
            frame["change_id"], frame["township_code"], shared, strict=True
        )
    ]
    return gpd.GeoDataFrame(frame, geometry=shapes, crs=tables["changes"].crs)


def _within(shape: BaseGeometry, ground: BaseGeometry) -> BaseGeometry:
    """Return the part of a shape on some ground, all of it where hardly anything is."""
    part = polygonal(shape.intersection(ground))
    return shape if part.is_empty else part
