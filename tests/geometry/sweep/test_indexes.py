"""What lies near: the grid over boxes, the rows of large polygons, the edges near a box."""

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, box

from pipeline.geometry.sweep.grid import grid_over, near_any, share
from pipeline.geometry.sweep.rings import rings_of
from pipeline.geometry.sweep.rows import row_of, rows_over
from pipeline.geometry.sweep.segments import segments_near
from tests.geometry.sweep.sweeping import column

NONE = [np.inf, np.inf, -np.inf, -np.inf]


def listed(boxes):
    """Which cells list which boxes."""
    grid = grid_over(np.array(boxes, dtype=float).reshape(-1, 4))
    cells = [grid.item[a:b].tolist() for a, b in zip(grid.start, grid.start[1:], strict=False)]
    return grid, cells


def test_a_grid_lists_a_box_in_every_cell_that_it_meets():
    # cells of 80 m: the smallest there are; two columns and two rows
    grid, cells = listed([[0, 0, 10, 10], [70, 10, 90, 20], NONE, [100, 100, 119, 119]])
    assert (grid.size, grid.columns, grid.rows) == (80, 2, 2)
    assert cells == [[0, 1], [1], [], [3]]


def test_a_grid_over_nothing():
    for boxes in ([], [NONE]):
        grid, cells = listed(boxes)
        assert cells == [[]]
        assert not near_any(np.array([[0.0, 0, 9, 9]]), np.zeros((0, 4)), grid).any()


def test_boxes_of_one_spot_and_boxes_a_world_apart():
    grid, cells = listed([[5, 5, 5, 5]] * 3)
    assert cells == [[0, 1, 2]]
    grid, cells = listed([[0, 0, 1, 1], [4e6, 0, 4e6 + 1, 1]])
    assert grid.columns * grid.rows <= 20_001
    assert [cell for cell in cells if cell] == [[0], [1]]


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        ([1, 1, 2, 2], True),
        ([4, 0, 5, 4], False),  # a side
        ([4, 4, 5, 5], False),  # a corner
        ([-1, -1, 9, 9], True),
        ([3.999999, 0, 5, 4], True),
        (NONE, False),
    ],
)
def test_boxes_share_ground_or_only_a_border(other, shared):
    one, two = np.array([[0.0, 0, 4, 4]]), np.array([other], dtype=float)
    assert bool(share(one[0], two[0])) == shared
    if other != NONE:
        assert near_any(one, two, grid_over(two)).tolist() == [shared]
    assert near_any(two, one, grid_over(one)).tolist() == [shared]


def test_near_any_is_what_asking_each_pair_says():
    dice = np.random.default_rng(1)
    low = dice.uniform(0, 2000, (200, 2))
    boxes = np.hstack([low, low + dice.uniform(0, 120, (200, 2))])
    others = boxes[:40] + dice.uniform(-300, 300, (40, 1))
    plain = [any(bool(share(one, other)) for other in others) for one in boxes]
    assert near_any(boxes, others, grid_over(others)).tolist() == plain
    assert 20 < sum(plain) < 180


@pytest.mark.parametrize(
    ("y", "row"), [(-5, 0), (0, 0), (2.4, 0), (2.5, 1), (9.9, 3), (10, 3), (99, 3)]
)
def test_rows_of_ordinates(y, row):
    assert row_of(float(y), 0.0, 10.0, 4) == row


def test_large_polygons_have_rows_and_small_ones_have_none():
    circle = Point(0, 0).buffer(100, quad_segs=30)  # 121 corners: ten rows of 20 m
    rows = rows_over(rings_of(column(box(0, 0, 9, 9), circle, None, circle)))
    assert rows.first.tolist() == [-1, 0, -1, 10]
    assert rows.number.tolist() == [0, 10, 0, 10]
    corners = shapely.get_coordinates(circle)
    for row in range(10):
        edges = rows.edge[rows.start[row] : rows.start[row + 1]] - 5  # after the box's corners
        low, high = -100 + 20 * row, -80 + 20 * row
        y = np.sort(np.column_stack([corners[:-1, 1], corners[1:, 1]]), axis=1)
        meant = np.flatnonzero((y[:, 0] < high - 1e-6) & (y[:, 1] > low + 1e-6))
        assert set(meant.tolist()) <= set(edges.tolist())
        assert len(edges) <= len(meant) + 4


def test_a_large_polygon_without_height_has_one_row_for_all():
    flat = shapely.Polygon([*((x, 5.0) for x in range(120)), (0, 5.0)])
    rows = rows_over(rings_of(column(flat)))
    assert rows.edge[rows.start[0] : rows.start[1]].tolist() == list(range(120))


@pytest.mark.parametrize("corners", [4, 1000])
def test_edges_near_a_box(corners):
    """A frame with its sides in few or in many edges: the same edges, each once."""
    frame = MultiPolygon([box(0, 0, 100, 100) - box(10, 10, 90, 90), box(200, 200, 210, 210)])
    shape = shapely.segmentize(frame, 400 / corners)
    rings = rings_of(column(shape))
    near = np.array([[-5.0, 40, 12, 60], [20, 20, 30, 30], [100, 100, 300, 205]])
    found, row = segments_near(rings, rows_over(rings), np.zeros(3, dtype=np.int64), near)
    assert len(np.unique(np.column_stack([row, found]), axis=0)) == len(found)
    lines = shapely.linestrings(found.reshape(-1, 2, 2))
    # the frame's left side and that of its hole; nothing; of the square, half
    for number, length in enumerate((40, 0, 20)):
        inside = shapely.intersection(lines[row == number], box(*near[number]))
        assert shapely.length(inside).sum() == pytest.approx(length)
