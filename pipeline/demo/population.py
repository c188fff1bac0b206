"""How many changes of which kind each town gets (布设数量), so that its ratio comes out."""

from collections.abc import Iterable, Mapping

import numpy as np

from pipeline.demo.composite import COMPOSITES
from pipeline.demo.measure import Survey
from pipeline.demo.names import AT_THE_LINE, NO_FARMLAND, TOWNS
from pipeline.demo.plain import Planter
from pipeline.demo.record import Change
from pipeline.demo.situations import CALM, ILLEGAL, WITHOUT_FARMLAND
from pipeline.terms import Verdict

_ILLEGAL_SHARE = 0.21  # of a town's changes
_WILD_SHARE = 0.35  # of its illegal ones, on ground that is no farmland
_FILLED = 0.82  # of a plot is built on, on average
_BARE = (AT_THE_LINE, NO_FARMLAND)
# Towns with enough legal farmland to carry composite cases without leaving their figure.
_BUSY = (
    "990101100", "990101104", "990101105", "990101101", "990101107", "990101102",
    "990101100", "990101004", "990101104", "990101002", "990101101", "990101107",
)  # fmt: skip


def populate(planter: Planter, survey: Survey) -> None:
    """Plant the ordinary changes of every town."""
    composites = _dealt(planter, {name: count for name, (_, count) in COMPOSITES.items()})
    calm = _dealt(planter, dict.fromkeys(CALM, 2))
    wrong = _dealt(planter, dict.fromkeys(ILLEGAL, 2))
    for number, plan in enumerate(TOWNS):
        if plan.code in _BARE:
            for name in _drawn(planter, WITHOUT_FARMLAND, plan.change_count, []):
                planter.plain(name, number)
            continue
        here = composites.get(plan.code, [])
        first = len(planter.planting.changes)
        illegal = round(plan.change_count * _ILLEGAL_SHARE) if plan.illegal_ratio else 0
        count = plan.change_count - illegal - len(here)
        for name in _drawn(planter, CALM, count, calm.get(plan.code, [])):
            planter.plain(name, number)
        for name in here:
            COMPOSITES[name][0](planter, number)
        wild = round(illegal * _WILD_SHARE)
        for _ in range(wild):
            planter.plain("unapproved-wild", number)
        if illegal:
            _make_room(planter, survey, number, planter.planting.changes[first:])
        names = _drawn(planter, ILLEGAL, illegal - wild, wrong.get(plan.code, []))
        _plant_illegal(planter, survey, number, names, planter.planting.changes[first:])


def _dealt(planter: Planter, counts: dict[str, int]) -> dict[str, list[str]]:
    """Return cases that must occur, dealt out to the busy towns: so many of each."""
    names = [name for name, count in counts.items() for _ in range(count)]
    found: dict[str, list[str]] = {}
    for place, row in enumerate(planter.rng.permutation(len(names))):
        found.setdefault(_BUSY[place % len(_BUSY)], []).append(names[row])
    return found


def _drawn(
    planter: Planter, weights: Mapping[str, float], count: int, first: list[str]
) -> list[str]:
    """Return ``first`` and as many cases drawn by weight as make up ``count``."""
    weight = np.array(list(weights.values()), dtype=float)
    more = planter.rng.choice(
        list(weights), max(count - len(first), 0), p=weight / weight.sum()
    )
    return first + [str(name) for name in more]


def farmland(survey: Survey, changes: Iterable[Change]) -> tuple[float, float]:
    """Return the legal and the illegal farmland of changes, m²."""
    held = {Verdict.LEGAL: 0.0, Verdict.ILLEGAL: 0.0}
    for change in changes:
        for piece in survey.pieces(change):
            if piece.answer.verdict in held:
                held[piece.answer.verdict] += piece.farmland_m2
    return held[Verdict.LEGAL], held[Verdict.ILLEGAL]


def _make_room(planter: Planter, survey: Survey, number: int, earlier: list[Change]) -> None:
    """Plant more legal changes until the composite ones leave room for plain illegal ones."""
    legal, illegal = farmland(survey, earlier)
    while illegal > 0.6 * TOWNS[number].illegal_ratio * (legal + illegal):
        legal += farmland(survey, [planter.plain("supplied", number, 7_500.0)])[0]


def _plant_illegal(
    planter: Planter, survey: Survey, number: int, names: list[str], earlier: list[Change]
) -> None:
    """Plant illegal changes, sized so that the town comes to its planned ratio."""
    legal, illegal = farmland(survey, earlier)
    planned = TOWNS[number].illegal_ratio
    wanted = legal * planned / (1 - planned) - illegal
    for row, name in enumerate(names):
        left = len(names) - row
        share = float(planter.rng.uniform(0.55, 1.45)) if left > 1 else 1.0
        size = max(wanted / left * share / _FILLED, 60.0)
        change = planter.plain(name, number, min(size, 16_000.0))
        wanted -= farmland(survey, [change])[1]
