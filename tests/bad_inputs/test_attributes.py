"""Bad inputs A: numbers, codes, dates and texts of records that are missing, doubled or wrong."""

import numpy as np
import pandas as pd
import pytest

from pipeline.errors import Refused
from tests.bad_inputs.case import Case
from tests.bad_inputs.county import (
    JIA,
    YI,
    both,
    change_config,
    change_layer,
    layers,
    set_value,
)
from tests.bad_inputs.damage import geojson, instead, rewritten
from tests.bad_inputs.received import about, area_of, received

# The last change of 乙镇 has no approval: 5,000 of its 6,000 illegal square metres.
ID, ROW = f"{YI}0010", 19
TEN, TEN_ROW = f"{JIA}0010", 9  # of 甲镇: 2,000 of 5,000 m² approved, by the ninth record
APPROVAL = "浙土字[2023]第0010001号"  # of the first change of 甲镇
DOUBTFUL = {JIA: (3_000, 45_000, 5_000, 1_000, False)}


def _named(text):
    """Return a spoiler that gives 甲镇 a name written by a stranger."""
    return set_value("townships", "XZQMC", {0: text})


def _numbers_for_codes(layer):
    return layer.assign(
        **{name: [int(value) for value in layer[name]] for name in ("XZQDM", "TBLX")}
    )


def _in_mu(layer):
    return layer.assign(JCMJ=[7.5 if row % 2 else 5_000 for row in range(len(layer))])


LONG_NAME = "建设用地批准文号码"


def _cut_name(data):
    """Put into a DBF what it keeps of a field name of nine characters."""
    return data.replace(b"PZWH".ljust(11, b"\0"), LONG_NAME.encode()[:10] + b"\0", 1)


