"""The rows of the forms with a row for each unit (按单位汇总的各行), the county last."""

from collections.abc import Callable

import numpy as np
import pandas as pd

from pipeline.report.workbook.data import BookData
from pipeline.report.workbook.parcel_areas import land_areas, rectification
from pipeline.terms import VERDICT_PRECEDENCE, Verdict
from pipeline.units import to_m2, to_units

_WHOLE = "county"  # the row of the county among the codes of the townships
_PLACE = ["change_id", "township_code"]
_STATES = {
    "demolished_count": "拆除",
    "regularised_count": "补办",
    "combined_count": "拆补组合",
    "left_count": "未整改",
}
_NOT_SUPPLIED = "未供先用"


def summary_rows(data: BookData) -> pd.DataFrame:
    """Return the rows of form C: what was monitored, legal, illegal, the ratios, what became of it."""
    frame = _units(data)
    farmland = land_areas(data.judged, by="township_code")["farmland_m2"]
    frame["farmland_m2"] = _with_whole(farmland, frame.index)
    for verdict, name in ((Verdict.LEGAL, "legal"), (Verdict.ILLEGAL, "illegal")):
        own = data.judged[_is(data.judged, verdict) & data.judged["township_code"].notna()]
        units = pd.Series(to_units(own["area_m2"]), index=own["township_code"].to_numpy())
        frame[f"{name}_m2"] = _with_whole(_m2(units.groupby(level=0).sum()), frame.index)
        frame[f"{name}_count"] = _verdict_counts(data, verdict, frame.index)
    states = _by_unit(data, frame.index, _state_counts)
    states["not_supplied_count"] = _act_counts(data, frame.index)
    # Reclaimed in part and approved in part: with the reclaimed, so that all add up.
    states["reclaimed_count"] = states["demolished_count"] + states["combined_count"]
    frame = frame.join(states.drop(columns=["demolished_count", "combined_count"]))
    frame = frame.assign(**_ratios(frame))
    if not data.has_permanent_farmland:
        frame = frame.drop(columns="illegal_permanent_farmland_m2")
    return frame


def rectification_rows(data: BookData) -> pd.DataFrame:
    """Return the rows of form D: the whole, what was put right and how, what is left."""
    units = _units(data)
    frame = units[["unit", "illegal_farmland_m2"]].copy()
    frame["regularised_farmland_m2"] = units["regularised_farmland_m2"]
    frame["demolished_farmland_m2"] = units["reclaimed_farmland_m2"]
    done = to_units(frame["demolished_farmland_m2"]) + to_units(
        frame["regularised_farmland_m2"]
    )
    whole = to_units(frame["illegal_farmland_m2"])
    frame["rectified_farmland_m2"], frame["left_farmland_m2"] = to_m2(done), to_m2(whole - done)
    frame["rectified_ratio"] = _ratio(done, whole)
    states = _by_unit(data, frame.index, _state_counts)
    frame = frame.join(states)
    frame["rectified_count"] = frame[[*_STATES][:3]].sum(axis=1)
    frame["illegal_count"] = units["illegal_count"]
    areas = _by_unit(data, frame.index, _area_sums)
    return frame.join(areas)


def _units(data: BookData) -> pd.DataFrame:
    """Return the townships by code and the county as the last row, with their sums."""
    towns = data.ranking.sort_values("township_code").set_index("township_code")
    towns["unit"] = pd.Series(data.township_names)
    county = data.county.assign(unit="全县").set_index(pd.Index([_WHOLE]))
    shared = [name for name in towns if name in county]
    return pd.concat([towns[shared], county[shared]])


def _with_whole(by_town: pd.Series, index: pd.Index) -> pd.Series:
    """Return the townships' areas with their sum under the county."""
    units = pd.Series(to_units(by_town), index=by_town.index).reindex(index, fill_value=0)
    units[_WHOLE] = units.drop(_WHOLE).sum()
    return _m2(units)


def _m2(units: pd.Series) -> pd.Series:
    return pd.Series(to_m2(units), index=units.index)


