"""The demo county is what it says: gap-free land on whole millimetres, every rule at work."""

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely

from pipeline.demo.area import ellipsoid_m2

PREFIX = 40_000_000


@pytest.fixture(scope="module")
def parcels(demo):
    return pyogrio.read_dataframe(demo / "raw" / "base" / "DLTB_990101_2023.gdb")


@pytest.fixture(scope="module")
def changes(demo):
    shapefile = demo / "raw" / "changes" / "BHTB_990101_2024.shp"
    return pyogrio.read_dataframe(shapefile, encoding="GBK")


@pytest.fixture(scope="module")
def answers(demo):
    return pd.read_csv(demo / "answers" / "changes.csv", dtype={"change_id": str})


def test_parcels_leave_no_gap_and_do_not_overlap_but_where_planted(parcels):
    land = parcels[parcels["BSM"] != parcels["BSM"].max()]  # the last one lies on another
    assert 14_000 < len(land) < 18_000
    single = shapely.get_parts(land.geometry.to_numpy())
    assert shapely.is_valid(single).all()
    assert shapely.coverage_is_valid(single)


def test_townships_are_unions_of_whole_parcels(demo, parcels):
    towns = pyogrio.read_dataframe(demo / "raw" / "base" / "townships.gpkg")
    land = parcels[parcels["BSM"] != parcels["BSM"].max()]
    by_town = land.geometry.area.groupby(land["ZLDWDM"].str[:9]).sum()
    drawn = towns.geometry.area.set_axis(towns["XZQDM"])
    assert by_town.to_dict() == pytest.approx(drawn.to_dict(), rel=1e-9)


def test_coordinates_are_whole_millimetres(parcels, changes):
    for shapes in (parcels.geometry, changes.geometry):
        at = shapely.get_coordinates(shapes.to_numpy()) * 1000
        assert np.abs(at - np.round(at)).max() < 1e-4


def test_changes_come_as_gbk_without_a_code_page_and_with_zone_prefix(demo, changes):
    folder = demo / "raw" / "changes"
    assert not list(folder.glob("*.cpg"))
    table = (folder / "BHTB_990101_2024.dbf").read_bytes()
    assert table[29] == 0
    assert "示例数据".encode("gbk") in table
    assert (changes.geometry.bounds["minx"].dropna() > PREFIX).all()
    assert "CGCS2000_3_Degree_GK_Zone_40" in next(folder.glob("*.prj")).read_text("ascii")


def test_there_are_about_600_changes_a_fifth_of_them_suspicious(changes, answers):
    assert 550 <= len(changes) <= 700
    assert 0.15 < (answers["verdict"] == "illegal").mean() < 0.27
    assert 2 < changes.geometry.area.mean() * 0.0015 < 8  # mu


def test_every_rule_decides_somewhere(answers):
    counts = answers["rule_id"].value_counts()
    expected = {
        "not-construction", "existing-construction", "approved-and-supplied", "linked-quota",
        "rural-housing", "advance", "facility-agriculture", "temporary-in-term",
        "temporary-expired", "converted-not-supplied", "approved-later",
        "supplied-not-converted", "rural-road", "earth-moving", "over-extent", "unapproved",
        "undated", "evidence-quarantined",
    }  # fmt: skip
    assert expected <= set(counts.index)
    assert counts[sorted(expected)].min() >= 2


def test_other_rules_decide_parts_of_changes(demo):
    judged = pd.read_csv(demo / "answers" / "defects.csv", dtype=str)
    assert judged["what"].str.contains("重叠").any()
    changes = pd.read_csv(demo / "answers" / "changes.csv")
    legal_with_seam = (changes["verdict"] == "legal") & (changes["other_m2"] > 0)
    assert legal_with_seam.sum() >= 5  # slivers: the seam is other, the rest legal


def test_every_kind_of_approval_is_handed_over(demo):
    folder = demo / "raw" / "approvals"
    assert {path.name for path in folder.iterdir() if path.suffix in {".shp", ".gpkg"}} == {
        "NZY.shp",
        "GD.gpkg",
        "ZJGG.gpkg",
        "设施农业备案.gpkg",
    }
    assert len(list((folder / "临时用地").glob("*.txt"))) > 10
    assert len(list((folder / "先行用地").glob("*.txt"))) > 5
    text = (folder / "宅基地.txt").read_bytes().decode("gbk")
    assert text.count(",@\r\n") > 40
    assert "J1,1,31" in text
    assert ",40" in text


@pytest.mark.parametrize(
    ("west", "area_m2"),
    [
        (499_950, 10_000.0),  # on the central meridian the plane is true
        (600_000, 9_997.5309),  # 100 km east of it; from a geodesic engine, not from us
    ],
)
def test_planted_areas_are_on_the_ellipsoid(west, area_m2):
    square = np.array([shapely.box(west, 3_190_000, west + 100, 3_190_100)], dtype=object)
    assert ellipsoid_m2(square)[0] == pytest.approx(area_m2, abs=1e-4)
