"""Names of the sheets' files, whatever the inputs call things."""

import pytest

from pipeline.report.sheets.files import picture_file, sheet_file


def test_plain_names():
    assert sheet_file("990101100", "鹭笙镇") == "sheets/990101100-鹭笙镇.pdf"
    assert sheet_file("990101100", None) == "sheets/990101100.pdf"
    assert sheet_file(None, None) == "sheets/县界外.pdf"
    assert picture_file("990101SJBG26210310_3") == "sheets/png/990101SJBG26210310_3.png"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "a/b",
        "a\\b",
        "c:d",
        "x\x00y",
        "con",
        "CON .txt",
        ". .",
        "𠮷" * 90,
        "长" * 300,
    ],
)
def test_a_hostile_name_stays_in_its_folder(name):
    file = picture_file(name)
    assert file.count("/") == 2
    assert not set(file.removeprefix("sheets/png/")) & set('<>:"/\\|?*\x00')
    assert sheet_file("1", name).count("/") == 1
    for made in (file, sheet_file("1", name), sheet_file(name, name)):
        last = made.rsplit("/", 1)[1]
        assert len(last.encode()) <= 255
        assert last.upper().split(".")[0].strip() != "CON"
        assert last.removesuffix(".pdf").removesuffix(".png").rstrip(" .") in last


def test_two_ids_never_share_a_file():
    ids = ["A1", "a1", "A/1", "A?1", "A_1", "A1 ", "长" * 200, "长" * 201]
    files = [picture_file(one).casefold() for one in ids]
    assert len(set(files)) == len(ids)


def test_two_townships_never_share_a_file():
    codes = ["990101001", "990101001/", "990101001:", "990101001 ", "长" * 200, "长" * 201]
    files = [sheet_file(one, "甲镇").casefold() for one in codes]
    assert len(set(files)) == len(codes)
