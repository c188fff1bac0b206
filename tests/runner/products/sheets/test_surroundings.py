"""What lies around a change, asked of layers on disk."""

import pytest

from pipeline.runner.products.sheets.surroundings import Neighbourhood
from pipeline.runner.tables import Tables
from pipeline.schema.derived import COVERAGE
from tests.report.sheets.dossier import frame
from tests.worlds import (
    TOWN_A,
    TOWN_B,
    approval,
    approvals,
    land_use,
    parcel,
    permanent_farmland,
    rect,
    township,
    townships,
)

BOX = (*rect(0, 0, 20, 10).bounds,)


def tables_of(folder, land, papers):
    tables = Tables(folder / "old", folder / "new")
    tables["land_use"] = land
    tables["permanent_farmland"] = permanent_farmland(rect(0, 0, 5, 5), rect(900, 0, 905, 5))
    tables["townships"] = townships(
        township(rect(10, -50, 50, 50), TOWN_B), township(rect(-50, -50, 10, 50), TOWN_A)
    )
    tables["approvals"] = papers
    return tables


LAND = (
    parcel(rect(0, 0, 10, 10), "P1", "0101"),
    parcel(rect(10, 0, 20, 10), "P2", "0601"),
    parcel(rect(0, 10, 10, 20), "P3", "0101"),
    parcel(rect(500, 0, 510, 10), "P4", "0101"),
    parcel(rect(5, -10, 25, 0.5), "P5", "0103"),
)
PAPERS = (
    approval(rect(0, 0, 9, 9), "小", kind="supply", approved="2023"),
    approval(rect(0, 0, 20, 9), "大", kind="conversion", approved="2023"),
    approval(rect(0, 0, 4, 4), "别的图斑的", kind="supply", approved="2023"),
)
COVERED = frame(
    COVERAGE,
    {"approval_no": "小", "approval_kind": "supply", "area_m2": 81.0},
    {"approval_no": "大", "approval_kind": "conversion", "area_m2": 180.0},
)


@pytest.fixture(params=[1, -1], ids=["in order", "reversed"])
def around(request, tmp_path):
    turn = slice(None, None, request.param)
    tables = tables_of(tmp_path, land_use(*LAND[turn]), approvals(*PAPERS[turn]))
    return Neighbourhood(tables, {TOWN_A: "甲镇"}).around(BOX, COVERED)


def test_farmland_near_is_found_and_cut_to_the_box(around):
    """P1 whole (100 m²) and of P5 a strip of 15 × 0.5 m; P3 only touches, P4 is far away."""
    assert sorted(round(shape.area, 4) for shape in around.farmland) == [7.5, 100.0]
    assert [shape.area for shape in around.permanent] == [25.0]


def test_approvals_are_those_of_the_change_the_largest_first(around):
    assert [one["approval_no"] for one in around.approvals] == ["大", "小"]


def test_townships_bear_their_names_or_codes(around):
    assert [name for name, _ in around.townships] == ["甲镇", TOWN_B]
