"""What people ruled comes back: the right rows into the ledger, each wrong one named."""

from datetime import date, datetime

import openpyxl
import pyogrio
import pytest
import shapely

from pipeline.cli import main
from pipeline.io import files
from tests.runner.review.clerk import RULED, records, rule_in_layer
from tests.squares import JIA, YI


def _refused(folder):
    return {(row["record"].split()[0], row["code"]) for row in records(folder / "refused.csv")}


def test_a_workbook_as_a_clerk_leaves_it(later, sheet, capsys):
    """Sorted, a column hidden, two wrong values, one row gone stale: six rows, three right."""
    sheet.rule("C04")
    sheet.rule("C06", review_verdict=" 违 法 ", ruled_on="2025年2月3日")
    sheet.rule("C02", YI, review_verdict="其它", ruled_on=45690)  # 2025-02-02 as Excel counts
    sheet.rule("C08", review_verdict="合规")  # no such verdict
    sheet.rule("C09", ruled_on="2025-02-30")  # no such day
    sheet.rule("C11")  # an approval has been found since
    sheet.sort(list(sheet.places))
    sheet.page.column_dimensions["E"].hidden = True
    returned = sheet.save(later.parent / "交回.xlsx")

    capsys.readouterr()
    assert main(["rulings", str(later), str(returned)]) == 2
    said = capsys.readouterr().out
    assert "采纳 3 条" in said
    assert "拒绝 3 行" in said
    assert records(later.parent / "hand" / "rulings.csv") == [
        _ruling("C06", YI, "illegal", "2025-02-03"),
        _ruling("C04", YI, "legal", "2025-02-01"),
        _ruling("C02", YI, "other", "2025-02-02"),
    ]
    refused = later.parent / "workspace" / "review"
    assert _refused(refused) == {
        ("C08", "unknown-verdict"), ("C09", "bad-date"), ("C11", "stale-row")
    }  # fmt: skip
    stale = next(row for row in records(refused / "refused.csv") if row["code"] == "stale-row")
    assert "涉及批文 空 → 转7号" in stale["message"]
    assert stale["remedy"] == "重新 make review,在新表里按新的情况认定;旧表的这一行清空"
    assert stale["layer"] == "交回.xlsx"


def _ruling(change_id, town, verdict, day):
    return {
        "change_id": change_id,
        "township_code": town,
        "verdict": verdict,
        "reason": RULED["review_reason"],
        "ruled_by": RULED["ruled_by"],
        "ruled_on": day,
    }


@pytest.mark.parametrize("held", ["log.csv", "rulings.csv"])
def test_what_cannot_be_logged_is_not_taken_and_the_other_way_round(
    config, sheet, folder, ledger, held, monkeypatch, capsys
):
    sheet.rule("C04")
    sheet.save()
    replace, before = files.os.replace, ledger.read_bytes()

    def as_on_windows(source, target, **named):
        if str(target).endswith(held):
            raise PermissionError(13, "in use", str(target))
        replace(source, target, **named)

    with monkeypatch.context() as patch:
        patch.setattr(files.os, "replace", as_on_windows)
        assert main(["rulings", str(config)]) == 1
    assert f"写不了 {held}" in capsys.readouterr().err
    assert ledger.read_bytes() == before
    assert not (folder / "log.csv").exists()

    assert main(["rulings", str(config)]) == 0
    assert [row["change_id"] for row in records(folder / "log.csv")] == ["C04"]


def test_what_came_back_is_judged_and_explained(config, sheet, capsys):
    sheet.rule("C04", review_reason="合同在档案室找到")
    sheet.save()

    assert main(["rulings", str(config)]) == 0
    capsys.readouterr()
    assert main(["run", str(config), "--until", "rank"]) == 0
    said = capsys.readouterr().out
    assert "套合  未变,沿用" in said
    assert "认定  完成" in said
    assert main(["explain", str(config), "C04"]) == 0
    said = capsys.readouterr().out
    assert "2025-02-01 王审核：合法，理由：合同在档案室找到（乙镇）" in said


def test_the_log_says_who_when_old_new_and_from_where(config, sheet, folder, ledger):
    ledger.write_text(
        "change_id,township_code,verdict,reason,ruled_by,ruled_on\nC04,,doubtful,待查,甲,2025-01-01\n",
        encoding="utf-8-sig",
    )
    row = sheet.rule("C04")
    sheet.rule("C06")
    sheet.save()
    assert main(["rulings", str(config)]) == 0

    six, four = sorted(records(folder / "log.csv"), key=lambda one: one["old_verdict"])
    assert (four["change_id"], four["old_verdict"], four["new_verdict"]) == (
        "C04", "doubtful", "legal"
    )  # fmt: skip
    assert (six["old_verdict"], six["proposed_verdict"]) == ("", "疑似违法")
    assert (four["ruled_by"], four["ruled_on"]) == ("王审核", "2025-02-01")
    assert four["place"] == f"复核 第 {row} 行"
    assert four["source"] == "workspace/review/review.xlsx"
    assert len(four["sha256"]) == 64
    assert four["sheet_run"] == four["current_run"] != ""
    assert four["ledger"] == "hand/rulings.csv"


