"""Contract §3 on a grid: the rule table walked for each piece, and rulings of people."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from tests.laws.grid_ground import Piece, by_change, in_force, is_construction
from tests.laws.three_valued import Truth, before, both, days, negation, on_or_before
from tests.laws.world import Approval, World

LEGAL, ILLEGAL, OTHER, DOUBTFUL = "legal", "illegal", "other", "doubtful"
NOT_CONSTRUCTION = {
    "1", "01", "2", "02", "3", "03", "4", "04", "SM", "KT", "SK", "HL", "GQ", "LT", "LY",
}  # fmt: skip
EARTH_MOVING = {"DT", "TD", "TP", "WL"}
KNOWN_TYPES = {
    *NOT_CONSTRUCTION,
    *EARTH_MOVING,
    "20",
    "YH",
    "DL1",
    "DL2",
    "DL3",
    "TL",
    "ND",
    "SJ",
    "CK",
    "YT",
    "LD",
    "GF",
    "QT",
    "GEF",
    "ZQC",
    "JC",
    "WH",
    "TH",
}  # fmt: skip  (domain.md 1.2)


class Rule(NamedTuple):
    rule_id: str
    truth: Truth
    verdict: str | None
    act: str | None = None
    approval: Approval | None = None


@dataclass
class Judged:
    piece: Piece
    rule_id: str
    proposed: str | None
    act: str | None
    approval: Approval | None
    ruled: str | None = None

    @property
    def verdict(self) -> str | None:
        return self.ruled or self.proposed

    @property
    def lacks_change_type(self) -> bool:
        """A type that is missing or in no list must be named as missing evidence."""
        decided_before = self.rule_id in {"outside", "counted-elsewhere"}
        return not decided_before and self.piece.change.change_type not in KNOWN_TYPES


def judge(world: World, all_pieces: list[Piece]) -> list[Judged]:
    """Return the proposed and the used verdict of every piece."""
    judged = []
    for own in by_change(all_pieces).values():
        # Which pieces are legal hangs on no other piece: a first walk finds them.
        some_legal = any(
            _propose(world, piece, some_legal=False).proposed == LEGAL for piece in own
        )
        judged += [_propose(world, piece, some_legal=some_legal) for piece in own]
    for row in judged:
        if row.rule_id not in {"outside", "counted-elsewhere"}:
            row.ruled = _ruled(world, row.piece)
    return judged


def _propose(world: World, piece: Piece, *, some_legal: bool) -> Judged:
    undecided: list[Rule] = []
    for rule in _rules(world, piece, some_legal=some_legal):
        if rule.truth is None:
            undecided.append(rule)
        if not rule.truth:
            continue
        for earlier in undecided:
            if earlier.verdict != rule.verdict:
                return Judged(piece, "undated", DOUBTFUL, None, earlier.approval)
        if rule.verdict == ILLEGAL and piece.touches_quarantine:
            return Judged(piece, "evidence-quarantined", DOUBTFUL, None, None)
        return Judged(piece, rule.rule_id, rule.verdict, rule.act, rule.approval)
    raise AssertionError("the last rule is always true")


def _rules(world: World, piece: Piece, *, some_legal: bool) -> Iterator[Rule]:
    after = days(piece.change.after_date)
    kind = piece.change.change_type
    of = piece.approvals.get
    conversion, supply, temporary = of("conversion"), of("supply"), of("temporary")
    converted = in_force(conversion, piece.change)
    has_supply_layer = "supply" in world.kinds
    supplied = on_or_before(days(supply.approved_on), after) if supply is not None else False
    bare = not piece.is_approved

    yield Rule("outside", piece.township_code is None, None)
    yield Rule("counted-elsewhere", piece.counted_in is not None, OTHER)
    yield Rule("not-construction", kind in NOT_CONSTRUCTION, OTHER)
    built = piece.parcel is not None and is_construction(piece.parcel.land_class)
    yield Rule("existing-construction", built, OTHER)
    done = both(converted, supplied) if has_supply_layer else converted
    yield Rule("approved-and-supplied", done, LEGAL, None, conversion)
    for rule_id, name, verdict in (
        ("linked-quota", "linked_quota", LEGAL),
        ("rural-housing", "rural_housing", LEGAL),
        ("advance", "advance", LEGAL),
        ("facility-agriculture", "facility_agriculture", OTHER),
        ("temporary-in-term", "temporary", OTHER),
    ):
        yield Rule(rule_id, in_force(of(name), piece.change), verdict, None, of(name))
    ended = (
        before(days(temporary.valid_until), after)
        if temporary is not None and temporary.valid_until is not None
        else False
    )
    yield Rule("temporary-expired", ended, ILLEGAL, "临时用地超期", temporary)
    yield Rule(
        "converted-not-supplied",
        both(converted, has_supply_layer, negation(supplied)),
        ILLEGAL,
        "未供先用",
        conversion,
    )
    later = before(after, days(conversion.approved_on)) if conversion is not None else False
    yield Rule("approved-later", later, ILLEGAL, "未批先建", conversion)
    yield Rule(
        "supplied-not-converted",
        supply is not None and conversion is None,
        DOUBTFUL,
        "缺农转用批文",
        supply,
    )
    yield Rule("rural-road", bare and kind == "ND", DOUBTFUL, "农村道路待核宽度")
    yield Rule("sliver", bare and some_legal and _is_thin(world, piece), OTHER, "边角细缝")
    yield Rule("earth-moving", bare and kind in EARTH_MOVING, DOUBTFUL, "动土")
    yield Rule("over-extent", bare and some_legal, ILLEGAL, "批少占多")
    yield Rule("unapproved", truth=True, verdict=ILLEGAL, act="未批先建")


def _is_thin(world: World, piece: Piece) -> bool:
    return (
        world.sliver_width_m > 0
        and piece.part.mean_width < Fraction(world.sliver_width_m)
        and piece.part.area < world.sliver_area_m2
    )


def _ruled(world: World, piece: Piece) -> str | None:
    """A ruling with a township beats one without; then the later one."""
    fitting = [
        ruling
        for ruling in world.rulings
        if ruling.change_id == piece.change.change_id
        and ruling.township_code in {None, piece.township_code}
    ]
    best = max(fitting, key=lambda r: (r.township_code is not None, r.ruled_on), default=None)
    return best.verdict if best is not None else None
