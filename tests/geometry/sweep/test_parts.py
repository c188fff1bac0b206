"""Connected ground: one part or several, its area and its outline by hand."""

import random

import numpy as np
import pytest
import shapely

from pipeline.geometry.sweep.areas import ground_of, swept
from pipeline.geometry.sweep.parts import parts_of
from pipeline.geometry.sweep.rings import rings_of
from tests.laws.near_coincident import star


def test_any_polygon_is_one_part_with_its_own_outline():
    """Corners on the lower side of the tile once fell a rounding apart from their edges."""
    shapes = np.array([star(random.Random(seed)) for seed in range(1000)])
    areas = swept(rings_of(shapes), ground_of([]), is_traced=True)
    change = areas.change[areas.trace.row]
    parts = parts_of(areas.trace, change, np.ones(len(change), dtype=bool))
    assert len(parts.area) == len(shapes)
    owner = np.zeros(len(shapes), dtype=np.int64)
    owner[parts.of] = change
    assert parts.area == pytest.approx(shapely.area(shapes)[owner], rel=1e-12)
    assert parts.plane_area == pytest.approx(parts.area, rel=1e-12)
    assert parts.perimeter == pytest.approx(shapely.length(shapes)[owner], rel=1e-12)
