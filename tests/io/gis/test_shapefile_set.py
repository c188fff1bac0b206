import csv
import io
import time
import zipfile
from datetime import date

import pyogrio
import pytest

from pipeline.io.gis.shapefile_names import NAMES
from pipeline.io.gis.shapefile_set import NAME_TABLE, write_shapefile_archive
from pipeline.schema import gis
from tests.gis import layer

AS_OF = date(2025, 3, 31)
LAYERS = [one for name, one in vars(gis).items() if name.endswith("_LAYER")]


def _write(path, *layers):
    write_shapefile_archive(path, layers, AS_OF)
    return path


def _read(path, name="changes"):
    return pyogrio.read_dataframe(f"/vsizip/{path}/{path.stem}/{name}.shp")


def _names(path):
    with zipfile.ZipFile(path) as archive:
        text = archive.read(f"{path.stem}/{NAME_TABLE}").decode("utf-8-sig")
    return {row["字段名"]: row for row in csv.DictReader(io.StringIO(text))}


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    return _write(
        tmp_path_factory.mktemp("shp") / "inspection_shp.zip", layer(), layer("pieces")
    )


@pytest.mark.parametrize("table", LAYERS, ids=lambda table: table.name)
def test_every_column_has_a_short_name_of_its_own(table):
    short = [NAMES[name] for name in table.names]
    assert all(name.isascii() and name.isupper() and len(name) <= 10 for name in short)
    assert len(set(short)) == len(short)


def test_values_come_back(archive):
    full, bare = _read(archive).to_dict("records")
    assert (full["TBBH"], full["RDJL"], full["SFGD"]) == ("007", "疑似违法", "是")
    assert (full["TBMJ"], full["ZGB_ZGH"], full["TBS"]) == (233.946, 0.08, 3)
    assert str(full["PZRQ"])[:10] == "2024-03-15"
    assert bare["LY"] is None or bare["LY"] != bare["LY"]
    assert bare["TBMJ"] != bare["TBMJ"]  # NaN
    types = dict(zip(*(pyogrio.read_info(f"/vsizip/{archive}/{archive.stem}/changes.shp")[key]
                       for key in ("fields", "ogr_types")), strict=True))  # fmt: skip
    assert types["PZRQ"] == "OFTDate"


def test_the_code_page_is_named(archive):
    with zipfile.ZipFile(archive) as members:
        assert members.read("inspection_shp/changes.cpg") == b"GBK"
        assert "变化图斑".encode("gbk") not in members.read("inspection_shp/changes.dbf")
        assert "疑似违法".encode("gbk") in members.read("inspection_shp/changes.dbf")


def test_the_name_table_tells_every_field(archive):
    rows = _names(archive)
    assert rows["TBMJ"]["中文名"] == "图斑面积（㎡）"
    assert rows["TBMJ"]["程序中的列名"] == "area_m2"
    nulls = next(name for name in rows["TBMJ"] if name.startswith("空值数"))
    assert rows["TBMJ"][nulls] == "1"
    assert rows["TBBH"][nulls] == "0"


def test_a_long_text_is_cut_at_a_character_and_counted(tmp_path):
    path = _write(tmp_path / "shp.zip", layer(reason=["违" * 200, "短"]))
    text = _read(path)["LY"][0]
    assert text == "违" * 126 + "…"  # 252 + 2 bytes
    cut = next(name for name in _names(path)["LY"] if name.startswith("截断数"))
    assert _names(path)["LY"][cut] == "1"


def test_a_character_that_gbk_lacks_is_spelt_out_and_counted(tmp_path):
    path = _write(tmp_path / "shp.zip", layer(reason=["𠮷田 ㎡", "短"]))
    assert _read(path)["LY"][0] == "[U+20BB7]田 ㎡"
    spelt = next(name for name in _names(path)["LY"] if name.startswith("含 GBK"))
    assert _names(path)["LY"][spelt] == "1"


def test_the_same_layers_give_the_same_bytes(archive, tmp_path):
    time.sleep(1.1)
    again = _write(tmp_path / "inspection_shp.zip", layer(), layer("pieces"))
    assert again.read_bytes() == archive.read_bytes()
