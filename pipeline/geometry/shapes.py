"""The shapes of pieces (碎片图形), to look at: drawn from the lines, held against the areas.

The borders of a change and of the polygons that have its ground are laid over one another once,
on a fine grid about the change's own origin, and closed to faces. Which piece a face belongs to
is asked of the sweep, as if the face were a change. So the pieces of a change share their
borders to the last digit: no gap, no overlap. A change in one piece keeps its own shape. No
figure rests on any of this; where a shape differs from its area, both are told.
"""

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

from pipeline.geometry.area import Density, shifted
from pipeline.geometry.holders import holders
from pipeline.geometry.layers import NOTHING, Block
from pipeline.geometry.sweep.areas import Areas, Ground, answers, swept
from pipeline.geometry.sweep.rings import Floats, Indices, rings_of
from pipeline.geometry.sweep.rows import rows_over
from pipeline.geometry.sweep.segments import segments_near

Shapes = npt.NDArray[Any]  # of shapely geometries

# A thousandth of a millimetre: far below any survey, far above the rounding of a double.
_GRID_M = 1e-6
_SHOWN_M2 = 1e-3  # how far the shape of a piece may be from its area


class Drawn(NamedTuple):
    """The shape of each piece, and its area in m² where it is not that of the sweep (else nan)."""

    shape: Shapes
    differing_m2: Floats


def drawn(
    block: Block, ground: Ground, areas: Areas, change: Indices, codes: Indices, area_m2: Floats
) -> Drawn:
    """Return the shapes of pieces, given by change and codes, with their swept areas."""
    wholes = block.shapes
    shapes = np.full(len(change), shapely.Polygon(), dtype=object)
    count = np.bincount(change, minlength=len(wholes))
    sole = count[change] == 1
    shapes[sole] = wholes[change[sole]]
    faces, owner = _faces(block, ground, areas, np.flatnonzero(count > 1))
    piece = _pieces_of(block, ground, faces, owner, change, codes)
    rows = np.flatnonzero(piece != NOTHING)
    rows = rows[np.argsort(piece[rows], kind="stable")]
    for members in np.split(rows, np.flatnonzero(np.diff(piece[rows])) + 1):
        if len(members) > 0:  # without any row there is one empty split
            shapes[piece[members[0]]] = _union(faces[members])
    found = _areas_m2(block, shapes, change)
    differs = np.abs(found - area_m2) > _SHOWN_M2 + _GRID_M * shapely.length(shapes)
    return Drawn(np.asarray(shapely.normalize(shapes)), np.where(differs, found, np.nan))


def _faces(
    block: Block, ground: Ground, areas: Areas, several: Indices
) -> tuple[Shapes, Indices]:
    """Return the faces between the lines of changes in several pieces, with their change."""
    line, owner = _lines(block, ground, areas, several)
    if len(line) == 0:
        return np.zeros(0, dtype=object), np.zeros(0, dtype=np.int64)
    order = np.argsort(owner, kind="stable")
    local = line[order].reshape(-1, 2, 2) - block.origins[owner[order], None, :]
    changes, which = np.unique(owner[order], return_inverse=True)
    together = shapely.multilinestrings(shapely.linestrings(local), indices=which)
    together = shapely.line_merge(together)  # long lines are noded three times as fast
    faces, of = shapely.get_parts(
        shapely.polygonize(_noded(together)[:, None]), return_index=True
    )
    faces = shifted(faces, block.origins, changes[of])
    inside = shapely.intersects(block.shapes[changes[of]], shapely.point_on_surface(faces))
    return faces[inside], changes[of[inside]]


def _noded(lines: Shapes) -> Shapes:
    """Return the lines cut where they meet; none where GEOS gives up: no shape then, but told."""
    try:
        return np.asarray(shapely.union_all(lines[:, None], grid_size=_GRID_M, axis=1))
    except GEOSException:
        if len(lines) == 1:
            return np.array([shapely.MultiLineString()], dtype=object)
        return np.concatenate([_noded(lines[i : i + 1]) for i in range(len(lines))])


def _union(faces: Shapes) -> BaseGeometry:
    """Return faces that share borders as one shape; side by side where GEOS gives up."""
    try:
        return shapely.coverage_union_all(faces)
    except GEOSException:
        return shapely.multipolygons(faces)


def _lines(
    block: Block, ground: Ground, areas: Areas, several: Indices
) -> tuple[Floats, Indices]:
    """Return the borders of changes and of the polygons that have their ground, near them."""
    own, which = segments_near(
        block.changes, rows_over(block.changes), several, block.changes.box[several]
    )
    held = holders(block, ground, areas, several)
    others, pair = segments_near(
        ground.rings, ground.rows, held[:, 1], block.changes.box[held[:, 0]]
    )
    return _once(np.concatenate([own, others]), np.concatenate([several[which], held[pair, 0]]))


def _once(line: Floats, owner: Indices) -> tuple[Floats, Indices]:
    """Return each line of a change once: neighbours share borders, records may be there twice."""
    ends = line.reshape(-1, 2, 2)
    ahead = (ends[:, 0, 0] < ends[:, 1, 0]) | (
        (ends[:, 0, 0] == ends[:, 1, 0]) & (ends[:, 0, 1] <= ends[:, 1, 1])
    )
    rows = np.column_stack(
        [owner, np.where(ahead[:, None, None], ends, ends[:, ::-1]).reshape(-1, 4)]
    )
    order = np.lexsort(rows.T[::-1])
    is_new = np.ones(len(rows), dtype=bool)
    is_new[1:] = (np.diff(rows[order], axis=0) != 0).any(axis=1)
    kept = order[is_new]
    return rows[kept, 1:], owner[kept]


def _pieces_of(
    block: Block, ground: Ground, faces: Shapes, owner: Indices, change: Indices, codes: Indices
) -> Indices:
    """Return the piece of each face: that of the answers which most of it has."""
    found = swept(
        rings_of(faces),
        ground,
        until=block.until[owner],
        days=block.days[owner],
    )
    codes_found = answers(ground, found.polygon)[:, : len(block.cutting)]
    rows, which = np.unique(
        np.column_stack([found.change, codes_found]), axis=0, return_inverse=True
    )
    area = np.zeros(len(rows))
    np.add.at(area, which.reshape(-1), found.area)
    most = rows[np.lexsort((-area, rows[:, 0]))]
    most = most[np.unique(most[:, 0], return_index=True)[1]]
    number = {
        (one, *row): i
        for i, (one, row) in enumerate(zip(change.tolist(), codes.tolist(), strict=True))
    }
    piece = np.full(len(faces), NOTHING, dtype=np.int64)
    for face, *row in most.tolist():
        piece[face] = number.get((int(owner[face]), *row), NOTHING)
    return _adopted(faces, owner, piece)


def _adopted(faces: Shapes, owner: Indices, piece: Indices) -> Indices:
    """Give dust, which is too light for a piece, to the one that it shares the most border with.

    So the pieces of a change leave no crack between them.
    """
    for face in np.flatnonzero(piece == NOTHING):
        others = np.flatnonzero((owner == owner[face]) & (piece != NOTHING))
        try:
            common = shapely.length(shapely.intersection(faces[others], faces[face]))
        except GEOSException:
            continue
        if len(others) > 0:
            piece[face] = piece[others[np.argmax(common)]]
    return piece


def _areas_m2(block: Block, shapes: Shapes, change: Indices) -> Floats:
    local = shifted(shapes, -block.origins, change)
    if block.density is None:
        return np.asarray(shapely.area(local))
    return Density(block.density).areas_m2(local, change)
