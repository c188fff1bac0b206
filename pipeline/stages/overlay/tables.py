"""The tables that the overlay hands on, from numbers to codes, names and square metres."""

from collections.abc import Sequence
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.geometry.booking import farmland_units
from pipeline.geometry.layers import NOTHING
from pipeline.geometry.measured import Measured
from pipeline.geometry.precedence import APPROVAL_DATES
from pipeline.schema.conform import conform
from pipeline.schema.derived import CONSTRAINT_AREAS, COVERAGE, pieces_of
from pipeline.stages.overlay.found import (
    FIRST_APPROVAL,
    OWNER,
    PARCEL,
    PERMANENT,
    TOWNSHIP,
    ZONE,
    Found,
)
from pipeline.stages.overlay.nearby import Nearby, approval_answers, distinct
from pipeline.terms import ApprovalKind
from pipeline.units import to_m2

Codes = npt.NDArray[np.int64]


def piece_table(
    near: Nearby, found: Found, crs: str, *, has_permanent_farmland: bool
) -> gpd.GeoDataFrame:
    """Return the pieces of the changes that count (schema ``pieces_of``)."""
    pieces, change_ids = found.pieces, near.changes["change_id"]
    rows = np.flatnonzero(found.is_kept[pieces.change])
    rows = rows[
        np.argsort(change_ids.to_numpy(dtype=object)[pieces.change[rows]], kind="stable")
    ]
    codes = pieces.codes[rows]
    frame: dict[str, Any] = {
        "change_id": _taken(change_ids, pieces.change[rows]),
        "counted_in": _taken(near.owners["change_id"], codes[:, OWNER]),
        **_ground(near, codes),
        "area_m2": to_m2(pieces.units[rows]),
        "unapproved_part_m2": pieces.unapproved.part_m2[rows],
        "unapproved_part_width_m": pieces.unapproved.width_m[rows],
        "touches_quarantine": pieces.is_suspect[rows],
    }
    frame["piece_id"] = _piece_ids(frame["change_id"])
    frame["farmland_m2"] = _farmland_m2(pieces.units[rows], frame)
    if not has_permanent_farmland:
        frame["is_permanent_farmland"] = [None] * len(rows)
    for number, (kind, approvals) in enumerate(near.approvals.items()):
        frame |= _approved(kind, approvals, codes[:, FIRST_APPROVAL + number])
    drawn = [None] * len(rows) if pieces.drawn is None else pieces.drawn.shape[rows]
    table = conform(pd.DataFrame(frame), pieces_of(near.approvals))
    return gpd.GeoDataFrame(table, geometry=gpd.GeoSeries(drawn, crs=crs))


def coverage_table(near: Nearby, found: Found) -> pd.DataFrame:
    """Return what each approval covers of each change, alone (schema ``COVERAGE``)."""
    made = [pd.DataFrame(columns=COVERAGE.names)]
    measures = found.alone[FIRST_APPROVAL:]
    for measured, (kind, approvals) in zip(measures, near.approvals.items(), strict=True):
        chosen = distinct(approvals, approval_answers(approvals))
        frame = _measured(near, found, measured)
        code = frame.pop("code").to_numpy()
        frame["approval_no"] = _taken(chosen["approval_no"], code)
        frame["approved_on"] = _taken(_exact_days(chosen, "approved"), code)
        made.append(frame.assign(approval_kind=kind.value))
    return conform(pd.concat([one.astype(object) for one in made]), COVERAGE)


def constraint_table(near: Nearby, found: Found) -> pd.DataFrame:
    """Return what each constraint layer covers of each change (schema ``CONSTRAINT_AREAS``)."""
    made = [pd.DataFrame(columns=CONSTRAINT_AREAS.names)]
    for measured in found.together:
        frame = _measured(near, found, measured).drop(columns="code")
        made.append(frame.assign(constraint_name=measured.name))
    return conform(pd.concat([one.astype(object) for one in made]), CONSTRAINT_AREAS)


