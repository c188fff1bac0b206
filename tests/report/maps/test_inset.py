"""Far parts of a county in boxes beside it."""

import numpy as np
import pytest
import shapely
from shapely.affinity import translate

from pipeline.report.fonts import chinese_style
from pipeline.report.maps.county_map import county_figure
from pipeline.report.maps.inset import laid_out, shown
from pipeline.report.maps.labels import LABEL
from pipeline.report.maps.panel import MOVED, MOVED_NOTE
from pipeline.report.maps.ranking_map import ranking_figures
from tests.report import county

ASPECT = 1.2
MAIN = shapely.box(0, 0, 60, 35)  # leaves room beside it
ISLAND = shapely.box(0, 0, 4, 4)


def at(x, y, shape=ISLAND):
    return translate(shape, x, y)


def test_a_county_in_one_piece_stays_where_it_is():
    layout = laid_out([MAIN], ASPECT)
    assert layout.bounds == (0, 0, 60, 35)
    assert layout.insets == ()
    assert layout.moved(MAIN).equals(MAIN)


def test_an_island_near_by_stays_where_it_is():
    layout = laid_out([MAIN, at(63, 10)], ASPECT)
    assert layout.bounds == (0, 0, 67, 35)
    assert layout.insets == ()


def test_an_island_far_out_is_moved_at_the_same_scale():
    far = at(300, 10)
    layout = laid_out([MAIN, far], ASPECT)
    assert layout.bounds == (0, 0, 60, 35)
    [inset] = layout.insets
    assert inset.factor == 1
    moved = layout.moved(far)
    page, box = shapely.box(*shown(layout.bounds, ASPECT)), shapely.box(*inset.box)
    assert moved.area == pytest.approx(16)
    assert box.contains(moved)
    assert page.contains(box)
    assert not box.intersects(MAIN)
    assert layout.moved(MAIN).equals(MAIN)


def test_the_parts_of_one_township_are_moved_each_for_itself():
    both = shapely.MultiPolygon([MAIN, at(300, 10)])
    layout = laid_out([both], ASPECT)
    near, far = sorted(shapely.get_parts(layout.moved(both)), key=lambda part: -part.area)
    assert near.equals(MAIN)
    assert shapely.box(*layout.insets[0].box).contains(far)


def test_boxes_of_two_islands_keep_apart():
    layout = laid_out([MAIN, at(300, 10), at(-400, -200)], ASPECT)
    one, other = (shapely.box(*inset.box) for inset in layout.insets)
    assert not one.intersects(other)


@pytest.mark.parametrize(
    "shapes",
    [
        [MAIN, translate(MAIN, 300, 0)],  # half of the county is no inset
        [MAIN, *(at(200 * n, 900) for n in range(1, 9))],  # nor are eight islands
        [shapely.box(0, 0, 48, 40), at(300, 10, shapely.box(0, 0, 20, 20))],  # no room
    ],
)
def test_where_boxes_do_not_help_the_whole_is_shown(shapes):
    layout = laid_out(shapes, ASPECT)
    assert layout.insets == ()
    assert layout.bounds == tuple(shapely.total_bounds(shapes))


def test_what_finds_no_room_at_its_scale_is_made_smaller():
    layout = laid_out([shapely.box(0, 0, 52, 40), at(300, 10, shapely.box(0, 0, 9, 20))], 1.6)
    [inset] = layout.insets
    assert inset.factor < 1
    assert layout.moved(at(300, 10, shapely.box(0, 0, 9, 20))).area == pytest.approx(
        180 * inset.factor**2
    )


def island_county():
    """A county of 19 townships, one of which is an island 300 km off."""
    towns = county.townships(19)
    where = shapely.box(0, 0, 5_000, 4_000)
    towns.loc[7, "geometry"] = translate(where, 830_000, 3_120_000)
    return towns


def wide(axes):
    west, east = axes.get_xlim()
    return east - west


@pytest.mark.parametrize("kind", ["ranking", "county"])
def test_a_far_island_leaves_the_map_its_size(kind):
    with chinese_style():
        made = []
        for towns in (county.townships(19), island_county()):
            ranking, heading = county.ranking(19), county.heading()
            if kind == "ranking":
                page = ranking_figures(towns, ranking, heading)[0]
            else:
                page = county_figure(towns, ranking, county.county_row(ranking), heading)
            made.append(page)
    maps = [page.axes[0 if kind == "ranking" else 1] for page in made]
    assert wide(maps[1]) == pytest.approx(wide(maps[0]), rel=0.05)
    texts = [text.get_text() for text in maps[1].texts]
    assert MOVED in texts
    assert MOVED not in [text.get_text() for text in maps[0].texts]
    assert any(MOVED_NOTE in text.get_text() for text in made[1].texts)
    assert not any(MOVED_NOTE in text.get_text() for text in made[0].texts)


def test_among_many_the_largest_contributors_are_named():
    with chinese_style():
        ranking = county.ranking(100)
        page = county_figure(
            county.townships(100), ranking, county.county_row(ranking), county.heading()
        )
        page.canvas.draw()
        axes = page.axes[1]
        labels = [text for text in axes.texts if text.get_gid() == LABEL]
        boxes = [text.get_window_extent() for text in labels]
    left = ranking["illegal_farmland_m2"] - ranking["reclaimed_farmland_m2"]
    largest = ranking["township_name"][int(np.argmax(left))]
    assert largest in [text.get_text().split("\n")[0] for text in labels]
    assert 10 <= len(labels) <= 20
    for number, one in enumerate(boxes):
        assert not any(one.overlaps(other) for other in boxes[number + 1 :])
    assert any(f"只注记最大的 {len(labels)} 个" in text.get_text() for text in page.texts)
