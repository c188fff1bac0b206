"""An evidence sheet: figures that close, boxes apart, one page whatever is on it."""

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pandas as pd
import pypdf
import pytest
from shapely import Point

from pipeline.report.sheets.annex import corners_of, pieces_of
from pipeline.report.sheets.areas import areas_of
from pipeline.report.sheets.book import bundle_pdf, sheet_pngs
from pipeline.report.sheets.opinion import farmland_left
from pipeline.report.sheets.sheet import View, chip_frame, make_sheet
from pipeline.schema import derived
from tests.report import county
from tests.report.sheets.dossier import (
    CHANGE,
    OTHER,
    TOWN,
    around,
    context,
    evidence_of,
    frame,
    piece,
    placed,
)

HEADING = county.heading()
LONG = "很长的理由" * 80 + ' #panic("x") $x$ *y* \u202e'
PIECES = (
    piece(1, 120.0, 110.0, placed(0, 0, 12, 10)),
    piece(2, 80.0, 0.0, placed(12, 0, 20, 10), verdict="legal", ruled_verdict="legal"),
)


def sheet_of(evidence, views=(), surroundings=None, told=None):
    frame_ = chip_frame(CHANGE, 0.5)
    return make_sheet(
        evidence, surroundings or around(), list(views), frame_, told or context(), "0"
    )


def pages_of(*sheets, told=None):
    pdf = bundle_pdf(sheets, "石门街道", told or context())
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages]


def figures(rows, name):
    return sum((Decimal(row[name].replace(",", "")) for row in rows), Decimal(0))


def test_the_sheet_says_what_is_known():
    text = pages_of(sheet_of(evidence_of(*PIECES)))[0].replace("\n", "")
    for said in (
        "图斑核查单（疑似）",
        "示例数据，非真实结果",
        "20 建/构筑物",
        "石门街道",
        "石门所",
        "2023-03-11",
        "2024 年 3 月",
        "《土地管理法》第七十七条",
        "3190010.000",
        "变化图斑 a.shp",
        "demo-2024",
        "第 1 页，共 1 页",
    ):
        assert said in text, said


def test_a_signed_run_has_no_mark():
    told = replace(context(), heading=county.heading(is_signed=True))
    text = pages_of(sheet_of(evidence_of(*PIECES), told=told), told=told)[0]
    assert "图斑核查单（疑似）" not in text


def test_displayed_parts_add_up():
    """Thirds of 100 m²: 33.3333 + 33.3333 + 33.3334 shows as 33.33 + 33.33 + 33.34."""
    thirds = [
        piece(1, 33.3333, 33.3333, rule_id="a"),
        piece(2, 33.3333, 33.3333, verdict="doubtful", rule_id="b"),
        piece(3, 33.3334, 33.3334, verdict="legal", rule_id="c"),
    ]
    areas = areas_of(thirds, HEADING)
    assert [row["area"] for row in areas["rows"]] == ["33.33", "33.33", "33.34"]
    assert areas["total"]["area"] == "100.00"
    assert areas["closing"] == "0.00"
    assert figures(areas["rows"], "mu") == Decimal(areas["total"]["mu"]) == Decimal("0.15")


def test_ground_closes_with_the_ridge():
    """120 m² of farmland parcels less 10 of ridge, 80 of construction land, 5 of no parcel."""
    none = piece(3, 5.0, land_group=None, land_class=None)
    ground = areas_of([*PIECES, none], HEADING)["ground"]
    assert ground["farmland"] == "110.00"
    assert ground["ridge"] == "10.00"
    assert ground["not_farmland"] == "10.00"
    assert ground["construction"] == "80.00"
    assert ground["unknown"] == "5.00"
    assert ground["whole"] == "205.00"


def test_many_rules_and_pieces_are_summed_and_still_close():
    many = [piece(n, 0.3333 + n, rule_id=f"r{n}") for n in range(1, 31)]
    areas, listed = areas_of(many, HEADING), pieces_of(many, context().names)
    whole = Decimal("475.00")  # 465 + 30 × 0.3333 = 474.999
    assert figures(areas["rows"], "area") == whole
    assert figures(listed["rows"], "area") == whole
    assert listed["rows"][-1]["label"] == "其余 26 片"
    assert listed["count"] == 30


def test_permanent_farmland_without_a_layer_is_a_dash():
    areas = areas_of([piece(1, 10.0, 10.0, is_permanent_farmland=None)], HEADING)
    assert areas["total"]["permanent"] == areas["rows"][0]["permanent"] == "—"


def test_machine_and_people_are_in_boxes_of_their_own():
    ruling = {
        "change_id": "C1",
        "verdict": "illegal",
        "reason": "现场已硬化",
        "ruled_by": "张三",
        "ruled_on": date(2025, 1, 9),
    }
    sheet = sheet_of(evidence_of(*PIECES, rulings=[ruling]))
    assert [one["label"] for one in sheet.data["proposal"]["grounds"]] == ["疑似违法"]
    said = sheet.data["ruling"]["rulings"][0]
    assert (said["label"], said["by"], said["on"]) == ("违法", "张三", "2025-01-09")
    assert "尚无人工认定" not in pages_of(sheet)[0]
    assert "尚无人工认定" in pages_of(sheet_of(evidence_of(*PIECES)))[0]


def test_what_is_left_after_rectification():
    rows = frame(
        derived.RECTIFIED,
        {
            "illegal_farmland_m2": 50.0,
            "reclaimed_farmland_m2": 20.0,
            "regularised_farmland_m2": 5.0,
        },
        {
            "illegal_farmland_m2": 10.0,
            "reclaimed_farmland_m2": 0.0,
            "regularised_farmland_m2": 0.0,
        },
    )
    assert farmland_left(rows) == {
        "illegal": "60.00",
        "reclaimed": "20.00",
        "regularised": "5.00",
        "left": "35.00",
    }


