"""Worlds in which a township stands exactly on its line, or one booking unit beside it."""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

from tests.laws.grid_ground import UNITS
from tests.laws.grid_oracle import inspect
from tests.laws.grid_verdicts import ILLEGAL
from tests.laws.world import Line, Rectification, World


def on_the_line(world: World, dice: random.Random) -> World:
    """Return the world with just so much reclaimed that one township is on the line.

    The same world where no township and no line of whole per cent can be made to meet.
    """
    bare = replace(world, rectifications=[])
    choices = list(_choices(bare))
    if not choices:
        return world
    code, at, units = dice.choice(choices)
    units += dice.choice((0, 0, 0, 1, -1))
    line = Line(at, dice.choice((">", ">=")))
    return replace(
        world, township_line=line, rectifications=_reclaimed(bare, code, max(units, 0))
    )


def _choices(bare: World) -> Iterator[tuple[str, Decimal, int]]:
    """Yield township, line and the units to reclaim that bring it on this line."""
    for unit in inspect(bare).townships:
        figures = unit.figures
        n = figures["illegal_farmland_m2"] - figures["exempt_farmland_m2"]
        official = figures["official"]
        if not official:
            continue
        d = Fraction(n) / official
        for percent in range(1, 100):
            at = Fraction(percent, 100)
            units = n - at * d
            if bare.official == "ratio_net":
                units /= 1 - at
            elif bare.official == "ratio_gross":
                units = abs(units)  # only a ratio that happens to be whole per cent will do
            wanted = units == 0 if bare.official == "ratio_gross" else 0 <= units < n
            if wanted and units.denominator == 1:
                yield unit.key, Decimal(percent) / 100, int(units)


def _reclaimed(bare: World, code: str, units: int) -> list[Rectification]:
    """Return rows that reclaim so many units in one township, change by change."""
    room: dict[str, int] = defaultdict(int)
    for row in inspect(bare).judged:
        here = row.piece.township_code == code and row.act not in bare.exempt_acts
        if here and row.verdict == ILLEGAL:
            room[row.piece.change.change_id] += row.piece.farmland
    rows = []
    for change_id, most in room.items():
        own = min(most, units)
        units -= own
        if own:
            area = f"{Decimal(own) / UNITS:.4f}"
            rows.append(Rectification(change_id, code, "拆除复耕", area, "2025-03-31"))
    return rows
