"""Polygons as heaps of rings, straight from WKB."""

import numpy as np
import pyarrow as pa
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box

from pipeline.geometry.sweep.rings import (
    Wkb,
    joined,
    nothing,
    rings_of,
    rings_of_wkb,
    taken,
)
from tests.geometry.sweep.sweeping import column

HOLED = box(0, 0, 4, 4) - box(1, 1, 2, 2)
MANY = MultiPolygon([box(0, 0, 1, 1), HOLED, box(7, 7, 8, 9)])


def wkb(*shapes, kind=pa.binary, **how):
    return pa.array(shapely.to_wkb(column(*shapes), **{"byte_order": 1, **how}), kind())


def told(rings):
    """Corners, closing corners and boxes of each polygon."""
    return [
        (
            rings.xy[a:b].tolist(),
            np.flatnonzero(rings.closes[a:b]).tolist(),
            rings.box[i].tolist(),
        )
        for i, (a, b) in enumerate(zip(rings.start[:-1], rings.start[1:], strict=True))
    ]


@pytest.mark.parametrize(
    ("shape", "closes", "bounds"),
    [
        (box(1, 2, 3, 5), [4], [1, 2, 3, 5]),
        (HOLED, [4, 9], [0, 0, 4, 4]),
        (MANY, [4, 9, 14, 19], [0, 0, 8, 9]),
        (Polygon([(0, 0), (1, 1), (0, 0)]), [3], [0, 0, 1, 1]),  # closed once more
    ],
)
def test_corners_are_those_of_the_shape(shape, closes, bounds):
    if shape.is_valid:
        assert told(rings_of(column(shape)))[0] == (
            shapely.get_coordinates(shape).tolist(), closes, bounds,
        )  # fmt: skip
    assert told(rings_of(column(shape)))[0][2] == bounds


@pytest.mark.parametrize("nobody", [None, Polygon(), MultiPolygon()])
def test_null_and_empty_shapes_have_no_corners(nobody):
    rings = rings_of(column(nobody, HOLED, nobody))
    assert np.diff(rings.start).tolist() == [0, 10, 0]
    assert rings.box[0, 0] > rings.box[0, 2]
    assert len(rings_of(column(nobody)).xy) == 0


def test_no_shapes_at_all():
    for rings in (rings_of(column()), nothing(), rings_of_wkb(pa.array([], pa.binary()))):
        assert (len(rings.xy), rings.start.tolist(), rings.box.shape) == (0, [0], (0, 4))
    assert nothing(2).start.tolist() == [0, 0, 0]


@pytest.mark.parametrize("kind", [pa.binary, pa.large_binary])
def test_columns_in_pieces_and_in_another_order_are_read(kind):
    whole = wkb(box(0, 0, 1, 1), None, HOLED, MANY, kind=kind)
    plain = told(rings_of_wkb(whole))
    assert told(rings_of_wkb(whole.slice(1, 2))) == plain[1:3]
    chunks = pa.chunked_array([whole.slice(0, 1), whole.slice(1, 0), whole.slice(1)])
    assert told(rings_of_wkb(chunks)) == plain
    assert told(rings_of_wkb(whole, chunks)) == plain + plain
    order = np.array([3, 0, 2])
    assert told(rings_of_wkb(Wkb(whole.take(pa.array([3, 0, 2])))))[0] == plain[3]
    turned = rings_of_wkb(Wkb(whole, np.array([3, 0, 2, 1])))
    assert told(turned) == [plain[i] for i in (3, 0, 2, 1)]
    assert told(taken(rings_of_wkb(whole), order)) == [plain[i] for i in order]


@pytest.mark.parametrize(
    "shapes",
    [
        wkb(box(0, 0, 1, 1), byte_order=0),  # big-endian
        wkb(shapely.force_3d(box(0, 0, 1, 1))),
        wkb(shapely.force_3d(MANY)),
        wkb(shapely.set_srid(box(0, 0, 1, 1), 4549), include_srid=True),
        wkb(Point(0, 0)),
        wkb(shapely.GeometryCollection([HOLED])),
        wkb(box(0, 0, 1, 1), shapely.LineString([(0, 0), (1, 1)])),
    ],
)
def test_what_is_no_flat_polygon_is_refused(shapes):
    with pytest.raises(ValueError, match="two-dimensional little-endian"):
        rings_of_wkb(shapes)


def test_heights_are_forgotten_of_shapes():
    flat, high = rings_of(column(MANY)), rings_of(column(shapely.force_3d(MANY, 7)))
    assert told(flat) == told(high)


def test_layers_are_joined_one_after_the_other():
    one, other = rings_of(column(HOLED, None)), rings_of(column(MANY))
    assert told(joined([one, nothing(1), other])) == [
        *told(one),
        *told(nothing(1)),
        *told(other),
    ]
