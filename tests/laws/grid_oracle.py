"""The contract of an inspection, once more, slowly, on square metres counted one by one.

It shares no line with the product: no geometry library, no data frame, no float. Where the
product cuts polygons, this asks every cell.
"""

from dataclasses import dataclass

from tests.laws.grid_ground import UNITS, Piece, by_change, pieces
from tests.laws.grid_measures import (
    COUNTY,
    NO_OFFICE,
    Unit,
    measure,
    rank,
    reclaimed,
    regularised,
)
from tests.laws.grid_verdicts import DOUBTFUL, ILLEGAL, LEGAL, OTHER, Judged, judge
from tests.laws.world import World


@dataclass
class Expected:
    """What the product's tables must hold; areas in booking units, ratios as fractions."""

    judged: list[Judged]
    changes: dict[str, dict[str, object]]
    townships: list[Unit]
    offices: list[Unit]
    county: Unit


def inspect(world: World) -> Expected:
    """Run the whole inspection on the grid."""
    judged = judge(world, pieces(world))
    took = reclaimed(world, judged)
    mended = regularised(world, judged, took)
    codes = [township.township_code for township in world.townships]
    office_of = {code: world.offices.get(code, NO_OFFICE) for code in codes}
    offices: dict[str, set[str]] = {}
    for code, office in office_of.items():
        offices.setdefault(office, set()).add(code)

    def measured(units: list[Unit]) -> list[Unit]:
        return rank([measure(world, unit, judged, took, mended) for unit in units])

    (county,) = measured([Unit(COUNTY, world.county_line, set(codes))])
    return Expected(
        judged,
        _change_rows(world, judged),
        measured([Unit(code, world.township_line, {code}) for code in codes]),
        measured([Unit(name, world.township_line, own) for name, own in offices.items()]),
        county,
    )


def _change_rows(world: World, judged: list[Judged]) -> dict[str, dict[str, object]]:
    rows = {}
    verdict_of = {id(row.piece): row for row in judged}
    for change_id, own in by_change(row.piece for row in judged).items():
        rows[change_id] = _change_row(world, own, [verdict_of[id(piece)] for piece in own])
    return rows


def _change_row(world: World, own: list[Piece], judged: list[Judged]) -> dict[str, object]:
    in_township: dict[str, int] = {}
    for piece in own:
        if piece.township_code is not None:
            code = piece.township_code
            in_township[code] = in_township.get(code, 0) + piece.area
    area = {
        verdict: sum(row.piece.area for row in judged if row.verdict == verdict)
        for verdict in (ILLEGAL, DOUBTFUL, LEGAL, OTHER)
    }
    verdict = next(name for name, units in area.items() if units)
    of_verdict = [row for row in judged if row.verdict == verdict]
    largest = max(row.piece.area for row in of_verdict)
    has_permanent = world.permanent_farmland is not None

    def farmland(rows: list[Judged], *, permanent: bool = False) -> int | None:
        if permanent and not has_permanent:
            return None
        return sum(
            row.piece.farmland
            for row in rows
            if row.piece.is_permanent_farmland or not permanent
        )

    illegal = [row for row in judged if row.verdict == ILLEGAL]
    return {
        "township_code": min(in_township, key=lambda code: (-in_township[code], code)),
        "area_m2": len(own[0].change.shape.cells) * UNITS,
        "farmland_m2": farmland(judged),
        "permanent_farmland_m2": farmland(judged, permanent=True),
        **{f"{name}_m2": units for name, units in area.items()},
        "illegal_farmland_m2": farmland(illegal),
        "illegal_permanent_farmland_m2": farmland(illegal, permanent=True),
        "verdict": verdict,
        # of pieces of the same size, either's rule
        "rule_id": {row.rule_id for row in of_verdict if row.piece.area == largest},
    }
