"""Bad inputs L: ledgers that people keep, of rectifications, rulings and offices."""

from datetime import date

import openpyxl
import pytest
from openpyxl.styles import Font

from pipeline.project import load
from pipeline.runner.receiving.hand import Hand, receive_hand
from tests.bad_inputs.case import Case
from tests.bad_inputs.county import CONFIG, JIA, YI, change_config

# Of its 5,000 m² of farmland 3,000 have no approval; the clean ledger reclaims 1,000 of them.
TEN = f"{JIA}0010"
HEADER = ["change_id", "method", "farmland_m2", "accepted_on", "document"]
ROW = [TEN, "拆除复耕", 1_000, "2025-01-15", "验1号"]
RULING = ["change_id", "township_code", "verdict", "reason", "ruled_by", "ruled_on"]
RULED = [TEN, "", "合法", "补交批文", "某甲", "2025-02-01"]


def ledger(*rows, edit=None, header=HEADER, above=()):
    """Return a spoiler that writes the ledger of rectifications again."""

    def spoil(folder):
        book = openpyxl.Workbook()
        for row in [*above, header, *rows]:
            book.active.append(row)
        if edit is not None:
            edit(book)
        book.save(folder / "hand" / "cases.xlsx")

    return spoil


def _row(**values):
    """Return the ledger's row with some of its cells written otherwise."""
    return [values.get(name, cell) for name, cell in zip(HEADER, ROW, strict=True)]


def _csv(text, encoding="utf-8"):
    """Return a spoiler that delivers the rectifications as a CSV."""

    def spoil(folder):
        (folder / "hand" / "cases.csv").write_bytes(text.encode(encoding))
        change_config(("hand/cases.xlsx", "hand/cases.csv"))(folder)

    return spoil


def _text(*rows, header=HEADER):
    return "\n".join(",".join(map(str, row)) for row in [header, *rows]) + "\n"


def rulings(*rows, encoding="utf-8"):
    """Return a spoiler that adds a ledger of rulings."""

    def spoil(folder):
        text = _text(*rows, header=RULING)
        (folder / "hand" / "rulings.csv").write_bytes(text.encode(encoding))
        change_config(("[hand]", '[hand]\nrulings = "hand/rulings.csv"'))(folder)

    return spoil


def _merged(book):
    book.active.merge_cells("A2:A3")


def _cover(book):
    book.create_sheet("封面", 0).append(["整改台账"])


def _hidden(book):
    book.active.row_dimensions[3].hidden = True


