"""Every figure that the contract names, the product's beside the oracle's."""

from collections import defaultdict
from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from tests.laws.grid_measures import Unit
from tests.laws.grid_oracle import Expected
from tests.laws.grid_verdicts import Judged
from tests.laws.three_valued import exact_day
from tests.laws.world import Cell, World
from tests.laws.world_files import ORIGIN

PIECE_KEY = (
    "change_id", "township_code", "parcel_id", "land_class", "is_farmland",
    "is_permanent_farmland", "plan_zone",
)  # fmt: skip
JUDGEMENT = (
    "rule_id", "proposed_verdict", "ruled_verdict", "verdict", "act",
    "approval_no", "approval_kind", "approved_on", "missing_evidence",
)  # fmt: skip
NOT_COMPARED = {"official"}


def differences(world: World, expected: Expected, work: Path) -> list[str]:
    """Return every difference in words; none where the product keeps the contract."""
    found = _pieces(world, expected.judged, work)
    if world.pieces_kept == "all":
        found += _shapes(expected.judged, work)
    found += _coverage(world, expected.judged, work)
    found += _changes(expected, work)
    found += _units(
        "townships", expected.townships, work / "township_ranking.parquet", "township_code"
    )
    found += _units("offices", expected.offices, work / "office_ranking.parquet", "office_name")
    found += _units("county", [expected.county], work / "county_result.parquet", None)
    return found


def _plain(value: object) -> object:
    """Return a cell as Python has it, every null as None."""
    if value is None or (not isinstance(value, str) and pd.isna(value)):
        return None
    return value.item() if hasattr(value, "item") else value


def _units_of(area: object) -> int | None:
    return None if _plain(area) is None else round(float(area) * 10_000)


def _pieces(world: World, judged: list[Judged], work: Path) -> list[str]:
    numbers = tuple(f"{kind}_no" for kind in world.kinds)
    columns = (*PIECE_KEY, *numbers, *JUDGEMENT)
    wanted: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in judged:
        piece, parcel = row.piece, row.piece.parcel
        key = (
            piece.change.change_id, piece.township_code, parcel and parcel.parcel_id,
            parcel and parcel.land_class, piece.is_farmland, piece.is_permanent_farmland,
            piece.zone,
            *(approval and approval.approval_no for approval in piece.approvals.values()),
            row.rule_id, row.proposed, row.ruled, row.verdict, row.act,
            row.approval and row.approval.approval_no,
            row.approval and row.approval.kind,
            row.approval and exact_day(row.approval.approved_on),
            row.lacks_change_type,
        )  # fmt: skip
        wanted[key][0] += piece.area
        wanted[key][1] += piece.farmland
    came: dict[tuple[object, ...], list[int]] = defaultdict(lambda: [0, 0])
    for row in pd.read_parquet(work / "judged.parquet").to_dict("records"):
        row["missing_evidence"] = "图斑类型" in (_plain(row["missing_evidence"]) or "")
        key = tuple(_plain(row[column]) for column in columns)
        came[key][0] += _units_of(row["area_m2"])
        came[key][1] += _units_of(row["farmland_m2"])
    return [
        f"piece {_told(columns, key)}: contract {wanted.get(key)}, product {came.get(key)}"
        for key in sorted(set(wanted) | set(came), key=str)
        if wanted.get(key) != came.get(key)
    ]


def _shapes(judged: list[Judged], work: Path) -> list[str]:
    """Compare the ground of the pieces of each change and verdict cell by cell."""
    cells: dict[tuple[str, str], set[Cell]] = defaultdict(set)
    for row in judged:
        cells[row.piece.change.change_id, row.rule_id].update(row.piece.cells)
    frame = gpd.read_parquet(work / "judged.parquet")
    found = []
    for key, rows in frame.groupby(["change_id", "rule_id"]):
        shape = shapely.union_all(rows.geometry.to_numpy())
        wanted = cells.get(key, set())
        centres = shapely.points(np.array(sorted(wanted) or [(-9, -9)]) + ORIGIN + 0.5)
        inside = int(shapely.contains(shape, centres).sum()) if wanted else 0
        if inside != len(wanted) or abs(shape.area - len(wanted)) > 1e-6:
            found.append(f"ground of {key}: {len(wanted)} cells, {inside} in {shape.area} m²")
    return found


def _coverage(world: World, judged: list[Judged], work: Path) -> list[str]:
    """Compare what each approval covers of each change; its blocks are one ground."""
    ground: dict[tuple[object, ...], set[object]] = defaultdict(set)
    for change in {row.piece.change for row in judged}:
        for paper in world.approvals:
            dates = (paper.approved_on, paper.valid_from, paper.valid_until)
            key = (change.change_id, paper.approval_no, paper.kind, *dates)
            if paper.approval_no is not None:
                ground[key] |= change.shape.cells & paper.shape.cells
    wanted: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for key, cells in ground.items():
        if cells:
            wanted[key[:3]].append(len(cells) * 10_000)
    came: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for row in pd.read_parquet(work / "coverage.parquet").to_dict("records"):
        key = (row["change_id"], row["approval_no"], row["approval_kind"])
        came[key].append(_units_of(row["area_m2"]))
    return [
        f"coverage {key}: contract {wanted[key]}, product {came[key]}"
        for key in sorted(set(wanted) | set(came))
        if sorted(wanted[key]) != sorted(came[key])
    ]


def _told(columns: tuple[str, ...], key: tuple[object, ...]) -> dict[str, object]:
    return {name: v for name, v in zip(columns, key, strict=True) if v is not None}


def _changes(expected: Expected, work: Path) -> list[str]:
    table = pd.read_parquet(work / "change_results.parquet").set_index("change_id")
    found = [f"change rows: {set(table.index) ^ set(expected.changes)}"] if (
        set(table.index) != set(expected.changes)
    ) else []  # fmt: skip
    for change_id in sorted(set(table.index) & set(expected.changes)):
        came = table.loc[change_id]
        for name, want in expected.changes[change_id].items():
            have = _units_of(came[name]) if name.endswith("_m2") else _plain(came[name])
            if have != want and not (isinstance(want, set) and have in want):
                found.append(f"change {change_id} {name}: contract {want}, product {have}")
    return found


def _units(label: str, units: list[Unit], path: Path, key: str | None) -> list[str]:
    table = pd.read_parquet(path)
    keys = list(table[key]) if key else ["county"]
    wanted = [unit.key for unit in units]
    found = []
    if keys != wanted:
        found.append(f"{label} in order: contract {wanted}, product {keys}")
    for unit in units:
        if unit.key not in keys:
            continue
        came = table.iloc[keys.index(unit.key)]
        for name, want in unit.figures.items():
            if name in NOT_COMPARED:
                continue
            have = _units_of(came[name]) if name.endswith("_m2") else _plain(came[name])
            if not _same(have, want):
                found.append(f"{label} {unit.key} {name}: contract {want}, product {have}")
    return found


def _same(have: object, want: object) -> bool:
    if isinstance(want, Fraction):
        return have is not None and abs(have - want) < Fraction(1, 10**12)
    return have == want and type(have) is type(want)
