"""What lies near a block of changes (邻近记录): the records of every layer, in order of precedence."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from shapely.geometry.base import BaseGeometry

from pipeline.geometry.polygonal import polygonal
from pipeline.geometry.precedence import (
    APPROVAL_DATES,
    by_after_date,
    by_approval,
    by_code,
    by_shape,
    dates,
)
from pipeline.geometry.source import GEOMETRY, Source
from pipeline.geometry.sweep.rings import Floats
from pipeline.terms import ApprovalKind

# How far a record in quarantine reaches that is a point or a line: enough to touch.
_REACH_M = 0.05

_AFTER = ("after_earliest", "after_latest")


@dataclass(frozen=True)
class Sources:
    """Where the records of every received layer come from (schema ``received``)."""

    changes: Source
    townships: Source
    land_use: Source
    permanent_farmland: Source
    plan_zones: Source
    approvals: Source
    constraints: Source
    quarantine: Source


@dataclass(frozen=True)
class Nearby:
    """The changes of a block and all that lies near them; shapes as WKB in ``geometry``.

    Every frame stands in its order of precedence; ``owners`` are all changes near the block,
    its own among them.
    """

    changes: pd.DataFrame
    owners: pd.DataFrame
    townships: pd.DataFrame
    land_use: pd.DataFrame
    permanent_farmland: pd.DataFrame
    plan_zones: pd.DataFrame
    approvals: dict[ApprovalKind, pd.DataFrame]
    constraints: dict[str, pd.DataFrame]
    suspect: pd.DataFrame


def nearby(sources: Sources, rows: range, kinds: tuple[ApprovalKind, ...]) -> Nearby:
    """Return some of the changes with all that lies near them; what has no shape takes no part."""
    changes = by_after_date(
        _frame(sources.changes.block(rows, ["change_id", "change_type", *_AFTER]))
    )
    boxes = boxes_of(changes)
    owners = by_after_date(_near(sources.changes, boxes, "change_id", *_AFTER))
    numbered = ("approval_kind", "approval_no", *APPROVAL_DATES)
    approvals = _near(sources.approvals, boxes, *numbered)
    constraints = _near(sources.constraints, boxes, "constraint_name")
    parcels = ("parcel_id", "land_class", "land_group", "is_farmland", "ridge_coefficient")
    suspect = _near(sources.quarantine, boxes, "is_reference")
    names = sorted(constraints["constraint_name"].astype(str).unique())
    return Nearby(
        changes,
        owners,
        by_code(_near(sources.townships, boxes_of(owners), "township_code"), "township_code"),
        by_code(_near(sources.land_use, boxes, *parcels), "parcel_id"),
        by_shape(_near(sources.permanent_farmland, boxes)),
        by_code(_near(sources.plan_zones, boxes, "zone"), "zone"),
        {kind: by_approval(approvals[approvals["approval_kind"] == kind]) for kind in kinds},
        {name: by_shape(constraints[constraints["constraint_name"] == name]) for name in names},
        by_shape(_grounds(suspect[suspect["is_reference"].astype(bool)])),
    )


def approval_answers(approvals: pd.DataFrame) -> list[tuple[Any, ...]]:
    """Return what tells approvals of a kind apart in a piece: number and all dates."""
    ends = (dates(approvals[name]) for name in APPROVAL_DATES)
    return list(zip(approvals["approval_no"], *ends, strict=True))


def distinct(frame: pd.DataFrame, answers: list[Any]) -> pd.DataFrame:
    """Return one record for each answer; its place is the answer's code."""
    again = pd.Series(answers, dtype=object).duplicated().to_numpy(dtype=bool)
    return frame[~again].reset_index(drop=True)


def boxes_of(frame: pd.DataFrame) -> Floats:
    """Return the boxes (n × 4) of the shapes."""
    return np.asarray(shapely.bounds(shapely.from_wkb(frame[GEOMETRY].to_numpy(object))))


def _near(source: Source, boxes: Floats, *columns: str) -> pd.DataFrame:
    return _frame(source.near(boxes.reshape(-1, 4), columns))


def _frame(table: pa.Table) -> pd.DataFrame:
    """Return the records that have a shape."""
    has_shape = pc.greater(pc.binary_length(table[GEOMETRY]), 9)  # an empty polygon has 9 bytes
    frame: pd.DataFrame = table.filter(pc.fill_null(has_shape, fill_value=False)).to_pandas()
    return frame


def _grounds(suspect: pd.DataFrame) -> pd.DataFrame:
    shapes = [_ground(shape) for shape in shapely.from_wkb(suspect[GEOMETRY].to_numpy(object))]
    return pd.DataFrame({GEOMETRY: shapely.to_wkb(np.array(shapes, dtype=object))})


def _ground(shape: BaseGeometry) -> BaseGeometry:
    """Return the ground that a record in quarantine may cover: its shape, else its box."""
    if shape.is_valid and polygonal(shape).area > 0:
        return polygonal(shape)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return shapely.Polygon()
    mended = [
        polygonal(shapely.make_valid(shape, method=how)) for how in ("linework", "structure")
    ]
    return (
        polygonal(shapely.union_all([*mended]))
        if mended[0].area > 0
        else shape.envelope.buffer(_REACH_M, cap_style="square")
    )
