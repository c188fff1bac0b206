from datetime import date

import geopandas as gpd
import pandas as pd
import pytest
from shapely import box

from pipeline.report.qgis.layers import (
    change_layer,
    context_layers,
    office_layer,
    piece_layer,
    quarantine_layer,
    township_layer,
)
from pipeline.report.standing import standings
from pipeline.schema import received
from pipeline.schema.conform import conform, empty
from pipeline.schema.derived import DEFECTS, JUDGED
from pipeline.schema.gis import worded
from tests import worlds
from tests.report import county

TYPES = {"20": "建/构筑物"}


@pytest.fixture(scope="module")
def townships():
    return township_layer(county.townships(6), county.ranking(6), county.heading())


def _row(layer, **key):
    ((name, value),) = key.items()
    return layer.frame[layer.frame[name] == value].iloc[0]


def test_a_township_on_the_line_is_below_it_and_a_hair_over_is_over(townships):
    on, over = (_row(townships, township_code=f"99010100{n}") for n in (1, 2))
    assert (on["ratio_text"], on["ratio_class"], on["is_accountable"]) == ("8.0000%", 2, False)
    assert (over["ratio_class"], over["is_accountable"]) == (3, True)
    assert over["ratio_text"] == "8.00000001%"


def test_a_township_without_new_farmland_has_no_class(townships):
    row = _row(townships, township_code="990101003")
    assert row["ratio_text"] == "无新增建设用地占用耕地"
    assert row["ratio_class"] is pd.NA
    assert row["new_farmland_mu"] == 0.0


def test_mu_are_rounded_half_up():
    ranking = county.ranking(1, illegal_farmland_m2=1_003.34)  # × 0.0015 = 1.50501
    layer = township_layer(county.townships(1), ranking, county.heading())
    assert layer.frame["illegal_farmland_mu"].tolist() == [1.51]


def test_what_is_to_be_reclaimed_is_rounded_up():
    ranking = county.ranking(1).assign(reclaim_to_line_m2=1_833.5105)  # 2.75026575 mu
    layer = township_layer(county.townships(1), ranking, county.heading())
    assert layer.frame["reclaim_to_line_mu"].tolist() == [2.76]


def test_the_classes_are_named(townships):
    assert townships.code_lists["ratio_class"]["3"] == "超过 8% 至不足 15%"
    assert "超过 8% 至不足 15%" in set(worded(townships).frame["ratio_class"])


def test_an_office_is_the_union_of_its_townships(townships):
    layer = office_layer(townships, county.offices(), county.heading())
    assert len(layer.frame) == 4
    whole = townships.frame.geometry.area.sum()
    assert layer.frame.geometry.area.sum() == pytest.approx(whole)


def _changes(**rulings):
    results = county.changes(2)
    shapes = worlds.layer(
        received.CHANGES,
        *(
            worlds.change(worlds.rect(at, 0, at + 10, 10), change_id)
            for at, change_id in zip((0, 20), results["change_id"], strict=True)
        ),
    )
    ruled = conform(pd.DataFrame([rulings] if rulings else []).reindex(
        columns=received.RULINGS.names), received.RULINGS)  # fmt: skip
    ranking = county.ranking(2)
    judged = results.assign(ruled_verdict=None)
    judged.loc[judged["change_id"].eq(rulings.get("change_id")), "ruled_verdict"] = "legal"
    told = results.assign(standing=standings(results, judged))
    return change_layer(shapes, told, ruled, ranking, county.heading(), TYPES)


def test_a_change_says_where_it_is_and_what_it_is():
    layer = _changes()
    first = layer.frame.iloc[0]
    assert first["township_name"] == "云栖镇"
    assert first["after_latest"] == date(2024, 6, 30)
    assert first.geometry.area == pytest.approx(100)
    assert layer.code_lists["change_type"] == {"20": "20 建/构筑物"}
    assert worded(layer).frame["verdict"].tolist() == ["违法（含疑似）", "合法"]
    assert layer.frame["standing"].tolist() == ["疑似违法", "合法"]


def test_a_ruling_is_told_with_who_when_and_why():
    layer = _changes(change_id="990101000001", verdict="legal", reason="已核对\u202e批文",
                     ruled_by="审核员", ruled_on=date(2025, 1, 8))  # fmt: skip
    assert layer.frame["standing"].tolist() == ["疑似违法", "合法（人工认定）"]
    texts = layer.frame["rulings"]
    assert pd.isna(texts[0])
    assert texts[1] == "审核员 2025-01-08 认定为合法：已核对\\u202e批文"


def test_pieces_keep_codes_and_list_the_classes_in_use():
    piece = {"piece_id": "C1-001", "change_id": "C1", "land_class": "0101", "verdict": "illegal",
             "area_m2": 10.0, "farmland_m2": 10.0, "rule_id": "unapproved"}  # fmt: skip
    judged = gpd.GeoDataFrame(
        conform(pd.DataFrame([piece]).reindex(columns=JUDGED.names), JUDGED),
        geometry=[None],
        crs=worlds.CRS,
    )
    layer = piece_layer(judged, county.heading(), {"0101": "水田", "0102": "水浇地"})
    assert layer.code_lists["land_class"] == {"0101": "0101 水田"}
    assert worded(layer).frame["land_class"].tolist() == ["0101 水田"]
    assert layer.frame["verdict"].tolist() == ["illegal"]


def test_quarantine_tells_what_is_wrong():
    places = gpd.GeoDataFrame(
        {"layer": ["approvals"] * 2, "record": ["A1", "A2"], "is_reference": True},
        geometry=[box(0, 0, 1, 1), None],
        crs=worlds.CRS,
    )
    finding = {"layer": "approvals", "record": "A1", "code": "bad", "severity": "quarantined",
               "message": "日期不对", "remedy": "改正日期"}  # fmt: skip
    defects = conform(pd.DataFrame([finding]).reindex(columns=DEFECTS.names), DEFECTS)
    layer = quarantine_layer(places, defects)
    assert layer.frame["problem"].tolist() == ["日期不对。改正日期"]  # A2 has no place
    assert layer.code_lists["layer"]["approvals"] == "批准用地"


def test_quarantine_without_a_finding_or_a_record():
    none = worlds.layer(received.QUARANTINE)
    assert len(quarantine_layer(none, empty(DEFECTS)).frame) == 0


def test_what_the_changes_lie_on():
    farmland = gpd.GeoDataFrame(geometry=[box(0, 0, 1, 1)], crs=worlds.CRS)
    layers = context_layers(
        worlds.approvals(worlds.approval(worlds.rect(0, 0, 1, 1))),
        worlds.constraints((worlds.rect(0, 0, 1, 1), "生态保护红线")),
        farmland,
    )
    assert [layer.name for layer in layers] == [
        "approvals",
        "constraints",
        "permanent_farmland",
    ]
    assert layers[2].frame["kind_name"].tolist() == ["永久基本农田"]
    assert worded(layers[0]).frame["approval_kind"].tolist() == ["农用地转用"]
