"""Hold two finished inspections against each other (两次检查比较)."""

from dataclasses import dataclass

import pandas as pd

from pipeline.terms import Verdict
from pipeline.units import to_m2, to_units

# What is followed from one inspection to the other; all else follows from these.
_OF_TOWNSHIP = ("rank", "is_accountable", "illegal_farmland_m2", "new_farmland_m2")
_OF_CHANGE = ("verdict", "rule_id", "illegal_farmland_m2")
_AREAS = {str(verdict): f"{verdict}_m2" for verdict in Verdict}


@dataclass(frozen=True)
class Difference:
    """What is not the same in two inspections; each column twice, ``_before`` and ``_after``.

    ``townships``: township_code, township_name, official, rank, is_accountable and areas of
    the townships where one of them differs. ``changes``: change_id, township_code, verdict,
    rule_id, illegal_farmland_m2 of the changes whose verdict or illegal farmland differs (null
    where a change is in one inspection only). ``verdicts``: one row a verdict, its changes and
    m². ``moves``: from verdict to verdict, how many changes and their m² of illegal farmland.
    """

    townships: pd.DataFrame
    changes: pd.DataFrame
    verdicts: pd.DataFrame
    moves: pd.DataFrame


def compare(
    townships: tuple[pd.DataFrame, pd.DataFrame],
    changes: tuple[pd.DataFrame, pd.DataFrame],
    official: tuple[str, str],
) -> Difference:
    """Return the difference of two inspections, the earlier first in every pair.

    ``townships`` by ``TOWNSHIP_RANKING``, ``changes`` by ``CHANGE_RESULTS``; ``official`` names
    the column of the ratio that counts in each.
    """
    ranked = [
        frame.assign(official=frame[column])
        for frame, column in zip(townships, official, strict=True)
    ]
    units = _beside(
        ranked[0], ranked[1], "township_code", ("official", *_OF_TOWNSHIP), "township_name"
    )
    records = _beside(*changes, "change_id", _OF_CHANGE, "township_code")
    return Difference(
        units[_differs(units, ("official", *_OF_TOWNSHIP))].reset_index(drop=True),
        records[_differs(records, _OF_CHANGE)].reset_index(drop=True),
        _verdicts(*changes),
        _moves(records),
    )


def _beside(
    before: pd.DataFrame, after: pd.DataFrame, key: str, columns: tuple[str, ...], name: str
) -> pd.DataFrame:
    """Return both tables side by side, one row a key; the name is the later one where it has one."""
    ends = [
        frame.set_index(key)[[name, *columns]].add_suffix(end)
        for frame, end in ((before, "_before"), (after, "_after"))
    ]
    joined = ends[0].join(ends[1], how="outer").sort_index()
    names = joined[f"{name}_after"].fillna(joined[f"{name}_before"])
    pairs = [f"{column}_{end}" for column in columns for end in ("before", "after")]
    return pd.concat([names.rename(name), joined[pairs]], axis=1).rename_axis(key).reset_index()


def _differs(frame: pd.DataFrame, columns: tuple[str, ...]) -> pd.Series:
    differs = pd.Series(data=False, index=frame.index)
    for column in columns:
        before, after = frame[f"{column}_before"], frame[f"{column}_after"]
        same = (before == after).fillna(value=False).astype(bool)
        differs |= ~(same | (before.isna() & after.isna()))
    return differs


def _verdicts(before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    rows = [
        {
            "verdict": verdict,
            **{
                f"change_count_{end}": int((frame["verdict"] == verdict).sum())
                for end, frame in (("before", before), ("after", after))
            },
            **{
                f"area_m2_{end}": _total(frame[column])
                for end, frame in (("before", before), ("after", after))
            },
        }
        for verdict, column in _AREAS.items()
    ]
    return pd.DataFrame(rows)


def _total(area_m2: pd.Series) -> float:
    """Return a sum of areas that no order of the rows can change."""
    return float(to_m2(to_units(area_m2.fillna(0).to_numpy(dtype=float)).sum()))


def _moves(records: pd.DataFrame) -> pd.DataFrame:
    """Return how many changes went from which verdict to which, most first."""
    pair = ["verdict_before", "verdict_after"]
    moved = records[_differs(records, ("verdict",))]
    counted = moved.groupby(pair, dropna=False).agg(
        change_count=("change_id", "size"),
        illegal_farmland_m2_before=("illegal_farmland_m2_before", _total),
        illegal_farmland_m2_after=("illegal_farmland_m2_after", _total),
    )
    ordered = counted.reset_index().sort_values(
        ["change_count", *pair], ascending=[False, True, True]
    )
    return ordered.reset_index(drop=True)