def _is(frame: pd.DataFrame, verdict: Verdict) -> pd.Series:
    return frame["verdict"].eq(verdict.value).fillna(value=False)


def _verdict_counts(data: BookData, verdict: Verdict, index: pd.Index) -> pd.Series:
    """Return how many changes have a verdict in each township, and as a whole."""
    order = {one.value: place for place, one in enumerate(VERDICT_PRECEDENCE)}
    is_here = data.judged["township_code"].notna() & (data.judged["area_m2"] > 0)
    pieces = data.judged.loc[is_here, [*_PLACE, "verdict"]]
    first = pieces.assign(order=pieces["verdict"].map(order)).groupby(_PLACE)["order"].min()
    here = first[first == order[verdict.value]].reset_index()
    counts = here["township_code"].value_counts().reindex(index, fill_value=0)
    counts[_WHOLE] = int(_is(data.changes, verdict).sum())
    return counts


def _by_unit(
    data: BookData, index: pd.Index, measure: Callable[[pd.DataFrame, pd.Series], pd.DataFrame]
) -> pd.DataFrame:
    """Return measures of the rectification by township, and of whole changes for the county."""
    places = rectification(data.judged, data.rectified, _PLACE).reset_index()
    whole = rectification(data.judged, data.rectified, ["change_id"]).reset_index()
    of_towns = measure(places, places["township_code"])
    of_county = measure(whole, pd.Series(_WHOLE, index=whole.index))
    return pd.concat([of_towns, of_county]).reindex(index, fill_value=0)


def _state_counts(rows: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    flags = pd.DataFrame({name: rows["state"] == state for name, state in _STATES.items()})
    return flags.groupby(unit.to_numpy()).sum()


def _area_sums(rows: pd.DataFrame, unit: pd.Series) -> pd.DataFrame:
    """Return illegal area, and the area approved later where all of it is known."""
    units = pd.DataFrame({"illegal_m2": to_units(rows["illegal_m2"])})
    units["regularised_m2"] = to_units(rows["regularised_m2"].fillna(0.0))
    sums = units.groupby(unit.to_numpy()).sum()
    areas = pd.DataFrame({name: _m2(sums[name]) for name in sums})
    unknown = rows["regularised_m2"].isna().groupby(unit.to_numpy()).any()
    areas["regularised_m2"] = areas["regularised_m2"].mask(unknown)
    return areas


def _act_counts(data: BookData, index: pd.Index) -> pd.Series:
    """Return how many changes are used before supply in each township, and as a whole."""
    judged = data.judged
    own = judged[_is(judged, Verdict.ILLEGAL) & judged["act"].eq(_NOT_SUPPLIED).fillna(False)]  # noqa: FBT003
    places = own[_PLACE].drop_duplicates()
    counts = places["township_code"].value_counts().reindex(index, fill_value=0)
    counts[_WHOLE] = own["change_id"].nunique()
    return counts


def _ratios(frame: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the ratios that the tables give; the others wait for the area demolished."""
    units = {
        name: to_units(frame[f"{name}_m2"])
        for name in (
            "illegal",
            "illegal_farmland",
            "exempt_farmland",
            "reclaimed_farmland",
            "regularised_farmland",
            "new_construction",
            "new_farmland",
        )
    }
    reclaimed, farmland = units["reclaimed_farmland"], units["illegal_farmland"]
    counted = farmland - units["exempt_farmland"]
    left = farmland - reclaimed - units["regularised_farmland"]
    made = {
        "farmland_ratio": _ratio(counted, units["new_farmland"]),
        "farmland_ratio_net": _ratio(counted - reclaimed, units["new_farmland"] - reclaimed),
        "land_ratio": _ratio(units["illegal"], units["new_construction"]),
        "left_farmland_ratio": _ratio(left, farmland),
    }
    return {name: pd.Series(values, index=frame.index) for name, values in made.items()}


def _ratio(above: np.ndarray, below: np.ndarray) -> np.ndarray:
    """Return ratios as the float nearest to the exact one, null over nothing."""
    pairs = zip(above.tolist(), below.tolist(), strict=True)
    return np.array([up / down if down else np.nan for up, down in pairs])
