"""Which ledger grows: the config's CSV, else one of our own beside a person's workbook."""

import openpyxl
import pytest

from pipeline.cli import main
from pipeline.project import load
from pipeline.runner.receiving.hand import receive_hand
from pipeline.runner.review.ledger import RulingsLedger
from tests.runner.review.clerk import records
from tests.squares import YI

HEADER = ["change_id", "township_code", "verdict", "reason", "ruled_by", "ruled_on"]
LINE = 'rulings = "hand/rulings.csv"'


def _reconfigure(config, line):
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(LINE, line), encoding="utf-8")


@pytest.fixture
def workbook(config):
    """The rulings kept in a workbook instead of a CSV."""
    path = config.parent / "hand" / "认定.xlsx"
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(["C06", None, "doubtful", "待查", "甲", "2025-01-01"])
    book.save(path)
    _reconfigure(config, 'rulings = "hand/认定.xlsx"')
    return path


def test_a_workbook_of_a_person_is_never_rewritten(config, sheet, workbook, capsys):
    kept = workbook.read_bytes()
    sheet.rule("C04")
    sheet.save()
    line = 'rulings = ["hand/认定.xlsx", "hand/认定-读回-squares.csv"]'

    for added in (1, 0):
        assert main(["rulings", str(config)]) == 0
        said = capsys.readouterr().out
        assert f"采纳 {added} 条" in said
        assert f"在 [hand] 一节写上:{line}" in said
    assert workbook.read_bytes() == kept
    assert [row["change_id"] for row in records(workbook.parent / "认定-读回-squares.csv")] == [
        "C04"
    ]

    text = config.read_text(encoding="utf-8").replace('rulings = "hand/认定.xlsx"', line)
    config.write_text(text, encoding="utf-8")
    assert receive_hand(load(config)).rulings["change_id"].tolist() == ["C04", "C06"]
    assert main(["rulings", str(config)]) == 0
    assert "一节写上" not in capsys.readouterr().out


def test_without_a_ledger_one_is_begun_and_told(config, sheet, capsys):
    _reconfigure(config, "")
    sheet.rule("C04")
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    said = capsys.readouterr().out
    line = '[hand] 一节写上:rulings = "hand/认定-读回-squares.csv"'
    assert line in said
    assert said.index(line) < said.index(f"make all CONFIG={config}")  # in the order to do it
    assert len(records(config.parent / "hand" / "认定-读回-squares.csv")) == 1


def test_rulings_of_one_inspection_are_not_shown_in_another_beside_it(config, sheet):
    _reconfigure(config, "")
    sheet.rule("C04")
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    assert RulingsLedger(load(config)).standing().same("C04", YI)
    text = config.read_text(encoding="utf-8").replace('name = "squares"', 'name = "again"')
    again = config.with_name("again.toml")
    again.write_text(text.replace('"workspace"', '"another"'), encoding="utf-8")
    assert not RulingsLedger(load(again)).standing().same("C04", YI)


def test_a_ledger_that_cannot_be_read_stops_everything(config, sheet, ledger, folder):
    ledger.write_text("change_id,verdict\nC04,legal\n", encoding="utf-8")
    sheet.rule("C06")
    sheet.save()
    assert main(["rulings", str(config)]) == 2
    assert ledger.read_text(encoding="utf-8") == "change_id,verdict\nC04,legal\n"
    assert not (folder / "log.csv").exists()


def test_a_ledger_in_gbk_with_its_own_columns_grows_in_kind(config, sheet, ledger):
    old = "图斑编号,备注,认定结论,理由,认定人,认定日期,乡镇代码\r\nC06,急,存疑,待查,甲,2025/1/1,\r\n"
    ledger.write_bytes(old.encode("gbk"))
    sheet.rule("C04")
    sheet.save()
    assert main(["rulings", str(config)]) == 0
    added = ledger.read_bytes().decode("gbk").removeprefix(old)
    assert added == "C04,,legal,已核对批文原件,王审核,2025-02-01,990101002\r\n"
    assert main(["run", str(config), "--until", "judge"]) == 0