def test_reading_the_same_file_again_adds_nothing(config, sheet, folder, ledger, capsys):
    sheet.rule("C04", review_reason="-合同\n在 档案室 ")
    sheet.rule("C06", ruled_on=datetime(2025, 2, 1, 9, 30))  # noqa: DTZ001
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    written, log = ledger.read_bytes(), (folder / "log.csv").read_bytes()

    capsys.readouterr()
    assert main(["rulings", str(config)]) == 0
    assert "采纳 0 条,已在台账 2 条(不再追加)" in capsys.readouterr().out
    assert ledger.read_bytes() == written
    assert (folder / "log.csv").read_bytes() == log
    assert {row["reason"] for row in records(ledger)} == {"'-合同 在 档案室", "已核对批文原件"}


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"review_verdict": None}, "missing-verdict"),
        ({"review_verdict": "1"}, "unknown-verdict"),
        ({"review_reason": "  "}, "missing-reason"),
        ({"review_reason": "合计：3 处"}, "bad-text"),
        ({"ruled_by": None}, "missing-ruler"),
        ({"ruled_on": None}, "missing-date"),
        ({"ruled_on": "2025-13-01"}, "bad-date"),
        ({"ruled_on": "2025年2月"}, "bad-date"),
        ({"ruled_on": "前天"}, "bad-date"),
        ({"ruled_on": "=TODAY()"}, "bad-cell"),
        ({"review_reason": '=HYPERLINK("x")'}, "bad-cell"),
        ({"area_m2": 1}, "changed-machine-column"),
        ({"proposed_verdict": "合法"}, "changed-machine-column"),
        ({"reason": "我来写"}, "changed-machine-column"),
        ({"change_id": "C99"}, "unknown-key"),
        ({"change_id": "C06"}, "mixed-row"),
        ({"change_id": None}, "missing-key"),
        ({"fingerprint": None}, "stale-row"),
    ],
)
def test_each_way_to_spoil_a_row_is_refused(config, sheet, folder, ledger, values, code):
    before = ledger.read_bytes()
    row = sheet.rule("C04")
    for name, value in values.items():
        sheet.page.cell(row, sheet.places[name]).value = value
    sheet.save()

    assert main(["rulings", str(config)]) == 2
    assert [row["code"] for row in records(folder / "refused.csv")] == [code]
    assert ledger.read_bytes() == before


def test_everything_wrong_with_a_row_is_said_at_once(config, sheet, folder):
    sheet.rule("C04", review_verdict="也许", review_reason=None, ruled_on=None, area_m2=7)
    sheet.save()
    assert main(["rulings", str(config)]) == 2

    assert {code for _, code in _refused(folder)} == {
        "unknown-verdict", "missing-reason", "missing-date", "changed-machine-column"
    }  # fmt: skip


def test_a_change_of_a_figure_is_refused_with_old_and_new(config, sheet, folder):
    sheet.rule("C04", area_m2=999)
    sheet.save()
    assert main(["rulings", str(config)]) == 2
    (row,) = records(folder / "refused.csv")
    assert row["message"] == "系统列“面积”被改动:应为 1000.00,表中是 999.00"


def test_sorting_some_columns_only_is_noticed(config, sheet, folder):
    for change_id in ("C04", "C06"):
        sheet.rule(change_id)
    sheet.sort(["change_id", "township_code"])
    sheet.save()

    assert main(["rulings", str(config)]) == 2
    assert {code for _, code in _refused(folder)} == {"mixed-row"}


def test_rows_left_blank_are_nobodys_ruling(config, sheet, ledger, capsys):
    before = ledger.read_bytes()
    sheet.rule("C04", review_verdict=None, review_reason=None)  # filled down by who and when
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    assert "1 行只填了认定人或日期" in capsys.readouterr().out
    assert ledger.read_bytes() == before


def test_a_ruling_reaches_one_township(config, sheet):
    sheet.rule("C02", JIA)
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    assert main(["run", str(config), "--until", "judge"]) == 0
    import pandas as pd

    judged = pd.read_parquet(config.parent / "workspace" / "work" / "judged.parquet").query(
        "change_id == 'C02'"
    )
    ruled = dict(zip(judged["township_code"], judged["ruled_verdict"], strict=True))
    assert ruled[JIA] == "legal"
    assert pd.isna(ruled[YI])


def test_a_day_that_has_not_come_is_told(config, sheet, capsys):
    sheet.rule("C04", ruled_on="2099-02-01")
    sheet.rule("C06")
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    said = capsys.readouterr().out
    assert said.count("在今天以后") == 1
    assert "C04" in said.split("在今天以后")[0].splitlines()[-1]