def _measured(near: Nearby, found: Found, measured: Measured) -> pd.DataFrame:
    """Return what a layer covers of the changes that count."""
    rows = found.is_kept[measured.change]
    return pd.DataFrame(
        {
            "change_id": _taken(near.changes["change_id"], measured.change[rows]),
            "area_m2": to_m2(measured.units[rows]),
            "code": measured.code[rows],
        }
    )


def balance_table(near: Nearby, found: Found) -> pd.DataFrame:
    """Return where the units of every change are: counted, outside or quarantined."""
    kept = found.is_kept
    outside = np.where(kept, found.outside, 0)
    return pd.DataFrame(
        {
            "change_id": pd.Series(list(near.changes["change_id"]), dtype="str"),
            "area_units": found.units,
            "counted_units": np.where(kept, found.units - outside, 0),
            "outside_units": outside,
            "elsewhere_units": np.where(kept, found.elsewhere, 0),
            "quarantined_units": np.where(kept, 0, found.units),
        }
    )


def _ground(near: Nearby, codes: Codes) -> dict[str, list[Any]]:
    """Return the columns that tell what lies under each piece."""
    townships = distinct(near.townships, list(near.townships["township_code"]))
    zones = distinct(near.plan_zones, list(near.plan_zones["zone"]))
    parcels = distinct(near.land_use, list(near.land_use["parcel_id"]))
    parcel = codes[:, PARCEL]
    return {
        "township_code": _taken(townships["township_code"], codes[:, TOWNSHIP]),
        "parcel_id": _taken(parcels["parcel_id"], parcel),
        "land_class": _taken(parcels["land_class"], parcel),
        "land_group": _taken(parcels["land_group"], parcel),
        "is_farmland": [
            flag is not None and bool(flag) for flag in _taken(parcels["is_farmland"], parcel)
        ],
        # No coefficient written: nothing is deducted.
        "ridge_coefficient": _taken(
            parcels["ridge_coefficient"].astype(float).fillna(0.0), parcel
        ),
        "is_permanent_farmland": [bool(code != NOTHING) for code in codes[:, PERMANENT]],
        "plan_zone": _taken(zones["zone"], codes[:, ZONE]),
    }


def _approved(kind: ApprovalKind, approvals: gpd.GeoDataFrame, codes: Codes) -> dict[str, Any]:
    """Return the columns of the approval of a kind that decides for each piece."""
    chosen = distinct(approvals, approval_answers(approvals))
    columns = {
        f"{kind}_no": _taken(chosen["approval_no"], codes),
        f"{kind}_on": _taken(_exact_days(chosen, "approved"), codes),
    }
    return columns | {f"{kind}_{name}": _taken(chosen[name], codes) for name in APPROVAL_DATES}


def _exact_days(frame: pd.DataFrame, name: str) -> pd.Series:
    """Return the dates that are known to the day."""
    first, last = frame[f"{name}_earliest"], frame[f"{name}_latest"]
    return first.astype(object).where(first.notna() & (first == last), None)


def _taken(values: Any, codes: Codes) -> list[Any]:
    """Return the value of each code, None where there is nothing."""
    found = [*values, None]  # NOTHING is the last place
    return [found[code] for code in codes.tolist()]


def _piece_ids(change_ids: Sequence[str]) -> list[str]:
    """Number the pieces of each change in the order of their keys: 001, 002 and so on."""
    counts = pd.Series(change_ids, dtype=object).value_counts()
    serial: dict[str, int] = {}
    made = []
    for change_id in change_ids:
        serial[change_id] = serial.get(change_id, 0) + 1
        width = max(3, len(str(counts[change_id])))
        made.append(f"{change_id}-{serial[change_id]:0{width}d}")
    return made


def _farmland_m2(units: Codes, frame: dict[str, Any]) -> npt.NDArray[np.float64]:
    pieces = zip(units, frame["is_farmland"], frame["ridge_coefficient"], strict=True)
    return to_m2(
        [farmland_units(area, ridge) if is_farm else 0 for area, is_farm, ridge in pieces]
    )
