"""The input doctor as a whole: what it says of a county, what it writes, and what it leaves."""

import csv
import hashlib
import re
import shutil
from dataclasses import replace

import geopandas as gpd
import openpyxl
import pyogrio
import pytest

from pipeline.cli import main
from tests.county import write_clean, write_messy
from tests.squares import SQUARES

CANARIES = ("张三丰", "13905760001", "330106199001011234")


def _rows(workspace, name="check.csv"):
    with (workspace / name).open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def _hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    """Return the county of squares, checked."""
    folder = tmp_path_factory.mktemp("checked")
    config = write_clean(SQUARES, folder)
    assert main(["check", str(config)]) == 0
    return config


@pytest.fixture
def county(checked, tmp_path):
    """Return a copy of it."""
    shutil.copytree(checked.parent, tmp_path / "county")
    return tmp_path / "county" / checked.name


def test_a_clean_county_gets_the_one_thing_that_is_so(checked):
    found = [
        (row["layer"], row["record"], row["code"], row["area_m2"])
        for row in _rows(checked.parent / "workspace")
    ]
    # x 150 to 200, y 590 to 620: drawn so, two conversions on the same ground
    assert found == [("approvals", "转1号、转2号", "approvals-overlap", "1500.0000")]


def test_the_products_agree(checked):
    folder = checked.parent / "workspace" / "check"
    assert sorted(path.name for path in folder.iterdir()) == [
        "check.html", "check.xlsx", "places.gpkg",
    ]  # fmt: skip
    page = (folder / "check.html").read_text(encoding="utf-8")
    assert "<h1>可以开始</h1>" in page
    assert page.count("<svg") == 1
    sheet = openpyxl.load_workbook(folder / "check.xlsx")["问题"]
    assert [sheet["D4"].value, sheet["H4"].value] == ["转1号、转2号", 1500]
    (shape,) = pyogrio.read_dataframe(folder / "places.gpkg", layer="places").geometry
    assert shape.bounds == (600_150, 3_190_590, 600_200, 3_190_620)


def test_the_messy_delivery_of_the_same_county_has_no_other_note(tmp_path):
    config = write_messy(SQUARES, tmp_path)
    assert main(["check", str(config)]) == 0
    noted = [
        (row["code"], row["record"])
        for row in _rows(tmp_path / "workspace")
        if row["severity"] == "noted" and row["code"] != "ledger-header"
    ]
    assert noted == [("approvals-overlap", "转1号、转2号")]


def test_checking_again_gives_the_same_bytes_and_touches_nothing_else(county):
    workspace = county.parent / "workspace"
    before = _hashes(workspace)
    assert main(["check", str(county)]) == 0
    assert _hashes(workspace) == before


def test_what_is_published_stays_as_it_is(county):
    workspace = county.parent / "workspace"
    assert main(["run", str(county), "--until", "rank"]) == 0
    published = {name: _hashes(workspace / name) for name in ("out", "work")}
    layer = gpd.read_file(county.parent / "raw" / "land_use.gpkg")
    layer.iloc[1:].to_file(county.parent / "raw" / "land_use.gpkg")

    assert main(["check", str(county)]) == 0
    assert [row["code"] for row in _rows(workspace)] == ["land-use-gap", "approvals-overlap"]
    assert {name: _hashes(workspace / name) for name in ("out", "work")} == published


def test_a_refused_county_gets_its_page_with_the_refusals_first(county, capsys):
    raw = county.parent / "raw"
    land_use = gpd.read_file(raw / "land_use.gpkg")
    land_use.drop(columns="DLBM").to_file(raw / "land_use.gpkg")
    (raw / "supply.gpkg").unlink()
    capsys.readouterr()

    assert main(["check", str(county)]) == 2
    told = capsys.readouterr()
    assert "supply.gpkg" in told.err
    assert "DLBM" in told.err
    workspace = county.parent / "workspace"
    assert f"有 2 类问题要先改正。体检单:{workspace / 'check' / 'check.html'}" in told.out
    rows = _rows(workspace)
    assert [row["severity"] for row in rows] == ["refused", "refused", "noted"]
    assert {row["code"] for row in rows[:2]} == {"missing-field", "missing-file"}
    assert _rows(workspace, "refused.csv") == rows[:2]
    page = (workspace / "check" / "check.html").read_text(encoding="utf-8")
    assert "还不能开始：有 2 类问题要先改正" in page
    heads = re.findall(r'<h2><span class="mark (\w+)"', page)
    assert heads == ["refused", "refused", "noted"]
    assert "与它有关的核对没有做" in page


