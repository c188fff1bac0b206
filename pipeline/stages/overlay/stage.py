"""The overlay (套合), block by block: what it makes is handed on as it comes."""

from collections.abc import Callable
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from pipeline.errors import Finding, PipelineError
from pipeline.geometry.parallel import DeadlyBlock, map_blocks
from pipeline.geometry.partition import partition
from pipeline.geometry.settings import AreaSettings, OverlaySettings
from pipeline.geometry.source import divided
from pipeline.schema.derived import CONSTRAINT_AREAS, COVERAGE
from pipeline.stages.overlay.block_findings import Claim, block_findings, claims, lost_with
from pipeline.stages.overlay.blocks import block_of
from pipeline.stages.overlay.found import Found
from pipeline.stages.overlay.nearby import Sources, nearby
from pipeline.stages.overlay.shared_ground import (
    Pairs,
    SharedGround,
    permanent_twice,
    shared_ground,
)
from pipeline.stages.overlay.tables import (
    balance_table,
    constraint_table,
    coverage_table,
    piece_table,
)
from pipeline.terms import ApprovalKind

_SHOWN = 10  # so many change ids are named at most
_BLOCK = 256  # changes at once: few enough to share among workers, and to hold in memory


@dataclass(frozen=True)
class Overlaid:
    """What the overlay makes beside the pieces (套合结果).

    ``coverage`` and ``constraint_areas`` are tables of ``schema.derived``. ``balances`` has a
    row a change, in booking units: ``area_units = counted_units + outside_units +
    quarantined_units``, and ``elsewhere_units`` of what is counted lies in an earlier change.
    """

    coverage: pd.DataFrame
    constraint_areas: pd.DataFrame
    balances: pd.DataFrame
    findings: list[Finding]


@dataclass(frozen=True)
class _Made:
    """What one block makes; ``rest`` is small and waits for all the others."""

    pieces: gpd.GeoDataFrame
    rest: Overlaid
    shared: list[SharedGround]
    claimed: list[Claim]


@dataclass(frozen=True)
class _Overlay:
    """The work on one block; travels to the worker, which reads its own records."""

    sources: Sources
    crs: str
    kinds: tuple[ApprovalKind, ...]
    area: AreaSettings
    is_drawn: bool
    has_permanent_farmland: bool

    def __call__(self, rows: range) -> _Made:
        near = nearby(self.sources, rows, self.kinds)
        block = block_of(near, self.crs, self.area)
        made = partition(block, is_drawn=self.is_drawn)
        found = Found(**vars(made))
        return _Made(
            piece_table(
                near, found, self.crs, has_permanent_farmland=self.has_permanent_farmland
            ),
            Overlaid(
                coverage_table(near, found),
                constraint_table(near, found),
                balance_table(near, found),
                block_findings(near, found),
            ),
            [*shared_ground(near, found), *permanent_twice(near, block)],
            claims(near, found),
        )


def overlay(  # noqa: PLR0913  (the signature is the contract)
    sources: Sources,
    keep: Callable[[gpd.GeoDataFrame], None],
    *,
    crs: str,
    kinds: tuple[ApprovalKind, ...],
    area: AreaSettings,
    settings: OverlaySettings,
    has_permanent_farmland: bool,
    progress: Callable[[int, int], None] | None = None,
) -> Overlaid:
    """Cut every change so that each piece has one answer everywhere, and measure all of it.

    Records as in ``schema.received``, shapes in the working CRS ``crs``. ``keep`` gets the
    pieces (schema ``pieces_of``) block by block, at least one block, maybe without rows.
    Townships that overlap under a change come back as findings of severity ``refused``: the
    figures are then not to be used. A change that does not balance, or that lies outside every
    township, has no pieces and a finding of severity ``quarantined``.
    """
    work = _Overlay(
        sources, crs, kinds, area, settings.geometry != "none", has_permanent_farmland
    )
    blocks = divided(sources.changes.rows, _BLOCK) or [range(0)]  # an empty layer: one block
    rest: list[Overlaid] = []
    pairs, claimed = Pairs(), list[Claim]()
    try:
        for made in map_blocks(work, blocks, settings, progress):
            keep(made.pieces)
            rest.append(made.rest)
            pairs.add(made.shared)
            claimed += made.claimed
    except DeadlyBlock as error:
        raise _fatal(sources, error) from error
    return _together(rest, pairs, claimed)


def _fatal(sources: Sources, error: DeadlyBlock) -> PipelineError:
    """Return the error that names the change polygons that bring every worker down."""
    rows = error.block if isinstance(error.block, range) else range(0)
    ids = sources.changes.block(rows, ["change_id"])["change_id"].to_pylist()
    named = "、".join(map(str, ids[:_SHOWN])) + (
        f" 等 {len(ids)} 个" if len(ids) > _SHOWN else ""
    )
    return PipelineError(
        f"图斑 {named} 使计算它的进程退出(程序库崩溃或内存不够),换 worker、在本机单独算都一样",
        where=f"changes → {named}",
        remedy="从变化图斑图层里取出它(或简化图形)再运行,并把它发给维护人员",
    )


def _together(rest: list[Overlaid], pairs: Pairs, claimed: list[Claim]) -> Overlaid:
    """Join what the blocks made, in an order of its own."""
    coverage = pd.concat([one.coverage for one in rest])
    constraints = pd.concat([one.constraint_areas for one in rest])
    balances = pd.concat([one.balances for one in rest])
    findings = [finding for one in rest for finding in one.findings]
    findings += [*pairs.findings(), *lost_with(claimed, findings)]
    return Overlaid(
        coverage.sort_values(COVERAGE.names, key=_sortable, kind="stable", ignore_index=True),
        constraints.sort_values(list(CONSTRAINT_AREAS.key), ignore_index=True),
        balances.sort_values("change_id", ignore_index=True),
        sorted(findings, key=lambda one: (one.layer, one.code, one.record, one.message)),
    )


def _sortable(values: pd.Series) -> pd.Series:
    """Return dates as text, so that unknown ones sort too."""
    return values.astype(str) if values.dtype == object else values
