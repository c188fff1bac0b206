"""What lies under each change, by land group, act and state (逐图斑的面积组成与整改).

Everything is integer sums of the pieces, in booking units until the last step.
"""

from collections.abc import Iterable

import pandas as pd

from pipeline.terms import Verdict
from pipeline.units import to_m2, to_units

_GROUPS = {
    "farm": "other_farm_land_m2",
    "unused": "unused_land_m2",
    "construction": "construction_land_m2",
}
_NOUGHT = 33_334  # booking units, 0.005 mu


def land_areas(judged: pd.DataFrame, by: str = "change_id") -> pd.DataFrame:
    """Return area, farmland and the other land groups inside the county, by a column of pieces.

    Ridges in farmland (田坎) are other farm land. Ground of an unknown class is in the area and
    in no group.
    """
    used = [by, "area_m2", "farmland_m2", "land_group", "is_permanent_farmland"]
    pieces = judged.loc[judged["township_code"].notna(), used]
    area, farmland = to_units(pieces["area_m2"]), to_units(pieces["farmland_m2"])
    sums = pd.DataFrame({by: pieces[by].to_numpy(dtype=object), "area_m2": area})
    sums["farmland_m2"] = farmland
    group = pieces["land_group"].to_numpy(dtype=object)
    for name, column in _GROUPS.items():
        sums[column] = (area - farmland) * (group == name)
    permanent = pieces["is_permanent_farmland"].eq(other=True).fillna(value=False)
    sums["permanent_farmland_m2"] = farmland * permanent.to_numpy(dtype=bool)
    return _added(sums, [by])


def breach_areas(judged: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return the illegal areas, by columns of the pieces; null keys are keys too.

    ``late_m2`` and ``late_farmland_m2`` are what was approved after the fact, in time.
    """
    used = [*by, "area_m2", "farmland_m2", "is_permanent_farmland", "is_regularised"]
    is_illegal = judged["verdict"].eq(Verdict.ILLEGAL.value).fillna(value=False)
    pieces = judged.loc[is_illegal, used]
    area, farmland = to_units(pieces["area_m2"]), to_units(pieces["farmland_m2"])
    permanent = pieces["is_permanent_farmland"].eq(other=True).fillna(value=False)
    late = pieces["is_regularised"].to_numpy(dtype=bool)
    sums = pieces[by].reset_index(drop=True)
    sums["illegal_m2"], sums["illegal_farmland_m2"] = area, farmland
    sums["illegal_permanent_farmland_m2"] = farmland * permanent.to_numpy(dtype=bool)
    sums["late_m2"], sums["late_farmland_m2"] = area * late, farmland * late
    return _added(sums[sums["illegal_m2"] > 0], by)


def rectification(judged: pd.DataFrame, rectified: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return illegal areas with what was put right of them, and the state of each row.

    ``by`` is the change, or the change and the township. A row counts as put right where its
    illegal farmland was reclaimed or approved later to the last 0.005 mu, which the forms print
    as 0.00 (ledgers are kept to two decimals), or where all its illegal ground was approved later. ``regularised_m2`` is null where part of such ground was reclaimed: its whole area is
    not known then. States: 拆除, 补办, 拆补组合 or, with anything left, 未整改.
    """
    own = breach_areas(judged, by)
    taken_names = ["reclaimed_farmland_m2", "regularised_farmland_m2"]
    taken = rectified[by].assign(**{name: to_units(rectified[name]) for name in taken_names})
    table = own.join(_added(taken, by)[taken_names]).fillna(dict.fromkeys(taken_names, 0.0))
    units = {name: to_units(table[name]) for name in [*own.columns, *taken_names]}
    reclaimed, regularised = units["reclaimed_farmland_m2"], units["regularised_farmland_m2"]
    left = units["illegal_farmland_m2"] - reclaimed - regularised
    all_late = units["late_m2"] == units["illegal_m2"]
    done = ((reclaimed + regularised > 0) & (left < _NOUGHT)) | all_late
    table["left_farmland_m2"] = to_m2(left)
    table["regularised_m2"] = table["late_m2"].mask(regularised != units["late_farmland_m2"])
    table["state"] = "未整改"
    table.loc[done & (reclaimed > 0), "state"] = "拆除"
    table.loc[done & (reclaimed == 0), "state"] = "补办"
    table.loc[done & (reclaimed > 0) & (regularised > 0), "state"] = "拆补组合"
    return table


def counted_areas(changes: pd.DataFrame, measured: pd.DataFrame, name: str) -> pd.Series:
    """Return a constraint layer's area in each change, nought where they do not meet."""
    own = measured[measured["constraint_name"] == name]
    sums = pd.Series(to_units(own["area_m2"]), index=own["change_id"]).groupby(level=0).sum()
    return pd.Series(to_m2(sums.reindex(changes["change_id"], fill_value=0)), changes.index)


def joined(
    frame: pd.DataFrame, key: str, values: Iterable[str], between: str = "、"
) -> dict[str, pd.Series]:
    """Return the different texts of some columns by a key, in order, joined to one text each."""
    made = {}
    for name in values:
        known = frame[[key, name]].dropna().drop_duplicates()
        texts: dict[str, list[str]] = {}
        for one, text in zip(
            *(known[part].to_numpy(dtype=object) for part in (key, name)), strict=True
        ):
            texts.setdefault(one, []).append(text)
        whole = {one: between.join(sorted(parts)) for one, parts in texts.items()}
        made[name] = pd.Series(whole, dtype=object)
    return made


def _added(units: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    """Return sums by some columns, in m²."""
    sums = units.groupby(by, dropna=False, sort=True).sum()
    return pd.DataFrame({name: to_m2(sums[name]) for name in sums}, index=sums.index)
