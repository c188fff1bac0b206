"""What people write into their ledgers by hand: taken as it was meant, or refused, never guessed."""

import dataclasses

import pytest

from pipeline.project import load
from pipeline.runner.receiving.hand import receive_hand
from tests.county import write_clean
from tests.squares import JIA, SQUARES

RULING = {"change_id": "C11", "township_code": "", "verdict": "legal", "reason": "补交批文", "ruled_by": "甲", "ruled_on": "2025-01-05"}  # fmt: skip
RECTIFIED = SQUARES.hand["rectifications"][0]


def _hand(tmp_path, **ledgers):
    return receive_hand(load(write_clean(dataclasses.replace(SQUARES, hand=ledgers), tmp_path)))


def _found(hand):
    return [(one.code, one.severity) for one in hand.findings]


@pytest.mark.parametrize("written", ["1,5", "1,50.5", "1_000", "1e999", "无", "", "12.3.4"])
def test_an_area_that_may_mean_two_things_is_refused(tmp_path, written):
    hand = _hand(tmp_path, rectifications=[{**RECTIFIED, "farmland_m2": written}])

    assert _found(hand) == [("bad-area", "refused")]
    assert "farmland_m2" in hand.findings[0].message


@pytest.mark.parametrize(
    ("written", "m2"), [("1,000.5", 1000.5), ("５８５", 585), ("12 ㎡", 12), ("0", 0)]
)
def test_an_area_may_be_written_as_people_do(tmp_path, written, m2):
    hand = _hand(tmp_path, rectifications=[{**RECTIFIED, "farmland_m2": written}])

    assert hand.rectifications["farmland_m2"].tolist() == [m2]


def test_every_gap_in_a_ruling_is_named(tmp_path):
    blank = {"verdict": "合规", "reason": " ", "ruled_by": "", "ruled_on": ""}
    hand = _hand(tmp_path, rulings=[{**RULING, **blank}])

    assert _found(hand) == [
        ("unknown-verdict", "refused"),
        ("bad-date", "refused"),
        ("missing-reason", "refused"),
        ("missing-ruler", "refused"),
    ]
    assert "illegal 疑似违法" in hand.findings[0].remedy
    assert "没有写认定日期" in hand.findings[1].message
    assert [one.record for one in hand.findings] == ["C11"] * 4
    assert all("rulings.csv 第 2 行" in one.message for one in hand.findings)


@pytest.mark.parametrize("written", ["2025-02-30", "2025-02", "前天"])
def test_a_day_that_is_none_is_refused_as_it_was_written(tmp_path, written):
    hand = _hand(tmp_path, rulings=[{**RULING, "ruled_on": written}])

    refused = [one for one in hand.findings if one.severity == "refused"]
    assert [one.code for one in refused] == ["bad-date"]
    assert f"写的是 {written}" in refused[0].message


def test_an_unsigned_ruling_is_refused(tmp_path):
    hand = _hand(tmp_path, rulings=[{**RULING, "ruled_by": " "}])

    assert _found(hand) == [("missing-ruler", "refused")]


def test_a_ruling_written_twice_counts_once_and_is_noted(tmp_path):
    hand = _hand(tmp_path, rulings=[RULING, RULING])

    assert len(hand.rulings) == 1
    assert _found(hand) == [("duplicate", "noted")]


def test_a_township_without_office_is_refused(tmp_path):
    hand = _hand(tmp_path, offices=[{"township_code": JIA, "office_name": ""}])

    assert _found(hand) == [("missing-office", "refused")]


def test_a_township_written_twice_under_its_office_is_noted(tmp_path):
    hand = _hand(tmp_path, offices=[{"township_code": JIA, "office_name": "一所"}] * 2)

    assert len(hand.offices) == 1
    assert _found(hand) == [("duplicate", "noted")]


def test_dates_in_several_styles_are_read_and_said(tmp_path):
    days = ["2025年3月1日", "2025/3/2", "20250303", "2025-03-04"]
    rows = [{**RECTIFIED, "accepted_on": day, "document": day} for day in days]

    hand = _hand(tmp_path, rectifications=rows)

    assert [str(day) for day in hand.rectifications["accepted_latest"]] == [
        "2025-03-01", "2025-03-02", "2025-03-03", "2025-03-04"
    ]  # fmt: skip
    assert _found(hand) == [("date-styles", "repaired")]
    assert "accepted_on" in hand.findings[0].message


def test_a_reclamation_without_document_is_noted(tmp_path):
    hand = _hand(tmp_path, rectifications=[{**RECTIFIED, "document": ""}])

    assert _found(hand) == [("missing-document", "noted")]


def test_several_ledgers_of_rulings_are_one(tmp_path):
    config = write_clean(dataclasses.replace(SQUARES, hand={"rulings": [RULING]}), tmp_path)
    more = tmp_path / "hand" / "more.csv"
    more.write_text(
        "change_id,verdict,reason,ruled_by,ruled_on\nC04,other,看过,乙,2025-01-06\n",
        encoding="utf-8",
    )
    one, several = '"hand/rulings.csv"', '["hand/rulings.csv", "hand/more.csv"]'
    config.write_text(
        config.read_text(encoding="utf-8").replace(one, several), encoding="utf-8"
    )

    hand = receive_hand(load(config))
    assert hand.findings == []
    assert hand.rulings["change_id"].tolist() == ["C04", "C11"]
