"""Share a change out among the shapes of one layer (分地): every square metre once."""

from dataclasses import dataclass

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from tests.reference.cut import EMPTY, Flags, cut, tolerance_m2
from tests.reference.layers import NOTHING, Asked, Indices
from tests.reference.sound import Shapes, sound

DUST_M2 = 1e-9  # what rounding leaves: a hundred thousandth of a booking unit

_Share = tuple[int, int, BaseGeometry]  # change, asked row (-1: nobody's), ground


@dataclass(frozen=True)
class Shared:
    """A layer's cells: the ground of each change, divided.

    ``alone`` is what each asked shape covers of its change, whoever else covers it too.
    """

    change: Indices
    code: Indices
    cell: Shapes
    alone: Shapes
    proven: Flags  # of each change


def share_out(wholes: Shapes, asked: Asked, knives: Shapes) -> Shared:
    """Divide each whole among the knives that meet it, in their order; the rest is nobody's.

    ``knives`` are the asked shapes about the origin of their change.
    """
    alone, proven = _alone(wholes, asked, knives)
    count = np.bincount(asked.change, minlength=len(wholes))
    sole = np.flatnonzero(count[asked.change] <= 1)
    shares = [_sole(wholes, asked.change[sole], alone[sole], sole)]
    many = np.flatnonzero(count > 1)
    ends = np.cumsum(count)
    groups = [np.arange(ends[c] - count[c], ends[c]) for c in many]
    disjoint, rests = _disjoint(wholes[many], [alone[rows] for rows in groups])
    for i, (change, rows) in enumerate(zip(many, groups, strict=True)):
        if disjoint[i]:
            shares.append([(int(change), int(row), alone[row]) for row in rows])
            shares.append([(int(change), -1, rests[i])])
            continue
        cells, sure = _by_precedence(wholes[change], alone, rows)
        shares.append([(int(change), row, cell) for row, cell in cells])
        proven[change] &= sure
    untouched = np.flatnonzero(count == 0)
    shares.append([(int(change), -1, wholes[change]) for change in untouched])
    return _shared(asked, alone, [share for group in shares for share in group], proven)


def _alone(wholes: Shapes, asked: Asked, knives: Shapes) -> tuple[Shapes, Flags]:
    alone = wholes[asked.change]
    crossing = np.flatnonzero(~asked.covers)
    made = cut(alone[crossing], knives[crossing])
    alone[crossing] = made.parts
    proven = np.ones(len(wholes), dtype=bool)
    proven[asked.change[crossing[~made.proven]]] = False
    return alone, proven


def _sole(wholes: Shapes, change: Indices, alone: Shapes, rows: Indices) -> list[_Share]:
    """Return the shares of changes that meet one shape only."""
    rests = cut(wholes[change], alone).rests
    shares: list[_Share] = list(zip(change, rows, alone, strict=True))
    return shares + [(c, -1, rest) for c, rest in zip(change, rests, strict=True)]


def _disjoint(wholes: Shapes, groups: list[Shapes]) -> tuple[Flags, Shapes]:
    """Tell which groups of shapes share no ground, and what they leave of their whole."""
    unions = np.full(len(wholes), EMPTY, dtype=object)
    for i, group in enumerate(groups):
        try:
            unions[i] = sound(shapely.union_all(group))
        except GEOSException:
            continue  # taken by precedence, one proven cut after another
    left = cut(wholes, unions)
    total = np.array([shapely.area(group).sum() for group in groups])
    tolerance = tolerance_m2(shapely.area(wholes))
    return left.proven & (np.abs(total - shapely.area(unions)) <= tolerance), left.rests


def _by_precedence(
    whole: BaseGeometry, alone: Shapes, rows: Indices
) -> tuple[list[tuple[int, BaseGeometry]], bool]:
    """Give the ground to the shapes in turn; each gets what the ones before it have left."""
    cells: list[tuple[int, BaseGeometry]] = []
    rest, sure = whole, True
    for row in rows:
        made = cut(_one(rest), _one(alone[row]))
        rest, sure = made.rests[0], sure and bool(made.proven[0])
        cells.append((int(row), made.parts[0]))
    return [*cells, (-1, rest)], sure


def _one(shape: BaseGeometry) -> Shapes:
    return np.array([shape], dtype=object)


def _shared(asked: Asked, alone: Shapes, shares: list[_Share], proven: Flags) -> Shared:
    change = np.array([share[0] for share in shares], dtype=np.int64)
    row = np.array([share[1] for share in shares], dtype=np.int64)
    cell = np.array([share[2] for share in shares] or [EMPTY], dtype=object)[: len(shares)]
    code = np.where(row >= 0, asked.code[row] if len(asked.code) else NOTHING, NOTHING)
    heavy = shapely.area(cell) > DUST_M2
    order = np.flatnonzero(heavy)[np.lexsort((row[heavy], change[heavy]))]
    return Shared(change[order], code[order], cell[order], alone, proven)
