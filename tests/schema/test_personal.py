"""What is about persons, by the name of a field and by what stands in it."""

import pytest

from pipeline.schema.personal import are_codes, is_personal_name, masked

ID = "330102199003074474"  # invented, with the check digit it must have


@pytest.mark.parametrize(
    "name",
    [
        *("联系电话", "手机号", "身份证号码", "户主姓名", "信访人", "申请人名称", "家庭住址", "通讯地址"),
        *("CFZR", "LXDH", "sfzh", "ZJHM", "QLRMC", "HZXM", "ID_CARD", "Mobile", "phone_no", "ADDRESS"),
    ],
)  # fmt: skip
def test_fields_about_persons(name):
    assert is_personal_name(name)


@pytest.mark.parametrize(
    "name", ["JCBH", "XZQMC", "ZLDWMC", "QSDWMC", "XMMC", "DH", "NAME", "用地单位", "BZ", "人工认定", "人口"]
)  # fmt: skip
def test_fields_about_land(name):
    assert not is_personal_name(name)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"户主证件{ID}。", "户主证件〔身份证号〕。"),
        ("电话:139 1234 5678,已核", "电话:〔电话〕,已核"),
        ("+8613912345678", "〔电话〕"),
        ("990101202413912345678", "990101202413912345678"),  # part of a longer code
        (ID[:-1] + "5", ID[:-1] + "5"),  # the check digit is wrong: a code
        ("浙土字〔2024〕15号", "浙土字〔2024〕15号"),
    ],
)
def test_numbers_are_blotted_out(text, shown):
    assert masked(text) == shown


def test_addresses_are_blotted_out_where_asked():
    assert masked("现居临湖镇长河村12号", addresses=True) == "〔地址〕"
    assert masked("现居临湖镇长河村12号") == "现居临湖镇长河村12号"
    assert masked("村建〔2024〕15号", addresses=True) == "村建〔2024〕15号"


def test_codes_that_begin_as_phones_do_are_codes():
    codes = ["13010220001", "13010210003"]
    assert are_codes(codes, county_code="130102")
    assert not are_codes(codes, county_code="990101")
    assert not are_codes(["13912345678", "13812345678"], county_code="130102")
