"""What each bad record gets on its way in: counted, mended, quarantined or refused, never lost."""

import dataclasses

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from shapely import MultiPoint, Point, Polygon, box
from shapely.affinity import translate

from pipeline.errors import Refused
from pipeline.project import load
from pipeline.runner.receiving import receive
from pipeline.runner.receiving.hand import receive_hand
from tests.county import ORIGIN, frame, write_clean
from tests.squares import JIA, SQUARES, YI


def _received(tmp_path, **layers):
    """Receive the county of squares with some of its layers replaced."""
    return receive(load(write_clean(dataclasses.replace(SQUARES, **layers), tmp_path)))


def _with(records, row, **values):
    """Return the records with some values of one row changed."""
    changed = list(records)
    changed[row] = (records[row][0], {**records[row][1], **values})
    return changed


def _rewrite(config, name, layer):
    path = config.parent / "raw" / f"{name}.gpkg"
    path.unlink()
    pyogrio.write_dataframe(layer, path, driver="GPKG")


def _with_shape(tmp_path, shape, row=2):
    """Receive the county of squares with one change's shape replaced."""
    config = write_clean(SQUARES, tmp_path)
    layer = frame(SQUARES.changes)
    shapes = list(layer.geometry)
    shapes[row] = shape and shapely.transform(shape, lambda at: at + ORIGIN)
    _rewrite(
        config,
        "changes",
        gpd.GeoDataFrame(layer.drop(columns="geometry"), geometry=shapes, crs=layer.crs),
    )
    return receive(load(config))


def _found(received, record):
    return [(one.code, one.severity) for one in received.findings if one.record == record]


def _ids(received):
    return set(received.tables["changes"]["change_id"])


def _balance(received, layer):
    return next(one for one in received.balances if one["layer"] == layer)


def test_a_sound_county_leaves_nothing_to_say(tmp_path):
    received = _received(tmp_path)

    assert received.findings == []
    assert len(received.tables["changes"]) == 13
    assert len(received.tables["quarantine"]) == 0


def test_one_id_on_two_shapes_quarantines_both(tmp_path):
    received = _received(tmp_path, changes=_with(SQUARES.changes, 3, JCBH="C05"))

    assert _found(received, "C05") == [("duplicate-id", "quarantined")] * 2
    assert not {"C04", "C05"} & _ids(received)
    assert _balance(received, "changes")["records"] == {
        "handed_in": 13, "counted": 11, "quarantined": 2, "excluded": 0
    }  # fmt: skip
    assert _balance(received, "changes")["units"]["quarantined"] == 2 * 1000 * 10_000


def test_one_record_handed_in_twice_counts_once(tmp_path):
    received = _received(tmp_path, changes=[*SQUARES.changes, SQUARES.changes[2]])

    assert _found(received, "C03") == [("duplicate", "noted")]
    assert "C03" in _ids(received)
    assert _balance(received, "changes")["records"] == {
        "handed_in": 14, "counted": 13, "quarantined": 0, "excluded": 1
    }  # fmt: skip


def test_a_layer_handed_in_twice_counts_once_and_accuses_nobody_less(tmp_path):
    received = _received(tmp_path, land_use=SQUARES.land_use * 2)

    assert len(received.tables["land_use"]) == 5
    assert len(received.tables["quarantine"]) == 0  # what is there twice is not in doubt


def test_a_key_that_is_not_one_is_refused(tmp_path):
    parcels = [(corners, {**row, "BSM": "P"}) for corners, row in SQUARES.land_use]

    with pytest.raises(Refused, match="不是唯一编号"):
        _received(tmp_path, land_use=parcels)


def test_a_missing_id_is_quarantined(tmp_path):
    received = _received(tmp_path, changes=_with(SQUARES.changes, 2, JCBH=None))

    assert [(one.code, one.severity) for one in received.findings] == [
        ("missing-id", "quarantined")
    ]


def test_a_record_without_a_key_is_called_by_where_it_lies(tmp_path):
    """Whatever its number in the file: the third record, then the first."""
    changes = _with(SQUARES.changes, 2, JCBH=None)  # (1200, 850) to (1300, 860)
    x, y = ORIGIN[0] + 1250, ORIGIN[1] + 855

    for number, records in enumerate((changes, [changes[2], *changes[:2], *changes[3:]])):
        folder = tmp_path / str(number)
        folder.mkdir()
        received = _received(folder, changes=records)
        assert [one.record for one in received.findings] == [
            f"changes.gpkg changes ({x:.2f}, {y:.2f})"
        ]