TWO_ROWS = (_row(farmland_m2=600), _row(change_id=None, farmland_m2=400, document="验2号"))
PARTS = (_row(farmland_m2=600), _row(farmland_m2=400, document="验2号"))
SUM, WRONG_SUM = ["合计", None, 1_000, None, None], ["合计", None, 9_000, None, None]
CAPPED = {JIA: (3_000, 50_000, 0, 3_000, False)}
NOTHING_RECLAIMED = {JIA: (3_000, 50_000, 0, 0, False)}
ONE_AND_A_HALF = {JIA: (3_000, 50_000, 0, 4.5, False)}
CASES = [
    Case("L03", ledger(*TWO_ROWS, edit=_merged), "repair", ("merged|合并",), "ledger-merged"),
    Case("L04", ledger(*PARTS, SUM), "flag", ("合计|total", "与各行相符"), "ledger-total"),
    Case("L04-wrong", ledger(*PARTS, WRONG_SUM), "flag", ("写 9000", "合计 1000"), "ledger-total"),
    Case("L08", ledger(_row(change_id=331082001001012345.0)), "refuse", ("change_id", "末尾"), "ledger-cell"),
    Case("L09", _csv(_text(_row(change_id="3.31082E+12"))), "refuse", ("change_id", "科学计数"), "ledger-cell"),
    Case("L09-exact", ledger(_row(change_id=int(TEN))), "repair", ("change_id", "数字"), "number-as-code"),
    Case("L10", ledger(_row(accepted_on="2024-01-15")), "flag", ("日期|date", "2024-09-30"), "accepted-before-image", TEN),
    Case("L11", ledger(*[_row(farmland_m2=250, accepted_on=day, document=day) for day in ("2025-01-15", "2025.1.15", "20250115", "2025年1月15日")]), "repair", ("accepted_on|date",), "date-styles"),
    Case("L13", ledger(ROW, _row(change_id=f"{JIA}9999")), "flag", (f"{JIA}9999",), "unknown-change"),
    Case("L14", ledger(_row(farmland_m2="１.5亩")), "repair", ("farmland_m2", "1000.0000"), "area-unit", TEN),
    Case("L15", ledger(_row(farmland_m2=4.5)), "flag", ("亩", "单位|unit"), "area-in-mu", TEN, ONE_AND_A_HALF),
    Case("L17", ledger(*PARTS, edit=_hidden), "flag", ("hidden|隐藏",), "ledger-hidden"),
    Case("L18", ledger(ROW, edit=_cover), "repair", ("sheet|工作表",), "ledger-sheet"),
    Case("L19", ledger(ROW, above=[["方格县整改台账"]]), "repair", ("header|表头",), "ledger-header"),
    Case("L21", _csv(_text(ROW), "gbk"), "repair", ("GBK", "编码"), "encoding-inferred"),
    Case("L22", _csv(_text(ROW), "utf-16"), "refuse", ("cases.csv", "UTF-16|编码"), "ledger-format"),
    Case("L23", _csv(_text(ROW), "utf-8-sig"), "accept"),
    Case("L25", ledger(_row(farmland_m2=9_000)), "flag", ("9,000.00", "只计 3,000.00"), "reclaimed-capped", TEN, CAPPED),
    Case("L26", ledger(_row(accepted_on=None)), "flag", ("验收",), "not-accepted", TEN, NOTHING_RECLAIMED),
    Case("L26-in-words", ledger(_row(accepted_on="未验收")), "flag", ("未验收",), "not-accepted", TEN, NOTHING_RECLAIMED),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_ledger_kept_by_hand_is_read_as_it_is_meant(tried, case):
    outcome = tried(case)
    if case.id == "L25":
        (capped,) = [one for one in outcome.findings if one.code == case.code]
        assert capped.area_m2 == 6_000


RULINGS = [
    Case("L13-ruling", rulings([f"{JIA}9999", *RULED[1:]]), "flag", (f"{JIA}9999", "不起作用"), "unknown-change"),
    Case("L13-elsewhere", rulings([TEN, YI, *RULED[2:]]), "flag", ("没有可认定的面积",), "ruling-without-ground"),
    Case("L10-ruling", rulings([*RULED[:5], "2099-01-01"]), "flag", ("2099-01-01",), "date-future", TEN, {JIA: (0, 50_000, 0, 0, False)}),
    Case("L21-ruling", rulings(RULED, encoding="gbk"), "repair", ("GBK",), "encoding-inferred", figures={JIA: (0, 50_000, 0, 0, False)}),
]  # fmt: skip


@pytest.mark.parametrize("case", RULINGS, ids=lambda case: case.id)
def test_a_ruling_works_where_it_can_and_is_told_where_it_cannot(tried, case):
    tried(case)


def _read(clean, tmp_path, spoil) -> Hand:
    """Spoil a copy of the clean county and read what people decided there."""
    folder = tmp_path / "county"
    (folder / "hand").mkdir(parents=True)
    for name in (CONFIG, "hand/cases.xlsx"):
        (folder / name).write_bytes((clean / name).read_bytes())
    spoil(folder)
    return receive_hand(load(folder / CONFIG))


def _refusals(hand):
    return [found.code for found in hand.findings if found.severity == "refused"]


def _formula(book):
    book.active["C2"] = "=500+500"


def _error(book):
    book.active["C2"].value, book.active["C2"].data_type = "#REF!", "e"


def _merged_amount(book):
    book.active["C3"] = None
    book.active.merge_cells("C2:C3")


def _second_sheet(book):
    sheet = book.create_sheet("十二月")
    sheet.append(HEADER)
    sheet.append(ROW)


def _second_sheet_hidden(book):
    _second_sheet(book)
    book["十二月"].sheet_state = "hidden"


def _struck(book):
    for cell in book.active[3]:
        cell.font = Font(strike=True)


REFUSED = {
    "a formula without its value": (ledger(ROW, edit=_formula), "ledger-cell"),
    "an error": (ledger(ROW, edit=_error), "ledger-cell"),
    "one amount over two rows": (ledger(*PARTS, edit=_merged_amount), "ledger-cell"),
    "two sheets of data": (ledger(ROW, edit=_second_sheet), "ledger-sheets"),
    "mu in the title": (ledger(ROW, above=[["方格县整改台账(单位:亩)"]]), "ledger-unit"),
    "hectares above": (ledger(ROW, above=[["台账"], ["单位: 公顷"]]), "ledger-unit"),
    "a column twice": (ledger(ROW, header=[*HEADER[:3], "method", "document"]), "ledger-duplicate-column"),
    "no key": (ledger(_row(change_id=None)), "missing-id"),
    "a placeholder for a key": (ledger(_row(change_id="无")), "missing-id"),
    "a negative area": (ledger(_row(farmland_m2=-5)), "bad-area"),
    "no area": (ledger(_row(farmland_m2=None)), "bad-area"),
    "a comma for a point": (ledger(_row(farmland_m2="0,6")), "bad-area"),
    "true for an area": (ledger(_row(farmland_m2=True)), "bad-area"),
    "an absurd area": (ledger(_row(farmland_m2=1e12)), "bad-area"),
    "two verdicts of a kind": (rulings([*RULED[:2], "违法用地", *RULED[3:]]), "unknown-verdict"),
    "a ruling without reason": (rulings([*RULED[:3], "", *RULED[4:]]), "missing-reason"),
    "a ruling of a month": (rulings([*RULED[:5], "2025年2月"]), "bad-date"),
    "a ruling without a name": (rulings([*RULED[:4], "", RULED[5]]), "missing-ruler"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_may_mean_two_numbers_is_refused(clean, tmp_path, name):
    spoil, code = REFUSED[name]

    hand = _read(clean, tmp_path, spoil)

    assert _refusals(hand) == [code]
    assert all(found.remedy for found in hand.findings if found.severity == "refused")


SAID = {
    "full-width digits": (ledger(_row(farmland_m2="１０００")), "area-text", "repaired"),
    "a comma between thousands": (ledger(_row(farmland_m2="1,000")), "area-text", "repaired"),
    "mu in the cell": (ledger(_row(farmland_m2="1.5 亩")), "area-unit", "repaired"),
    "hectares in the cell": (ledger(_row(farmland_m2="0.1公顷")), "area-unit", "repaired"),
    "the count of a day": (ledger(_row(accepted_on=45_672)), "date-serial", "repaired"),
    "that count as text": (ledger(_row(accepted_on="45672")), "date-serial", "repaired"),
    "a key as a number": (ledger(_row(change_id=float(TEN))), "number-as-code", "repaired"),
    "a key with .0": (_csv(_text(_row(change_id=f"{TEN}.0"))), "number-as-code", "repaired"),
    "a full-width key": (ledger(_row(change_id=f"{TEN[:-1]}０")), "cleaned-text", "repaired"),
    "a method with a blank": (ledger(_row(method="拆除 复耕")), "cleaned-text", "repaired"),
    "a struck row": (ledger(*PARTS, edit=_struck), "ledger-struck", "noted"),
    "a hidden sheet": (ledger(ROW, edit=_second_sheet_hidden), "ledger-hidden", "noted"),
    "a row twice": (ledger(ROW, ROW), "duplicate", "noted"),
    "no document": (ledger(_row(document=None)), "missing-document", "noted"),
}


@pytest.mark.parametrize("name", SAID)
def test_what_was_inferred_is_said_and_the_number_is_right(clean, tmp_path, name):
    spoil, code, severity = SAID[name]

    hand = _read(clean, tmp_path, spoil)

    assert [(found.code, found.severity) for found in hand.findings] == [(code, severity)]
    ledger = hand.rectifications
    assert set(ledger["change_id"]) == {TEN}
    assert set(ledger["method"]) == {"拆除复耕"}
    assert ledger["farmland_m2"].sum() == pytest.approx(1_000)
    assert {str(day) for day in ledger["accepted_latest"]} == {"2025-01-15"}


def test_one_reclamation_under_two_documents_is_told(clean, tmp_path):
    hand = _read(clean, tmp_path, ledger(ROW, _row(document="验9号")))

    (found,) = hand.findings
    assert (found.code, found.severity, found.area_m2) == ("alike", "noted", 1_000)
    assert len(hand.rectifications) == 2


@pytest.mark.parametrize("written", [date(2025, 1, 15), "2025-01-15", 20250115, "20250115"])
def test_a_day_however_a_sheet_keeps_it(clean, tmp_path, written):
    hand = _read(clean, tmp_path, ledger(_row(accepted_on=written)))

    assert hand.findings == []
    assert str(hand.rectifications["accepted_earliest"][0]) == "2025-01-15"


def _offices(text):
    def spoil(folder):
        (folder / "hand" / "offices.csv").write_text("township_code,office_name\n" + text)
        change_config(("[hand]", '[hand]\noffices = "hand/offices.csv"'))(folder)

    return spoil


def test_one_office_in_two_spellings_is_one(clean, tmp_path):
    hand = _read(clean, tmp_path, _offices(f"{JIA},城关所\n{YI},城 关所 \n"))

    assert set(hand.offices["office_name"]) == {"城关所"}
    assert [(one.code, one.severity) for one in hand.findings] == [("cleaned-text", "repaired")]


def test_a_township_of_two_offices_is_refused(clean, tmp_path):
    hand = _read(clean, tmp_path, _offices(f"{JIA},城关所\n{JIA},城南所\n"))

    assert _refusals(hand) == ["two-offices"]
