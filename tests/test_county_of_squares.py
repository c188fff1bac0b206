"""The county of squares from files to ranking, every figure counted by hand (squares.py)."""

import dataclasses

import geopandas as gpd
import pandas as pd
import pytest

from pipeline.cli import main
from tests.county import write_clean, write_messy
from tests.squares import BING, JIA, SQUARES, YI

# change → verdict, rule, {legal, illegal, other, doubtful, illegal farmland}; m² by hand
CHANGES = {
    "C01": ("illegal", "over-extent", (1500, 500, 0, 0, 500)),
    "C02": ("illegal", "unapproved", (0, 2000, 0, 0, 1900)),
    "C03": ("other", "existing-construction", (0, 0, 1000, 0, 0)),
    "C04": ("illegal", "converted-not-supplied", (0, 1000, 0, 0, 1000)),
    "C05": ("other", "temporary-in-term", (0, 0, 1000, 0, 0)),
    "C06": ("illegal", "temporary-expired", (0, 1000, 0, 0, 1000)),
    "C07": ("other", "facility-agriculture", (0, 0, 1000, 0, 0)),
    "C08": ("illegal", "approved-later", (0, 1000, 0, 0, 1000)),
    "C09": ("doubtful", "earth-moving", (0, 0, 0, 1000, 0)),
    "C10": ("other", "not-construction", (0, 0, 1000, 0, 0)),
    "C11": ("illegal", "unapproved", (0, 1000, 0, 0, 1000)),
    "C12": ("legal", "approved-and-supplied", (20_000, 0, 0, 0, 0)),
    "C13": ("legal", "approved-and-supplied", (17_000, 0, 0, 0, 0)),
}
# unit → the measures of contract §4; ratios as fractions of counted square metres
JIA_FIGURES = {
    "change_count": 5,
    "illegal_count": 4,
    "area_m2": 25_000,
    "new_construction_m2": 25_000,
    "legal_farmland_m2": 21_500,
    "illegal_farmland_m2": 3_400,
    "doubtful_farmland_m2": 0,
    "new_farmland_m2": 24_900,
    "illegal_permanent_farmland_m2": 500,
    "reclaimed_farmland_m2": 400,
    "regularised_farmland_m2": 1_000,
    "exempt_farmland_m2": 0,
    "ratio_gross": 3400 / 24_900,
    "ratio_numerator": 3000 / 24_900,
    "ratio_net": 3000 / 24_500,
    "ratio_with_regularised": 2000 / 24_500,
    "ratio_low": 3000 / 24_500,
    "ratio_high": 3000 / 24_500,
    "is_accountable": True,
    "rank": 2,
    "reclaim_to_line_m2": 1130.4348,  # 1040 / 0.92 = 1130.43478…
    "quarantined_count": 0,
    "office_name": "一所",
}
YI_FIGURES = {
    "change_count": 9,
    "illegal_count": 3,
    "area_m2": 25_000,
    "new_construction_m2": 20_000,
    "legal_farmland_m2": 17_000,
    "illegal_farmland_m2": 3_000,
    "doubtful_farmland_m2": 1_000,
    "new_farmland_m2": 20_000,
    "illegal_permanent_farmland_m2": 0,
    "reclaimed_farmland_m2": 0,
    "regularised_farmland_m2": 0,
    "exempt_farmland_m2": 0,
    "ratio_gross": 0.15,
    "ratio_numerator": 0.15,
    "ratio_net": 0.15,
    "ratio_with_regularised": 0.15,
    "ratio_low": 3000 / 21_000,
    "ratio_high": 4000 / 21_000,
    "is_accountable": True,
    "rank": 1,
    "reclaim_to_line_m2": 1521.7392,  # 1400 / 0.92 = 1521.73913…
    "quarantined_count": 0,
    "office_name": "一所",
}
COUNTY_FIGURES = {
    "change_count": 13,
    "illegal_count": 6,
    "area_m2": 50_000,
    "new_construction_m2": 45_000,
    "legal_farmland_m2": 38_500,
    "illegal_farmland_m2": 6_400,
    "doubtful_farmland_m2": 1_000,
    "new_farmland_m2": 44_900,
    "illegal_permanent_farmland_m2": 500,
    "reclaimed_farmland_m2": 400,
    "regularised_farmland_m2": 1_000,
    "exempt_farmland_m2": 0,
    "ratio_gross": 6400 / 44_900,
    "ratio_numerator": 6000 / 44_900,
    "ratio_net": 6000 / 44_500,
    "ratio_with_regularised": 5000 / 44_500,
    "ratio_low": 6000 / 45_500,
    "ratio_high": 7000 / 45_500,
    "is_accountable": False,  # 13.5 % does not reach 15 %
    "reclaim_to_line_m2": 0,
    "quarantined_count": 0,
}
OFFICE_FIGURES = COUNTY_FIGURES | {
    "is_accountable": True,  # an office is held against the township line of 8 %
    "rank": 1,
    "reclaim_to_line_m2": 2652.1740,  # 2440 / 0.92 = 2652.17391…
}


