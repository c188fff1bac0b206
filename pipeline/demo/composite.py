"""Changes of several answers (复合情形): partly covered, shifted, overlapping, split, astride."""

from collections.abc import Callable
from datetime import date, timedelta

import shapely

from pipeline.demo.frame import Frame, Grid
from pipeline.demo.ground import FARMLAND, FIELDS, NoRoomError
from pipeline.demo.plain import Planter
from pipeline.demo.record import Answer, Cell
from pipeline.terms import SPLIT_PARENT, Verdict
from pipeline.terms import ApprovalKind as Kind

_LEGAL = Answer(Verdict.LEGAL, "approved-and-supplied")
_OVER = Answer(Verdict.ILLEGAL, "over-extent")
_SLIVER = Answer(Verdict.OTHER, "sliver")
_NOT_SUPPLIED = Answer(Verdict.ILLEGAL, "converted-not-supplied")
_UNAPPROVED = Answer(Verdict.ILLEGAL, "unapproved")
_COUNTED = Answer(Verdict.OTHER, "counted-elsewhere")
_BUILDING = ("20",)
_MARGIN_M = 7.0


def _frame(planter: Planter, town: int, width: float, height: float) -> Frame:
    stretch = float(planter.rng.uniform(0.9, 1.25))
    size = (round(width * stretch, 1), round(height * stretch, 1))
    frame = planter.ground.find(town, FIELDS, size, start=FARMLAND)
    if frame is None:
        raise NoRoomError(f"town {town}: no fields of {size}")
    return frame


def _approve(
    planter: Planter, kind: Kind, timing: str, after: date, shape: shapely.Polygon
) -> None:
    planter.planting.approvals.append(planter.papers.approve(kind, timing, after, shape))


def _supplied(planter: Planter, after: date, shape: shapely.Polygon) -> None:
    _approve(planter, Kind.CONVERSION, "before", after, shape)
    _approve(planter, Kind.SUPPLY, "before", after, shape)


def over_extent(planter: Planter, town: int) -> None:
    """Build beyond the red line on one side (批少占多)."""
    frame = _frame(planter, town, 62.0, 38.0)
    u, v, m = frame.width, frame.height, _MARGIN_M
    red_line = round(u * float(planter.rng.uniform(0.6, 0.85)), 1)
    grid = Grid(frame, [-m, 0, red_line, u], [-m, 0, v, v + m])
    after = planter.papers.after_image()
    cells = [Cell(grid.block(1, 1, 2, 2), _LEGAL), Cell(grid.block(2, 1, 3, 2), _OVER)]
    planter.add(town, _BUILDING, after, grid.block(1, 1, 3, 2), cells)
    _supplied(planter, after, grid.block(0, 0, 2, 3))


def overlapping_conversions(planter: Planter, town: int) -> None:
    """Two conversions overlap and leave a quarter of the change uncovered (重叠的批文)."""
    frame = _frame(planter, town, 80.0, 30.0)
    u, v, m = frame.width, frame.height, _MARGIN_M
    cuts = [-m, 0, round(u * 0.3, 1), round(u * 0.5, 1), round(u * 0.75, 1), u]
    grid = Grid(frame, cuts, [-m, 0, v, v + m])
    after = planter.papers.after_image()
    cells = [Cell(grid.block(1, 1, 4, 2), _LEGAL), Cell(grid.block(4, 1, 5, 2), _OVER)]
    planter.add(town, _BUILDING, after, grid.block(1, 1, 5, 2), cells)
    _approve(planter, Kind.CONVERSION, "earlier", after, grid.block(0, 0, 3, 3))
    _approve(planter, Kind.CONVERSION, "before", after, grid.block(2, 0, 4, 3))
    _approve(planter, Kind.SUPPLY, "before", after, grid.block(0, 0, 4, 3))


def _shifted(planter: Planter, town: int, size: float, shift_m: float, rest: Answer) -> None:
    frame = _frame(planter, town, size, size * 0.8)
    u, v, m = frame.width, frame.height, _MARGIN_M
    grid = Grid(frame, [-m, 0, shift_m, u, u + m], [-m, 0, shift_m, v, v + m])
    after = planter.papers.after_image()
    cells = [
        Cell(grid.block(2, 2, 3, 3), _LEGAL),
        Cell(grid.block(1, 1, 3, 2), rest),
        Cell(grid.block(1, 2, 2, 3), rest),
    ]
    planter.add(town, _BUILDING, after, grid.block(1, 1, 3, 3), cells)
    _supplied(planter, after, grid.block(2, 2, 4, 4))


def shifted(planter: Planter, town: int) -> None:
    """The papers lie a metre or two beside what was built (坐标偏移)."""
    shift_m = round(float(planter.rng.uniform(1.3, 2.1)), 1)
    _shifted(planter, town, 55.0, shift_m, _OVER)


def sliver(planter: Planter, town: int) -> None:
    """The papers are a hand's breadth off: a seam along two sides (边角细缝)."""
    _shifted(planter, town, 22.0, 0.3, _SLIVER)


def partly_supplied(planter: Planter, town: int) -> None:
    """Two supplies inside one batch, a third block of it not yet supplied (未供先用)."""
    frame = _frame(planter, town, 90.0, 34.0)
    u, v, m = frame.width, frame.height, _MARGIN_M
    cuts = [-m, 0, round(u * 0.4, 1), round(u * 0.7, 1), u, u + m]
    grid = Grid(frame, cuts, [-m, 0, v, v + m])
    after = planter.papers.after_image()
    cells = [Cell(grid.block(1, 1, 3, 2), _LEGAL), Cell(grid.block(3, 1, 4, 2), _NOT_SUPPLIED)]
    planter.add(town, _BUILDING, after, grid.block(1, 1, 4, 2), cells)
    _approve(planter, Kind.CONVERSION, "before", after, grid.block(0, 0, 5, 3))
    _approve(planter, Kind.SUPPLY, "before", after, grid.block(0, 0, 2, 3))
    _approve(planter, Kind.SUPPLY, "before", after, grid.block(2, 0, 3, 3))