def test_a_record_without_key_and_shape_is_called_by_what_it_says(tmp_path):
    config = write_clean(SQUARES, tmp_path)
    layer = frame(_with(SQUARES.changes, 2, JCBH=None))
    shapes = [None if row == 2 else shape for row, shape in enumerate(layer.geometry)]
    _rewrite(config, "changes", layer.set_geometry(shapes, crs=layer.crs))

    (found, *_) = receive(load(config)).findings
    said = f"20、20231015、20240930、1000.0、{YI}"
    assert found.record == f"changes.gpkg changes 没有图形:{said}"


def test_permanent_farmland_has_no_key_and_is_called_by_where_it_lies(tmp_path):
    crossed = Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    config = write_clean(SQUARES, tmp_path)
    layer = frame(SQUARES.permanent_farmland)
    shape = shapely.transform(crossed, lambda at: at + ORIGIN)
    _rewrite(config, "permanent_farmland", layer.set_geometry([shape], crs=layer.crs))

    x, y = ORIGIN[0] + 50, ORIGIN[1] + 50
    (found,) = receive(load(config)).findings
    assert found.record == f"permanent_farmland.gpkg permanent_farmland ({x:.2f}, {y:.2f})"


@pytest.mark.parametrize(
    ("shape", "code"),
    [
        (Polygon([(0, 0), (100, 100), (100, 0), (0, 100)]), "invalid:self-intersection"),
        (None, "null-geometry"),
        (Polygon([(0, 0), (100, float("inf")), (100, 100)]), "non-finite"),
        (Polygon([(0, 0), (100, 1e300), (100, 100)]), "off-earth"),
        (Point(0, 0), "geometry-type"),
        (MultiPoint([(0, 0), (1, 1)]), "geometry-type"),
    ],
)
def test_a_shape_that_covers_no_ground_for_sure_is_quarantined(tmp_path, shape, code):
    received = _with_shape(tmp_path, shape)

    assert _found(received, "C03") == [(code, "quarantined")]
    assert "C03" not in _ids(received)


def test_a_quarantined_change_without_shape_is_told_to_the_town_it_states(tmp_path):
    received = _with_shape(tmp_path, None)

    places = received.tables["quarantine_places"]
    assert places[["layer", "record", "township_code"]].to_numpy().tolist() == [
        ["changes", "C03", YI]
    ]


def test_a_square_walked_twice_is_mended_and_both_areas_are_told(tmp_path):
    ring = [(1200, 850), (1300, 850), (1300, 860), (1200, 860)]
    received = _with_shape(tmp_path, Polygon([*ring, *ring]))

    ((code, severity),) = _found(received, "C03")
    assert (code, severity) == ("invalid:self-intersection", "repaired")
    balance = _balance(received, "changes")["units"]
    assert balance["handed_in"] + balance["repaired"] == balance["counted"] == 50_000 * 10_000


def test_areas_in_mu_are_refused(tmp_path):
    changes = [
        (corners, {**row, "JCMJ": row["JCMJ"] * 0.0015} if number % 2 else row)
        for number, (corners, row) in enumerate(SQUARES.changes)
    ]

    with pytest.raises(Refused, match=r"亩\(mu\)"):
        _received(tmp_path, changes=changes)


@pytest.mark.parametrize("stated", [970.0, -1000.0])
def test_a_stated_area_that_disagrees_is_noted(tmp_path, stated):
    received = _received(tmp_path, changes=_with(SQUARES.changes, 2, JCMJ=stated))

    assert _found(received, "C03") == [("stated-area", "noted")]
    assert "C03" in _ids(received)


def _split(tmp_path, *, parents, states=None):
    changes = [
        (
            corners,
            {
                **row,
                "PARENT": parents.get(row["JCBH"]),
                "STATE": (states or {}).get(row["JCBH"]),
            },
        )
        for corners, row in SQUARES.changes
    ]
    config = write_clean(dataclasses.replace(SQUARES, changes=changes), tmp_path)
    text = config.read_text(encoding="utf-8")
    text = text.replace(
        'stated_area_m2 = "JCMJ"',
        'stated_area_m2 = "JCMJ", parent_id = "PARENT", split_state = "STATE"',
    )
    config.write_text(text, encoding="utf-8")
    return receive(load(config))