def test_a_ruling_that_takes_legal_ground_along_is_told(config, sheet, capsys):
    sheet.rule("C01", review_verdict="违法")
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    assert "连同系统建议合法的 1,500.00 ㎡ 一并认定为违法" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("verdict", "day", "code"),
    [
        ("illegal", "2025-02-01", "rulings-contradict"),
        ("illegal", "2025-02-02", "older-than-ruling"),
    ],
)
def test_the_ledger_is_not_contradicted(config, sheet, folder, ledger, verdict, day, code):
    with ledger.open("a", encoding="utf-8", newline="") as file:
        file.write(f"C04,{YI},{verdict},看过,甲,{day}\n")
    before = ledger.read_bytes()
    sheet.rule("C04")
    sheet.save()

    assert main(["rulings", str(config)]) == 2
    assert _refused(folder) == {("C04", code)}
    assert ledger.read_bytes() == before


def test_a_later_ruling_replaces_an_earlier_one(config, sheet, ledger):
    sheet.rule("C04")
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    sheet.rule("C04", review_verdict="违法", ruled_on=date(2025, 3, 1))
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    assert [row["verdict"] for row in records(ledger)] == ["legal", "illegal"]


def test_two_copies_that_disagree_are_both_refused(config, sheet, folder, ledger):
    sheet.rule("C04")
    sheet.rule("C06")
    sheet.save()
    rule_in_layer(folder / "review.gpkg", "C04", review_verdict="illegal")
    rule_in_layer(folder / "review.gpkg", "C06")

    assert main(["rulings", str(config)]) == 2
    assert _refused(folder) == {("C04", "answers-disagree")}
    assert len(records(folder / "refused.csv")) == 2
    assert [row["change_id"] for row in records(ledger)] == ["C06"]


def test_the_layer_comes_back(config, folder, ledger):
    rule_in_layer(folder / "review.gpkg", "C04")
    rule_in_layer(folder / "review.gpkg", "C09", review_verdict="其他", ruled_on="2025-02-09")
    (folder / "review.xlsx").unlink()

    assert main(["rulings", str(config)]) == 0
    assert [(row["change_id"], row["verdict"], row["ruled_on"]) for row in records(ledger)] == [
        ("C04", "legal", "2025-02-01"), ("C09", "other", "2025-02-09")
    ]  # fmt: skip


def test_a_layer_that_qgis_has_open_is_read_with_what_it_saved(config, folder, ledger):
    path = folder / "review.gpkg"
    before = path.read_bytes()
    open_in_qgis = rule_in_layer(path, "C04", keep_open=True)
    assert path.with_name("review.gpkg-wal").stat().st_size > 0
    try:
        assert main(["rulings", str(config)]) == 0
    finally:
        open_in_qgis.close()
    assert [row["change_id"] for row in records(ledger)] == ["C04"]
    assert " + wal " in records(folder / "log.csv")[0]["sha256"]
    assert len(path.read_bytes()) == len(before)


@pytest.mark.parametrize(("moved", "status"), [(0, 0), (0.5, 2)])
def test_a_moved_corner_is_refused(config, folder, moved, status):
    frame = pyogrio.read_dataframe(folder / "review.gpkg", layer="review")
    ruled = frame["change_id"] == "C04"
    for name, value in (RULED | {"review_verdict": "legal"}).items():
        frame[name] = frame[name].astype(object).where(~ruled, value)
    shapes = shapely.transform(
        frame.geometry.array[ruled],
        lambda points: points + [moved, 0] * (points == points.max(0)),
    )
    frame.loc[ruled, "geometry"] = shapes
    pyogrio.write_dataframe(frame, config.parent / "saved.gpkg", layer="review")

    assert main(["rulings", str(config), str(config.parent / "saved.gpkg")]) == status
    if status:
        assert _refused(folder) == {("C04", "changed-shape")}


def test_a_file_that_is_no_review_is_refused_whole(config, sheet, ledger, capsys):
    before = ledger.read_bytes()
    sheet.rule("C04")
    sheet.save()
    stray = config.parent / "stray.xlsx"
    openpyxl.Workbook().save(stray)

    assert main(["rulings", str(config), str(sheet.path), str(stray)]) == 2
    assert "stray.xlsx" in capsys.readouterr().err
    assert ledger.read_bytes() == before


def test_a_copied_sheet_is_read_too(config, sheet, ledger):
    copy = sheet.book.copy_worksheet(sheet.page)
    sheet.rule("C04")
    sheet.page = copy
    sheet.rule("C04")
    sheet.rule("C06")
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    assert [row["change_id"] for row in records(ledger)] == ["C04", "C06"]


def test_a_column_that_was_deleted_is_named(config, sheet, capsys):
    sheet.page.delete_cols(sheet.places["ruled_by"])
    sheet.save()
    assert main(["rulings", str(config)]) == 2
    assert "缺少列 ruled_by(认定人)" in capsys.readouterr().err


def test_a_column_that_is_there_twice_is_named(config, sheet, capsys):
    sheet.page.cell(3, len(sheet.places) + 1).value = "认定 理由"
    sheet.save()
    assert main(["rulings", str(config)]) == 2
    assert "有几列都叫 认定理由" in capsys.readouterr().err


def test_before_any_run_both_say_what_to_do(tmp_path, capsys):
    from tests.county import write_clean
    from tests.squares import SQUARES

    config = write_clean(SQUARES, tmp_path)
    for verb in ("review", "rulings"):
        assert main([verb, str(config)]) == 1
        assert "make all" in capsys.readouterr().err
