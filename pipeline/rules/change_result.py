"""What a change polygon as a whole comes to (图斑结果): areas by verdict, verdict, reason.

Contract §4, ``out/changes``. Everything is integer sums of its pieces.
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.rules.pack import RulePack
from pipeline.rules.reason import Part, reason
from pipeline.schema.derived import CHANGE_RESULTS
from pipeline.terms import (
    RULE_COUNTED_ELSEWHERE,
    RULE_OUTSIDE,
    VERDICT_PRECEDENCE,
    ApprovalKind,
    Verdict,
)
from pipeline.units import to_m2, to_units

_VERDICTS = {verdict.value: verdict for verdict in Verdict}
_KINDS = {kind.value: kind for kind in ApprovalKind}


@dataclass
class _Gathered:
    """Pieces of one change alike in everything the reason says (summed as they are met)."""

    area: int = 0
    farmland: int = 0
    approvals: set[str] = field(default_factory=set)
    counted_in: set[str] = field(default_factory=set)
    missing: dict[str, None] = field(default_factory=dict)


def change_results(
    judged: pd.DataFrame, pack: RulePack, *, has_permanent_farmland: bool
) -> pd.DataFrame:
    """Return one row a change, by its id; schema ``CHANGE_RESULTS``.

    Its township is the one with most area, ties smallest code. Its verdict is the first of
    illegal, doubtful, legal and other that has area; its rule that of the largest such piece,
    ties smallest piece_id. The permanent-farmland columns are null without that layer.
    """
    sums = _areas(judged).groupby("change_id", sort=True).sum()
    results = pd.DataFrame({name: to_m2(sums[name]) for name in sums}, index=sums.index)
    if not has_permanent_farmland:
        for name in ("permanent_farmland_m2", "illegal_permanent_farmland_m2"):
            results[name] = np.nan
    verdicts = pd.Series(None, index=sums.index, dtype=object)
    for verdict in reversed(VERDICT_PRECEDENCE):
        verdicts[sums[f"{verdict}_m2"] > 0] = verdict.value
    results["verdict"] = verdicts.astype("str")
    results["township_code"] = _main_township(judged).reindex(sums.index)
    results["rule_id"] = _main_rule(judged, verdicts).reindex(sums.index).fillna(RULE_OUTSIDE)
    texts = _reasons(judged, pack)
    results["reason"] = pd.Series(texts, dtype="str").reindex(sums.index)
    return results.reset_index()[CHANGE_RESULTS.names]


def _areas(judged: pd.DataFrame) -> pd.DataFrame:
    """Return each piece's areas under the columns of the result, in booking units."""
    area, farmland = to_units(judged["area_m2"]), to_units(judged["farmland_m2"])
    permanent = farmland * judged["is_permanent_farmland"].eq(other=True).fillna(
        value=False
    ).to_numpy(dtype=bool)
    is_verdict = {verdict: _equals(judged["verdict"], verdict) for verdict in Verdict}
    illegal = is_verdict[Verdict.ILLEGAL]
    return pd.DataFrame(
        {
            "change_id": judged["change_id"].to_numpy(dtype=object),
            "area_m2": area,
            "farmland_m2": farmland,
            "permanent_farmland_m2": permanent,
            **{f"{verdict}_m2": area * here for verdict, here in is_verdict.items()},
            "outside_m2": area * judged["township_code"].isna().to_numpy(),
            "illegal_farmland_m2": farmland * illegal,
            "illegal_permanent_farmland_m2": permanent * illegal,
        }
    )


def _equals(values: pd.Series, word: str) -> npt.NDArray[np.bool_]:
    return values.eq(word).fillna(value=False).to_numpy(dtype=bool)


def _main_township(judged: pd.DataFrame) -> pd.Series:
    """Return the township of each change: most area, ties smallest code."""
    places = judged[["change_id", "township_code"]].assign(area=to_units(judged["area_m2"]))
    sums = places.groupby(["change_id", "township_code"], as_index=False).sum()
    ordered = sums.sort_values(["area", "township_code"], ascending=[False, True])
    return ordered.drop_duplicates("change_id").set_index("change_id")["township_code"]


def _main_rule(judged: pd.DataFrame, verdicts: pd.Series) -> pd.Series:
    """Return the rule of each change's largest piece of its verdict, ties smallest piece_id."""
    pieces = judged[["change_id", "piece_id", "rule_id", "verdict", "area_m2"]]
    own = pieces[pieces["verdict"].eq(pieces["change_id"].map(verdicts)).to_numpy(dtype=bool)]
    ordered = own.sort_values(["area_m2", "piece_id"], ascending=[False, True])
    return ordered.drop_duplicates("change_id").set_index("change_id")["rule_id"]


def _reasons(judged: pd.DataFrame, pack: RulePack) -> dict[str, str]:
    """Return the reason of each change."""
    names = {rule_id: pack.rule_name(rule_id) for rule_id in judged["rule_id"].unique()}
    parts: dict[str, list[Part]] = {}
    for key, found in _gathered(judged).items():
        change_id, verdict, proposed, rule_id, act, kind, ruling = key
        part = Part(
            verdict=_VERDICTS.get(verdict),
            proposed=_VERDICTS.get(proposed),
            rule_name=names[rule_id],
            act=act,
            area=found.area,
            farmland=found.farmland,
            approval_kind=_KINDS.get(kind),
            approvals=tuple(sorted(found.approvals)),
            counted_in=tuple(sorted(found.counted_in)),
            ruling_reason=ruling,
            missing_evidence="、".join(found.missing) or None,
        )
        parts.setdefault(change_id, []).append(part)
    return {change_id: reason(own) for change_id, own in parts.items()}


def _gathered(judged: pd.DataFrame) -> dict[tuple[Any, ...], _Gathered]:
    """Gather pieces by change and by everything that the reason tells apart."""
    alike = [
        "change_id",
        "verdict",
        "proposed_verdict",
        "rule_id",
        "act",
        "approval_kind",
        "ruling_reason",
    ]
    keys = zip(*(_nulls_as_none(judged[name]) for name in alike), strict=True)
    told = ("approval_no", "counted_in", "missing_evidence")
    values = zip(*(_nulls_as_none(judged[name]) for name in told), strict=True)
    areas = zip(
        to_units(judged["area_m2"]).tolist(),
        to_units(judged["farmland_m2"]).tolist(),
        strict=True,
    )
    gathered: dict[tuple[Any, ...], _Gathered] = {}
    for key, (number, counted_in, missing), (area, farmland) in zip(
        keys, values, areas, strict=True
    ):
        found = gathered.setdefault(key, _Gathered())
        found.area += area
        found.farmland += farmland
        if number:
            found.approvals.add(number)
        if counted_in and key[3] == RULE_COUNTED_ELSEWHERE:
            found.counted_in.add(counted_in)
        found.missing |= dict.fromkeys([missing] if missing else [])
    return gathered


def _nulls_as_none(values: pd.Series) -> list[Any]:
    plain = values.astype(object)
    listed: list[Any] = plain.where(plain.notna(), None).tolist()
    return listed