def test_corners_are_north_first_and_counted():
    corners = corners_of(CHANGE)
    assert corners["count"] == 4
    assert {row["x"] for row in corners["rows"]} == {"3190000.000", "3190010.000"}
    assert {row["y"] for row in corners["rows"]} == {"500000.000", "500020.000"}
    many = corners_of(Point(0, 0).buffer(10, quad_segs=25))
    assert (many["count"], len(many["rows"])) == (100, 16)


@pytest.mark.parametrize("with_chips", [True, False])
def test_whatever_is_on_it_a_sheet_is_one_page(with_chips):
    """Long texts, many pieces, rules, approvals, rulings, corners, a hole, no geometry at all."""
    pieces = [
        piece(
            n,
            10.0 + n,
            5.0,
            placed(0, 0, 1, n) if n % 3 else None,
            rule_id=LONG[: 40 + n],
            legal_basis=LONG,
            missing_evidence=LONG,
            approval_no=LONG,
            plan_zone=LONG,
            land_class="9" * 30,
            township_code=TOWN if n % 2 else OTHER,
            ruled_verdict=None if n % 2 else "legal",
        )
        for n in range(1, 40)
    ]
    kinds = ("conversion", "supply", "temporary")
    approvals = [
        {"approval_no": f"{n}{LONG}", "approval_kind": kinds[n % 3], "area_m2": 50.0 - n}
        for n in range(9)
    ]
    records = [
        {
            **one,
            "approved_earliest": date(2024, 1, 1),
            "approved_latest": date(2024, 12, 31),
            "holder": LONG,
            "land_use_purpose": LONG,
            "geometry": placed(n, 0, 30, 20),
        }
        for n, one in enumerate(approvals)
    ]
    ruling = {
        "verdict": "illegal",
        "reason": LONG,
        "ruled_by": LONG,
        "ruled_on": date(2025, 1, 9),
    }
    evidence = evidence_of(
        *pieces,
        change=Point(500_000, 3_190_000).buffer(50, quad_segs=99)
        - Point(500_010, 3_190_000).buffer(9),
        coverage=approvals,
        constraints=[{"constraint_name": LONG, "area_m2": 5.0}] * 6,
        rulings=[ruling] * 5,
        rectifications=[{"method": LONG, "farmland_m2": 5.0, "document": LONG}] * 5,
        result={"reason": LONG * 3},
    )
    view = View("前时相", "2024 年 3 月", LONG, np.zeros((9, 9, 3), np.uint8), 0.5)
    views = [view, replace(view, pixels=None)] if with_chips else []
    surroundings = around(
        farmland=[placed(-50, -50, 10, 50)],
        permanent=[placed(-50, 0, 0, 50)],
        townships=[(LONG, placed(-99, -99, 5, 99)), ("桃渚镇", placed(5, -99, 99, 99))],
        approvals=records,
    )
    told = replace(
        context(notice=LONG[:60]), sources=[f"图层 {n} {LONG[:30]}" for n in range(18)]
    )
    sheet = sheet_of(evidence, views, surroundings, told)
    texts = pages_of(sheet, sheet, told=told)
    assert len(texts) == 2
    assert all("核查人" in text and "来源" in text for text in texts)


def test_pieces_whose_shape_was_not_kept_are_told():
    assert (
        "2 片没有保存图形"
        in pages_of(
            sheet_of(evidence_of(piece(1, 1.0), piece(2, 1.0), piece(3, 1.0, 0.0, CHANGE)))
        )[0]
    )


def test_a_bookmark_for_every_change():
    sheet = sheet_of(evidence_of(*PIECES))
    pdf = bundle_pdf([sheet, sheet], "石门街道", context())
    assert [entry.title for entry in pypdf.PdfReader(io.BytesIO(pdf)).outline] == [
        "C1 疑似违法",
        "C1 疑似违法",
    ]


def test_the_same_sheet_gives_the_same_bytes():
    first, again = sheet_of(evidence_of(*PIECES)), sheet_of(evidence_of(*PIECES))
    assert first == again
    assert bundle_pdf([first], "", context()) == bundle_pdf([again], "", context())
    assert list(sheet_pngs([first], "", context())) == list(sheet_pngs([again], "", context()))


def test_tables_of_a_change_are_left_alone():
    evidence = evidence_of(*PIECES)
    before = evidence.pieces.copy(deep=True)
    sheet_of(evidence)
    pd.testing.assert_frame_equal(evidence.pieces, before)


def test_a_large_bundle_is_one_document_with_every_page_and_bookmark(monkeypatch):
    monkeypatch.setattr("pipeline.report.sheets.book._AT_ONCE", 2)
    sheet = sheet_of(evidence_of(*PIECES))
    pdf = bundle_pdf([sheet] * 5, "石门街道", context())
    assert pdf == bundle_pdf([sheet] * 5, "石门街道", context())
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    texts = [page.extract_text().replace("\n", "") for page in reader.pages]
    assert [f"第 {n} 页，共 5 页" in texts[n - 1] for n in range(1, 6)] == [True] * 5
    assert [reader.get_destination_page_number(entry) for entry in reader.outline] == [
        0,
        1,
        2,
        3,
        4,
    ]
    assert reader.metadata.title == "示例县 2024 年度卫片执法检查 石门街道 图斑核查单（疑似）"
    assert reader.metadata.creation_date.date() == date(2025, 3, 31)
