"""The map of a sheet: pieces by verdict, layers as hatches, approvals numbered."""

from xml.etree import ElementTree as ET

import pytest
from shapely import box

from pipeline.report.palette import VERDICTS
from pipeline.report.sheets.map import APPROVAL, draw_pieces
from pipeline.report.sheets.sheet import map_frame
from tests.report.sheets.dossier import CHANGE, around, piece, placed

PIECES = (
    piece(1, 120.0, 110.0, placed(0, 0, 12, 10)),
    piece(2, 80.0, 0.0, placed(12, 0, 20, 10), verdict="legal"),
)
NUMBERS = {"C1-001": "1", "C1-002": "2"}


def drawn(pieces=PIECES, numbers=NUMBERS, **layers):
    frame = map_frame(CHANGE, 2)
    return ET.fromstring(draw_pieces(frame, CHANGE, pieces, around(**layers), numbers))


def fills(tree):
    return [one.get("fill") for one in tree.iter("{http://www.w3.org/2000/svg}path")]


def words(tree):
    return [one.text for one in tree.iter("{http://www.w3.org/2000/svg}text")]


def test_pieces_have_the_colours_of_their_verdicts():
    assert {VERDICTS["illegal"], VERDICTS["legal"]} <= set(fills(drawn()))
    assert VERDICTS["doubtful"] not in fills(drawn())


def test_pieces_are_numbered_where_there_is_more_than_one():
    assert {"1", "2"} <= set(words(drawn()))
    assert "1" not in words(drawn(PIECES[:1], {"C1-001": "1"}))


def test_farmland_is_hatched():
    tree = drawn(farmland=[placed(0, 0, 5, 5)], permanent=[placed(0, 0, 5, 5)])
    assert {"url(#farmland)", "url(#permanent)"} <= set(fills(tree))


def test_a_piece_without_shape_is_left_out():
    tree = drawn([{**PIECES[0], "geometry": None}])
    assert VERDICTS["illegal"] not in fills(tree)


def test_each_approval_has_one_number_whatever_its_parts():
    def approval(no, *edges):
        return {"approval_kind": "supply", "approval_no": no, "geometry": placed(*edges)}

    tree = drawn(
        approvals=[
            approval("甲", 0, 0, 4, 4),
            approval("甲", 5, 0, 9, 4),
            approval("乙", 1, 1, 3, 3),
        ]
    )
    discs = list(tree.iter("{http://www.w3.org/2000/svg}circle"))
    assert [disc.get("fill") for disc in discs] == [APPROVAL, APPROVAL]


def test_townships_are_named_only_where_there_are_several():
    west, east = placed(-99, -99, 10, 99), placed(10, -99, 99, 99)
    tree = drawn(townships=[("<甲镇>", west), ("乙镇", east)])
    assert {"<甲镇>", "乙镇"} <= set(words(tree))
    assert "石门街道" not in words(drawn())


@pytest.mark.parametrize("name", ["甲镇", "很长很长的镇名"])
def test_a_name_keeps_off_the_change(name):
    tree = drawn(townships=[(name, placed(-99, -99, 10, 99)), ("", placed(10, -99, 99, 99))])
    frame = map_frame(CHANGE, 2)
    west, north = frame.place(*CHANGE.bounds[0:1], CHANGE.bounds[3])
    east, south = frame.place(CHANGE.bounds[2], CHANGE.bounds[1])
    for label in tree.iter("{http://www.w3.org/2000/svg}text"):
        if label.text == name:
            x, y, half = float(label.get("x")), float(label.get("y")), len(name) * 2.3 / 2
            assert not box(x - half, y - 2, x + half, y).intersects(
                box(west, north, east, south)
            )