@pytest.fixture(scope="module")
def clean(inspected_squares):
    return inspected_squares.parent / "workspace" / "out"


@pytest.fixture(scope="module")
def messy(tmp_path_factory):
    return _run(write_messy(SQUARES, tmp_path_factory.mktemp("杂 乱%(1)")))


def _run(config):
    assert main(["run", str(config)]) == 0
    return config.parent / "workspace" / "out"


def _read(out, name):
    codes = {"township_code": str, "change_id": str, "rule_id": str}
    return pd.read_csv(out / f"{name}.csv", dtype=codes, encoding="utf-8-sig")


def _row(table, column, value):
    (row,) = table[table[column] == value].to_dict("records")
    return row


def _assert_figures(row, figures):
    wrong = {
        name: (row[name], wanted)
        for name, wanted in figures.items()
        if row[name]
        != (wanted if isinstance(wanted, str) else pytest.approx(wanted, abs=1e-12))
    }
    assert not wrong


def test_every_change(clean):
    table = _read(clean, "changes").set_index("change_id")

    parts = ["legal_m2", "illegal_m2", "other_m2", "doubtful_m2", "illegal_farmland_m2"]
    found = {
        key: (row["verdict"], row["rule_id"], tuple(row[parts]))
        for key, row in table.iterrows()
    }
    assert found == CHANGES
    assert table.loc["C01", "permanent_farmland_m2"] == 2000
    assert table.loc["C01", "illegal_permanent_farmland_m2"] == 500
    assert table.loc["C02", "township_code"] == JIA  # 1,000 m² in either: the smaller code
    assert table.loc["C02", "farmland_m2"] == 1900
    assert "疑似" in table.loc["C02", "reason"]


def test_every_figure_of_a_township(clean):
    table = _read(clean, "townships")

    assert list(table["township_code"]) == [YI, JIA, BING]
    _assert_figures(_row(table, "township_code", JIA), JIA_FIGURES)
    _assert_figures(_row(table, "township_code", YI), YI_FIGURES)


def test_a_township_where_nothing_happened_has_no_ratio_and_no_rank(clean):
    row = _row(_read(clean, "townships"), "township_code", BING)

    assert row["change_count"] == 0
    assert row["is_accountable"] is False or not row["is_accountable"]
    for name in (
        "ratio_gross",
        "ratio_net",
        "ratio_low",
        "ratio_high",
        "rank",
        "reclaim_to_line_m2",
    ):
        assert pd.isna(row[name]), name
    assert row["office_name"] == "未列所"


def test_every_figure_of_the_county_and_the_offices(clean):
    (county,) = _read(clean, "county").to_dict("records")
    offices = _read(clean, "offices")

    _assert_figures(county, COUNTY_FIGURES)
    assert list(offices["office_name"]) == ["一所", "未列所"]
    _assert_figures(_row(offices, "office_name", "一所"), OFFICE_FIGURES)


