"""The rectification ledger of the demo (整改台账): what helps, and what only looks as if it did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.demo.ground import NoRoomError
from pipeline.demo.measure import Piece
from pipeline.demo.names import BARELY_OVER, BARELY_UNDER, INDEX_OF, SAVED, TOWNS
from pipeline.demo.record import Planting, Rectification
from pipeline.demo.rulings import UNKNOWN_ID, ruled
from pipeline.terms import DEMOLISHED_AND_RECLAIMED, Verdict

_FAR_OVER = INDEX_OF["990101100"]
# The net ratios that three towns are brought to; the second still prints as 8.00 %.
_BROUGHT_TO = ((SAVED, 0.0652), (BARELY_OVER, 0.080040), (BARELY_UNDER, 0.07963))


@dataclass(frozen=True)
class _Claim:
    """What a row claims and what of it counts, m²; ``claimed`` 0 is no row of its own."""

    claimed_m2: float
    counted_m2: float
    accepted: str | date | None
    method: str = DEMOLISHED_AND_RECLAIMED


class _Ledger:
    """Illegal farmland by change after the rulings, and the rows written so far."""

    def __init__(self, planting: Planting, pieces: Sequence[Piece]) -> None:
        self.planting = planting
        self.legal = [0.0] * len(TOWNS)
        self.illegal = [0.0] * len(TOWNS)
        self.reclaimed = [0.0] * len(TOWNS)
        self.held: dict[tuple[str, int], float] = {}
        self.mended: set[str] = set()  # approved in the end: left out of the demolitions
        for piece in pieces:
            verdict = ruled(planting.rulings, piece)
            if verdict is Verdict.LEGAL:
                self.legal[piece.town] += piece.farmland_m2
            if verdict is Verdict.ILLEGAL:
                key = piece.change_id, piece.town
                self.illegal[piece.town] += piece.farmland_m2
                self.held[key] = self.held.get(key, 0.0) + piece.farmland_m2
                self.mended |= {piece.change_id} if piece.answer.regularised else set()

    def towns_of(self, change_id: str) -> list[int]:
        """Return the towns where a change has illegal farmland."""
        return [town for known, town in sorted(self.held) if known == change_id]

    def largest(self, town: int) -> list[tuple[str, float]]:
        """Return the town's own illegal changes that no paper mends, most farmland first."""
        found = [
            (change_id, area)
            for (change_id, number), area in self.held.items()
            if number == town
            and change_id not in self.mended
            and len(self.towns_of(change_id)) == 1
        ]
        return sorted(found, key=lambda entry: -entry[1])

    def needed(self, town: int, ratio: float) -> float:
        """Return what is still to be reclaimed for the net ratio to come to ``ratio``."""
        both = self.legal[town] + self.illegal[town]
        return (self.illegal[town] - ratio * both) / (1 - ratio) - self.reclaimed[town]

    def write(self, change_id: str, town: int, claim: _Claim, *, scoped: bool = False) -> None:
        """Add a row, naming its town where ``scoped``."""
        rows = self.planting.rectifications
        rows.append(
            Rectification(
                change_id=change_id,
                township_code=TOWNS[town].code if scoped else None,
                town=town,
                method=claim.method,
                farmland_m2=claim.claimed_m2,
                accepted_on=claim.accepted,
                document=f"示验〔2025〕{len(rows) + 1}号",
                counted_m2=claim.counted_m2,
            )
        )
        self.reclaimed[town] += claim.counted_m2


def plant_rectifications(planting: Planting, pieces: Sequence[Piece]) -> None:
    """Write the rectification ledger."""
    ledger = _Ledger(planting, pieces)
    _across_towns(ledger)
    for code, ratio in _BROUGHT_TO:
        _reclaim_to(ledger, INDEX_OF[code], ratio)
    _plant_useless(ledger)


def _across_towns(ledger: _Ledger) -> None:
    """One row for a change in two towns: it is shared out by their illegal farmland."""
    shared = next(one for one, _ in sorted(ledger.held) if len(ledger.towns_of(one)) > 1)
    towns = ledger.towns_of(shared)
    held = [ledger.held[shared, town] for town in towns]
    claimed = round(sum(held) * 0.6, 2)
    for number, town in enumerate(towns):
        row = claimed if number == 0 else 0.0
        counted = claimed * held[number] / sum(held)
        ledger.write(shared, town, _Claim(row, counted, date(2024, 12, 20)))


def _reclaim_to(ledger: _Ledger, town: int, ratio: float) -> None:
    """Reclaim the largest violations until the town's net ratio is about ``ratio``."""
    for number, (change_id, held) in enumerate(ledger.largest(town)):
        claimed = round(min(ledger.needed(town, ratio), held) - 0.005, 2)
        if claimed < 1:
            return
        claim = _Claim(claimed, claimed, date(2025, 3, 12))
        ledger.write(change_id, town, claim, scoped=number % 2 == 0)
    raise NoRoomError(f"town {TOWNS[town].code}: too little to reclaim")


def _plant_useless(ledger: _Ledger) -> None:
    """Rows of the town far over: too much, too late, of another method, not accepted."""
    first, late, seized, unaccepted, month = (
        change for change, _ in ledger.largest(_FAR_OVER)[:5]
    )
    held = ledger.held[first, _FAR_OVER]
    half = round(ledger.held[month, _FAR_OVER] / 2, 2)
    in_time, say = date(2025, 3, 31), ledger.planting.defect
    ledger.write(first, _FAR_OVER, _Claim(round(held * 1.5, 2), held, in_time))
    say("rectifications", first, "noted", "复耕面积大于违法占用耕地")
    ledger.write(late, _FAR_OVER, _Claim(400.0, 0.0, date(2025, 4, 1)), scoped=True)
    ledger.write(seized, _FAR_OVER, _Claim(300.0, 0.0, in_time, "没收"))
    ledger.write(unaccepted, _FAR_OVER, _Claim(250.0, 0.0, None), scoped=True)
    say("rectifications", unaccepted, "noted", "未验收")
    ledger.write(month, _FAR_OVER, _Claim(half, half, "2025年3月"))
    ledger.write(UNKNOWN_ID, _FAR_OVER, _Claim(120.0, 0.0, in_time))
    say("rectifications", UNKNOWN_ID, "noted", "整改的图斑不存在")
