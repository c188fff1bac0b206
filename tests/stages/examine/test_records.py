"""What the records tell beside their ground: repeats, shifts, dates, areas, codes, old surveys."""

from datetime import date

import pytest
from shapely import Polygon
from shapely.affinity import translate

from tests.stages.examine.clinic import (
    PARCELS,
    A,
    approval,
    approvals,
    change,
    changes,
    found,
    land_use,
    parcel,
    permanent,
    told,
    townships,
)

# Three plots, no two edges of them alike.
PLOTS = [
    Polygon([(10, 10), (31, 12), (29, 33), (11, 27)]),
    Polygon([(40, 10), (58, 9), (66, 25), (47, 36), (41, 22)]),
    Polygon([(120, 11), (143, 13), (141, 41), (117, 38)]),
]


def _moved(east, north):
    return [translate(plot, east, north) for plot in PLOTS]


def _numbered(plots, kind="conversion"):
    return approvals(
        *(approval(plot, f"{kind} {n}", approval_kind=kind) for n, plot in enumerate(plots)),
        file=f"{kind}.shp",
    )


PLOT_CHANGES = changes(
    *(change(plot, f"C{n}") for n, plot in enumerate(PLOTS)),
)


# Repeats


def test_two_changes_with_one_outline():
    twice = changes(change((10, 10, 30, 30), "C1"), change((10, 10, 30, 30), "C2"))
    assert found(twice) == [("changes", "same-shape", "C1、C2", 400.0)]


def test_the_corner_an_outline_begins_with_does_not_matter():
    one = Polygon([(10, 10), (30, 10), (30, 30), (10, 30)])
    other = Polygon([(30, 30), (30, 10), (10, 10), (10, 30)])
    assert found(changes(change(one, "C1"), change(other, "C2"))) == [
        ("changes", "same-shape", "C1、C2", 400.0)
    ]


def test_two_numbers_with_one_outline_in_two_deliveries():
    first = approvals(approval((0, 0, 20, 20), "转1号"), file="一.shp")
    other = approvals(approval((0, 0, 20, 20), "转2号"), file="二.shp")
    assert found(first, other) == [("approvals", "same-shape", "转1号、转2号", 400.0)]
    both = approvals(approval((0, 0, 20, 20), "转1号"), approval((0, 0, 20, 20), "转2号"))
    assert found(both) == []  # told when the delivery is received


def test_one_number_in_two_deliveries():
    first = approvals(approval((0, 0, 20, 20)), file="一.shp")
    again = approvals(approval((0, 0, 20, 20)), file="二.shp")
    other = approvals(approval((40, 0, 50, 20)), file="三.shp")
    assert found(first, again) == [("approvals", "given-twice", "转1号", 400.0)]
    assert found(first, other) == [("approvals", "number-two-shapes", "转1号", 200.0)]


def test_blocks_of_one_number_in_one_delivery_are_usual():
    assert found(approvals(approval((0, 0, 20, 20)), approval((40, 0, 50, 20)))) == []


def test_one_file_given_for_two_layers():
    both = [_numbered(PLOTS), _numbered(PLOTS, "supply")]
    assert [code for _, code, _, _ in found(*both)] == ["same-layer"]
    assert found(both[0], _numbered([*PLOTS[:2], _moved(0, 30)[2]], "supply")) == []


# Shifts


def test_approvals_that_lie_beside_the_changes():
    (message,) = told(_numbered(_moved(-3, 4)), PLOT_CHANGES)
    assert message == (
        "农用地转用(conversion.shp) 有 3 件的边与变化图斑的边一模一样,但整体错开:"
        "向东 3.00 米、向南 4.00 米平移(shift)后重合"
    )


def test_approvals_that_lie_beside_other_approvals():
    shifted = found(_numbered(PLOTS), _numbered(_moved(5, 0), "supply"))
    assert [(code, record) for _, code, record, _ in shifted] == [("shifted", "supply.shp")]


@pytest.mark.parametrize(
    "plots",
    [
        pytest.param(PLOTS, id="in place"),
        pytest.param(_moved(0.3, 0.3), id="as far as two surveys differ"),
        pytest.param(_moved(3, 4)[:2], id="two are chance"),
        pytest.param(
            [_moved(3, 4)[0], _moved(5, 1)[1], _moved(-2, 6)[2]], id="each its own way"
        ),
    ],
)
def test_approvals_that_are_not_shifted_as_a_whole(plots):
    assert "shifted" not in [code for _, code, _, _ in found(_numbered(plots), PLOT_CHANGES)]