def test_messy_delivery_gives_the_same_verdicts_ranks_and_figures(clean, messy):
    for name in ("changes", "townships", "offices", "county"):
        one, other = _read(clean, name), _read(messy, name)
        assert list(one.columns) == list(other.columns)
        for column in one.columns:
            if one[column].dtype.kind == "f":
                wanted = one[column]
                off = (other[column] - wanted).abs() > wanted.abs() * 1e-6 + 0.02
                assert not off.any(), (name, column, other[column][off], wanted[off])
                assert list(one[column].isna()) == list(other[column].isna())
            elif column != "reason":
                assert list(one[column]) == list(other[column]), (name, column)


def test_messy_delivery_names_every_inference(messy):
    defects = _read(messy, "defects")

    assert set(defects["severity"]) <= {"repaired", "noted"}
    assert "encoding-inferred" in set(defects.loc[defects["layer"] == "changes", "code"])


def _variant(tmp_path, old, new, county=SQUARES):
    config = write_clean(county, tmp_path)
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new), encoding="utf-8")
    assert main(["run", str(config), "--until", "rank"]) == 0
    return config.parent / "workspace" / "work"


def test_without_permanent_farmland_its_columns_are_null(tmp_path):
    section = '[layers.permanent_farmland]\npath = "raw/permanent_farmland.gpkg"\n'
    work = _variant(tmp_path, section, "")

    changes = pd.read_parquet(work / "change_results.parquet")
    towns = pd.read_parquet(work / "township_ranking.parquet")
    assert changes["permanent_farmland_m2"].isna().all()
    assert changes["illegal_permanent_farmland_m2"].isna().all()
    assert towns["illegal_permanent_farmland_m2"].isna().all()
    assert changes.set_index("change_id").loc["C01", "illegal_farmland_m2"] == 500


def test_without_a_supply_layer_a_conversion_in_force_is_enough(tmp_path):
    approvals = {kind: rows for kind, rows in SQUARES.approvals.items() if kind != "supply"}
    county = dataclasses.replace(SQUARES, approvals=approvals)
    work = _variant(tmp_path, "[area]", "[area]", county)

    changes = pd.read_parquet(work / "change_results.parquet").set_index("change_id")
    assert changes.loc["C04", "verdict"] == "legal"


def test_exempt_acts_leave_the_numerator_and_stay_in_the_denominator(tmp_path):
    work = _variant(
        tmp_path, "[accountability]", '[accountability]\nexempt_acts = ["未供先用"]'
    )

    towns = pd.read_parquet(work / "township_ranking.parquet").set_index("township_code")
    assert towns.loc[YI, "exempt_farmland_m2"] == 1000
    assert towns.loc[YI, "illegal_farmland_m2"] == 3000
    assert towns.loc[YI, "ratio_gross"] == pytest.approx(2000 / 20_000)


def test_held_against_new_construction(tmp_path):
    work = _variant(
        tmp_path, "[accountability]", '[accountability]\ndenominator = "new_construction"'
    )

    towns = pd.read_parquet(work / "township_ranking.parquet").set_index("township_code")
    assert towns.loc[JIA, "ratio_gross"] == pytest.approx(3400 / 25_000)
    assert towns.loc[JIA, "reclaim_to_line_m2"] == 1121.7392  # (3000 - 1968) / 0.92


@pytest.mark.parametrize(
    ("wanted", "with_shape"),
    [("all", None), ("none", set()), ("flagged", {"illegal", "other", "doubtful"})],
)
def test_geometry_of_the_pieces_where_it_is_asked_for(tmp_path, wanted, with_shape):
    work = _variant(tmp_path, "[area]", f'[overlay]\ngeometry = "{wanted}"\n[area]')

    judged = gpd.read_parquet(work / "judged.parquet")
    shaped = set(judged.loc[judged.geometry.notna(), "verdict"])
    assert shaped == (set(judged["verdict"]) if wanted == "all" else with_shape)
    assert len(judged) == 18  # C01: 3, C02: 2, C12 (permanent farmland): 2, C13 (zones): 2
