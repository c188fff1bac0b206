"""Human decisions of the demo (人工认定): what people found on the ground, and which counts."""

from collections.abc import Sequence
from datetime import date

from pipeline.demo.ground import NoRoomError
from pipeline.demo.measure import Piece
from pipeline.demo.names import INDEX_OF, TOWNS
from pipeline.demo.record import Change, Planting, Ruling
from pipeline.terms import Verdict

_RULED_BY = "示例审核员"
UNKNOWN_ID = "990101202499999"  # of no change: a slip of the pen in a ledger
# Rulings that make land illegal go where the planned ratio is settled by reclamation anyhow.
_STEERED = tuple(INDEX_OF[f"990101{number}"] for number in (100, 104, 105, 107))
_CALM = (INDEX_OF["990101109"], INDEX_OF["990101004"])


class _Office:
    """Rules on the changes that a given rule of the machine decided, one after the other."""

    def __init__(self, planting: Planting) -> None:
        self.planting = planting
        self._decided: dict[str, list[Change]] = {}
        for change in planting.changes:
            rules = {cell.answer.rule for cell in change.cells}
            if len(rules) == 1 and change.parent_id is None:
                self._decided.setdefault(rules.pop(), []).append(change)

    def rule(
        self, of: str, verdict: Verdict, reason: str, day: date, towns: tuple[int, ...] = ()
    ) -> Change:
        """Rule on the next change decided by rule ``of``, in ``towns`` where there is one."""
        change = min(self._decided[of], key=lambda change: change.town not in towns)
        self._decided[of].remove(change)
        self.write(change.change_id, verdict, reason, day)
        return change

    def write(
        self,
        change_id: str,
        verdict: Verdict,
        reason: str,
        day: date,
        *,
        code: str | None = None,
        prevails: bool = True,
    ) -> None:
        """Write a ruling down."""
        ruling = Ruling(change_id, code, verdict, reason, _RULED_BY, day, prevails)
        self.planting.rulings.append(ruling)


def plant_rulings(planting: Planting, pieces: Sequence[Piece]) -> None:
    """Overrule the machine here and there, in both directions."""
    office = _Office(planting)
    office.rule("earth-moving", Verdict.OTHER, "现场为农田平整,未建设", date(2025, 1, 8))
    office.rule("rural-road", Verdict.OTHER, "农村道路,实测路面宽4.5米", date(2025, 1, 8))
    office.rule(
        "rural-road", Verdict.ILLEGAL, "实测宽9米,不是农村道路", date(2025, 1, 9), _STEERED
    )
    office.rule("undated", Verdict.LEGAL, "已核对批文原件,批准在先", date(2025, 2, 17))
    office.rule("unapproved", Verdict.OTHER, "大棚膜反光,实地未变化", date(2025, 1, 20), _CALM)
    missing = "供地前未办农转用"
    unconverted = "supplied-not-converted"
    office.rule(unconverted, Verdict.ILLEGAL, missing, date(2025, 2, 18), _STEERED)
    found = office.rule(unconverted, Verdict.LEGAL, "已找到农转用批文", date(2025, 3, 3))
    earlier = date(2025, 1, 6)  # the same office, before the paper was found
    office.write(found.change_id, Verdict.ILLEGAL, missing, earlier, prevails=False)
    change_id, town = _astride(pieces)
    code = TOWNS[town].code
    office.write(
        change_id, Verdict.OTHER, "本镇一侧为晒场,未建设", date(2025, 2, 20), code=code
    )
    office.write(UNKNOWN_ID, Verdict.LEGAL, "编号抄错", date(2025, 2, 1), prevails=False)
    planting.defect("rulings", UNKNOWN_ID, "noted", "认定的图斑不存在")


def _astride(pieces: Sequence[Piece]) -> tuple[str, int]:
    """Return the first change that lies in two towns, and the first of them."""
    seen: dict[str, int] = {}
    for piece in pieces:
        if seen.setdefault(piece.change_id, piece.town) != piece.town:
            return piece.change_id, seen[piece.change_id]
    raise NoRoomError("no change lies astride two towns")


def ruled(rulings: Sequence[Ruling], piece: Piece) -> Verdict | None:
    """Return the verdict that counts for a piece: a ruling's, else the planted one."""
    if piece.answer.verdict is None:
        return None
    mine = [r for r in rulings if r.prevails and r.change_id == piece.change_id]
    here = [r for r in mine if r.township_code == TOWNS[piece.town].code]
    everywhere = [r for r in mine if r.township_code is None]
    return next((r.verdict for r in here + everywhere), piece.answer.verdict)
