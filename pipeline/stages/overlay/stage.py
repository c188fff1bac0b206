"""The overlay from tables to tables."""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.errors import Finding
from pipeline.geometry.area import Density, density
from pipeline.geometry.crs import parsed
from pipeline.geometry.ground import Block
from pipeline.geometry.parallel import map_blocks
from pipeline.geometry.partition import partition
from pipeline.geometry.settings import AreaSettings, OverlaySettings
from pipeline.stages.overlay.findings import overlay_findings
from pipeline.stages.overlay.gathered import gathered
from pipeline.stages.overlay.references import References, references
from pipeline.stages.overlay.tables import (
    balance_table,
    constraint_table,
    coverage_table,
    piece_table,
)
from pipeline.terms import ApprovalKind

_BLOCK = 64  # changes at once: enough to fill the arrays, few enough to share among workers


@dataclass(frozen=True)
class Overlaid:
    """What the overlay makes (套合结果).

    ``pieces``, ``coverage`` and ``constraint_areas`` are tables of ``schema.derived``; pieces
    carry the columns of ``approval_columns`` for every configured kind. ``balances`` has a row
    a change, in booking units: ``area_units = counted_units + outside_units +
    quarantined_units``, and ``elsewhere_units`` of what is counted lies in an earlier change.
    """

    pieces: gpd.GeoDataFrame
    coverage: pd.DataFrame
    constraint_areas: pd.DataFrame
    balances: pd.DataFrame
    findings: list[Finding]


def overlay(  # noqa: PLR0913, PLR0917  (a parameter a layer: the signature is the contract)
    changes: gpd.GeoDataFrame,
    townships: gpd.GeoDataFrame,
    land_use: gpd.GeoDataFrame,
    permanent_farmland: gpd.GeoDataFrame,
    plan_zones: gpd.GeoDataFrame,
    approvals: gpd.GeoDataFrame,
    constraints: gpd.GeoDataFrame,
    quarantine: gpd.GeoDataFrame,
    *,
    crs: str,
    kinds: tuple[ApprovalKind, ...],
    area: AreaSettings,
    settings: OverlaySettings,
    has_permanent_farmland: bool,
    progress: Callable[[int, int], None] | None = None,
) -> Overlaid:
    """Cut every change so that each piece has one answer everywhere, and measure all of it.

    Tables as in ``schema.received``, shapes in the working CRS ``crs``. Townships that overlap
    under a change come back as findings of severity ``refused``: the figures are then not to
    be used. A change whose cuts cannot be proven, or that lies outside every township, has no
    pieces and a finding of severity ``quarantined``.
    """
    tables = {
        "changes": changes,
        "townships": townships,
        "land_use": land_use,
        "permanent_farmland": permanent_farmland,
        "plan_zones": plan_zones,
        "approvals": approvals,
        "constraints": constraints,
        "quarantine": quarantine,
    }
    layers = references(tables, kinds)
    blocks = _blocks(layers, crs, area)
    found = gathered(list(map_blocks(partition, blocks, settings, progress)), _BLOCK)
    return Overlaid(
        piece_table(layers, found, crs, has_permanent_farmland=has_permanent_farmland),
        coverage_table(layers, found),
        constraint_table(layers, found),
        balance_table(layers, found),
        overlay_findings(layers, found),
    )


def _blocks(layers: References, crs: str, area: AreaSettings) -> list[Block]:
    shapes = np.asarray(layers.changes.geometry.to_numpy(), dtype=object)
    boxes = shapely.bounds(shapes).reshape(-1, 4)
    origins = np.floor(boxes[:, :2])
    fitted = density(parsed(crs), origins, boxes, area)
    cutting, measured, suspect = layers.cutting(), layers.measured(), layers.suspected()
    blocks = []
    for start in range(0, max(len(shapes), 1), _BLOCK):  # an empty layer is an empty block
        stop = start + _BLOCK
        rows = slice(start, stop)
        blocks.append(
            Block(
                shapes[rows],
                origins[rows],
                Density(fitted.coefficients[rows]),
                [met.asked(start, stop) for met in cutting],
                [met.asked(start, stop) for met in measured],
                suspect.asked(start, stop),
            )
        )
    return blocks
