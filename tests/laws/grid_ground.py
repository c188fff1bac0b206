"""Contract §3 on a grid: who owns each cell, what lies on it, which cells make a piece."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from tests.laws.three_valued import Truth, both, days, on_or_before
from tests.laws.world import Approval, Cell, Change, Parcel, Shape, World

UNITS = 10_000  # booking units in a square metre
FARMLAND = ("0101", "0102", "0103")
# domain.md §4.5; a suffix (0602A, 0602C) belongs to the code before it
CONSTRUCTION = (
    "05H1", "0508", "0601", "0602", "0603", "0701", "0702", "08H1", "08H2", "0809", "0810",
    "09", "1001", "1002", "1003", "1004", "1005", "1007", "1008", "1009", "1109", "1201",
)  # fmt: skip
OTHER_CLASSES = ("0201", "0301", "0307", "0404", "1006", "1104", "1202", "1203", "1206")


@dataclass
class Piece:
    """A maximal part of one change with one answer everywhere (碎片)."""

    change: Change
    counted_in: Change | None  # the earlier change that has the ground
    township_code: str | None
    parcel: Parcel | None
    is_permanent_farmland: bool | None
    zone: str | None
    approvals: dict[str, Approval | None]
    part: "Part | None"  # the connected part without approval that holds it, or most of it
    cells: list[Cell] = field(default_factory=list)
    touches_quarantine: bool = False

    @property
    def area(self) -> int:
        return len(self.cells) * UNITS

    @property
    def is_farmland(self) -> bool:
        return self.parcel is not None and self.parcel.land_class in FARMLAND

    @property
    def farmland(self) -> int:
        if not self.is_farmland:
            return 0
        ridge = Fraction(self.parcel.ridge_coefficient or "0")
        return int(self.area * (1 - ridge) + Fraction(1, 2))  # half up: floor of x + 1/2

    @property
    def is_approved(self) -> bool:
        return any(approval is not None for approval in self.approvals.values())


@dataclass(frozen=True)
class Part:
    """A connected part of a change that no approval covers."""

    area: int  # square metres
    perimeter: int

    @property
    def mean_width(self) -> Fraction:
        return Fraction(2 * self.area, self.perimeter)


def is_construction(land_class: str | None) -> bool:
    return land_class is not None and any(land_class.startswith(c) for c in CONSTRUCTION)


def is_unusable(parcel: Parcel) -> bool:
    """A land class that is in no list, or a ridge coefficient outside [0, 1)."""
    known = (
        parcel.land_class in FARMLAND
        or parcel.land_class in OTHER_CLASSES
        or is_construction(parcel.land_class)
    )
    ridge = Decimal(parcel.ridge_coefficient or "0")
    return not known or not 0 <= ridge < 1


def sound_parcels(world: World) -> list[Parcel]:
    return [
        parcel
        for parcel in world.parcels
        if not is_unusable(parcel)
        and sum(other.parcel_id == parcel.parcel_id for other in world.parcels) == 1
    ]


def quarantined_references(world: World) -> list[Shape]:
    """Return where records of reference layers lie that cannot be used: no key, two of a key."""
    sound = {id(parcel) for parcel in sound_parcels(world)}
    return [
        *(parcel.shape for parcel in world.parcels if id(parcel) not in sound),
        *(zone.shape for zone in world.zones or [] if zone.zone is None),
        *(approval.shape for approval in world.approvals if approval.approval_no is None),
    ]


def quarantined_changes(world: World) -> list[Change]:
    """Return the changes without an id, and those that share one."""
    return [
        change
        for change in world.changes
        if change.change_id is None
        or sum(other.change_id == change.change_id for other in world.changes) > 1
    ]


def counted_changes(world: World) -> list[Change]:
    """Return the changes that count: no parents, nothing wholly outside every township."""
    outside = {id(change) for change in changes_outside(world)}
    return [change for change in _received_changes(world) if id(change) not in outside]


def changes_outside(world: World) -> list[Change]:
    """Return the changes that lie wholly outside every township: in quarantine."""
    ground = {cell for township in world.townships for cell in township.shape.cells}
    return [
        change for change in _received_changes(world) if ground.isdisjoint(change.shape.cells)
    ]


def _received_changes(world: World) -> list[Change]:
    parents = {change.parent_id for change in world.changes}
    quarantined = {id(change) for change in quarantined_changes(world)}
    return [
        change
        for change in world.changes
        if id(change) not in quarantined
        and change.change_id not in parents
        and change.split_state != "被拆分"
    ]


def pieces(world: World) -> list[Piece]:
    """Return the pieces of every counted change."""
    changes = counted_changes(world)
    owner: dict[Cell, Change] = {}
    for change in sorted(changes, key=_precedence, reverse=True):
        owner.update(dict.fromkeys(change.shape.cells, change))
    # Written from the last in the order to the first: the first one stays.
    township = _owners((t.township_code, t.shape.cells) for t in world.townships)
    sound = sound_parcels(world)
    by_id = {parcel.parcel_id: parcel for parcel in sound}
    parcel = _owners((p.parcel_id, p.shape.cells) for p in sound)
    named = [zone for zone in world.zones or [] if zone.zone is not None]
    zone = _owners((z.zone, z.shape.cells) for z in named)
    permanent = {cell for shape in world.permanent_farmland or [] for cell in shape.cells}
    quarantined = {cell for shape in quarantined_references(world) for cell in shape.cells}
    found: dict[object, Piece] = {}
    for change in changes:
        deciding = _deciding(change, world)
        bare = {cell for cell in change.shape.cells if not any(deciding[cell].values())}
        part = unapproved_parts(bare)
        for cell in change.shape.cells:
            of_cell = Piece(
                change=change,
                counted_in=owner[cell] if owner[cell] is not change else None,
                township_code=township.get(cell),
                parcel=by_id[parcel[cell]] if cell in parcel else None,
                is_permanent_farmland=(
                    None if world.permanent_farmland is None else cell in permanent
                ),
                zone=zone.get(cell),
                approvals=deciding[cell],
                part=part.get(cell),
            )
            piece = found.setdefault(_answer(of_cell), of_cell)
            piece.cells.append(cell)
            if of_cell.part is not None and of_cell.part.area > piece.part.area:
                piece.part = of_cell.part
            piece.touches_quarantine |= cell in quarantined
    return list(found.values())


def _precedence(change: Change) -> tuple[object, ...]:
    """Earlier after date, then smaller id; an unknown date last."""
    span = days(change.after_date)
    return (
        span is None,
        span[::-1] if span else (),
        change.change_id,
    )  # first what is surely over


def _owners(records: Iterable[tuple[str, frozenset[Cell]]]) -> dict[Cell, str]:
    """Give each cell to the smallest code that covers it."""
    owner: dict[Cell, str] = {}
    for code, cells in records:
        for cell in cells:
            owner[cell] = min(owner.get(cell, code), code)
    return owner


def _deciding(change: Change, world: World) -> dict[Cell, dict[str, Approval | None]]:
    """Return the deciding approval of each configured kind on each cell of a change."""
    ground: dict[Cell, dict[str, Approval | None]] = {
        cell: dict.fromkeys(world.kinds) for cell in change.shape.cells
    }
    numbered = [approval for approval in world.approvals if approval.approval_no is not None]
    rank = {id(approval): approval_order(approval, change) for approval in numbered}
    for approval in numbered:
        for cell in approval.shape.cells & change.shape.cells:
            best = ground[cell][approval.kind]
            if best is None or rank[id(approval)] < rank[id(best)]:
                ground[cell][approval.kind] = approval
    return ground


def approval_order(approval: Approval, change: Change) -> tuple[object, ...]:
    """In force first, then dated before undated, then earliest, then number.

    In force means surely so: by the contract an undated approval comes after a dated one.
    """
    surely = in_force(approval, change) is True
    span = days(approval.approved_on)
    return (not surely, span is None, span or (), approval.approval_no)


def in_force(approval: Approval | None, change: Change) -> Truth:
    if approval is None:
        return False
    after = days(change.after_date)
    begins, ends = days(approval.valid_from), days(approval.valid_until)
    return both(
        on_or_before(days(approval.approved_on), after),
        True if approval.valid_from is None else on_or_before(begins, after),
        True if approval.valid_until is None else on_or_before(after, ends),
    )


def _answer(piece: Piece) -> tuple[object, ...]:
    """Return what is one and the same everywhere in a piece."""
    return (
        piece.change.change_id,
        piece.counted_in and piece.counted_in.change_id,
        piece.township_code,
        piece.parcel and piece.parcel.parcel_id,
        piece.is_permanent_farmland,
        piece.zone,
        tuple(approval and _said(approval) for approval in piece.approvals.values()),
    )


def _said(approval: Approval) -> tuple[object, ...]:
    """Blocks of one batch, with the same number and dates, are one approval."""
    return (
        approval.approval_no,
        approval.approved_on,
        approval.valid_from,
        approval.valid_until,
    )


def unapproved_parts(bare: set[Cell]) -> dict[Cell, Part]:
    """Return the connected part (cells that share an edge) that holds each bare cell."""
    part_of: dict[Cell, Part] = {}
    left = set(bare)
    while left:
        start = min(left)
        left.discard(start)
        members, front = [start], [start]
        while front:
            for cell in neighbours(front.pop()):
                if cell in left:
                    left.discard(cell)
                    members.append(cell)
                    front.append(cell)
        inside = set(members)
        edges = sum(cell not in inside for member in members for cell in neighbours(member))
        part_of.update(dict.fromkeys(members, Part(len(members), edges)))
    return part_of


def neighbours(cell: Cell) -> tuple[Cell, ...]:
    x, y = cell
    return (x + 1, y), (x - 1, y), (x, y + 1), (x, y - 1)


def by_change(all_pieces: Iterable[Piece]) -> dict[str, list[Piece]]:
    grouped: dict[str, list[Piece]] = defaultdict(list)
    for piece in all_pieces:
        grouped[piece.change.change_id].append(piece)
    return grouped
