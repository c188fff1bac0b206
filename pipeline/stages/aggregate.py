"""Add up pieces to changes, townships, offices and the county (汇总)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from pipeline.errors import ConservationError
from pipeline.rules.change_result import change_results
from pipeline.rules.pack import RulePack
from pipeline.rules.settings import AccountabilitySettings
from pipeline.schema.derived import SUMS
from pipeline.schema.table import Kind
from pipeline.terms import NO_OFFICE, Verdict
from pipeline.units import to_m2, to_units

_NAMES = [column.name for column in SUMS]
_AREAS = [column.name for column in SUMS if column.kind is Kind.AREA_M2]
_RECTIFIED = ["reclaimed_farmland_m2", "regularised_farmland_m2"]
_COUNTY = "county"


@dataclass(frozen=True)
class Aggregated:
    """Results by change (schema ``CHANGE_RESULTS``) and sums by township, office and county.

    Each table of sums has the measures ``SUMS``; the townships' also name and office.
    """

    changes: pd.DataFrame
    townships: pd.DataFrame
    offices: pd.DataFrame
    county: pd.DataFrame


@dataclass(frozen=True)
class _Addends:
    """What is added up, in booking units, with the unit of each row in columns of its own."""

    pieces: pd.DataFrame
    rectified: pd.DataFrame
    quarantined: pd.DataFrame


def aggregate(  # noqa: PLR0913
    judged: pd.DataFrame,
    rectified: pd.DataFrame,
    townships: pd.DataFrame,
    offices: pd.DataFrame,
    quarantine_places: pd.DataFrame,
    *,
    pack: RulePack,
    accountability: AccountabilitySettings,
    has_permanent_farmland: bool,
) -> Aggregated:
    """Return integer sums of everything; a township without any change is listed with zeros.

    ``quarantine_places`` has a row for each township (null: none) that a record in quarantine,
    told by its ``quarantine_no``, may lie in. A township that ``offices`` does not name is
    under 未列所. Ground outside every township is in no sum. Areas in m².
    """
    named = offices.dropna(subset=["office_name"]).set_index("township_code")["office_name"]
    codes = pd.Index(sorted(townships["township_code"]), name="township_code")
    office_of = named.reindex(codes).fillna(NO_OFFICE).astype("str")
    addends = _addends(judged, rectified, quarantine_places, office_of, accountability)
    names = townships.set_index("township_code")["township_name"].reindex(codes)
    by = {
        unit: _sums(addends, unit, pd.Index(index, name=unit), has_permanent_farmland)
        for unit, index in (
            ("township_code", codes),
            ("office_name", sorted(set(office_of))),
            (_COUNTY, [_COUNTY]),
        )
    }
    of_townships = by["township_code"].assign(
        township_name=names.to_numpy(dtype=object), office_name=office_of.to_numpy(dtype=object)
    )
    return Aggregated(
        change_results(judged, pack, has_permanent_farmland=has_permanent_farmland),
        of_townships[["township_code", "township_name", "office_name", *_NAMES]],
        by["office_name"],
        by[_COUNTY][_NAMES],
    )


def _addends(
    judged: pd.DataFrame,
    rectified: pd.DataFrame,
    quarantine_places: pd.DataFrame,
    office_of: pd.Series,
    accountability: AccountabilitySettings,
) -> _Addends:
    """Return what is added up, each row with its township, office and county."""
    quarantined = quarantine_places[["quarantine_no", "township_code"]]
    credited = rectified[["township_code"]].assign(
        **{name: to_units(rectified[name]) for name in _RECTIFIED}
    )
    pieces = _of_pieces(judged[judged["township_code"].notna()], accountability.exempt_acts)
    strangers = set(pieces["township_code"]) - set(office_of.index)
    if strangers:
        raise ConservationError(f"碎片所在的乡镇不在乡镇图层中:{'、'.join(sorted(strangers))}")
    tables = (
        table.assign(office_name=table["township_code"].map(office_of), **{_COUNTY: _COUNTY})
        for table in (pieces, credited, quarantined)
    )
    return _Addends(*tables)


def _of_pieces(judged: pd.DataFrame, exempt_acts: tuple[str, ...]) -> pd.DataFrame:
    """Return what each piece adds to the measures of its unit."""
    area, farmland = to_units(judged["area_m2"]), to_units(judged["farmland_m2"])
    legal, illegal, doubtful = (
        judged["verdict"].eq(verdict.value).to_numpy(dtype=bool)
        for verdict in (Verdict.LEGAL, Verdict.ILLEGAL, Verdict.DOUBTFUL)
    )
    permanent = (
        judged["is_permanent_farmland"].eq(other=True).fillna(value=False).to_numpy(dtype=bool)
    )
    exempt = judged["act"].isin(exempt_acts).to_numpy(dtype=bool)
    return pd.DataFrame(
        {
            "township_code": judged["township_code"].to_numpy(dtype=object),
            "change_id": judged["change_id"].to_numpy(dtype=object),
            "is_illegal": illegal & (area > 0),
            "area_m2": area,
            "new_construction_m2": area * (legal | illegal),
            "legal_farmland_m2": farmland * legal,
            "illegal_farmland_m2": farmland * illegal,
            "doubtful_farmland_m2": farmland * doubtful,
            "new_farmland_m2": farmland * (legal | illegal),
            "illegal_permanent_farmland_m2": farmland * (illegal & permanent),
            "exempt_farmland_m2": farmland * (illegal & exempt),
        }
    )


def _sums(
    addends: _Addends,
    unit: str,
    index: pd.Index,
    has_permanent_farmland: bool,  # noqa: FBT001
) -> pd.DataFrame:
    """Return the measures of every unit in ``index``, zeros where there is nothing."""
    pieces, rectified = addends.pieces, addends.rectified
    of_pieces = [name for name in _AREAS if name not in _RECTIFIED]
    sums = pd.concat(
        [
            pieces.groupby(unit)[of_pieces].sum(),
            rectified.groupby(unit)[_RECTIFIED].sum(),
            # A record astride two townships is one record of their office and county.
            addends.quarantined.groupby(unit)["quarantine_no"]
            .nunique()
            .rename("quarantined_count"),
            _changes(pieces, unit).rename("change_count"),
            _changes(pieces[pieces["is_illegal"]], unit).rename("illegal_count"),
        ],
        axis=1,
    )
    sums = sums.reindex(index).fillna(0).astype("int64")
    areas = {name: to_m2(sums[name]) for name in _AREAS}
    if not has_permanent_farmland:
        areas["illegal_permanent_farmland_m2"] = np.full(len(index), np.nan)
    return sums.assign(**areas)[_NAMES].reset_index()


def _changes(pieces: pd.DataFrame, unit: str) -> pd.Series:
    """Return how many changes have one of these pieces in each unit."""
    return pieces.drop_duplicates([unit, "change_id"]).groupby(unit).size()
