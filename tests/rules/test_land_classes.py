"""Land classes of the third survey: group, farmland, unknown suffixes."""

import pytest

from pipeline.errors import Refused
from pipeline.rules.land_classes import LandClass, find_code_system, load_code_system
from tests.pieces import CONFIGS

SYSTEM = load_code_system(find_code_system("sandiao-2020", [CONFIGS]))


def test_every_class_of_the_survey_is_there_once():
    plain = [code for code in SYSTEM.classes if not code[4:]]
    # 01 to 12: 3, 4, 7, 4, 2, 3, 2, 4, 1, 9, 10, 7
    assert len(plain) == 56
    assert {code for code, found in SYSTEM.classes.items() if found.is_farmland} == {
        "0101",
        "0102",
        "0103",
    }


@pytest.mark.parametrize(
    ("code", "group"),
    [
        ("0101", "farm"),
        ("0404", "unused"),
        ("0601", "construction"),
        ("0603", "construction"),
        ("09", "construction"),
        ("1006", "farm"),
        ("1003", "construction"),
        ("1101", "unused"),
        ("1103", "farm"),
        ("1104", "farm"),
        ("1107", "farm"),
        ("1107A", "farm"),
        ("1109", "construction"),
        ("1201", "construction"),
        ("1202", "farm"),
        ("1203", "farm"),
        ("1206", "unused"),
    ],
)
def test_groups_that_are_easy_to_get_wrong(code, group):
    found = SYSTEM.classify(code)
    assert found is not None
    assert (found.group, found.exact) == (group, True)


def test_adjustable_orchard_is_no_farmland():
    assert SYSTEM.classify("0201K") == LandClass(
        "0201K", "可调整果园", "farm", is_farmland=False
    )


def test_unknown_suffix_counts_as_the_class_it_continues():
    mine = LandClass("0602", "采矿用地", "construction", is_farmland=False, exact=False)
    assert SYSTEM.classify("0602C") == mine
    assert SYSTEM.classify("0101X") == LandClass("0101", "水田", "farm", True, exact=False)  # noqa: FBT003
    assert SYSTEM.classify("1104A9").code == "1104A"


@pytest.mark.parametrize("code", [None, "", " ", "0199", "01", "9", "0901", "XXXX", "１"])
def test_unknown_codes_have_no_class(code):
    assert SYSTEM.classify(code) is None


@pytest.mark.parametrize("code", [" 0101 ", "０１０１", "0201k"])
def test_codes_are_read_as_they_are_written(code):
    assert SYSTEM.classify(code) is not None


def test_code_in_two_groups_is_refused(tmp_path):
    path = tmp_path / "mine.toml"
    text = """
    name = "mine"
    title = "试"
    farmland = ["0601"]
    [groups.farm]
    "0101" = "水田"
    [groups.construction]
    "0101" = "水田"
    "0601" = "工业"
    """
    path.write_text(text, encoding="utf-8")
    with pytest.raises(Refused) as caught:
        load_code_system(path)
    assert "编码在两个大类里:0101" in str(caught.value)
    assert "耕地编码不在农用地里:0601" in str(caught.value)


def test_unknown_code_system_is_refused_with_the_nearest_name():
    with pytest.raises(Refused, match="是不是 sandiao-2020"):
        find_code_system("sandiao-2002", [CONFIGS])
