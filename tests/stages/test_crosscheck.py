"""What is only worth a look: slivers, figures near the line, codes that disagree."""

from datetime import date
from decimal import Decimal

import pandas as pd
import pytest

from pipeline.rules.settings import AccountabilitySettings, Line
from pipeline.stages.crosscheck import (
    crosscheck,
    early_acceptances,
    near_the_line,
    slivers,
    unknown_farmland,
    unknown_offices,
)

LINE = AccountabilitySettings(
    township=Line(ratio=Decimal("0.08"), comparison=">", basis="责任状"),
    county=Line(ratio=Decimal("0.15"), comparison=">=", basis="15号令"),
    as_of=date(2025, 3, 31),
)


@pytest.mark.parametrize(
    ("ratio", "accountable", "words"),
    [
        (0.08, False, "8.0000%,问责线 > 8%,恰在线上(余量 margin):未触线"),
        (0.08004, True, "高于线 0.0040 个百分点(余量 margin):触线"),
        (0.0796, False, "低于线 0.0400 个百分点"),
        (0.0795, False, None),
        (0.0805, True, None),
        (None, False, None),
    ],
)
def test_a_figure_near_the_line_is_told_with_its_margin(ratio, accountable, words):
    row = {
        "township_code": "990101001",
        "township_name": "甲镇",
        "ratio_net": ratio,
        "is_accountable": accountable,
    }

    found = near_the_line(pd.DataFrame([row]), LINE)

    assert [one.message.count(words) for one in found] == ([1] if words else [])


def test_construction_on_ground_of_no_parcel_is_told_beside_its_township():
    judged = pd.DataFrame(
        [
            ("01", None, "legal", 30.0, False),
            ("01", None, "illegal", 2.5, None),
            ("01", "P1", "illegal", 500.0, True),
            ("02", None, "legal", 7.0, True),
            ("03", None, "other", 90.0, True),
            ("04", None, "legal", 0.9, False),
            (None, None, "illegal", 80.0, False),
        ],
        columns=["township_code", "parcel_id", "verdict", "area_m2", "touches_quarantine"],
    )

    found = unknown_farmland(judged)

    assert [(one.record, one.code, one.area_m2) for one in found] == [
        ("01", "farmland-unknown", 32.5),
        ("02", "farmland-unknown", 7.0),
    ]
    assert "空白处" in found[0].message
    assert "不能据此问责" in found[1].message


def test_slivers_are_added_up_for_each_change():
    judged = pd.DataFrame(
        {
            "change_id": ["C1", "C1", "C1", "C2"],
            "rule_id": ["sliver", "sliver", "unapproved", "unapproved"],
            "area_m2": [0.1, 0.02, 500.0, 7.0],
        }
    )

    (found,) = slivers(judged)

    assert (found.record, found.code, found.severity) == ("C1", "sliver", "noted")
    assert found.area_m2 == 0.12


def test_an_office_of_an_unknown_township_is_noted():
    offices = pd.DataFrame({"township_code": ["1", "2"], "office_name": ["所", "所"]})

    assert [
        one.record for one in unknown_offices(offices, pd.DataFrame({"township_code": ["1"]}))
    ] == ["2"]


def test_ground_that_no_parcel_covers_is_noted_beside_every_change_on_it():
    town, columns = "990101001", ["change_id", "township_code", "parcel_id", "area_m2"]
    rows = [
        ("C1", town, "P1", 10.0),
        ("C1", town, None, 20.0),
        ("C1", town, None, 5.0),
        ("C2", town, None, 0.5),  # the width of a line
        ("C3", None, None, 50.0),  # outside every township: told elsewhere
    ]
    changes = pd.DataFrame(
        {"change_id": ["C1"], "stated_township_code": [None], "after_latest": [None]}
    )
    coverage = pd.DataFrame({"change_id": [], "approved_on": []})
    townships = pd.DataFrame({"township_code": [town], "township_name": ["甲镇"]})

    (found,) = crosscheck(changes, pd.DataFrame(rows, columns=columns), coverage, townships)

    assert (found.record, found.code, found.severity) == ("C1", "no-land-use", "noted")
    assert found.area_m2 == 25


@pytest.mark.parametrize(
    ("accepted", "noted"),
    [(date(2024, 9, 29), True), (date(2024, 9, 30), False), (None, False)],
)
def test_a_reclamation_accepted_before_the_image_is_noted(accepted, noted):
    changes = pd.DataFrame({"change_id": ["C1"], "after_earliest": [date(2024, 9, 30)]})
    ledger = pd.DataFrame(
        {"change_id": ["C1", "C9"], "accepted_latest": [accepted, date(2020, 1, 1)]}
    )

    found = early_acceptances(changes, ledger)

    assert [one.record for one in found] == (["C1"] if noted else [])