def test_a_parent_is_not_counted_its_parts_are(tmp_path):
    received = _split(tmp_path, parents={"C04": "C03"}, states={"C05": "被拆分"})

    assert _found(received, "C03") == [("split-parent", "noted")]
    assert _found(received, "C05") == [("split-parent", "noted")]
    assert _balance(received, "changes")["records"]["excluded"] == 2
    assert {"C03", "C05"}.isdisjoint(_ids(received))


def test_a_change_that_names_itself_as_its_parent_counts(tmp_path):
    """So some write a polygon that was not split; another must name it before it is one."""
    received = _split(tmp_path, parents={"C03": "C03", "C04": "C04"})

    assert _balance(received, "changes")["records"]["excluded"] == 0
    assert {"C03", "C04"} <= set(_ids(received))


def test_changes_that_name_one_another_as_parents_count_and_are_told(tmp_path):
    received = _split(tmp_path, parents={"C03": "C04", "C04": "C05", "C05": "C03"})

    for change in ("C03", "C04", "C05"):
        assert _found(received, change) == [("parent-circle", "noted")]
        assert change in _ids(received)


def test_the_ground_that_a_split_loses_is_told(tmp_path):
    """C12 has 20,000 m² and its part 17,000; C01 and its part have 2,000 each."""
    received = _split(tmp_path, parents={"C13": "C12", "C02": "C01"})

    told = {one.record: one.message for one in received.findings}
    assert "子图斑合计比它少 3,000." in told["C12"]
    assert "少" not in told["C01"]


def test_an_unknown_land_class_is_quarantined_with_its_ground(tmp_path):
    received = _received(tmp_path, land_use=_with(SQUARES.land_use, 4, DLBM="0199"))

    ((code, severity),) = _found(received, "P5")
    assert (code, severity) == ("unknown-land-class", "quarantined")
    assert "0199" in next(one.message for one in received.findings)
    quarantine = received.tables["quarantine"]
    assert quarantine.geometry.area.tolist() == [1_000_000]
    assert quarantine["is_reference"].tolist() == [True]


def test_a_class_that_lost_its_zero_gets_it_back(tmp_path):
    received = _received(tmp_path, land_use=_with(SQUARES.land_use, 1, DLBM="101"))

    assert _found(received, "P2") == [("zero-put-back", "repaired")]
    assert set(received.tables["land_use"]["land_class"]) >= {"0101"}


def test_a_class_that_is_unknown_with_a_zero_too_is_told_as_it_is_written(tmp_path):
    """011 is a class of the survey before (二调); 0011 stands nowhere."""
    received = _received(tmp_path, land_use=_with(SQUARES.land_use, 1, DLBM="011"))

    (found,) = [one for one in received.findings if one.record == "P2"]
    assert (found.code, found.severity) == ("unknown-land-class", "quarantined")
    assert "地类编码 011 不在" in found.message


@pytest.mark.parametrize("coefficient", [1.0, -0.1, 12.34])
def test_an_impossible_ridge_coefficient_quarantines_the_parcel(tmp_path, coefficient):
    received = _received(tmp_path, land_use=_with(SQUARES.land_use, 0, KCXS=coefficient))

    assert _found(received, "P1") == [("bad-ridge-coefficient", "quarantined")]


def test_a_null_coefficient_is_zero(tmp_path):
    received = _received(tmp_path, land_use=_with(SQUARES.land_use, 0, KCXS=None))

    assert received.findings == []
    parcels = received.tables["land_use"].set_index("parcel_id")
    assert parcels.loc["P1", "ridge_coefficient"] == 0


def test_a_name_with_stray_characters_is_mended(tmp_path):
    towns = _with(SQUARES.townships, 0, XZQMC=" 甲\u200b镇\u3000")

    received = _received(tmp_path, townships=towns)

    assert _found(received, JIA) == [("cleaned-text", "repaired")]
    assert "甲镇" in set(received.tables["townships"]["township_name"])


def test_two_records_of_one_township_are_one_township(tmp_path):
    enclave = ((2900, 900, 3000, 1000), {"XZQDM": JIA, "XZQMC": "甲镇"})
    towns = [*SQUARES.townships[:2], ((2000, 0, 2900, 1000), SQUARES.townships[2][1]), enclave]

    received = _received(tmp_path, townships=towns)

    table = received.tables["townships"].set_index("township_code")
    assert table.loc[JIA].geometry.area == 1_000_000 + 10_000


