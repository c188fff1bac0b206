import gzip
import zipfile

import geopandas as gpd
import pytest
from shapely import box

from pipeline.errors import Refused
from pipeline.io.sniff import Format, sniff
from pipeline.io.source import read_source
from tests.io.deliveries import section, write_delivery

VRT = """<OGRVRTDataSource><OGRVRTLayer name="a">
<SrcDataSource>/vsicurl/http://127.0.0.1:9/a.geojson</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>"""
GML = '<?xml version="1.0"?><gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml"/>'


@pytest.mark.parametrize(
    ("name", "content", "like"),
    [
        ("changes.geojson", VRT.encode(), "OGR VRT"),
        ("changes.shp", VRT.encode(), "OGR VRT"),
        ("changes.gpkg", b"\xef\xbb\xbf \n" + VRT.encode(), "OGR VRT"),
        (
            "changes.xml",
            b"<OGRWFSDataSource><URL>http://127.0.0.1:9</URL></OGRWFSDataSource>",
            "WFS",
        ),
        ("changes.gml", GML.encode(), "GML"),
        ("changes.gpkg", b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "LFS"),
        ("changes.shp", b"<!DOCTYPE html><html></html>", "HTML"),
        ("changes.gpkg", b"", "空文件"),
        ("changes.gpkg", b"SQLite format 3\0" + bytes(84), "SQLite"),
        ("changes.mdb", b"\0\1\0\0Standard Jet DB", "mdb"),
        ("changes.txt", "地块".encode("utf-16"), "UTF-16"),
        ("changes.txt", b"hello", "文本"),
        ("changes.gz", gzip.compress(b"x"), "gzip"),
        ("changes.dbf", b"\x03", "附属文件"),
        ("changes.bin", bytes(range(7)) * 9, "二进制"),
    ],
)
def test_what_is_no_layer_is_refused_by_what_it_looks_like(tmp_path, name, content, like):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        read_source(section(), [path], label="changes")
    assert name in str(refused.value)
    assert like in str(refused.value)


def test_archives_are_to_be_unpacked(tmp_path):
    path = tmp_path / "changes.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("../changes.shp", "x")
    with pytest.raises(Refused) as refused:
        read_source(section(), [path], label="changes")
    for word in ("zip", "路径", "大小", "压缩", "解压"):
        assert word in str(refused.value)


def test_folders_that_are_no_database_are_refused(tmp_path):
    (tmp_path / "changes.gdb").mkdir()
    with pytest.raises(Refused, match="文件夹"):
        read_source(section(), [tmp_path / "changes.gdb"], label="changes")


def test_every_accepted_format_is_known_under_a_false_name(tmp_path):
    layer = gpd.GeoDataFrame({"a": ["1"]}, geometry=[box(0, 0, 1, 1)], crs=4549)
    layer.to_file(tmp_path / "a.gpkg")
    layer.to_file(tmp_path / "a.fgb", driver="FlatGeobuf")
    layer.to_file(tmp_path / "a.gdb", driver="OpenFileGDB")
    layer.to_file(tmp_path / "a.geojson")
    layer.to_parquet(tmp_path / "a.parquet")
    write_delivery(tmp_path / "a.shp")
    (tmp_path / "a.txt").write_bytes(" [属性描述]\r\n".encode("gbk"))
    (tmp_path / "b.txt").write_text("4,0.1,1,一,面,,,,@\nJ1,1,3193178.12,611244.35\n")
    kinds = {}
    for path in sorted(tmp_path.glob("[ab].*")):
        if path.suffix not in {".dbf", ".shx", ".prj"}:
            kinds[path.name] = sniff(path.rename(path.with_suffix(path.suffix + ".x")))
    assert kinds == {
        "a.fgb": Format.FLATGEOBUF,
        "a.gdb": Format.FILE_GDB,
        "a.geojson": Format.GEOJSON,
        "a.gpkg": Format.GEOPACKAGE,
        "a.parquet": Format.GEOPARQUET,
        "a.shp": Format.SHAPEFILE,
        "a.txt": Format.COORDINATE_TEXT,
        "b.txt": Format.COORDINATE_TEXT,
    }


def test_a_database_whose_own_words_are_damaged_is_refused(tmp_path):
    path = tmp_path / "changes.gpkg"
    gpd.GeoDataFrame({"a": ["1"]}, geometry=[box(0, 0, 1, 1)], crs=4549).to_file(path)
    whole = path.read_bytes()
    at = whole.index(b"CREATE TABLE gpkg_contents") + len("CREATE ")
    path.write_bytes(whole[:at] + bytes([whole[at] ^ 0x80]) + whole[at + 1 :])
    with pytest.raises(Refused, match="损坏"):
        read_source(section(), [path], label="changes")
