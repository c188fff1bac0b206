"""Were approvals shifted as a whole (整体平移): a wrong zone edge, datum or false easting.

Each edge of an approval is a vector. Where the same vector occurs in another layer, the way
from one to the other votes for a shift; if most votes of several approvals agree on one that is
not nought, the layers have parts in common and lie apart.
"""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.geometry.survey import Shapes
from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Delivery, Handed
from pipeline.stages.examine.shapes import together
from pipeline.stages.examine.telling import kind_label, noted

_SHORTEST_M, _SAME_M = 5.0, 0.05  # an edge worth a vote; edges alike to this
_AGREE_M, _APART_M = 0.5, 0.5  # votes alike; less apart is survey error
_RECORDS, _VOTES, _SHARE = 3, 9, 0.5
_OFTEN = 2  # a vector that occurs more often tells nothing
_DRAWN = 20


class Edges(NamedTuple):
    """Long edges by the vector they run along (边), and whose they are."""

    start: npt.NDArray[np.float64]
    vector: npt.NDArray[np.int64]
    owner: npt.NDArray[np.int64]


def shifted(handed: Handed) -> Iterator[Observation]:
    """Yield the deliveries of approvals that fit the changes, or other approvals, elsewhere."""
    changes = handed.tables.get("changes")
    approvals = handed.of("approvals")
    if changes is None:
        return
    edges = [_edges(one.table.geometry.to_numpy()) for one in approvals]
    change_edges = _edges(changes.geometry.to_numpy())
    for number, delivery in enumerate(approvals):
        against = [("变化图斑", change_edges)]
        against += [
            (_called(other), edges[place])
            for place, other in enumerate(approvals)
            if place < number and _kind(other) != _kind(delivery)
        ]
        for label, others in against:
            found = _common(edges[number], others)
            if found is not None:
                yield _told(handed, delivery, label, *found)
                break


def _edges(shapes: Shapes) -> Edges:
    parts, owner = shapely.get_parts(shapes, return_index=True)
    parts, owner = parts[~shapely.is_empty(parts)], owner[~shapely.is_empty(parts)]
    rings, of_part = shapely.get_rings(shapely.orient_polygons(parts), return_index=True)
    xy, of_ring = shapely.get_coordinates(rings, return_index=True)
    within = of_ring[1:] == of_ring[:-1]
    vector = (xy[1:] - xy[:-1])[within]
    keep = np.hypot(*vector.T) >= _SHORTEST_M
    return Edges(
        xy[:-1][within][keep],
        np.rint(vector[keep] / _SAME_M).astype(np.int64),
        owner[of_part[of_ring[:-1][within][keep]]],
    )


def _common(
    ours: Edges, theirs: Edges
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.int64]] | None:
    """Return the shift that leads our edges onto theirs, and whose edges; null without one."""
    one, other = _matched(ours.vector, theirs.vector)
    votes = theirs.start[other] - ours.start[one]
    if len(votes) < _VOTES:
        return None
    boxes, which, count = np.unique(
        np.rint(votes / _AGREE_M), axis=0, return_inverse=True, return_counts=True
    )
    middle = np.median(votes[which.reshape(-1) == count.argmax()], axis=0)
    agree = np.abs(votes - middle).max(axis=1) <= _AGREE_M
    owners = np.unique(ours.owner[one[agree]])
    is_clear = agree.sum() >= max(_VOTES, _SHARE * len(votes)) and len(owners) >= _RECORDS
    if not is_clear or len(boxes) == 0 or np.hypot(*middle) <= _APART_M:
        return None
    return middle, owners


def _matched(
    ours: npt.NDArray[np.int64], theirs: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return the pairs of edges that run along one vector, common vectors left out."""
    both = np.concatenate([ours, theirs])
    which = np.unique(both, axis=0, return_inverse=True)[1].reshape(-1)
    a, b = which[: len(ours)], which[len(ours) :]
    often = np.maximum(np.bincount(a, minlength=len(both)), np.bincount(b, minlength=len(both)))
    rare = often <= _OFTEN
    order = np.argsort(b, kind="stable")
    left, right = np.searchsorted(b[order], a, "left"), np.searchsorted(b[order], a, "right")
    count = np.where(rare[a], right - left, 0)
    one = np.repeat(np.arange(len(a)), count)
    within = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
    return one, order[np.repeat(left, count) + within]


def _told(
    handed: Handed,
    delivery: Delivery,
    label: str,
    shift: npt.NDArray[np.float64],
    owners: npt.NDArray[np.int64],
) -> Observation:
    shapes = delivery.table.geometry.to_numpy()
    east, north = shift.tolist()
    area = float(handed.measure(shapes).sum())
    what = (
        f"{_called(delivery)} 有 {len(owners)} 件的边与{label}的边一模一样,"
        f"但整体错开:向{_way(east, '东西')} {abs(east):.2f} 米、向{_way(north, '北南')} "
        f"{abs(north):.2f} 米平移(shift)后重合"
    )
    fix = "核对这份批文的坐标系、带号、基准或加密平移;确认后由提供单位改正坐标"
    some: Sequence[int] = owners[:_DRAWN].tolist()
    moved = shapely.transform(shapes[some], lambda xy: xy + shift)
    return Observation(
        noted("approvals", delivery.file, "shifted", what, fix, area),
        together(shapes[some]),
        tuple(moved),
    )


def _way(metres: float, ways: str) -> str:
    return ways[0] if metres >= 0 else ways[1]


def _kind(delivery: Delivery) -> str:
    kinds = delivery.table["approval_kind"]
    return str(kinds.iloc[0]) if len(kinds) else ""


def _called(delivery: Delivery) -> str:
    return f"{kind_label(_kind(delivery))}({delivery.file})"
