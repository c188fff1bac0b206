import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.report.maps.label_places import Label, place_labels

FRAME = shapely.box(0, 0, 1000, 1000)
SIZES = {10.0: (100.0, 40.0), 5.0: (50.0, 20.0)}


def label(x0, y0, x1, y1):
    return Label(shapely.box(x0, y0, x1, y1), SIZES)


def test_a_roomy_area_has_its_label_inside_at_the_largest_type():
    (place,) = place_labels([label(0, 0, 400, 400)], FRAME)
    assert place.size == 10.0
    assert place.leader is None
    assert (place.x, place.y) == pytest.approx((200, 200))


def test_a_small_area_has_smaller_type():
    (place,) = place_labels([label(0, 0, 80, 60)], FRAME)
    assert place.size == 5.0
    assert place.leader is None


def test_a_tiny_area_has_its_label_beside_it_with_a_leader():
    (place,) = place_labels([label(500, 500, 510, 510)], FRAME)
    assert place.leader is not None
    assert shapely.Point(place.leader).within(shapely.box(500, 500, 510, 510))
    assert not place.box.contains(shapely.Point(place.leader))


def test_without_room_a_label_is_left_out():
    frame = shapely.box(0, 0, 30, 30)
    assert place_labels([label(0, 0, 10, 10)], frame) == [None]


def test_an_empty_area_has_no_label():
    assert place_labels([Label(shapely.Polygon(), SIZES)], FRAME) == [None]


@given(st.lists(st.tuples(st.integers(0, 19), st.integers(0, 19)), unique=True, max_size=16))
@settings(max_examples=8, deadline=None)
def test_labels_never_overlap_and_never_leave_the_frame(cells):
    labels = [label(50 * x, 50 * y, 50 * x + 40, 50 * y + 40) for x, y in cells]
    places = [place for place in place_labels(labels, FRAME) if place is not None]
    for i, place in enumerate(places):
        assert place.box.within(FRAME)
        assert not any(place.box.intersects(other.box) for other in places[:i])