def test_a_working_crs_that_there_is_not_is_refused_as_by_a_run(county, capsys):
    text = county.read_text(encoding="utf-8")
    county.write_text(text.replace("EPSG:4549", "EPSG:45490"), encoding="utf-8")

    assert main(["check", str(county)]) == 2
    assert "没有 EPSG:45490 这个坐标系" in capsys.readouterr().err


def test_lines_of_the_ledgers_that_will_not_count_are_told(county):
    hand = county.parent / "hand"
    with next(hand.glob("rectifications.*")).open("a", encoding="utf-8") as file:
        file.write("C77,,拆除复耕,5,2025-01-02,验字77号\n")
    with next(hand.glob("offices.*")).open("a", encoding="utf-8") as file:
        file.write("330999777,某所,,\n")

    assert main(["check", str(county)]) == 0
    told = {
        (row["layer"], row["record"], row["code"]) for row in _rows(county.parent / "workspace")
    }
    assert ("rectifications", "C77", "unknown-change") in told
    assert ("offices", "330999777", "unknown-township") in told


def test_a_record_in_quarantine_is_drawn_as_it_came(tmp_path):
    corners, row = SQUARES.changes[-1]
    extra = ((1500, 600, 1540, 640), row | {"JCBH": "C99", "JCMJ": 1600.0})
    config = write_clean(replace(SQUARES, changes=[*SQUARES.changes, extra]), tmp_path)
    path = tmp_path / "raw" / "changes.gpkg"
    layer = gpd.read_file(path)
    x0, y0, x1, y1 = layer.geometry.iloc[-1].bounds
    bow_tie = f"POLYGON (({x0} {y0}, {x1} {y1}, {x1} {y0}, {x0} {y1}, {x0} {y0}))"
    layer.loc[len(layer) - 1, "geometry"] = gpd.GeoSeries.from_wkt([bow_tie])[0]
    layer.to_file(path)

    assert main(["check", str(config)]) == 0
    (found,) = [
        row for row in _rows(tmp_path / "workspace") if row["severity"] == "quarantined"
    ]
    assert (found["record"], found["code"]) == ("C99", "invalid:self-intersection")
    places = pyogrio.read_dataframe(tmp_path / "workspace/check/places.gpkg", layer="places")
    assert places.geometry[0].bounds == (x0, y0, x1, y1)
    assert corners == (1000, 700, 2000, 717)


def test_no_personal_data_gets_into_the_products(county):
    raw = county.parent / "raw"
    layer = gpd.read_file(raw / "changes.gpkg")
    name, phone, card = CANARIES
    layer.assign(LXR=name, 联系电话=phone, 身份证号=card, BZ=f"{name} {phone}").to_file(
        raw / "changes.gpkg"
    )
    land_use = gpd.read_file(raw / "land_use.gpkg").assign(DLMC=phone)
    land_use.to_file(raw / "land_use.gpkg")

    assert main(["check", str(county)]) == 0
    workspace = county.parent / "workspace"
    files = [workspace / "check.csv", *(workspace / "check").iterdir()]
    texts = [path.read_bytes() for path in files if path.suffix != ".xlsx"]
    sheet = openpyxl.load_workbook(workspace / "check" / "check.xlsx")["问题"]
    texts.append("".join(str(cell.value) for row in sheet.iter_rows() for cell in row).encode())
    assert [one for one in CANARIES if any(one.encode() in text for text in texts)] == []
