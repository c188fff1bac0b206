"""Random rings on a coarse grid, full of coincidences: areas against fractions, parts by GEOS."""

from fractions import Fraction

import numpy as np
import pytest
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from shapely import Polygon

from pipeline.geometry.sweep.areas import ground_of, swept
from pipeline.geometry.sweep.parts import parts_of
from pipeline.geometry.sweep.rings import rings_of
from tests.geometry.sweep.sweeping import areas, column, cover
from tests.reference.exact import exact_areas

SIDE = 6
corners = st.tuples(st.integers(0, SIDE), st.integers(0, SIDE))
rings = st.lists(corners, min_size=3, max_size=9).map(Polygon)  # crossing, doubled, flat
simple = rings.filter(lambda shape: shape.is_valid and shape.area > 0)
few = settings(max_examples=60, deadline=None, derandomize=True)


def by_precedence(shapes, sizes):
    """Areas by the first polygon of each layer, out of those by all."""
    found = {}
    for (inside, *others), area in exact_areas(*shapes).items():
        if inside and area:
            key, rest = [], list(others)
            for size in sizes:
                here, rest = rest[:size], rest[size:]
                key.append(here.index(True) if any(here) else -1)
            found[tuple(key)] = found.get(tuple(key), Fraction(0)) + area
    return found


# 6 m are one tile; 1,200 m are several, and their sides go through the corners
@pytest.mark.parametrize("scale", [1, 200])
@few
@given(rings, st.lists(rings, max_size=3), st.lists(rings, max_size=2))
def test_any_rings_in_two_layers(scale, change, one, other):
    shapes = [
        shapely.transform(shape, lambda xy: xy * scale) for shape in (change, *one, *other)
    ]
    wanted = by_precedence(shapes, (len(one), len(other)))
    layers = shapes[1 : 1 + len(one)], shapes[1 + len(one) :]
    found = areas(shapes[0], *(cover(*layer) for layer in layers))
    within = 1e-12 * scale**2
    for key in found.keys() | wanted.keys():
        assert found.get(key, 0.0) == pytest.approx(
            float(wanted.get(key, 0)), rel=0, abs=within
        )


def parts_beside(change, approved):
    """Area and outline of the parts of a change that no polygon covers, to 1e-6."""
    made = swept(rings_of(column(change)), ground_of([cover(*approved)]), is_traced=True)
    row = made.trace.row
    parts = parts_of(made.trace, np.zeros(len(row), dtype=np.int64), made.polygon[row, 0] == -1)
    return told(parts.area, parts.perimeter)


def told(area, outline):
    heavy = area > 1e-9
    return sorted(np.column_stack([area, outline])[heavy].round(6).tolist())


@few
@given(simple, st.lists(simple, min_size=1, max_size=3))
def test_parts_are_those_of_the_difference(change, approved):
    rest = shapely.get_parts(change.difference(shapely.union_all(approved)))
    opened = shapely.buffer(shapely.buffer(rest, -1e-6, join_style="mitre"), 1e-6)
    # GEOS at times leaves a spike of no width on a border in common
    assume((np.abs(shapely.length(opened) - shapely.length(rest)) < 1e-3).all())
    found = parts_beside(change, approved)
    wanted = told(shapely.area(rest), shapely.length(rest))
    assert np.array(found).reshape(-1, 2) == pytest.approx(
        np.array(wanted).reshape(-1, 2), rel=0, abs=2e-6
    )


def test_a_part_beside_a_border_in_common_has_no_spike():
    # what is left is the triangle (0, 3), (1, 3), (0.4, 2.4); GEOS adds √2 m there and back
    change = Polygon([(0, 0), (0, 3), (1, 3), (2, 4)])
    approved = [Polygon([(0, 0), (0, 2), (2, 4)]), Polygon([(0, 0), (0, 3), (2, 0)])]
    outline = 1 + 0.6 * 2**0.5 + 0.52**0.5
    assert parts_beside(change, approved) == [[0.3, pytest.approx(outline, abs=1e-6)]]
