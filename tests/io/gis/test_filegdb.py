import time

import pyogrio
import pytest

from pipeline.io.gis.filegdb import write_filegdb_archive
from tests.gis import layer


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    path = tmp_path_factory.mktemp("gdb") / "inspection.gdb.zip"
    write_filegdb_archive(path, [layer(), layer("pieces")])
    return path


def test_it_opens_without_unpacking(archive):
    assert [name for name, _ in pyogrio.list_layers(archive)] == ["changes", "pieces"]


def test_codes_and_flags_are_words(archive):
    full, bare = pyogrio.read_dataframe(archive, layer="changes").to_dict("records")
    assert (full["verdict"], full["is_farmland"]) == ("疑似违法", "是")
    assert bare["verdict"] is None or bare["verdict"] != bare["verdict"]
    assert full["area_m2"] == 233.946
    assert str(full["approved_on"])[:10] == "2024-03-15"


def test_fields_have_chinese_aliases_and_widths(archive):
    schema = pyogrio.read_arrow(archive, layer="changes")[1].schema
    verdict = schema.field("verdict").metadata
    assert verdict[b"GDAL:OGR:alternative_name"].decode() == "认定结论"
    assert verdict[b"GDAL:OGR:width"] == b"20"
    area = schema.field("area_m2").metadata
    assert area[b"GDAL:OGR:alternative_name"].decode() == "图斑面积（㎡）"


def test_areas_move_by_less_than_a_hundredth(archive):
    shapes = pyogrio.read_dataframe(archive, layer="changes").geometry
    assert abs(shapes.area - [200.0, 1.0]).max() < 0.01


def test_the_same_layers_give_the_same_bytes(archive, tmp_path):
    time.sleep(1.1)
    again = tmp_path / "inspection.gdb.zip"
    write_filegdb_archive(again, [layer(), layer("pieces")])
    assert again.read_bytes() == archive.read_bytes()
