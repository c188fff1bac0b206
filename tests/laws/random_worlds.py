"""Small random counties, full of what is allowed and rare: a seed gives the same one again."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

from tests.laws.world import (
    KINDS,
    Approval,
    Box,
    Change,
    Line,
    Parcel,
    Rectification,
    Ruling,
    Shape,
    Township,
    World,
    Zone,
)

WIDTH, HEIGHT = 200, 120
EAST = 188  # what lies beyond is in no township

AFTER = ("20240930",) * 5 + (
    "2024-09-30", "20240915", "2024-06-30", "20240701", "2024-09", "2024Q3", "2024", None,
)  # fmt: skip
APPROVED = ("2023-05-01", "2023-06-01", "2024-01-01") * 3 + (
    "2024-06-30", "2024-09-29", "20240930", "2024-10-01", "2024-12-01", "2025-03-31",
    "2025-04-01", "2023", "2024", "2024-09", "2024Q3", "2025-03", "2025", None,
)  # fmt: skip
VALID = (
    "2024-06-30",
    "2024-09-29",
    "2024-09-30",
    "2024-10-01",
    "2024-09",
    "2024",
    "2026-01-01",
)
TYPES = ("20",) * 8 + (
    "YH", "DL1", "CK", "QT", "DT", "TD", "TP", "WL", "ND", "ND", "01", "1", "04", "SM", "LY",
    None, None, "不明",
)  # fmt: skip
CLASSES = ("0101", "0102", "0103") * 4 + (
    "0201", "0307", "0404", "0601", "0602C", "0702", "08H1", "0810A", "1003", "1006", "1104",
    "1109", "1201", "1202", "1203",
)  # fmt: skip
RIDGES = (None, "0", "0.1", "0.1234", "0.0625", "0.12345", "0.05555", "0.33335", "0.99995")
ACTS = ("未批先建", "未供先用", "批少占多", "临时用地超期")
RULED_ON = (date(2024, 11, 1), date(2024, 11, 2), date(2025, 1, 5))


def random_world(seed: int) -> World:
    """Return the county of this seed."""
    dice = random.Random(seed)
    townships = _townships(dice)
    changes = _changes(dice)
    kinds = tuple(kind for kind in KINDS if dice.random() < 0.8)
    codes = [township.township_code for township in townships]
    ids = [change.change_id for change in changes if change.change_id is not None]
    return World(
        changes=changes,
        townships=townships,
        parcels=_parcels(dice),
        permanent_farmland=(
            [_shape(dice, 80, 60) for _ in range(4)] if dice.random() < 0.8 else None
        ),
        zones=_zones(dice) if dice.random() < 0.7 else None,
        kinds=kinds,
        approvals=_approvals(dice, changes, kinds) if kinds else [],
        rulings=_rulings(dice, ids, codes),
        rectifications=_rectifications(dice, ids, codes),
        offices={code: dice.choice(("一所", "二所")) for code in codes if dice.random() < 0.7},
        sliver_width_m=Decimal(dice.choice(("1.0", "1.0", "1.5", "2", "0.9", "0"))),
        sliver_area_m2=Decimal(dice.choice(("20", "20", "40", "12.5"))),
        denominator=dice.choice(("new_farmland", "new_farmland", "new_construction")),
        official=dice.choice(("ratio_net", "ratio_net", "ratio_numerator", "ratio_gross")),
        township_line=_line(dice),
        county_line=_line(dice),
        as_of=dice.choice((date(2025, 3, 31),) * 4 + (date(2024, 10, 1), date(2025, 1, 31))),
        pieces_kept=dice.choice(("all", "all", "flagged", "none")),
        exempt_acts=tuple(act for act in ACTS if dice.random() < 0.15),
    )


def _line(dice: random.Random) -> Line:
    ratio = dice.choice(("0.08", "0.15", "0.2", "0.25", "0.5", "0.75", "0.333"))
    return Line(Decimal(ratio), dice.choice((">", ">=")))


def _box(dice: random.Random, widest: int, highest: int) -> Box:
    w, h = dice.randint(2, widest), dice.randint(2, highest)
    x, y = dice.randint(0, WIDTH - w), dice.randint(0, HEIGHT - h)
    return x, y, x + w, y + h


def _shape(dice: random.Random, widest: int, highest: int) -> Shape:
    """Return a box, sometimes with a second one put to it or with a hole or notch."""
    x0, y0, x1, y1 = box = _box(dice, widest, highest)
    w, h = x1 - x0, y1 - y0
    chance = dice.random()
    if chance < 0.15:
        other = (x0 + w // 2, max(0, y0 - 3), min(WIDTH, x1 + 4), y0 + max(1, h // 3))
        return Shape((box, other))
    if chance < 0.3 and w > 5 and h > 5:
        a, b = dice.randint(0, w - 3), dice.randint(0, h - 3)
        return Shape((box,), ((x0 + a, y0 + b, x0 + a + w // 2, y0 + b + h // 2),))
    return Shape((box,))


def _townships(dice: random.Random) -> list[Township]:
    """Return three or four townships, one of them an L; the fourth may be missing."""
    a, b = dice.randint(50, 80), dice.randint(100, 150)
    low, high = dice.randint(30, 60), dice.randint(60, 90)
    first: tuple[Box, ...] = ((0, 0, a, HEIGHT),)
    if dice.random() < 0.2:
        first += ((a, 3, a + 1, 4),)  # one square metre that the neighbour claims as well
    found = [
        Township("990101001", "甲镇", Shape(first)),
        Township("990101002", "乙镇", Shape(((a, 0, b, high),))),
        Township("990101003", "丙镇", Shape(((a, high, b, HEIGHT), (b, low, EAST, HEIGHT)))),
    ]
    if dice.random() < 0.6:
        found.append(Township("990101010", "丁街道", Shape(((b, 0, EAST, low),))))
    return dice.sample(found, len(found))


def _parcels(dice: random.Random) -> list[Parcel]:
    """Return tiles with gaps between, some more on top of them, some that cannot be used."""
    shapes = [
        Shape(((x, y, min(WIDTH, x + 50 + dice.randint(0, 4)), y + 60),))
        for x in range(0, WIDTH, 50)
        for y in (0, 60)
        if dice.random() < 0.85
    ]
    shapes += [_shape(dice, 60, 50) for _ in range(4)]
    parcels = [
        Parcel(
            dice.choice(("P", "p", "Q")) + str(number),
            dice.choice(CLASSES),
            dice.choice(RIDGES),
            shape,
        )
        for number, shape in enumerate(shapes, 7)
    ]
    for number in range(dice.choice((0, 0, 1, 2))):
        bad = dice.choice(
            (("0199", "0"), ("9999", "0"), (None, "0"), ("0101", "1.0"), ("0601", "-0.1"))
        )
        parcels.append(Parcel(f"P{number}", *bad, _shape(dice, 30, 30)))
    if dice.random() < 0.1:  # the same number on two places: neither can be believed
        parcels.append(replace(dice.choice(parcels), shape=_shape(dice, 20, 20)))
    return dice.sample(parcels, len(parcels))


def _zones(dice: random.Random) -> list[Zone]:
    names = ("允许建设区", "限制建设区", "禁止建设区", "允许建设区")
    zones = [Zone(name, _shape(dice, 150, 90)) for name in names]
    if dice.random() < 0.2:
        zones.append(Zone(None, _shape(dice, 30, 30)))
    return zones


def _changes(dice: random.Random) -> list[Change]:
    changes = []
    for number in range(75 if dice.random() < 0.04 else dice.randint(12, 20)):
        shape = _shape(dice, 40, 40) if dice.random() < 0.8 else _shape(dice, 40, 3)
        change_id = dice.choice(("C", "c")) + str(number)
        changes.append(Change(change_id, dice.choice(TYPES), dice.choice(AFTER), shape))
    x = dice.randint(EAST, WIDTH - 5)
    changes.append(Change("X1", "20", "20240930", Shape(((x, 2, x + 5, 9),))))  # wholly outside
    if dice.random() < 0.5:
        changes[0] = replace(changes[0], split_state="被拆分")
    if dice.random() < 0.5:
        changes += _children(changes[1])
    if dice.random() < 0.3:  # handed down twice under two names
        changes.append(replace(dice.choice(changes[2:]), change_id="C999"))
    if dice.random() < 0.1:
        changes.append(replace(dice.choice(changes[2:]), change_id=None))
    if dice.random() < 0.1:
        changes.append(replace(changes[2], shape=_shape(dice, 20, 20)))
    return dice.sample(changes, len(changes))


def _children(parent: Change) -> list[Change]:
    x0, y0, x1, y1 = parent.shape.boxes[0]
    middle = (x0 + x1) // 2
    halves = ((x0, y0, middle, y1), (middle, y0, x1, y1))
    return [
        replace(
            parent,
            change_id=f"{parent.change_id}_{number}",
            shape=Shape((half,)),
            parent_id=parent.change_id,
            split_state="拆分",
        )
        for number, half in enumerate(halves, 1)
    ]


def _approvals(
    dice: random.Random, changes: list[Change], kinds: tuple[str, ...]
) -> list[Approval]:
    """Return approvals near the changes: on all of one, on a part, all but a metre of it."""
    weighted = [kind for kind in kinds for _ in range(5 if kind in KINDS[:2] else 1)]
    approvals = []
    for change in changes:
        if dice.random() < 0.35:
            continue
        shape = _near(dice, change.shape)
        for kind in sorted({dice.choice(weighted) for _ in range(dice.randint(1, 3))}):
            approvals.append(_approval(dice, kind, shape))
            if dice.random() < 0.3:
                approvals.append(_approval(dice, kind, _near(dice, change.shape)))
    approvals += [
        _approval(dice, dice.choice(weighted), _shape(dice, 60, 40)) for _ in range(3)
    ]
    # One batch may hold several blocks: the same number and dates on another place.
    block = dice.choice(approvals)
    approvals.append(replace(block, shape=_shape(dice, 30, 30)))
    # A layer that lies beyond all townships would be refused: better none than that.
    here = {approval.kind for approval in approvals if _is_within(approval.shape)}
    if dice.random() < 0.15:
        approvals.append(replace(dice.choice(approvals), approval_no=None))
    return [approval for approval in approvals if approval.kind in here]


def _is_within(shape: Shape) -> bool:
    """Tell whether a shape surely meets the first township."""
    return any(x < 50 for x, _ in shape.cells)


def _near(dice: random.Random, shape: Shape) -> Shape:
    x0, y0, x1, y1 = shape.boxes[0]
    if dice.random() < 0.5:
        grow = [dice.choice((0, 0, 1, -1, -1)) for _ in range(4)]
    else:
        grow = [dice.randint(-12, 12) for _ in range(4)]
    left = min(max(0, x0 - grow[0]), WIDTH - 1)
    low = min(max(0, y0 - grow[1]), HEIGHT - 1)
    right, high = min(WIDTH, x1 + grow[2]), min(HEIGHT, y1 + grow[3])
    return Shape(((left, low, max(left + 1, right), max(low + 1, high)),))


def _approval(dice: random.Random, kind: str, shape: Shape) -> Approval:
    mark = {"conversion": "转", "supply": "供", "temporary": "临"}.get(kind, "备")
    needs_term = kind == "temporary" or dice.random() < 0.1
    return Approval(
        kind,
        f"{mark}{dice.randint(1, 99_999)}号",
        dice.choice(APPROVED),
        shape,
        valid_from=dice.choice(VALID) if dice.random() < 0.1 else None,
        valid_until=dice.choice((*VALID, None)) if needs_term else None,
    )


def _rulings(dice: random.Random, ids: list[str], codes: list[str]) -> list[Ruling]:
    """Return rulings; no two of one scope on the same day, which would be refused."""
    rulings: dict[tuple[str, str | None, date], str] = {}
    for _ in range(dice.randint(0, 6)):
        scope = (
            dice.choice(ids),
            dice.choice(codes) if dice.random() < 0.5 else None,
            dice.choice(RULED_ON),
        )
        rulings[scope] = dice.choice(("legal", "illegal", "illegal", "other", "doubtful"))
    made = [Ruling(change, code, v, day) for (change, code, day), v in rulings.items()]
    return made + made[:1]  # written down twice, to the same end


def _rectifications(
    dice: random.Random, ids: list[str], codes: list[str]
) -> list[Rectification]:
    return [
        Rectification(
            dice.choice(ids),
            dice.choice(codes) if dice.random() < 0.5 else None,
            dice.choice(("拆除复耕",) * 4 + ("没收", "补办")),
            f"{dice.randint(1, 9_000_000) / 10_000:.4f}",
            dice.choice(
                (
                    "2025-03-31",
                    "2025-01-15",
                    "2025-01-15",
                    "2025-04-01",
                    "2025-03",
                    "2025",
                    None,
                )
            ),
        )
        for _ in range(dice.randint(0, 14))
    ]