def courtyard(planter: Planter, town: int) -> None:
    """An approval with a hole that was built over all the same (红线内的天窗)."""
    frame = _frame(planter, town, 70.0, 60.0)
    u, v, m = frame.width, frame.height, _MARGIN_M
    us = [-m, 0, round(u * 0.4, 1), round(u * 0.6, 1), u, u + m]
    vs = [-m, 0, round(v * 0.35, 1), round(v * 0.65, 1), v, v + m]
    grid = Grid(frame, us, vs)
    hole = grid.block(2, 2, 3, 3)
    after = planter.papers.after_image()
    advance = Answer(Verdict.LEGAL, "advance")
    around = [(1, 1, 4, 2), (1, 3, 4, 4), (1, 2, 2, 3), (3, 2, 4, 3)]
    cells = [Cell(grid.block(*block), advance) for block in around] + [Cell(hole, _OVER)]
    planter.add(town, ("DL1",), after, grid.block(1, 1, 4, 4), cells)
    outer = grid.block(0, 0, 5, 5).exterior
    _approve(planter, Kind.ADVANCE, "before", after, shapely.Polygon(outer, [hole.exterior]))


def temporary_exceeded(planter: Planter, town: int) -> None:
    """A temporary permit in term covers a part; nothing covers the rest (超出临时用地)."""
    frame = _frame(planter, town, 60.0, 30.0)
    u, v, m = frame.width, frame.height, _MARGIN_M
    grid = Grid(frame, [-m, 0, round(u * 0.7, 1), u], [-m, 0, v, v + m])
    after = planter.papers.after_image()
    in_term = Answer(Verdict.OTHER, "temporary-in-term")
    cells = [Cell(grid.block(1, 1, 2, 2), in_term), Cell(grid.block(2, 1, 3, 2), _UNAPPROVED)]
    planter.add(town, _BUILDING, after, grid.block(1, 1, 3, 2), cells)
    _approve(planter, Kind.TEMPORARY, "before", after, grid.block(0, 0, 2, 3))


def overlapping_changes(planter: Planter, town: int, days_apart: int) -> None:
    """The same ground handed down twice: it belongs to the earlier image, else smaller id."""
    frame = _frame(planter, town, 75.0, 30.0)
    u, v = frame.width, frame.height
    grid = Grid(frame, [0, round(u * 0.35, 1), round(u * 0.6, 1), u], [0, v])
    after = date(2024, 5, 20)
    later = after + timedelta(days=days_apart)
    blocks = [[(0, 0, 1, 1), (1, 0, 2, 1)], [(1, 0, 2, 1), (2, 0, 3, 1)]]
    counted = [(0, 1), (1, 0)][days_apart >= 0]  # which change loses the middle, which block
    made = []
    for number, (day, parts) in enumerate(zip((after, later), blocks, strict=True)):
        cells = [
            Cell(grid.block(*part), _COUNTED if (number, row) == counted else _UNAPPROVED)
            for row, part in enumerate(parts)
        ]
        whole = grid.block(parts[0][0], 0, parts[1][2], 1)
        made.append(planter.add(town, _BUILDING, day, whole, cells))
    loser = made[counted[0]].change_id
    planter.planting.defect("changes", loser, "noted", "与另一图斑重叠")


def split_parent(planter: Planter, town: int, *, named_by_children: bool) -> None:
    """A change split into parcels: the parent is not counted, its parts are (拆分)."""
    frame = _frame(planter, town, 72.0, 34.0)
    u, v, m = frame.width, frame.height, _MARGIN_M
    grid = Grid(frame, [-m, 0, round(u * 0.45, 1), u], [-m, 0, v, v + m])
    after = planter.papers.after_image()
    parent = planter.add(town, _BUILDING, after, grid.block(1, 1, 3, 2), [])
    parent.split_state = None if named_by_children else SPLIT_PARENT
    planter.planting.defect("changes", parent.change_id, "noted", "已被拆分的父图斑")
    for number, (block, answer) in enumerate(
        [((1, 1, 2, 2), _LEGAL), ((2, 1, 3, 2), _UNAPPROVED)], start=1
    ):
        part = planter.change(town, _BUILDING, after, grid.block(*block), answer)
        part.change_id = f"{parent.change_id}_{number}"
        part.parent_id, part.split_state = parent.change_id, "拆分"
        part.before, part.after = parent.before, parent.after
    _supplied(planter, after, grid.block(0, 0, 2, 3))


COMPOSITES: dict[str, tuple[Callable[[Planter, int], None], int]] = {
    "over_extent": (over_extent, 9),
    "overlapping_conversions": (overlapping_conversions, 5),
    "shifted": (shifted, 6),
    "sliver": (sliver, 9),
    "partly_supplied": (partly_supplied, 5),
    "courtyard": (courtyard, 2),
    "temporary_exceeded": (temporary_exceeded, 3),
    "overlap_later": (lambda planter, town: overlapping_changes(planter, town, 92), 2),
    "overlap_earlier": (lambda planter, town: overlapping_changes(planter, town, -33), 1),
    "overlap_same_day": (lambda planter, town: overlapping_changes(planter, town, 0), 1),
    "split_state": (
        lambda planter, town: split_parent(planter, town, named_by_children=False),
        3,
    ),
    "split_named": (
        lambda planter, town: split_parent(planter, town, named_by_children=True),
        1,
    ),
}