CASES = [
    Case("A01", set_value("change", "JCBH", {9: f"{JIA}0009"}), "quarantine", ("duplicate id",), "duplicate-id", f"{JIA}0009", {JIA: (0, 40_000, 0, 0, False)}, {"changes": 21}),
    Case("A02", set_value("change", "JCBH", {ROW: None}), "quarantine", ("missing id",), "missing-id", figures={YI: (1_000, 45_000, 0, 0, False)}),
    Case("A03", set_value("change", "XZQDM", {ROW: None}), "repair", ("XZQDM|township|乡镇",), record=ID),
    Case("A05", change_layer("change", _numbers_for_codes), "accept"),
    Case("A06", set_value("change", "XZQDM", {ROW: JIA}), "flag", (JIA, YI), "township-disagrees", ID),
    Case("A07", set_value("change", "XZQDM", {9: "331099001"}), "flag", ("unknown township", "331099001"), record=TEN),
    Case("A08", change_layer("change", _in_mu), "refuse", ("JCMJ|area|面积", "mu|亩", "unit|单位"), "area-unit"),
    Case("A09", set_value("change", "JCMJ", {9: 5_150.0}), "flag", ("5150", "5000", "3.00%"), "stated-area", TEN),
    Case("A10", set_value("change", "JCMJ", {9: -5_000.0}), "flag", ("-5000",), "stated-area", TEN),
    Case("A11", set_value("farmland", "DLBM", {2: "0199"}), "quarantine", ("0199",), "unknown-land-class", "P3", {YI: (0, 0, 0, 0, False)}),
    Case("A13", change_layer("farmland", lambda layer: layer.drop(columns="DLBM")), "refuse", ("DLBM", "BSM"), "missing-field"),
    Case("A14", change_layer("farmland", lambda layer: layer.rename(columns={"DLBM": "dlbm", "BSM": "Bsm"})), "accept"),
    Case("A15", _named(" 甲\u200b 镇\u3000"), "repair", ("name|名称", "甲镇"), "cleaned-text", JIA),
    Case("A17", set_value("approved", "PZRQ", {0: "20230230"}), "flag", ("date", "20230230"), "bad-date", APPROVAL, DOUBTFUL),
    Case("A18", set_value("approved", "PZRQ", {0: "20241230"}), "flag", ("date|日期", "0010001"), "approved-after-image", f"{JIA}0001", {JIA: (8_000, 50_000, 0, 1_000, True)}),
    Case("A19", set_value("approved", "PZRQ", {0: None}), "flag", ("date",), "no-date", APPROVAL, DOUBTFUL),
    Case("A26", change_layer("farmland", lambda layer: layer.assign(KCXS=["0", "/", "0", "NULL", "-"])), "quarantine", ("not a number", "NULL"), "bad-ridge-coefficient", "P4"),
    Case("A28", both(rewritten("approved", ".dbf", _cut_name), change_config(('approval_no = "PZWH"', f'approval_no = "{LONG_NAME}"'))), "flag", ("field|字段", "建设用"), "field-name"),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_a_value_that_cannot_be_is_told(tried, case):
    tried(case)


def test_ground_whose_land_class_is_in_quarantine_is_told_beside_the_township(tried):
    outcome = tried(
        Case(
            "A11-told",
            set_value("farmland", "DLBM", {2: "0199"}),
            "quarantine",
            ("0199",),
            figures={YI: (0, 0, 0, 0, False)},
        )
    )

    (told,) = [one for one in outcome.findings if one.code == "farmland-unknown"]
    assert (told.layer, told.record, told.severity) == ("townships", YI, "noted")
    assert told.area_m2 == 44_000  # what is approved of the ten changes


# layer, column, values by row → code, severity, record
VARIANTS = {
    "placeholder for an id": ("change", "JCBH", {ROW: "无"}, "missing-id", "quarantined", ""),
    "placeholder for a number": ("approved", "PZWH", {0: "-"}, "missing-id", "quarantined", ""),
    "ridge in per cent": ("farmland", "KCXS", {2: 12.5}, "bad-ridge-coefficient", "quarantined", "P3"),
    "ridge of one": ("farmland", "KCXS", {2: 1.0}, "bad-ridge-coefficient", "quarantined", "P3"),
    "ridge below zero": ("farmland", "KCXS", {2: -0.1}, "bad-ridge-coefficient", "quarantined", "P3"),
    "ridge in words": ("farmland", "KCXS", {2: "一成"}, "bad-ridge-coefficient", "quarantined", "P3"),
    "full-width ridge": ("farmland", "KCXS", {2: "０.１"}, "cleaned-text", "repaired", "P3"),
    "class in words": ("farmland", "DLBM", {2: "水田"}, "unknown-land-class", "quarantined", "P3"),
    "class too coarse": ("farmland", "DLBM", {2: "01"}, "unknown-land-class", "quarantined", "P3"),
    "no class": ("farmland", "DLBM", {2: None}, "unknown-land-class", "quarantined", "P3"),
    "class without its zero": ("farmland", "DLBM", {2: "101"}, "zero-put-back", "repaired", "P3"),
    "full-width class": ("farmland", "DLBM", {2: "０１０１"}, "cleaned-text", "repaired", "P3"),
    "no type": ("change", "TBLX", {9: None}, "no-change-type", "noted", TEN),
    "placeholder for a type": ("change", "TBLX", {9: "/"}, "no-change-type", "noted", TEN),
    "no name": ("townships", "XZQMC", {0: None}, "no-name", "noted", JIA),
    "one name for two": ("townships", "XZQMC", {0: "乙镇"}, "shared-name", "noted", f"{JIA}、{YI}"),
    "placeholder for a township": ("change", "XZQDM", {9: "无"}, "township-from-geometry", "repaired", TEN),
    "no after date": ("change", "HSX", {9: None}, "no-date", "noted", TEN),
    "dates reversed": ("change", "HSX", {9: "20220930"}, "dates-reversed", "noted", TEN),
    "over before it began": ("approved", "YXQZ", {0: "2022-01-01"}, "validity-reversed", "noted", APPROVAL),
    "a month too many": ("approved", "PZRQ", {0: "2023-13-01"}, "bad-date", "noted", APPROVAL),
    "day or month": ("approved", "PZRQ", {0: "01/05/2023"}, "bad-date", "noted", APPROVAL),
    "a day in words": ("approved", "PZRQ", {0: "二〇二三年五月一日"}, "bad-date", "noted", APPROVAL),
    "two digits of a year": ("approved", "PZRQ", {0: "23.5.1"}, "bad-date", "noted", APPROVAL),
    "a day by its count": ("approved", "PZRQ", {0: "45047"}, "date-serial", "repaired", "approved_on"),
    "an infinite area": ("change", "JCMJ", {9: "inf"}, "not-a-number", "noted", TEN),
    "no area in words": ("change", "JCMJ", {9: "无"}, "not-a-number", "noted", TEN),
    "one area in mu": ("change", "JCMJ", {9: 7.5}, "stated-area", "noted", TEN),
}  # fmt: skip


@pytest.mark.parametrize("name", VARIANTS)
def test_a_variant_is_told(clean, tmp_path, name):
    layer, column, values, code, severity, record = VARIANTS[name]

    made = received(clean, tmp_path, set_value(layer, column, values))

    (found,) = [one for one in made.findings if one.code == code]
    assert found.severity == severity
    assert found.message
    assert record in {"", found.record}


@pytest.mark.parametrize("written", [f"{JIA}0009 ", f"{JIA}000９", f" {JIA}0009"])
def test_ids_that_differ_in_blanks_or_width_are_one_id(clean, tmp_path, written):
    made = received(clean, tmp_path, set_value("change", "JCBH", {9: written}))

    told = [one for one in about(made, f"{JIA}0009") if one.code == "duplicate-id"]
    assert [one.severity for one in told] == ["quarantined"] * 2
    assert area_of(made, f"{JIA}0009") is None


def _of_percentages(layer):
    return layer.assign(KCXS=[10.0, 0.0, 12.5, 0.0, 0.0])


def _of_percent_signs(layer):
    return layer.assign(KCXS=["10%", "0", "12.5%", "0", "0"])


def _with_ids_as_floats(path, layer):
    ids = np.array([331082001000000 * 10_000 + 4_096 * row for row in range(len(layer))])
    geojson(path, layer.assign(JCBH=ids.astype(float)))


REFUSED = {
    "one code, two names": (set_value("townships", "XZQDM", {1: JIA}), "township-names"),
    "per cent": (change_layer("farmland", _of_percentages), "ridge-unit"),
    "per cent signs": (change_layer("farmland", _of_percent_signs), "ridge-unit"),
    "ids as floats": (instead("change", "change.geojson", _with_ids_as_floats), "code-not-exact"),
    "one parcel number": (set_value("farmland", "BSM", dict.fromkeys(range(5), "P")), "key-not-unique"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_a_layer_that_means_something_else_is_refused(clean, tmp_path, name):
    spoil, code = REFUSED[name]

    with pytest.raises(Refused) as refused:
        received(clean, tmp_path, spoil)

    (found,) = [one for one in refused.value.findings if one.severity == "refused"]
    assert found.code == code
    assert found.remedy


@pytest.mark.parametrize(
    ("written", "first", "last"),
    [
        ("2023.5.1", "2023-05-01", "2023-05-01"),
        ("20230501", "2023-05-01", "2023-05-01"),
        ("2023/5/1", "2023-05-01", "2023-05-01"),
        ("2023年5月1日", "2023-05-01", "2023-05-01"),
        ("２０２３-05-01", "2023-05-01", "2023-05-01"),
        ("2023-05-01 00:00:00", "2023-05-01", "2023-05-01"),
        ("20230501.0", "2023-05-01", "2023-05-01"),
        ("45047", "2023-05-01", "2023-05-01"),
        ("2023年5月", "2023-05-01", "2023-05-31"),
        ("2023年第二季度", "2023-04-01", "2023-06-30"),
        ("2023年二季度", "2023-04-01", "2023-06-30"),
        ("2023年2季度", "2023-04-01", "2023-06-30"),
        ("2023", "2023-01-01", "2023-12-31"),
        ("2023-05-01至2023-06-30", "2023-05-01", "2023-06-30"),
    ],
)
def test_a_day_is_read_however_it_is_written(clean, tmp_path, written, first, last):
    made = received(clean, tmp_path, set_value("approved", "PZRQ", {0: written}))

    row = made.tables["approvals"].set_index("approval_no").loc[APPROVAL]
    assert [str(row["approved_earliest"]), str(row["approved_latest"])] == [first, last]


def _again(**values):
    """Return a spoiler that hands the first approval down again with other values."""

    def edit(layer):
        return type(layer)(
            pd.concat([layer, layer.iloc[:1].assign(**values)], ignore_index=True),
            crs=layer.crs,
        )

    return change_layer("approved", edit)


@pytest.mark.parametrize(
    ("values", "codes"),
    [
        ({}, ["duplicate"]),
        ({"PZWH": "浙土字〔2023〕第0010001号"}, ["duplicate-shape"]),
        ({"PZWH": "另一号"}, ["duplicate-shape"]),
        ({"PZRQ": "2023-06-01"}, ["duplicate-shape", "several-dates"]),
        ({"YXQZ": "2040-12-31"}, ["duplicate-shape"]),
    ],
)
def test_an_approval_handed_down_again_is_told_with_its_area(clean, tmp_path, values, codes):
    made = received(clean, tmp_path, _again(**values))

    assert [one.code for one in made.findings] == codes
    assert made.findings[0].area_m2 == 5_000


def test_a_second_file_of_a_kind_may_have_the_same_approvals_again(clean, tmp_path):
    made = received(
        clean,
        tmp_path,
        change_config(
            ("[hand]", '[[layers.approvals]]\nkind = "conversion"\npath = "data/approved.shp"\nfields = { approval_no = "PZWH", approved_on = "PZRQ" }\n\n[hand]')
        ),
    )  # fmt: skip

    assert {one.code for one in made.findings} == {"duplicate-shape"}
    assert len(made.findings) == len(layers()["approved"])


def test_two_records_of_one_township_on_the_same_ground_are_told(clean, tmp_path):
    def edit(layer):
        again = layer.iloc[:1].set_geometry(layer.geometry.iloc[:1].translate(500, 500))
        return type(layer)(pd.concat([layer, again], ignore_index=True), crs=layer.crs)

    made = received(clean, tmp_path, change_layer("townships", edit))

    (found,) = about(made, JIA)
    assert (found.code, found.severity, found.area_m2) == ("overlap", "noted", 250_000)


FUTURE = Case("A18-image-to-come", set_value("change", "HSX", {ROW: "20990930"}), "flag", ("2099-09-30", "2025-03-31"), "date-future", ID)  # fmt: skip
UNKNOWN_TYPE = Case("A11-type", set_value("change", "TBLX", {ROW: "新增建设用地"}), "flag", ("新增建设用地", "类型表"), "unknown-change-type", ID)  # fmt: skip


@pytest.mark.parametrize("case", [FUTURE, UNKNOWN_TYPE], ids=lambda case: case.id)
def test_what_only_the_judge_sees_is_told(tried, case):
    tried(case)