@pytest.mark.parametrize(
    ("given", "interval"),
    [
        ("2024-02-30", (None, None)),
        (None, (None, None)),
        ("2024年3月", ("2024-03-01", "2024-03-31")),
        ("2024Q1", ("2024-01-01", "2024-03-31")),
        ("2024", ("2024-01-01", "2024-12-31")),
    ],
)
def test_a_date_is_every_day_it_may_be(tmp_path, given, interval):
    approvals = {
        **SQUARES.approvals,
        "supply": _with(SQUARES.approvals["supply"], 0, PZRQ=given),
    }

    received = _received(tmp_path, approvals=approvals)

    row = received.tables["approvals"].set_index("approval_no").loc["供1号"]
    days = (row["approved_earliest"], row["approved_latest"])
    assert tuple(day and day.isoformat() for day in days) == interval
    assert len(_found(received, "供1号")) == (0 if interval[0] else 1)


def test_an_approval_handed_in_twice_counts_once(tmp_path):
    doubled = {**SQUARES.approvals, "supply": SQUARES.approvals["supply"] * 2}

    received = _received(tmp_path, approvals=doubled)

    assert [one.code for one in received.findings] == ["duplicate"] * 3
    kinds = received.tables["approvals"]["approval_kind"]
    assert (kinds == "supply").sum() == 3


def test_a_layer_without_records_must_be_asked_for(tmp_path):
    empty = frame(SQUARES.approvals["temporary"]).iloc[:0]
    config = write_clean(SQUARES, tmp_path)
    _rewrite(config, "temporary", empty)

    with pytest.raises(Refused, match="0 条记录"):
        receive(load(config))

    text = config.read_text(encoding="utf-8")
    config.write_text(
        text.replace('temporary.gpkg"', 'temporary.gpkg"\nallow_empty = true'), encoding="utf-8"
    )
    assert (
        receive(load(config)).tables["approvals"]["approval_kind"] == "temporary"
    ).sum() == 0


def test_personal_fields_stay_behind(tmp_path):
    changes = [
        (corners, {**row, "联系电话": "138", "BZ": "厂房"}) for corners, row in SQUARES.changes
    ]

    received = _received(tmp_path, changes=changes)

    assert [one.code for one in received.findings] == ["personal-field"]
    fields = set(received.tables["changes_original"].columns)
    assert "原:BZ" in fields
    assert "原:联系电话" not in fields


def test_a_quarantined_record_is_covered_by_its_box(tmp_path):
    config = write_clean(SQUARES, tmp_path)
    layer = frame(SQUARES.land_use)
    shapes = list(layer.geometry)
    bow_tie = Polygon([(2000, 0), (3000, 1000), (3000, 0), (2000, 1000)])
    shapes[4] = translate(bow_tie, *ORIGIN)
    _rewrite(config, "land_use", layer.set_geometry(shapes, crs=layer.crs))

    quarantine = receive(load(config)).tables["quarantine"]

    assert quarantine.geometry.iloc[0].equals(translate(box(2000, 0, 3000, 1000), *ORIGIN))


RULING = {"change_id": "C11", "township_code": "", "verdict": "legal", "reason": "补交批文", "ruled_by": "甲", "ruled_on": "2025-01-05"}  # fmt: skip


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"verdict": "没事"}, "unknown-verdict"),
        ({"reason": ""}, "missing-reason"),
        ({"ruled_on": "2025-01"}, "bad-date"),
        ({"change_id": ""}, "missing-id"),
    ],
)
def test_a_ruling_that_says_too_little_is_refused(tmp_path, values, code):
    county = dataclasses.replace(SQUARES, hand={"rulings": [{**RULING, **values}]})

    hand = receive_hand(load(write_clean(county, tmp_path)))

    assert (code, "refused") in [(one.code, one.severity) for one in hand.findings]


@pytest.mark.parametrize("written", ["legal", "合法"])
def test_a_ruling_may_be_written_in_chinese(tmp_path, written):
    county = dataclasses.replace(SQUARES, hand={"rulings": [{**RULING, "verdict": written}]})

    hand = receive_hand(load(write_clean(county, tmp_path)))

    assert hand.findings == []
    assert hand.rulings["verdict"].tolist() == ["legal"]


def test_an_area_with_its_unit_is_converted_and_said_so(tmp_path):
    row = {**SQUARES.hand["rectifications"][0], "farmland_m2": "０.6亩"}
    county = dataclasses.replace(SQUARES, hand={"rectifications": [row]})

    hand = receive_hand(load(write_clean(county, tmp_path)))

    assert hand.rectifications["farmland_m2"].tolist() == [pytest.approx(400)]
    assert [(one.code, one.severity) for one in hand.findings] == [("area-unit", "repaired")]


