"""Townships built out of whole booking units to stand on their line, or beside it (线上乡镇).

A line of p/q needs p·k units of illegal farmland left and q·k to divide by. ``beside`` is how
many units the first has more (or less). What must be said of it is known before any float.

::

    N0 = left + reclaimed             D0 = q·k (+ reclaimed, where the official ratio is net)
    ├─ illegal changes ──────┤├─ legal changes ─────────────────────────────────────────┤
    └─ reclaimed ┘
"""

import random
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

import pandas as pd

from pipeline.rules.settings import AccountabilitySettings, Line
from pipeline.schema.conform import conform
from pipeline.schema.derived import JUDGED
from pipeline.schema.received import OFFICES, RECTIFICATIONS
from pipeline.schema.table import Table
from pipeline.stages.aggregate import aggregate
from pipeline.stages.rank import rank
from pipeline.stages.rectify import rectify
from pipeline.terms import OfficialRatio
from tests.pieces import DEFAULT, accountability, piece

CENT = 100  # booking units in 0.01 m²
BESIDE = (0, CENT, -CENT, 1, -1)  # on the line, 0.01 m² off it, 0.0001 m² off it
LINES = {"0.08": (2, 25), "0.15": (3, 20)}
LARGEST = 11_000  # k in cents: no township has more than some 3,000 m² of farmland to divide by


@dataclass(frozen=True)
class Town:
    """A township: its changes in booking units, what was reclaimed of the first, the truth."""

    code: str
    illegal: tuple[int, ...]
    legal: tuple[int, ...]
    reclaimed: int
    beside: int

    def is_over(self, comparison: str) -> bool:
        """Tell whether it is over its line: nothing but the sign of what was built in."""
        return self.beside >= 0 if comparison == ">=" else self.beside > 0


def towns(
    count: int, line: str, official: OfficialRatio, dice: random.Random, besides=BESIDE
) -> list[Town]:
    """Return so many townships, as many on the line as each way beside it."""
    return [
        _town(f"99{number:07d}", besides[number % len(besides)], LINES[line], official, dice)
        for number in range(count)
    ]


def _town(
    code: str,
    beside: int,
    line: tuple[int, int],
    official: OfficialRatio,
    dice: random.Random,
) -> Town:
    k = dice.randint(30, LARGEST) * CENT
    left, occupied = line[0] * k + beside, line[1] * k
    reclaimed = 0 if official is OfficialRatio.GROSS else dice.randint(0, 2 * left)
    illegal = left + reclaimed
    if official is OfficialRatio.NET:
        occupied += reclaimed
    reclaimed = min(reclaimed, illegal)
    return Town(
        code,
        _divided(illegal, dice.randint(1, 4), dice),
        _divided(occupied - illegal, dice.randint(1, 4), dice),
        reclaimed,
        beside,
    )


def _divided(units: int, parts: int, dice: random.Random) -> tuple[int, ...]:
    """Return whole cents that add up to it, and what is no whole cent in the last."""
    cuts = sorted(dice.randrange(1, units // CENT) * CENT for _ in range(parts - 1))
    ends = [0, *dict.fromkeys(cuts), units]
    return tuple(b - a for a, b in pairwise(ends))


def changes_of(town: Town) -> list[tuple[str, str, int]]:
    """Return id, verdict and booking units of each of its changes."""
    return [
        (f"{town.code}-{number:02d}", verdict, units)
        for number, (verdict, units) in enumerate(
            [
                *(("illegal", units) for units in town.illegal),
                *(("legal", units) for units in town.legal),
            ],
        )
    ]


def reclaimed_of(town: Town) -> list[tuple[str, int]]:
    """Return what was reclaimed of which of its changes."""
    rows, units = [], town.reclaimed
    for change_id, verdict, most in changes_of(town):
        own = min(most, units) if verdict == "illegal" else 0
        units -= own
        if own:
            rows.append((change_id, own))
    return rows


def judged(made: list[Town], dice: random.Random) -> pd.DataFrame:
    """Return their pieces, one a change, judged, in any order."""
    rows = [
        (town.code, change_id, verdict, units / 10_000)
        for town in made
        for change_id, verdict, units in changes_of(town)
    ]
    codes, ids, verdicts, areas = zip(*dice.sample(rows, len(rows)), strict=True)
    columns = piece() | {
        "piece_id": ids,
        "change_id": ids,
        "township_code": codes,
        "area_m2": areas,
        "farmland_m2": areas,
        "proposed_verdict": verdicts,
        "verdict": verdicts,
        "rule_id": verdicts,
        "is_regularised": False,
    }
    return _table(JUDGED, columns, len(ids))


def rectifications(made: list[Town], dice: random.Random) -> pd.DataFrame:
    """Return the ledger of what was reclaimed, in any order."""
    rows = [row for town in made for row in reclaimed_of(town)]
    rows = dice.sample(rows, len(rows))
    day = pd.Timestamp("2025-03-31").date()
    columns = {
        "change_id": [change_id for change_id, _ in rows],
        "farmland_m2": [units / 10_000 for _, units in rows],
        "method": "拆除复耕",
        "accepted_earliest": day,
        "accepted_latest": day,
    }
    return _table(RECTIFICATIONS, columns, len(rows))


def settings(line: str, official: OfficialRatio, comparison: str) -> AccountabilitySettings:
    """Return what these townships are held against."""
    township = Line(ratio=Decimal(line), comparison=comparison, basis="责任状")
    return accountability().model_copy(update={"official": official, "township": township})


def ranked(made: list[Town], held: AccountabilitySettings, dice: random.Random) -> pd.DataFrame:
    """Return the townships through the stages from the judged pieces to the ranking."""
    pieces = judged(made, dice)
    done = rectify(pieces, rectifications(made, dice), accountability=held)
    # now and then what was reclaimed is 0.0015 of the whole, by chance
    assert {found.code for found in done.findings} <= {"area-in-mu"}
    codes = [town.code for town in dice.sample(made, len(made))]
    sums = aggregate(
        pieces,
        done.rectified,
        pd.DataFrame({"township_code": codes, "township_name": codes}),
        _table(OFFICES, {}, 0),
        _table(RECTIFICATIONS, {}, 0).assign(quarantine_no=""),
        pack=DEFAULT,
        accountability=held,
        has_permanent_farmland=False,
    )
    made_of = sums.townships, sums.offices, sums.county
    return rank(
        *made_of, county_code="990000", county_name="线上县", accountability=held
    ).townships


def wrong(made: list[Town], townships: pd.DataFrame, comparison: str) -> list[Town]:
    """Return the townships of which something else is said than what was built in."""
    said = dict(zip(townships["township_code"], townships["is_accountable"], strict=True))
    assert sorted(said) == [town.code for town in made]
    return [town for town in made if said[town.code] != town.is_over(comparison)]


def _table(table: Table, columns: dict[str, object], count: int) -> pd.DataFrame:
    named = {name: columns.get(name) for name in table.names}
    return conform(pd.DataFrame(named, index=range(count)), table)
