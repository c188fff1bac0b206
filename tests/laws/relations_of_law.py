"""What the law says of any county (任何一个县都成立的关系)."""

import random
import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

from tests.laws.calm import counted_cells
from tests.laws.inspected import UNITS, Look, Seen, assert_equal, rerun
from tests.laws.world import Line, Rectification, World

_UNITS_OF = ("township_ranking", "office_ranking", "county_result")


def bounds(look: Look, world: World, _dice: random.Random) -> None:
    """0 ≤ illegal ≤ occupied ≤ area; all that counts is the union of the changes."""
    seen = look(world)
    rising = ("illegal_farmland_m2", "new_farmland_m2", "new_construction_m2", "area_m2")
    for table in _UNITS_OF:
        columns = [seen.of(table, name) for name in rising]
        for key in columns[0]:
            figures = [column[key] for column in columns]
            assert figures == sorted(figures)
            assert figures[0] >= 0
            for ratio in ("ratio_low", "ratio_high", "ratio_gross", "ratio_net"):
                assert 0 <= (seen.of(table, ratio)[key] or 0) <= 1
    pieces = seen.table("judged")
    counted = pieces[pieces["counted_in"].isna() & pieces["township_code"].notna()]
    assert round(counted["area_m2"].sum() * UNITS) == counted_cells(world) * UNITS


def nothing_approved(look: Look, world: World, _dice: random.Random) -> None:
    """Without approvals and rulings, all that is occupied is illegal."""
    seen = look(replace(world, approvals=[], rulings=[]))
    for table in _UNITS_OF:
        assert seen.of(table, "illegal_farmland_m2") == seen.of(table, "new_farmland_m2")
        assert not any(seen.of(table, "legal_farmland_m2").values())


def _rectified(world: World, seen: Seen, share: Decimal) -> World:
    """Return the world with a share of each change's illegal farmland reclaimed."""
    rows = [
        Rectification(key, None, "拆除复耕", f"{share * units / UNITS:.4f}", "2024-09-30")
        for key, units in seen.of("change_results", "illegal_farmland_m2").items()
        if units
    ]
    return replace(world, rectifications=rows)


def everything_reclaimed(look: Look, world: World, _dice: random.Random) -> None:
    """All illegal farmland reclaimed: nothing is left, and before is as before."""
    bare = look(replace(world, rectifications=[]))
    seen = look(_rectified(world, bare, Decimal(2)))  # more than there is counts as all of it
    for table in _UNITS_OF:
        assert seen.of(table, "ratio_gross") == bare.of(table, "ratio_gross")
        assert seen.of(table, "reclaimed_farmland_m2") == bare.of(table, "illegal_farmland_m2")
        legal = seen.of(table, "legal_farmland_m2")
        for key, ratio in seen.of(table, "ratio_net").items():
            # what is divided by is gone as well where nothing was legal
            assert ratio == (0 if legal[key] else None) or (
                world.denominator == "new_construction" and not ratio
            )
        assert not any(seen.of(table, "ratio_numerator").values())


def more_reclaimed(look: Look, world: World, dice: random.Random) -> None:
    """Reclaiming more never raises a ratio after it."""
    bare = look(replace(world, rectifications=[]))
    shares = sorted(Decimal(dice.randint(0, 100)) / 100 for _ in range(2))
    less, more = (look(_rectified(world, bare, share)) for share in shares)
    for table in _UNITS_OF:
        for name in ("ratio_numerator", "ratio_net"):
            before, after = less.of(table, name), more.of(table, name)
            assert [key for key in after if after[key] and after[key] > before[key]] == []


def line_raised(look: Look, world: World, dice: random.Random) -> None:
    """The higher the line, the fewer are over it; nothing else moves but what it touches."""
    percents = sorted(dice.sample(range(1, 99), 2))
    low, high = (
        look(replace(world, township_line=Line(Decimal(p) / 100, world.township_line.comparison)))
        for p in percents
    )  # fmt: skip
    of_the_line = {"is_accountable", "reclaim_to_line_m2"}
    for table in ("township_ranking", "office_ranking"):
        before, after = (seen.of(table, "is_accountable") for seen in (low, high))
        assert {key for key in after if after[key]} <= {key for key in before if before[key]}
    rest = (
        {k: v for k, v in s.figures.items() if k[2] not in of_the_line} for s in (low, high)
    )
    assert_equal(*rest)


def run_twice(look: Look, world: World, _dice: random.Random) -> None:
    """A second run makes nothing anew; one from the same files elsewhere makes the same."""
    seen = look(world)
    before = seen.hashes
    assert rerun(seen.config) == []
    assert seen.hashes == before
    elsewhere = Path(shutil.copytree(seen.config.parent, seen.config.parent / "再 一 次"))
    shutil.rmtree(elsewhere / "workspace")
    rerun(elsewhere / seen.config.name)
    assert Seen(elsewhere / seen.config.name).hashes == before


RELATIONS = (
    bounds, nothing_approved, everything_reclaimed, more_reclaimed, line_raised, run_twice,
)  # fmt: skip
