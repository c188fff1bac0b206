"""Damaged files with ``recover = true``: what can be read counts, the rest is named, all add up.

Of the 23 changes the first ten lie in 甲镇 (5,000 m² each, 3,000 of the tenth without approval),
the next ten in 乙镇 (1,000 of the ninth, all of the tenth).
"""

import pytest

from tests.bad_inputs import damage
from tests.bad_inputs.case import Case
from tests.bad_inputs.county import (
    BOXES,
    JIA,
    YI,
    both,
    change_config,
)
from tests.bad_inputs.damage import gone, half, packed, rewritten
from tests.bad_inputs.test_files import _table_of_another_delivery


def recovering(*spoilers):
    """Return a spoiler after which the config asks for what can be recovered of the changes."""
    asked = change_config(
        ('path = "data/change.shp"', 'path = "data/change.shp"\nrecover = true')
    )
    return both(*spoilers, asked)


def _rows_kept(count):
    """Return an edit of a .dbf that cuts it in the middle of the row after ``count``."""

    def edit(data):
        header, size = (
            int.from_bytes(data[8:10], "little"),
            int.from_bytes(data[10:12], "little"),
        )
        return data[: header + count * size + size // 2]

    return edit


def _row_zeroed(row):
    def edit(data):
        header, size = (
            int.from_bytes(data[8:10], "little"),
            int.from_bytes(data[10:12], "little"),
        )
        start = header + row * size
        return data[:start] + bytes(size) + data[start + size :]

    return edit


def _shapes_kept(count):
    """Return an edit of a .shp of rectangles (136 bytes a record) that cuts in the one after."""
    return lambda data: data[: 100 + 136 * count + 60]


def _points_zeroed(row):
    """Return an edit that zeroes the last two points of a rectangle: its box stays."""

    def edit(data):
        end = 100 + 136 * (row + 1)
        return data[: end - 32] + bytes(32) + data[end:]

    return edit


# 甲镇 without its tenth: nothing illegal of 45,000; 乙镇 without any
FIRST_NINE = {JIA: (0, 45_000, 0, 0, False), YI: (0, 0, 0, 0, False)}
CASES = [
    Case(
        "recover-shp-cut",
        recovering(rewritten("change", ".shp", _shapes_kept(9))),
        "quarantine",
        ("图形不可用", "3310820010010"),
        "lost-record",
        "3310820010010",
        figures=FIRST_NINE,
        counted={"changes": 9},
    ),
    Case(
        "recover-dbf-cut",
        recovering(rewritten("change", ".dbf", _rows_kept(9))),
        "quarantine",
        ("属性不可用", "change.shp 第 10 条"),
        "lost-record",
        "change.shp 第 10 条",
        figures=FIRST_NINE,
        counted={"changes": 9},
    ),
    Case(
        "recover-dbf-row-zeroed",
        recovering(rewritten("change", ".dbf", _row_zeroed(9))),
        "quarantine",
        ("属性不可用", "change.shp 第 10 条"),
        figures={JIA: (0, 45_000, 0, 0, False)},
        counted={"changes": 22},
    ),
    Case(
        "recover-shx-gone",
        recovering(gone("change", ".shx")),
        "repair",
        ("change.shx", "应有 23 条", "完整 23 条"),
        "recovered-file",
        counted={"changes": 23},
    ),
    Case(
        "recover-shx-zeros",
        recovering(
            rewritten(
                "change", ".shx", lambda data: half(data) + bytes(len(data) - len(data) // 2)
            )
        ),
        "repair",
        ("应有 23 条", "完整 23 条"),
        counted={"changes": 23},
    ),
    Case(
        "recover-dbf-count-5",
        recovering(rewritten("change", ".dbf", packed(4, "<I", 5))),
        "repair",
        ("5 条", "23 条", "recover"),
        counted={"changes": 23},
    ),
    Case(
        "recover-one-shape-that-fits-no-more",
        recovering(rewritten("change", ".shp", packed(100 + 136 * 9 + 8 + 40, "<i", 5_000))),
        "quarantine",
        ("图形不可用", "3310820010010"),
        figures={JIA: (0, 45_000, 0, 0, False)},
        counted={"changes": 22},
    ),
    Case(
        "recover-points-zeroed-and-cut",
        recovering(
            rewritten("change", ".shp", _points_zeroed(9)),
            rewritten("change", ".shx", lambda data: data[:-8]),
        ),
        "quarantine",
        ("图形的一部分不可用", "3310820010010"),
        figures={JIA: (0, 45_000, 0, 0, False)},
        counted={"changes": 22},
    ),
    Case("recover-of-a-whole-file", recovering(), "accept", counted={"changes": 23}),
]
BEYOND = [
    Case("recover-no-table", recovering(gone("change", ".dbf")), "refuse", ("恢复不了",)),
    Case(
        "recover-table-of-another-delivery",
        recovering(_table_of_another_delivery),
        "refuse",
        ("22", "23", "恢复不了"),
    ),
    Case(
        "recover-shp-cut-and-shx-gone",
        recovering(rewritten("change", ".shp", _shapes_kept(9)), gone("change", ".shx")),
        "refuse",
        ("change.shx", "恢复不了"),
    ),
    Case(
        "recover-lying-count",
        recovering(rewritten("change", ".dbf", packed(4, "<I", 2**31))),
        "refuse",
        ("恢复不了",),
    ),
]


@pytest.mark.parametrize("case", [*CASES, *BEYOND], ids=lambda case: case.id)
def test_case(case, tried):
    tried(case)


def test_every_lost_record_is_named_and_they_add_up(tried):
    spoil = recovering(
        rewritten("change", ".shp", _shapes_kept(15)),
        rewritten("change", ".dbf", _row_zeroed(3)),
    )
    figures = {JIA: (3_000, 45_000, 0, 1_000, False), YI: (0, 25_000, 0, 0, False)}

    outcome = tried(Case("many", spoil, "quarantine", ("没有恢复",), figures=figures))

    lost = [one.record for one in outcome.findings if one.code == "lost-record"]
    assert sorted(lost) == sorted(["change.shp 第 4 条", *list(BOXES)[15:]])


def test_without_the_key_the_refusal_tells_of_it(tried):
    spoil = rewritten("change", ".shp", half)
    tried(Case("offered", spoil, "refuse", ("recover = true", "changes")))


def test_damaged_evidence_never_accuses(tried):
    """The shape of the approval of …0001 is lost, its box is not: that ground is in doubt."""
    spoil = both(
        rewritten("approved", ".shp", packed(100 + 8 + 40, "<i", 5_000)),
        change_config(
            ('path = "data/approved.shp"', 'path = "data/approved.shp"\nrecover = true')
        ),
    )
    case = Case(
        "evidence",
        spoil,
        "quarantine",
        ("图形不可用",),
        figures={JIA: (3_000, 45_000, 5_000, 1_000, False)},
    )

    outcome = tried(case)

    assert "隔离的参考记录没有图形" not in outcome.said


def test_damaged_evidence_without_a_place_is_printed(tried):
    """Of the last two approvals, both in 丙镇, the file holds nothing: they may lie anywhere."""
    spoil = both(
        rewritten("approved", ".shp", _shapes_kept(19)),
        change_config(
            ('path = "data/approved.shp"', 'path = "data/approved.shp"\nrecover = true')
        ),
    )

    outcome = tried(Case("nowhere", spoil, "quarantine", ("图形不可用",)))

    assert "隔离的参考记录没有图形" in outcome.said


def _page_zeroed(path, layer):
    """Fill with zeros the page of a GeoPackage that holds the last change of 乙镇.

    With a long remark some six records fill a page; this one holds the last two and all of 丙镇.
    """
    damage.gdal("GPKG", layer="change")(path, layer.assign(BZ="核" * 140))
    data = path.read_bytes()
    start = data.rindex(f"{YI}0010".encode()) // PAGE * PAGE
    path.write_bytes(data[:start] + bytes(PAGE) + data[start + PAGE :])


PAGE = 4_096


def _geopackage(write, *, recover):
    wanted = "\nrecover = true" if recover else ""
    asked = change_config(('data/change.gpkg"', f'data/change.gpkg"{wanted}'))
    return both(damage.instead("change", "change.gpkg", write), asked)


def test_a_geopackage_with_bad_pages_is_refused_with_the_way_out(tried):
    spoil = _geopackage(_page_zeroed, recover=False)
    tried(Case("gpkg", spoil, "refuse", ("change.gpkg", "损坏", "recover = true")))


def test_the_sound_records_of_a_geopackage_with_bad_pages_count(tried):
    spoil = _geopackage(_page_zeroed, recover=True)
    says = ("change.gpkg change 第", "没有恢复")
    figures = {YI: (0, 40_000, 0, 0, False)}
    counted = {"changes": 18}

    outcome = tried(
        Case("gpkg", spoil, "quarantine", says, "lost-record", figures=figures, counted=counted)
    )

    lost = [one.record for one in outcome.findings if one.code == "lost-record"]
    assert lost == [f"change.gpkg change 第 {number} 条" for number in range(19, 24)]
