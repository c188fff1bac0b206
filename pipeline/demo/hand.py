"""Human decisions of the demo (人工认定、整改台账): what people wrote, and what counts of it."""

from datetime import date

from pipeline.demo.measure import Piece, Survey
from pipeline.demo.names import BARELY_OVER, BARELY_UNDER, SAVED, TOWNS
from pipeline.demo.plain import Planter
from pipeline.demo.record import Change, Rectification, Ruling
from pipeline.terms import DEMOLISHED_AND_RECLAIMED, Verdict

_INDEX = {plan.code: number for number, plan in enumerate(TOWNS)}
_FAR_OVER = _INDEX["990101100"]
_RULED_BY = "示例审核员"
_UNKNOWN_ID = "990101202499999"
Towns = tuple[int, ...]


def plant_hand(planter: Planter, survey: Survey) -> None:
    """Write the rulings, then the rectifications of what is still illegal after them."""
    plant_rulings(planter, survey)
    plant_rectifications(planter, Ledger(planter, survey))


def plant_rulings(planter: Planter, survey: Survey) -> None:
    """Overrule the machine here and there, in both directions."""
    planting = planter.planting
    of_rule: dict[str, list[Change]] = {}
    for change in planting.changes:
        rules = {cell.answer.rule for cell in change.cells}
        if len(rules) == 1 and change.parent_id is None:
            of_rule.setdefault(rules.pop(), []).append(change)

    def rule(of: str, verdict: Verdict, reason: str, day: date, towns: Towns = ()) -> Change:
        choice = sorted(of_rule[of], key=lambda change: change.town not in towns)
        of_rule[of].remove(choice[0])
        ruling = Ruling(choice[0].change_id, None, verdict, reason, _RULED_BY, day)
        planting.rulings.append(ruling)
        return choice[0]

    busy = tuple(_INDEX[f"990101{number}"] for number in (100, 104, 105, 107))
    rule("earth-moving", Verdict.OTHER, "现场为农田平整,未建设", date(2025, 1, 8))
    rule("rural-road", Verdict.OTHER, "农村道路,实测路面宽4.5米", date(2025, 1, 8))
    rule("rural-road", Verdict.ILLEGAL, "实测宽9米,不是农村道路", date(2025, 1, 9), busy)
    rule("undated", Verdict.LEGAL, "已核对批文原件,批准在先", date(2025, 2, 17))
    rule("supplied-not-converted", Verdict.ILLEGAL, "无农转用批文", date(2025, 2, 18), busy)
    found = rule("supplied-not-converted", Verdict.LEGAL, "已找到农转用批文", date(2025, 3, 3))
    overruled = Ruling(
        found.change_id,
        None,
        Verdict.ILLEGAL,
        "无农转用批文",
        _RULED_BY,
        date(2025, 1, 6),
        prevails=False,
    )
    calm = (_INDEX["990101109"], _INDEX["990101004"])
    rule("unapproved", Verdict.OTHER, "大棚膜反光,实地未变化", date(2025, 1, 20), calm)
    border = next(c for c in planting.changes if len({p.town for p in survey.pieces(c)}) == 2)
    code = TOWNS[border.town].code
    reason = "本镇一侧为晒场,未建设"
    planting.rulings += [
        overruled,
        Ruling(border.change_id, code, Verdict.OTHER, reason, _RULED_BY, date(2025, 2, 20)),
        Ruling(
            _UNKNOWN_ID,
            None,
            Verdict.LEGAL,
            "编号抄错",
            _RULED_BY,
            date(2025, 2, 1),
            prevails=False,
        ),
    ]
    planting.defect("rulings", _UNKNOWN_ID, "noted", "认定的图斑不存在")


def ruled(planter_rulings: list[Ruling], piece: Piece) -> Verdict | None:
    """Return the verdict that counts for a piece: a ruling's, else the planted one."""
    if piece.answer.verdict is None:
        return None
    mine = [r for r in planter_rulings if r.prevails and r.change_id == piece.change_id]
    here = [r for r in mine if r.township_code == TOWNS[piece.town].code]
    everywhere = [r for r in mine if r.township_code is None]
    for found in here + everywhere:
        return found.verdict
    return piece.answer.verdict


