"""Contract §3 and §4 on a grid: rectification, sums, exact ratios, the line, ranks."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction

from tests.laws.grid_ground import (
    UNITS,
    changes_outside,
    quarantined_changes,
    quarantined_references,
)
from tests.laws.grid_verdicts import DOUBTFUL, ILLEGAL, LEGAL, Judged
from tests.laws.three_valued import days, on_or_before
from tests.laws.world import Line, World

NO_OFFICE = "未列所"
COUNTY = "county"
Place = tuple[str, str]  # change_id, township_code


def reclaimed(world: World, judged: list[Judged]) -> dict[Place, int]:
    """Return Rd, the farmland demolished and reclaimed in time, by change and township."""
    left: dict[Place, int] = defaultdict(int)
    for row in judged:
        if row.verdict == ILLEGAL and row.act not in world.exempt_acts:
            left[row.piece.change.change_id, row.piece.township_code] += row.piece.farmland
    took: dict[Place, int] = defaultdict(int)
    anywhere: dict[str, int] = defaultdict(int)
    as_of = (world.as_of, world.as_of)
    for row in world.rectifications:
        if row.method != "拆除复耕" or not on_or_before(days(row.accepted_on), as_of):
            continue
        units = int(Fraction(row.farmland_m2) * UNITS)
        if row.township_code is None:
            anywhere[row.change_id] += units
        else:
            place = (row.change_id, row.township_code)
            took[place] += min(units, left[place])
            left[place] -= min(units, left[place])
    for change_id, units in anywhere.items():
        rest = {place: free for place, free in left.items() if place[0] == change_id}
        for place, share in largest_remainder(min(units, sum(rest.values())), rest).items():
            took[place] += share
    return took


def largest_remainder(total: int, weights: dict[Place, int]) -> dict[Place, int]:
    """Share out whole units in proportion; ties of remainders in key order."""
    whole = sum(weights.values())
    if whole == 0:
        return {}
    exact = {key: Fraction(total * weight, whole) for key, weight in weights.items()}
    shares = {key: int(value) for key, value in exact.items()}
    missing = total - sum(shares.values())
    for key in sorted(exact, key=lambda k: (shares[k] - exact[k], k))[:missing]:
        shares[key] += 1
    return shares


def regularised(world: World, judged: list[Judged], took: dict[Place, int]) -> dict[Place, int]:
    """Return Rr, illegal farmland approved later but in time, less what Rd took there."""
    total: dict[Place, int] = defaultdict(int)
    as_of = (world.as_of, world.as_of)
    for row in judged:
        if (
            row.rule_id == "approved-later"
            and row.verdict == ILLEGAL
            and row.act not in world.exempt_acts
            and on_or_before(days(row.approval.approved_on), as_of)
        ):
            total[row.piece.change.change_id, row.piece.township_code] += row.piece.farmland
    return {place: max(0, units - took.get(place, 0)) for place, units in total.items()}


@dataclass
class Unit:
    """A township, an office or the county: whole booking units, exact ratios."""

    key: str
    line: Line
    townships: set[str]
    figures: dict[str, object] = field(default_factory=dict)


def measure(
    world: World,
    unit: Unit,
    judged: list[Judged],
    took: dict[Place, int],
    mended: dict[Place, int],
) -> Unit:
    """Fill in every measure of contract §4 but the rank."""
    here = [row for row in judged if row.piece.township_code in unit.townships]
    illegal = [row for row in here if row.verdict == ILLEGAL]
    legal = [row for row in here if row.verdict == LEGAL]
    exempt = _farmland(row for row in illegal if row.act in world.exempt_acts)
    rd = sum(units for (_, code), units in took.items() if code in unit.townships)
    rr = sum(units for (_, code), units in mended.items() if code in unit.townships)
    x = _farmland(row for row in here if row.verdict == DOUBTFUL)
    new_construction = sum(row.piece.area for row in illegal + legal)
    new_farmland = _farmland(illegal + legal)
    n = _farmland(illegal) - exempt
    d = new_farmland if world.denominator == "new_farmland" else new_construction
    ratios = {
        "ratio_gross": _ratio(n, d),
        "ratio_numerator": _ratio(n - rd, d),
        "ratio_net": _ratio(n - rd, d - rd),
        "ratio_with_regularised": _ratio(n - rd - rr, d - rd),
    }
    above, below = {
        "ratio_gross": (n, d),
        "ratio_numerator": (n - rd, d),
        "ratio_net": (n - rd, d - rd),
    }[world.official]
    official = ratios[world.official]
    over = official is not None and is_over(official, unit.line)
    unit.figures = {
        "change_count": len({row.piece.change.change_id for row in here}),
        "illegal_count": len({row.piece.change.change_id for row in illegal}),
        "area_m2": sum(row.piece.area for row in here),
        "new_construction_m2": new_construction,
        "legal_farmland_m2": _farmland(legal),
        "illegal_farmland_m2": _farmland(illegal),
        "doubtful_farmland_m2": x,
        "new_farmland_m2": new_farmland,
        "illegal_permanent_farmland_m2": (
            None
            if world.permanent_farmland is None
            else _farmland(row for row in illegal if row.piece.is_permanent_farmland)
        ),
        "reclaimed_farmland_m2": rd,
        "regularised_farmland_m2": rr,
        "exempt_farmland_m2": exempt,
        **ratios,
        "ratio_low": _ratio(above, below + x),
        "ratio_high": _ratio(above + x, below + x),
        "is_accountable": over,
        "reclaim_to_line_m2": _to_line(official, above, below, unit.line, world.official),
        "official": official,
        "quarantined_count": _quarantined(world, unit),
    }
    return unit


def _quarantined(world: World, unit: Unit) -> int:
    """Count the records in quarantine that lie in a unit, each once; the county has them all."""
    shapes = quarantined_references(world)
    shapes += [change.shape for change in quarantined_changes(world)]
    if unit.key == COUNTY:
        return len(shapes) + len(changes_outside(world))
    ground = {
        cell
        for township in world.townships
        if township.township_code in unit.townships
        for cell in township.shape.cells
    }
    return sum(not ground.isdisjoint(shape.cells) for shape in shapes)


def _farmland(rows: Iterable[Judged]) -> int:
    return sum(row.piece.farmland for row in rows)


def _ratio(above: int, below: int) -> Fraction | None:
    return Fraction(above, below) if below > 0 else None


def is_over(ratio: Fraction, line: Line) -> bool:
    """Compare exactly with the decimal that the config writes."""
    at = Fraction(line.ratio)
    return ratio > at if line.comparison == ">" else ratio >= at


def _to_line(
    official: Fraction | None, above: int, below: int, line: Line, kind: str
) -> int | None:
    """Return the least further farmland to reclaim that ends accountability."""
    if official is None or kind == "ratio_gross":
        return None
    if not is_over(official, line):
        return 0
    at = Fraction(line.ratio)
    exact = above - at * below
    if kind == "ratio_net":
        exact /= 1 - at
    whole = exact.numerator // exact.denominator
    least = whole + 1 if line.comparison == ">=" or whole < exact else whole
    return min(least, above)  # with nothing left there is no ratio to be over the line


def rank(units: list[Unit]) -> list[Unit]:
    """Return the units, the highest official ratio first; equal ones share a rank."""
    with_ratio = [u for u in units if u.figures["official"] is not None]
    for unit in units:
        own = unit.figures["official"]
        unit.figures["rank"] = (
            None if own is None else 1 + sum(u.figures["official"] > own for u in with_ratio)
        )
    return sorted(
        units, key=lambda u: (u.figures["rank"] is None, u.figures["rank"] or 0, u.key)
    )
