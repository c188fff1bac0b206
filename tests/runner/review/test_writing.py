"""The working copies: what they hold, what they let a person do, and that no word is lost."""

import dataclasses
import sqlite3
from contextlib import closing

import openpyxl
import pyogrio
import pytest

from pipeline.cli import main
from pipeline.schema.review import RULED_WORDS
from tests.county import write_clean
from tests.runner.review.clerk import Sheet, layer_rows, rule_in_layer
from tests.squares import JIA, SQUARES, YI

# All that is not plainly legal or other; C02 lies in two townships.
FLAGGED = [
    ("C02", JIA), ("C01", JIA), ("C08", JIA), ("C11", JIA),
    ("C02", YI), ("C04", YI), ("C06", YI), ("C09", YI),
]  # fmt: skip


def _keys(sheet):
    rows = range(4, sheet.page.max_row + 1)
    return [(sheet.get(row, "change_id"), sheet.get(row, "township_code")) for row in rows]


def test_the_flagged_changes_are_listed_by_township(sheet, folder):
    assert sorted(_keys(sheet)) == sorted(FLAGGED)
    assert [town for _, town in _keys(sheet)] == [JIA] * 4 + [YI] * 4
    assert _keys(sheet)[-1] == ("C09", YI)  # doubtful comes after illegal
    assert layer_rows(folder / "review.gpkg") == _keys(sheet)


def test_a_row_says_what_a_ruling_reaches(sheet):
    row = sheet.row("C01")
    assert sheet.get(row, "area_m2") == 2000
    assert sheet.get(row, "area_mu") == 3
    assert sheet.get(row, "legal_m2") == 1500
    assert sheet.get(row, "illegal_m2") == 500
    assert sheet.get(row, "proposed_verdict") == "疑似违法"
    assert "批少占多" in sheet.get(row, "reason")
    assert sheet.get(sheet.row("C02", JIA), "area_m2") == 1000


def test_only_the_answers_are_open(sheet):
    page = sheet.page
    assert page.protection.sheet
    unlocked = {
        name for name, x in sheet.places.items() if not page.cell(4, x).protection.locked
    }
    assert unlocked == {"review_verdict", "review_reason", "ruled_by", "ruled_on"}
    hidden = {
        name
        for name, x in sheet.places.items()
        if page.column_dimensions[page.cell(3, x).column_letter].hidden
    }
    assert hidden == {"run_id"}  # openpyxl joins neighbours of one width under the first


def test_the_sheet_offers_the_words_and_asks_for_a_day(sheet):
    rules = {rule.type: rule for rule in sheet.page.data_validations.dataValidation}
    assert rules["list"].formula1 == '"合法,违法,其他,存疑"'
    assert set(rules) == {"list", "textLength", "date"}
    assert sheet.page.freeze_panes == "D4"
    assert sheet.page.auto_filter.ref.startswith("A3:")
    (run_id,) = sheet.book.custom_doc_props.props
    assert run_id.value == sheet.get(4, "run_id")
    assert sheet.book.sheetnames == ["复核", "填写说明"]


def test_the_form_of_the_layer_lets_the_answers_be_edited(folder):
    with closing(sqlite3.connect(folder / "review.gpkg")) as base:
        (qml,) = base.execute("SELECT styleQML FROM layer_styles").fetchone()
        words = dict(
            base.execute("SELECT value, description FROM gpkg_data_column_constraints")
        )
    assert qml.count('editable="1"') == 4
    assert '<field name="review_verdict" editable="1"/>' in qml
    assert '<field name="area_m2" editable="0"/>' in qml
    assert 'name="认定结论"' in qml
    assert "有认定结论时必须填写认定理由" in qml
    assert words == RULED_WORDS


def test_the_layer_is_in_the_working_crs_with_the_shape_in_each_township(folder):
    frame = pyogrio.read_dataframe(folder / "review.gpkg", layer="review")
    assert frame.crs.to_epsg() == 4549
    halves = frame[frame["change_id"] == "C02"].area
    assert halves.tolist() == [1000, 1000]


def test_the_same_run_gives_the_same_bytes(config, folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert main(["review", str(config)]) == 0
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


@pytest.mark.parametrize("name", ["review.xlsx", "review.gpkg"])
def test_a_copy_with_a_word_in_it_is_never_touched(config, folder, name, capsys):
    if name.endswith("xlsx"):
        sheet = Sheet(folder / name)
        sheet.set("C04", "review_reason", "还要")
        sheet.save()
    else:
        rule_in_layer(folder / name, "C04")
    kept = (folder / name).read_bytes()
    capsys.readouterr()

    for _ in range(2):
        assert main(["review", str(config)]) == 0
    said = capsys.readouterr().out
    assert f"{name} 里有 1 行认定(其中 1 行还没有读回:先运行 make rulings),不动它" in said
    assert (folder / name).read_bytes() == kept
    stem, suffix = name.split(".")
    assert len(list(folder.glob(f"{stem}-*.{suffix}"))) == 1


def test_a_copy_that_cannot_be_read_is_never_touched(config, folder):
    (folder / "review.xlsx").write_bytes(b"PK half saved")
    assert main(["review", str(config)]) == 0
    assert (folder / "review.xlsx").read_bytes() == b"PK half saved"
    assert len(list(folder.glob("review-*.xlsx"))) == 1


def test_a_layer_that_qgis_has_open_is_never_touched(config, folder):
    with closing(rule_in_layer(folder / "review.gpkg", "C04", keep_open=True)):
        assert main(["review", str(config)]) == 0
        assert len(list(folder.glob("review-*.gpkg"))) == 1


def test_a_new_copy_shows_the_rulings_that_stand(config, folder, sheet):
    sheet.rule("C04")
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    assert main(["review", str(config)]) == 0

    (fresh,) = folder.glob("review-*.xlsx")
    new = Sheet(fresh)
    standing = new.get(new.row("C04"), "standing_ruling")
    assert standing == "合法（王审核 2025-02-01）：已核对批文原件"
    assert new.get(new.row("C04"), "review_verdict") is None


def test_working_copies_survive_a_run_and_stay_out_of_the_manifest(config, folder, sheet):
    sheet.rule("C04")
    kept = sheet.save().read_bytes()
    assert main(["run", str(config), "--until", "rank"]) == 0
    assert (folder / "review.xlsx").read_bytes() == kept
    assert openpyxl.load_workbook(folder / "review.xlsx")


def test_looking_leaves_nothing_beside_a_layer(config, folder):
    with closing(sqlite3.connect(folder / "review.gpkg")) as base:
        base.execute("PRAGMA journal_mode=wal")  # as QGIS leaves it
    before = sorted(path.name for path in folder.iterdir())
    assert main(["rulings", str(config)]) == 0
    assert main(["review", str(config)]) == 0
    assert sorted(path.name for path in folder.iterdir()) == before


def test_where_nothing_is_flagged_the_copies_are_empty(tmp_path, capsys):
    changes = [(box, row | {"TBLX": "01"}) for box, row in SQUARES.changes]
    config = write_clean(dataclasses.replace(SQUARES, changes=changes), tmp_path)
    assert main(["run", str(config), "--until", "judge"]) == 0
    assert main(["review", str(config)]) == 0
    assert "待复核:0 行" in capsys.readouterr().out
    assert main(["rulings", str(config)]) == 0
    assert layer_rows(tmp_path / "workspace" / "review" / "review.gpkg") == []
