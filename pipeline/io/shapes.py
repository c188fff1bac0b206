"""Geometries as files have them: from bytes, without Z, rings put in their places (图形)."""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import shapely
from shapely import LinearRing, MultiPolygon, Polygon

from pipeline.errors import Finding
from pipeline.io.delivery import Geometries

# WKB of deeper collections than any real file's crashes the reader below us.
_MAX_COLLECTIONS = 64
_COLLECTION_TYPE = 7
_FLAT = 2
_AT_ONCE = 20_000
_CURVES = range(8, 15)
_CURVE = re.compile(rb"\x01[\x08-\x0e]\x00\x00.|\x00.\x00\x00[\x08-\x0e]", re.DOTALL)
_COLLECTION = re.compile(
    rb"\x01(?:\x07\x00\x00.|(?:\xef\x03|\xd7\x07|\xbf\x0b)\x00\x00)"
    rb"|\x00(?:.\x00\x00\x07|\x00\x00(?:\x03\xef|\x07\xd7|\x0b\xbf))",
    re.DOTALL,
)


def from_arrow(
    column: pa.ChunkedArray, *, layer: str, places: Sequence[str]
) -> tuple[Geometries, npt.NDArray[np.bool_], list[Finding]]:
    """Return a column of WKB as ``from_wkb`` does; curves are None and told in the second.

    A part at a time: all of it as bytes would take as much memory again as the shapes.
    """
    shapes = np.full(len(column), None, dtype=object)
    curved = np.zeros(len(column), dtype=bool)
    findings: list[Finding] = []
    for start in range(0, len(column), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        wkb = column.slice(start, _AT_ONCE).to_pylist()
        curved[part] = is_nonlinear(wkb)
        straight = [None if bent else one for one, bent in zip(wkb, curved[part], strict=True)]
        shapes[part], more = from_wkb(straight, layer=layer, places=places[part])
        findings += more
    return shapes, curved, findings


def from_wkb(
    values: Sequence[bytes | None], *, layer: str, places: Sequence[str]
) -> tuple[Geometries, list[Finding]]:
    """Return WKB as flat shapes; a ring that was left open is closed and named.

    What cannot be read at all is None and named as quarantined.
    """
    raw = np.empty(len(values), dtype=object)
    raw[:] = [None if value is None or _is_bomb(value) else value for value in values]
    with np.errstate(invalid="ignore"):  # NaN: the gate says so
        shapes: Geometries = shapely.from_wkb(raw, on_invalid="ignore")
    given = np.array([value is not None for value in values], dtype=bool)
    lost = given & (shapes == None)  # noqa: E711 - elementwise
    findings = []
    for row in np.flatnonzero(lost).tolist():
        shapes[row] = None if raw[row] is None else shapely.from_wkb(raw[row], on_invalid="fix")
        findings.append(
            closed_ring(layer, places[row])
            if shapes[row] is not None
            else Finding(
                layer,
                places[row],
                "unreadable-geometry",
                "quarantined",
                "图形读不出来",
                "重新导出",
            )
        )
    solid = np.flatnonzero(shapely.get_coordinate_dimension(shapes) > _FLAT)
    if len(solid):  # a copy costs as reading
        findings += _odd_heights(shapes[solid], layer, [places[row] for row in solid.tolist()])
        shapes = shapely.force_2d(shapes)
    return shapes, findings


def _odd_heights(solid: Geometries, layer: str, places: Sequence[str]) -> list[Finding]:
    """Note heights that are no numbers: they are not used, but the shape was handled badly."""
    points, owner = shapely.get_coordinates(solid, include_z=True, return_index=True)
    odd = np.unique(owner[np.isfinite(points[:, :2]).all(axis=1) & ~np.isfinite(points[:, 2])])
    what = "高程(Z)里有不是数的值(NaN);高程不用,平面图形照常"
    return [
        Finding(layer, places[number], "odd-height", "noted", what, "核对图形是怎么导出的")
        for number in odd.tolist()
    ]


def closed_ring(layer: str, place: str) -> Finding:
    """Return the finding about a ring that did not come back to its first point."""
    what = "多边形首尾不相接(ring not closed,未闭合),已用第一点闭合"
    return Finding(layer, place, "ring-closed", "repaired", what, "在原始数据中闭合")


def mend_nesting(
    shapes: Geometries, *, layer: str, places: Sequence[str]
) -> tuple[Geometries, list[Finding]]:
    """Put the rings of wrongly nested polygons right by which ring lies in which (环的嵌套).

    A shapefile tells shells from holes by their direction only; written the other way round,
    a hole becomes ground or the whole area negative, without a word from the readers.
    """
    mended, findings = shapes.copy(), []
    several = shapely.get_type_id(shapes) == shapely.GeometryType.MULTIPOLYGON
    several |= shapely.get_num_interior_rings(shapes) > 0
    several[several] = np.isfinite(shapely.bounds(shapes[several])).all(axis=1)
    several[several] = ~shapely.is_valid(shapes[several])
    for row in np.flatnonzero(several).tolist():
        nested = nest(list(shapely.get_rings(shapely.get_parts(shapes[row]))))
        if nested.is_valid and not nested.equals_exact(shapes[row].normalize()):
            before, after = shapes[row].area, nested.area
            what = f"内外环方向写反(ring order),按环的包含关系改正,平面面积由 {before:.2f} 改为 {after:.2f} 平方米"
            findings.append(
                Finding(layer, places[row], "ring-order", "repaired", what, "核对图形", after)
            )
            mended[row] = nested
    return mended, findings


def nest(rings: Sequence[LinearRing]) -> Polygon | MultiPolygon:
    """Return the polygon of rings by containment: a ring in an even number of others is a shell.

    Neither direction nor order nor number of the rings matters.
    """
    discs = [Polygon(ring) for ring in rings]
    order = sorted(range(len(discs)), key=lambda number: -discs[number].area)
    x0, y0, x1, y1 = shapely.bounds(np.array(discs, dtype=object)).T
    around: dict[int, list[int]] = {}
    for place, number in enumerate(order):
        bigger = np.array(order[:place], dtype=int)
        meets = (x0[bigger] <= x1[number]) & (x1[bigger] >= x0[number])
        meets &= (y0[bigger] <= y1[number]) & (y1[bigger] >= y0[number])
        around[number] = [big for big in bigger[meets] if _lies_in(discs[number], discs[big])]
    shells = [number for number in order if len(around[number]) % 2 == 0]
    holes: dict[int, list[LinearRing]] = {shell: [] for shell in shells}
    for number in order:
        if len(around[number]) % 2:
            # the smallest ring around a hole that is itself a shell
            holes[next(big for big in reversed(around[number]) if big in holes)].append(
                rings[number]
            )
    parts = [Polygon(rings[shell], holes[shell]) for shell in shells]
    made = parts[0] if len(parts) == 1 else MultiPolygon(parts)
    return shapely.normalize(made)


def _lies_in(small: Polygon, big: Polygon) -> bool:
    """Whether most of a ring lies inside another; vertices on the line say nothing."""
    shapely.prepare(big)
    points = shapely.points(shapely.get_coordinates(small.exterior)[:-1])
    inside = int(shapely.contains_properly(big, points).sum())
    outside = int(shapely.disjoint(big, points).sum())
    if inside == outside:
        return bool(big.covers(shapely.point_on_surface(small)))
    return inside > outside


def is_nonlinear(values: Sequence[bytes | None]) -> npt.NDArray[np.bool_]:
    """Whether each WKB is a curve (types 8 to 14, with or without Z and M) or may hold one."""
    return np.array(
        [
            value is not None
            and (
                _wkb_type(value) % 1000 in _CURVES
                or (_wkb_type(value) % 1000 == _COLLECTION_TYPE and bool(_CURVE.search(value)))
            )
            for value in values
        ],
        dtype=bool,
    )


def _wkb_type(value: bytes) -> int:
    order = "little" if value[:1] == b"\x01" else "big"
    return int.from_bytes(value[1:5], order) & 0x0FFFFFFF  # type: ignore[arg-type]


def _is_bomb(value: bytes) -> bool:
    return (
        _wkb_type(value) % 1000 == _COLLECTION_TYPE
        and len(_COLLECTION.findall(value)) > _MAX_COLLECTIONS
    )
