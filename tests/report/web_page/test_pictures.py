"""Image chips in a page: as many as it can carry, and it says how many it could not."""

import base64

from pipeline.report.web_page.pictures import ChipPair, pictures_of

ORIGIN = (1000.0, 2000.0)
PAIR = ChipPair(b"before", b"after!", (1010.0, 2010.0, 1020.0, 2020.0))


def test_a_pair_is_both_pictures_and_its_corners():
    chips, left_out = pictures_of(["a"], lambda _: PAIR, ORIGIN)
    assert left_out == 0
    before, after, box = chips["a"]
    assert base64.b64decode(before) == b"before"
    assert base64.b64decode(after) == b"after!"
    assert box == [100, 100, 200, 200]


def test_what_an_image_does_not_cover_is_empty():
    chips, _ = pictures_of(["a"], lambda _: ChipPair(None, b"x", PAIR.box), ORIGIN)
    assert chips["a"][0] == ""


def test_the_first_changes_get_the_room_and_the_others_are_counted():
    chips, left_out = pictures_of("abcde", lambda _: PAIR, ORIGIN, most=30)
    assert list(chips) == ["a", "b"]  # 16 letters a pair
    assert left_out == 3


def test_without_imagery_there_are_none():
    assert pictures_of(["a"], None, ORIGIN) == ({}, 0)
    assert pictures_of(["a"], lambda _: None, ORIGIN) == ({}, 0)
