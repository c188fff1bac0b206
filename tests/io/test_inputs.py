import pytest

from pipeline.errors import Refused
from pipeline.io.source import expand, files_of
from tests.io.deliveries import write_delivery


@pytest.mark.parametrize(
    "text",
    [
        "http://127.0.0.1:9/changes.shp",
        "https://x/y.gpkg",
        "/vsicurl/http://127.0.0.1:9/a.gpkg",
        "/vsizip/a.zip/a.shp",
        "GPKG:a.gpkg",
        "WFS:http://x",
        "//server/share/a.shp",
        "\\\\server\\share\\a.shp",
    ],
)
def test_addresses_are_refused(tmp_path, text):
    with pytest.raises(Refused, match="网址或虚拟路径") as refused:
        expand(tmp_path, text)
    assert text in str(refused.value)


def test_a_missing_file_is_refused_with_the_nearest(tmp_path):
    (tmp_path / "changes.shp").touch()
    with pytest.raises(Refused, match="没有文件 chnages") as refused:
        expand(tmp_path, "chnages.shp")
    assert "是不是 changes.shp" in str(refused.value)
    with pytest.raises(Refused, match="没有文件夹"):
        expand(tmp_path, "nowhere/changes.shp")


def test_a_backslash_that_became_a_tab_is_answered_with_the_slash(tmp_path):
    with pytest.raises(Refused) as caught:
        expand(tmp_path, "..\tdata\new.shp")
    assert "路径用 /" in caught.value.findings[0].remedy


def test_a_folder_is_its_texts_a_gdb_is_itself(tmp_path):
    for name in ("b.txt", "a.TXT", "c.shp"):
        (tmp_path / name).touch()
    (tmp_path / "land.gdb").mkdir()
    assert [path.name for path in expand(tmp_path, ".")] == ["a.TXT", "b.txt"]
    assert expand(tmp_path, "land.gdb") == [tmp_path / "land.gdb"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(Refused, match="里没有"):
        expand(tmp_path, "empty")


def test_a_folder_of_other_files_is_answered_with_the_file(tmp_path):
    folder = tmp_path / "raw"
    folder.mkdir()
    (folder / "a.shp").touch()
    with pytest.raises(Refused, match="路径写到数据文件本身") as refused:
        expand(tmp_path, "raw")
    assert "是不是 raw" not in str(refused.value)


def test_patterns_know_star_and_mark_brackets_are_names(tmp_path):
    folder = tmp_path / "红线 [2024] 50%"
    folder.mkdir()
    for name in ("乙.txt", "甲.txt", "甲.csv"):
        (folder / name).touch()
    found = expand(tmp_path, "红线 [2024] 50%/*.txt")
    assert [path.name for path in found] == sorted(["甲.txt", "乙.txt"])
    assert [path.name for path in expand(tmp_path, "*[2024]*/甲.???")] == ["甲.csv", "甲.txt"]
    with pytest.raises(Refused, match="没有与"):
        expand(tmp_path, "红线 [2024] 50%/*.shp")
    with pytest.raises(Refused, match="没有与"):
        expand(tmp_path, "nowhere/*.shp")


def test_the_files_of_a_shapefile_are_all_its_parts(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", cpg="GBK")
    for other in ("changes.shp.xml", "changes2.dbf", "a.gpkg", "a.gpkg-wal", "a.gpkg-shm"):
        (tmp_path / other).touch()
    names = [file.name for file in files_of([path, tmp_path / "a.gpkg", path])]
    assert names == sorted(
        [
            "changes.cpg",
            "changes.dbf",
            "changes.prj",
            "changes.shp",
            "changes.shx",
            "a.gpkg",
            "a.gpkg-wal",
        ]
    )


def test_files_that_are_not_there_belong_to_nothing(tmp_path):
    assert files_of([tmp_path / "none.shp"]) == []
