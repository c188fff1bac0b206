"""The layers to cut by, each record in its order of precedence (参考图层)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely.geometry.base import BaseGeometry

from pipeline.geometry.polygonal import polygonal
from pipeline.terms import ApprovalKind
from tests.reference.layers import Layer, Meetings, meetings
from tests.reference.precedence import (
    APPROVAL_DATES,
    by_after_date,
    by_approval,
    by_code,
    by_shape,
    codes_of,
    dates,
    in_force,
)

OWNERS, TOWNSHIPS, LAND_USE = "changes", "townships", "land_use"
PERMANENT_FARMLAND, PLAN_ZONES, SUSPECT = "permanent_farmland", "plan_zones", "quarantine"


@dataclass(frozen=True)
class References:
    """Every layer in order of precedence, under its name.

    ``changes`` are at the same time what is cut and, where they overlap, what it is cut by.
    A constraint layer has its own name here, an approval layer that of its kind.
    """

    changes: gpd.GeoDataFrame
    townships: gpd.GeoDataFrame
    land_use: gpd.GeoDataFrame
    permanent_farmland: gpd.GeoDataFrame
    plan_zones: gpd.GeoDataFrame
    approvals: dict[ApprovalKind, gpd.GeoDataFrame]
    constraints: dict[str, gpd.GeoDataFrame]
    suspect: gpd.GeoDataFrame

    def cutting(self) -> list[Meetings]:
        """Return what the changes meet of each layer that cuts, in the order of the keys."""
        shapes = self.changes.geometry.to_numpy()
        owners = meetings(shapes, _layer(OWNERS, self.changes, list(range(len(shapes)))))
        townships = meetings(shapes, _keyed(TOWNSHIPS, self.townships, "township_code"))
        # A change is cut by those only that come before it, and that count: what lies outside
        # every township is in quarantine and has no ground.
        claims = (owners.shape < owners.change) & np.isin(owners.shape, townships.change)
        return [
            owners.kept(claims),
            townships,
            meetings(shapes, _keyed(LAND_USE, self.land_use, "parcel_id")),
            meetings(shapes, _same(PERMANENT_FARMLAND, self.permanent_farmland)),
            meetings(shapes, _keyed(PLAN_ZONES, self.plan_zones, "zone")),
            *(self._approved(kind, frame) for kind, frame in self.approvals.items()),
        ]

    def measured(self) -> list[Meetings]:
        """Return what the changes meet of each layer that is only measured."""
        shapes = self.changes.geometry.to_numpy()
        return [
            meetings(shapes, _same(name, frame)) for name, frame in self.constraints.items()
        ]

    def suspected(self) -> Meetings:
        """Return what the changes meet of the records in quarantine."""
        return meetings(self.changes.geometry.to_numpy(), _same(SUSPECT, self.suspect))

    def _approved(self, kind: ApprovalKind, frame: gpd.GeoDataFrame) -> Meetings:
        layer = replace(_layer(kind, frame, approval_answers(frame)), is_approval=True)
        met = meetings(self.changes.geometry.to_numpy(), layer)
        return met.reordered(in_force(self.changes.iloc[met.change], frame.iloc[met.shape]))


def references(
    tables: Mapping[str, gpd.GeoDataFrame], kinds: tuple[ApprovalKind, ...]
) -> References:
    """Put the records of every received table in order; what has no shape takes no part."""
    approvals, constraints = tables["approvals"], tables["constraints"]
    quarantine = tables["quarantine"]
    suspect = _shaped(quarantine[quarantine["is_reference"].astype(bool)])
    suspect = suspect.set_geometry(
        gpd.GeoSeries(
            [_ground(shape) for shape in suspect.geometry], suspect.index, suspect.crs
        )
    )
    return References(
        by_after_date(_shaped(tables["changes"])),
        by_code(_shaped(tables["townships"]), "township_code"),
        by_code(_shaped(tables["land_use"]), "parcel_id"),
        by_shape(_shaped(tables["permanent_farmland"])),
        by_code(_shaped(tables["plan_zones"]), "zone"),
        {
            kind: by_approval(_shaped(approvals[approvals["approval_kind"] == kind]))
            for kind in kinds
        },
        {
            str(name): by_shape(_shaped(constraints[constraints["constraint_name"] == name]))
            for name in sorted(constraints["constraint_name"].astype(str).unique())
        },
        by_shape(_shaped(suspect)),
    )


def approval_answers(approvals: gpd.GeoDataFrame) -> list[tuple[Any, ...]]:
    """Return what tells approvals of a kind apart in a piece: number and all dates."""
    ends = (dates(approvals[name]) for name in APPROVAL_DATES)
    return list(zip(approvals["approval_no"], *ends, strict=True))


def distinct(frame: gpd.GeoDataFrame, answers: list[Any]) -> gpd.GeoDataFrame:
    """Return one record for each answer; its place is the answer's code."""
    again = pd.Series(answers, dtype=object).duplicated().to_numpy(dtype=bool)
    return frame[~again].reset_index(drop=True)


def _shaped(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    shapes = np.asarray(frame.geometry.to_numpy(), dtype=object)
    return frame[~shapely.is_missing(shapes) & ~shapely.is_empty(shapes)]


def _ground(shape: BaseGeometry) -> BaseGeometry:
    """Return the ground that a record in quarantine may cover: its shape, else its box."""
    if shape.is_valid and polygonal(shape).area > 0:
        return polygonal(shape)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        return shapely.Polygon()
    mended = [
        polygonal(shapely.make_valid(shape, method=how)) for how in ("linework", "structure")
    ]
    return polygonal(shapely.union_all([*mended])) if mended[0].area > 0 else shape.envelope


def _layer(name: str, frame: gpd.GeoDataFrame, answers: list[Any]) -> Layer:
    shapes: npt.NDArray[Any] = np.asarray(frame.geometry.to_numpy(), dtype=object)
    return Layer(name, shapes, codes_of(answers))


def _keyed(name: str, frame: gpd.GeoDataFrame, column: str) -> Layer:
    return _layer(name, frame, list(frame[column]))


def _same(name: str, frame: gpd.GeoDataFrame) -> Layer:
    """Return a layer of which only being in or out matters."""
    return _layer(name, frame, [True] * len(frame))
