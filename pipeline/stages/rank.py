"""Rank townships and offices, and hold everyone against the line (排名)."""

from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from pipeline.rules.accountability import Measures, Sums, measure, shared_ranks
from pipeline.rules.settings import AccountabilitySettings, Line
from pipeline.schema.derived import COUNTY_RESULT, OFFICE_RANKING, TOWNSHIP_RANKING
from pipeline.schema.table import Table
from pipeline.units import UNITS_PER_M2, to_units

# What the ratios are made of, by the column that holds it.
_SUMS = {
    "new_construction_m2": "new_construction",
    "legal_farmland_m2": "legal_farmland",
    "illegal_farmland_m2": "illegal_farmland",
    "doubtful_farmland_m2": "doubtful_farmland",
    "exempt_farmland_m2": "exempt_farmland",
    "reclaimed_farmland_m2": "reclaimed_farmland",
    "regularised_farmland_m2": "regularised_farmland",
}
_RATIOS = {
    "ratio_gross": "gross",
    "ratio_numerator": "numerator",
    "ratio_net": "net",
    "ratio_with_regularised": "with_regularised",
    "ratio_low": "low",
    "ratio_high": "high",
}


@dataclass(frozen=True)
class Ranked:
    """The ranked townships and offices and the county's result, by their schemas."""

    townships: pd.DataFrame
    offices: pd.DataFrame
    county: pd.DataFrame


def rank(
    townships: pd.DataFrame,
    offices: pd.DataFrame,
    county: pd.DataFrame,
    *,
    county_code: str,
    county_name: str,
    accountability: AccountabilitySettings,
) -> Ranked:
    """Return every unit with ratios, accountability and rank, the highest ratio first.

    Takes the sums of ``aggregate``. Ranks compare exact fractions of whole booking units and
    equal ones share a rank, in it by code; units without new farmland have none and come last.
    Offices are held against the township line, the county against its own.
    """
    whole = county.assign(county_code=county_code, county_name=county_name)
    line = accountability.township
    return Ranked(
        _ranked(townships, TOWNSHIP_RANKING, line, accountability),
        _ranked(offices, OFFICE_RANKING, line, accountability),
        _ranked(whole, COUNTY_RESULT, accountability.county, accountability),
    )


def _ranked(
    sums: pd.DataFrame, table: Table, line: Line, accountability: AccountabilitySettings
) -> pd.DataFrame:
    units = {field: to_units(sums[column]).tolist() for column, field in _SUMS.items()}
    measures = [
        measure(Sums(**dict(zip(units, row, strict=True))), line, accountability)
        for row in zip(*units.values(), strict=True)
    ]
    ranks = shared_ranks([each.official for each in measures])
    ratios = {
        column: [_number(getattr(each, field)) for each in measures]
        for column, field in _RATIOS.items()
    }
    ranked = sums.assign(
        **{
            column: pd.Series(values, index=sums.index, dtype="float64")
            for column, values in ratios.items()
        },
        is_accountable=pd.Series(
            [each.is_accountable for each in measures], index=sums.index, dtype=bool
        ),
        rank=pd.Series(ranks, index=sums.index, dtype="Int64"),
        reclaim_to_line_m2=pd.Series(
            [_reclaim_m2(each) for each in measures], index=sums.index, dtype="float64"
        ),
    )
    ordered = ranked.sort_values(["rank", table.key[0]], na_position="last", ignore_index=True)
    return ordered[table.names]


def _number(ratio: Fraction | None) -> float | None:
    return None if ratio is None else float(ratio)


def _reclaim_m2(measures: Measures) -> float | None:
    units = measures.reclaim_to_line
    return None if units is None else units / UNITS_PER_M2