def test_a_negative_area_is_refused(tmp_path):
    row = {**SQUARES.hand["rectifications"][0], "farmland_m2": -1}
    county = dataclasses.replace(SQUARES, hand={"rectifications": [row]})

    hand = receive_hand(load(write_clean(county, tmp_path)))

    assert [(one.code, one.severity) for one in hand.findings] == [("bad-area", "refused")]


def test_no_usable_township_is_refused_with_the_reason(tmp_path):
    towns = [(corners, {**row, "XZQDM": None}) for corners, row in SQUARES.townships]

    with pytest.raises(Refused, match=r"没有一条可用的乡镇(.|\n)*missing-id"):
        _received(tmp_path, townships=towns)


def test_a_layer_in_a_township_that_is_in_quarantine_is_refused_with_that_reason(tmp_path):
    """Its CRS is not at fault: the temporary permits lie in 乙镇, which has lost its code."""
    towns = [
        (corners, {**row, "XZQDM": row["XZQDM"] if row["XZQDM"] == JIA else None})
        for corners, row in SQUARES.townships
    ]

    with pytest.raises(
        Refused, match=r"没有重叠(.|\n)*先改正被隔离的 2 条乡镇记录\(.*townships"
    ):
        _received(tmp_path, townships=towns)


@pytest.mark.parametrize(
    ("written", "code", "days"),
    [
        ("20240230", "bad-date", ("1950-01-01", "2099-12-31")),
        ("两年", "bad-date", ("1950-01-01", "2099-12-31")),
        ("长期", "open-ended", None),
        ("9999-12-31", "open-ended", None),
        (None, None, None),
    ],
)
def test_an_end_that_cannot_be_read_is_not_a_term_without_an_end(tmp_path, written, code, days):
    """临2号 ran out before the image; read as endless it would excuse what stands there."""
    permits = _with(SQUARES.approvals["temporary"], 1, YXQZ=written)
    received = _received(tmp_path, approvals={**SQUARES.approvals, "temporary": permits})

    assert _found(received, "临2号") == ([(code, "noted")] if code else [])
    table = received.tables["approvals"].set_index("approval_no")
    first, last = table.loc["临2号", ["valid_until_earliest", "valid_until_latest"]]
    assert (
        (pd.isna(first) and pd.isna(last)) if days is None else (str(first), str(last)) == days
    )


def test_plane_areas_in_a_projection_that_stretches_are_refused(tmp_path):
    config = write_clean(SQUARES, tmp_path)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('crs = "EPSG:4549"', 'crs = "EPSG:3857"'), encoding="utf-8")

    with pytest.raises(Refused, match=r"变形太大:平面面积比椭球面积多 30"):
        receive(load(config))


def test_a_working_crs_of_a_zone_far_away_is_said(tmp_path):
    """121° east in the zone of 117°: 4° from its meridian, where areas are too large by 0.37 %."""
    config = write_clean(SQUARES, tmp_path)
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace('crs = "EPSG:4549"', 'crs = "EPSG:4548"'), encoding="utf-8")

    found = [one for one in receive(load(config)).findings if one.code == "working-crs"]
    assert [(one.record, one.severity) for one in found] == [("inspection.crs", "noted")]
    assert "平面面积比椭球面积多 0.3" in found[0].message


def test_a_township_code_that_is_missing_comes_from_the_geometry_and_is_said(tmp_path):
    received = _received(tmp_path, changes=_with(SQUARES.changes, 2, XZQDM=None))

    assert _found(received, "C03") == [("township-from-geometry", "repaired")]


def test_an_infinite_number_is_not_a_number(tmp_path):
    received = _received(tmp_path, land_use=_with(SQUARES.land_use, 0, KCXS=float("inf")))

    assert _found(received, "P1") == [("bad-ridge-coefficient", "quarantined")]


def test_a_gap_between_townships_is_noted(tmp_path):
    towns = [
        ((x0 + 0.5 * (x0 == 1000), y0, x1, y1), row)
        for (x0, y0, x1, y1), row in SQUARES.townships
    ]

    received = _received(tmp_path, townships=towns)

    (found,) = [one for one in received.findings if one.code == "township-gap"]
    assert found.record == f"{JIA}、{YI}"
    assert found.area_m2 == pytest.approx(500, abs=1)