def test_rows_of_equal_houses_are_no_shift():
    plots = [(10 * n, 10, 10 * n + 8, 22) for n in range(9)]
    houses = changes(*(change(plot, f"C{n}") for n, plot in enumerate(plots)))
    papers = approvals(*(approval(plot, f"转{n}号") for n, plot in enumerate(plots[3:])))
    assert found(houses, papers) == []


# Dates


def test_approvals_of_the_future():
    late = approvals(approval((0, 0, 20, 20), "转1号", date(2025, 4, 1)))
    on_the_day = approvals(approval((0, 0, 20, 20), "转1号", date(2025, 3, 31)))
    assert found(late) == [("approvals", "approved-after-as-of", "转1号", None)]
    assert found(on_the_day) == []


def test_two_blocks_of_one_approval_are_told_once():
    day = date(2025, 4, 1)
    late = approvals(
        approval((0, 0, 9, 9), "转1号", day), approval((20, 0, 29, 9), "转1号", day)
    )
    assert found(late) == [("approvals", "approved-after-as-of", "转1号", None)]


def test_a_term_that_ends_before_it_is_granted():
    ended = approval((0, 0, 20, 20), valid_until_latest=date(2023, 12, 31))
    assert found(approvals(ended)) == [("approvals", "ended-before-approved", "转1号", None)]


def test_the_year_in_a_number():
    wrong = approvals(approval((0, 0, 20, 20), "政土〔2021〕3号"))
    right = approvals(approval((0, 0, 20, 20), "政土〔2024〕3号"))
    assert found(wrong) == [("approvals", "number-year", "政土〔2021〕3号", None)]
    assert found(right) == []


def test_dates_known_in_part_are_intervals():
    month = approval((0, 0, 20, 20), "政土〔2024〕3号", date(2024, 2, 1), date(2024, 2, 29))
    assert found(approvals(month)) == [("approvals", "partial-date", "approvals.gpkg", None)]


def test_a_whole_delivery_of_another_year():
    old = [approval((10 * n, 0, 10 * n + 5, 9), f"转{n}号", date(2021, 1, 1)) for n in range(5)]
    fresh = approval((60, 0, 70, 9), "转9号", date(2023, 1, 1))
    assert found(approvals(*old)) == [("approvals", "another-year", "approvals.gpkg", None)]
    assert found(approvals(*old, fresh)) == []


def test_changes_of_another_year():
    early = change(
        (10, 10, 30, 30), after_earliest=date(2023, 1, 1), after_latest=date(2023, 12, 31)
    )
    maybe = change(
        (10, 10, 30, 30), after_earliest=date(2023, 1, 1), after_latest=date(2024, 1, 1)
    )
    assert found(changes(early)) == [("changes", "another-year", "changes.gpkg", None)]
    assert found(changes(maybe)) == []


# Stated areas


@pytest.mark.parametrize(
    ("name", "factor", "unit"),
    [("TBMJ", 0.0015, "亩(mu)"), ("TBMJ", 0.0001, "公顷(ha)"), ("TBMJ", 1500, "平方米再乘 1500"),
     ("面积(亩)", 1, "平方米(m2)")],
)  # fmt: skip
def test_a_field_in_another_unit(name, factor, unit):
    areas = [5000 * factor] * 4
    (message,) = told(land_use(*PARCELS, fields={name: areas}))
    assert f"land_use.gpkg 的面积字段 {name}(area)有全部像是以{unit}" in message


@pytest.mark.parametrize(
    ("name", "given"), [("TBMJ", 5000), ("面积(亩)", 7.5), ("面积公顷", 0.5)]
)
def test_a_field_in_its_unit_is_silent(name, given):
    assert found(land_use(*PARCELS, fields={name: [given] * 4})) == []


def test_one_area_that_is_off():
    off = land_use(*PARCELS, fields={"TBMJ": [5000, 5240, 5260, 5000]})
    assert found(off) == [("land_use", "stated-area", "P3", 260.0)]


def test_blocks_that_state_the_area_of_the_whole_approval():
    blocks = approvals(
        approval((0, 0, 20, 20)), approval((40, 0, 50, 20)), fields={"PZMJ": [600, 600]}
    )
    assert found(blocks) == []


# Codes


def test_townships_of_another_county():
    other = townships(((0, 0, 100, 100), A), ((100, 0, 200, 100), "990102002"))
    assert found(other) == [("townships", "other-county", "990102002", None)]