class Ledger:
    """Illegal farmland and denominators after the rulings, before rectification."""

    def __init__(self, planter: Planter, survey: Survey) -> None:
        self.legal = [0.0] * len(TOWNS)
        self.illegal = [0.0] * len(TOWNS)
        self.by_change: dict[tuple[int, str], float] = {}
        self.late: set[str] = set()
        self.reclaimed = [0.0] * len(TOWNS)
        for change in planter.planting.changes:
            for piece in survey.pieces(change):
                verdict = ruled(planter.planting.rulings, piece)
                if verdict is Verdict.LEGAL:
                    self.legal[piece.town] += piece.farmland_m2
                if verdict is Verdict.ILLEGAL:
                    self.illegal[piece.town] += piece.farmland_m2
                    key = piece.town, piece.change_id
                    self.by_change[key] = self.by_change.get(key, 0.0) + piece.farmland_m2
                    if piece.answer.regularised:
                        self.late.add(piece.change_id)

    def largest(self, town: int) -> list[tuple[str, float]]:
        """Return the town's own illegal changes that no paper mends, most farmland first."""
        shared = [change_id for _, change_id in self.by_change]
        found = [
            (change_id, area)
            for (number, change_id), area in self.by_change.items()
            if number == town and change_id not in self.late and shared.count(change_id) == 1
        ]
        return sorted(found, key=lambda entry: -entry[1])

    def needed(self, town: int, ratio: float) -> float:
        """Return what must be reclaimed for the net ratio to come to ``ratio``."""
        both = self.legal[town] + self.illegal[town]
        return (self.illegal[town] - ratio * both) / (1 - ratio) - self.reclaimed[town]


def plant_rectifications(planter: Planter, ledger: Ledger) -> None:
    """Write the rectification ledger: what helps, and what looks as if it did."""
    for change_id in sorted({change_id for _, change_id in ledger.by_change}):
        towns = [town for town, known in sorted(ledger.by_change) if known == change_id]
        if len(towns) == 2:  # noqa: PLR2004
            _across(planter, ledger, change_id, towns)
            break
    for code, ratio in ((SAVED, 0.0652), (BARELY_OVER, 0.080040), (BARELY_UNDER, 0.07963)):
        _reclaim_to(planter, ledger, _INDEX[code], ratio)
    (capped, held), (late, _), (seized, _), (unaccepted, _), (month, part) = ledger.largest(
        _FAR_OVER
    )[:5]
    _row(planter, capped, _FAR_OVER, round(held * 1.5, 2), date(2025, 3, 31), held)
    planter.planting.defect("rectifications", capped, "noted", "复耕面积大于违法占用耕地")
    _row(planter, late, _FAR_OVER, 400.0, date(2025, 4, 1), 0.0)
    _row(planter, seized, _FAR_OVER, 300.0, date(2025, 2, 11), 0.0, method="没收")
    _row(planter, unaccepted, _FAR_OVER, 250.0, None, 0.0)
    planter.planting.defect("rectifications", unaccepted, "noted", "未验收")
    half = round(part / 2, 2)
    _row(planter, month, _FAR_OVER, half, "2025年3月", half)
    _row(planter, _UNKNOWN_ID, 0, 120.0, date(2025, 1, 5), 0.0)
    planter.planting.defect("rectifications", _UNKNOWN_ID, "noted", "整改的图斑不存在")


def _across(planter: Planter, ledger: Ledger, change_id: str, towns: list[int]) -> None:
    """One row for a change in two towns: it is shared out by their illegal farmland."""
    held = [ledger.by_change[town, change_id] for town in towns]
    typed = round(sum(held) * 0.6, 2)
    for number, town in enumerate(towns):
        counted = typed * held[number] / sum(held)
        written = typed if number == 0 else 0.0
        _row(planter, change_id, town, written, date(2024, 12, 20), counted, scoped=False)
        ledger.reclaimed[town] += counted


def _reclaim_to(planter: Planter, ledger: Ledger, town: int, ratio: float) -> None:
    """Reclaim the largest violations until the town's net ratio is about ``ratio``."""
    needed = ledger.needed(town, ratio)
    for change_id, held in ledger.largest(town):
        typed = round(min(needed, held) - 0.005, 2)
        if typed < 1:
            return
        _row(planter, change_id, town, typed, date(2025, 3, 12), typed)
        needed -= typed
    raise RuntimeError(f"town {TOWNS[town].code}: too little to reclaim")


def _row(
    planter: Planter,
    change_id: str,
    town: int,
    typed_m2: float,
    accepted: str | date | None,
    counted_m2: float,
    *,
    method: str = DEMOLISHED_AND_RECLAIMED,
    scoped: bool | None = None,
) -> None:
    """Add a row; ``typed_m2`` 0 adds only what counts (a further town of a row already there)."""
    rows = planter.planting.rectifications
    code = TOWNS[town].code if scoped is None and len(rows) % 2 else None
    document = f"示验〔2025〕{len(rows) + 1}号"
    rows.append(
        Rectification(change_id, code, town, method, typed_m2, accepted, document, counted_m2)
    )