def test_a_township_code_of_the_wrong_length():
    short = townships(((0, 0, 100, 100), A), ((100, 0, 200, 100), "9901012"))
    assert found(short) == [("townships", "township-digits", "9901012", None)]


def test_codes_that_no_dictionary_has():
    unknown = changes(
        change((10, 10, 30, 30), "C1", stated_township_code="990101099"),
        change((40, 10, 60, 30), "C2", change_type="XX"),
    )
    assert found(unknown) == [
        ("changes", "unknown-change-type", "C2", None),
        ("changes", "unknown-township", "C1", None),
    ]


def test_land_use_that_lies_in_another_county():
    where = ["9901010010010000000"] * 3 + ["9901020010010000000"]
    assert found(land_use(*PARCELS, fields={"ZLDWDM": where})) == [
        ("land_use", "other-county", "land_use.gpkg", 5000.0)
    ]


def test_class_codes_and_names():
    names = ["水田", "果树", "旱地", None]
    assert found(land_use(*PARCELS, fields={"DLMC": names})) == [
        ("land_use", "class-name", "0101 旱地", None)
    ]


# Land use after the building, and before the survey


def test_land_use_along_the_very_outline_of_a_change():
    field = parcel((0, 0, 100, 50), "P1")
    works = parcel((110, 60, 130, 80), "P5", "0601")
    rest = [field, PARCELS[1], PARCELS[2]]
    over = found(
        changes(change((110, 60, 130, 80), "C7", stated_township_code=None)),
        land_use(*rest, works, PARCELS[3]),
    )
    assert ("changes", "land-use-updated", "C7", 400.0) in over


def test_a_change_within_older_works_is_silent():
    assert found(changes(change((110, 60, 130, 80)))) == []


def test_land_use_of_the_year_itself():
    years = [2023, 2024, "2024", None]
    assert found(land_use(*PARCELS, fields={"SJNF": years})) == [
        ("land_use", "land-use-year", "land_use.gpkg", 10000.0)
    ]


@pytest.mark.parametrize("written", [["011", "021", "013", "201"], [11, 21, 13, 201]])
def test_codes_of_the_second_survey(written):
    assert found(land_use(*PARCELS, land_class=written)) == [
        ("land_use", "old-code-system", "land_use.gpkg", 15000.0)
    ]


@pytest.mark.parametrize("written", [["0101", "0201", "0101", "0601"], [101, 201, 101, 601]])
def test_codes_of_the_third_survey_are_silent(written):
    assert found(land_use(*PARCELS, land_class=written)) == []


def test_fields_of_the_second_survey():
    old = land_use(*PARCELS, fields={"TKXS": [0] * 4, "XZDWMJ": [0] * 4})
    assert found(old) == [("land_use", "old-fields", "land_use.gpkg", None)]
    assert found(land_use(*PARCELS, fields={"TKXS": [0] * 4})) == []


# Layers that were refused


def test_what_cannot_be_asked_is_not_asked():
    from tests.stages.examine.clinic import examine, handed

    whole = handed(permanent((80, 0, 100, 100)))
    for missing in ("townships", "land_use", "changes"):
        tables = {name: one for name, one in whole.tables.items() if name != missing}
        seen = examine(type(whole)(**{**vars(whole), "tables": tables}))
        assert all(one.finding.severity == "noted" for one in seen)


def test_a_question_that_fails_on_a_shape_leaves_the_others(monkeypatch):
    import shapely
    from shapely.errors import GEOSException

    def failing(*_, **__):
        raise GEOSException("TopologyException: side location conflict")

    monkeypatch.setattr(shapely, "union_all", failing)  # holes between townships
    late = approvals(approval((0, 0, 20, 20), "转1号", date(2025, 4, 1)))
    assert found(late) == [
        ("approvals", "approved-after-as-of", "转1号", None),
        ("config", "not-examined", "township_borders", None),
    ]


def test_of_very_many_findings_the_smallest_are_counted_together():
    from pipeline.schema.examined import Observation
    from pipeline.stages.examine.telling import largest, noted

    many = [
        Observation(noted("changes", f"C{n}", "x", "有问题", "", float(n))) for n in range(1, 6)
    ]
    kept = [one.finding for one in largest(many, 3)]
    assert [found.record for found in kept] == ["C5", "C4", "C3", "其余"]
    assert kept[-1].message == "同类问题另有 2 处没有逐条列出,共 3.00 ㎡"
    assert kept[-1].area_m2 == 3.0
    assert largest(many, 5) == sorted(many, key=lambda one: -one.finding.area_m2)
