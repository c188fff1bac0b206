import re
from pathlib import Path

import pytest
from shapely import MultiPolygon, Point

from pipeline.errors import Refused
from pipeline.io.source import read_source
from tests.io.deliveries import codes, section

DATA = Path(__file__).parents[1] / "data" / "coordinate_txt"

HEAD = """[属性描述]
格式版本号=1.01版本
坐标系=2000国家大地坐标系
几度分带=3
投影类型=高斯克吕格
计量单位=米
带号=40
转换参数=,,,,,,
[地块坐标]
"""
# A square of 100 m (1 ha) with a hole of 10 m, both closed: 10 points, 0.99 ha.
BLOCK = """10,0.9900,1,地块一,面,,工业用地,0601,@
J1,1,3193000.000,40611000.000
J2,1,3193100.000,40611000.000
J3,1,3193100.000,40611100.000
J4,1,3193000.000,40611100.000
J1,1,3193000.000,40611000.000
J5,2,3193040.000,40611040.000
J6,2,3193050.000,40611040.000
J7,2,3193050.000,40611050.000
J8,2,3193040.000,40611050.000
J5,2,3193040.000,40611040.000
"""
FULL_WIDTH = str.maketrans(",@=", "\uff0c\uff20\uff1d")


def read(tmp_path, text, written="utf-8", **given):
    path = tmp_path / "红线.txt"
    path.write_bytes(text.encode(written))
    return read_source(section(**given), [path], label="approvals")


def refusal(tmp_path, text, **given):
    with pytest.raises(Refused) as refused:
        read(tmp_path, text, **given)
    assert "红线.txt" in str(refused.value)
    return str(refused.value)


def test_a_block_with_a_hole(tmp_path):
    source = read(tmp_path, HEAD + BLOCK)
    assert source.frame.iloc[0].to_dict() == {
        "文件名": "红线.txt",
        "地块编号": "1",
        "地块名称": "地块一",
        "图形属性": "面",
        "图幅号": None,
        "用途": "工业用地",
        "地类编码": "0601",
        "界址点数": 10,
        "面积公顷": 0.99,
    }
    assert source.geometry[0].area == 9900
    assert source.geometry[0].bounds == (40611000, 3193000, 40611100, 3193100)
    assert source.crs.to_epsg() == 4528
    assert source.places == ["红线.txt 地块 1"]
    assert source.findings == []


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (HEAD + BLOCK, "utf-8-sig"),
        ((HEAD + BLOCK).replace("\n", "\r\n"), "utf-8"),
        (" " + HEAD + BLOCK, "utf-8"),
        ((HEAD + BLOCK).replace("\n", "  \n\n"), "utf-8"),
        ((HEAD + BLOCK).translate(FULL_WIDTH), "utf-8"),
        ((HEAD + BLOCK).replace(",", " , "), "utf-8"),
        (HEAD + BLOCK.replace("10,0.99", "8,0.99"), "utf-8"),
        (HEAD + BLOCK.replace(",面,,工业用地,0601,@", ",面,,工业用地,@"), "utf-8"),
        (HEAD + BLOCK.replace(",0601,@", ",0601,甲,乙,丙,丁,@"), "utf-8"),
        (HEAD + BLOCK.replace(",0601,@", ",0601@"), "utf-8"),
        ((HEAD + BLOCK).replace("40611", "611"), "utf-8"),
        (HEAD.replace("带号=40\n", "") + BLOCK, "utf-8"),
        (HEAD.replace("几度分带=3\n", "") + BLOCK, "utf-8"),
        (HEAD + BLOCK.replace("000\n", "000,5.2\n"), "utf-8"),
    ],
)
def test_every_way_of_writing_gives_the_same_block(tmp_path, text, encoding):
    source = read(tmp_path, text, encoding)
    assert source.geometry[0].area == 9900
    assert source.frame["地块名称"].tolist() == ["地块一"]
    assert source.crs.to_epsg() in {4528, 4549}
    assert source.findings == []


def test_a_ring_without_its_closing_point_is_closed_and_said(tmp_path):
    text = HEAD + BLOCK.replace("J1,1,3193000.000,40611000.000\nJ5", "J5")

    source = read(tmp_path, text)

    assert source.geometry[0].area == 9900
    assert codes(source.findings) == [("ring-closed", "repaired")]
    assert source.findings[0].record == "红线.txt 地块 1"


def test_gbk_is_read_and_said(tmp_path):
    source = read(tmp_path, HEAD + BLOCK, "gbk")
    assert source.frame["地块名称"].tolist() == ["地块一"]
    assert codes(source.findings) == [("encoding-inferred", "repaired")]
    assert "GBK" in source.findings[0].message


def test_the_config_may_name_the_encoding(tmp_path):
    assert read(tmp_path, HEAD + BLOCK, "gbk", encoding="GBK").findings == []
    with pytest.raises(Refused, match="编码"):
        read(tmp_path, HEAD + BLOCK, "gbk", encoding="UTF-8")
    with pytest.raises(Refused, match="编码"):
        read(tmp_path, "[地块坐标]" + BLOCK, "utf-16")


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("0.9900", "0.9900公顷", "读作 0.99 公顷"),
        ("10,0.9900", "7,0.9900", "写 7 个界址点,实有 10 个"),
        ("0.9900", "1.2000", "写面积(area)1.2000 公顷,按坐标算 0.9900 公顷"),
        (",0601,@", ",0601", "没有 @"),
        ("J1,1,3193000.000,40611000.000\nJ5", "J1,1,3193000.000,3193000.000\nJ5", "x0,x0"),
    ],
)
def test_odd_ways_of_writing_are_tolerated_and_noted(tmp_path, old, new, says):
    source = read(tmp_path, HEAD + BLOCK.replace(old, new))
    assert source.geometry[0].area == 9900
    (found,) = source.findings
    assert (found.severity, found.record) == ("noted", "红线.txt 地块 1")
    assert says in found.message


def test_an_area_within_one_percent_is_not_worth_a_word(tmp_path):
    assert read(tmp_path, HEAD + BLOCK.replace("0.9900", "0.9998")).findings == []


def square(ring, north, east, size):
    corners = [(0, 0), (size, 0), (size, size), (0, size), (0, 0)]
    lines = [f"J,{ring},{3193000 + north + x}.0,{40611000 + east + y}.0" for x, y in corners]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("rings", "area", "parts"),
    [
        # a rising number is a hole in the shell, or a further shell beside it
        ([(1, 0, 0, 100), (2, 40, 40, 10)], 9900, 1),
        ([(1, 0, 0, 100), (2, 0, 200, 10)], 10_100, 2),
        ([(1, 0, 0, 100), (2, 40, 40, 20), (3, 45, 45, 10)], 9700, 2),
        ([(1, 40, 40, 10), (2, 0, 0, 100)], 9900, 1),
        # a closed ring ends even where the number stays
        ([(1, 0, 0, 100), (1, 0, 200, 10)], 10_100, 2),
        # a part that touches the shell from outside is no hole
        ([(1, 0, 0, 100), (2, 0, 100, 10)], 10_100, 2),
    ],
)
def test_containment_tells_holes_from_further_shells(tmp_path, rings, area, parts):
    source = read(
        tmp_path, HEAD + ",,1,一,面,,,,@\n" + "".join(square(*ring) for ring in rings)
    )
    shape = source.geometry[0]
    assert shape.area == area
    assert len(shape.geoms if isinstance(shape, MultiPolygon) else [shape]) == parts


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        (",面,", ",线,", "LineString"),
        (",面,", ",点,", "MultiPoint"),
    ],
)
def test_lines_and_points_are_passed_on_as_such(tmp_path, old, new, kind):
    assert read(tmp_path, HEAD + BLOCK.replace(old, new)).geometry[0].geom_type == kind


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (BLOCK.replace("3193100.000,40611100.000", "3193100.000,?"), "第 13 行不是界址点"),
        ("".join(BLOCK.splitlines(keepends=True)[:4]), "写 10 个界址点,实有 3 个"),
        ("".join(BLOCK.splitlines(keepends=True)[:3]), "不足 3 个不同的点"),
    ],
)
def test_a_broken_block_is_quarantined_and_no_polygon(tmp_path, text, says):
    source = read(tmp_path, HEAD + text)
    assert source.geometry[0].geom_type == "LineString"
    (found,) = source.findings
    assert (found.code, found.severity) == ("broken-block", "quarantined")
    assert says in found.message


def test_a_block_without_points_has_no_shape(tmp_path):
    source = read(tmp_path, HEAD + "4,1.0,1,一,面,,,,@\n" + BLOCK)
    assert source.geometry[0] is None
    assert source.geometry[1].area == 9900
    assert source.findings[0].severity == "quarantined"


def test_blocks_of_one_number_are_told_apart(tmp_path):
    assert read(tmp_path, HEAD + BLOCK + BLOCK).places == [
        "红线.txt 地块 1(第 10 行)",
        "红线.txt 地块 1(第 21 行)",
    ]


def test_lines_that_belong_to_nothing_are_named(tmp_path):
    source = read(tmp_path, HEAD + "J1,1,2\n" + BLOCK)
    assert codes(source.findings) == [("stray-line", "noted")]
    assert "第 10 行" in source.findings[0].message


@pytest.mark.parametrize(
    ("text", "epsg"),
    [
        (HEAD + BLOCK, 4528),
        ((HEAD + BLOCK).replace("40611", "611"), 4549),
        ((HEAD + BLOCK).replace("2000国家大地坐标系", "1980西安坐标系"), 2364),
        (
            (HEAD + BLOCK)
            .replace("2000国家大地坐标系", "1954年北京坐标系")
            .replace("40611", "611"),
            2437,
        ),
        ((HEAD + BLOCK).replace("=3\n", "=6\n").replace("40", "21"), 4499),
        (
            (HEAD + BLOCK)
            .replace("=3\n", "=6\n")
            .replace("40611", "611")
            .replace("=40", "=21"),
            4510,
        ),
        ((HEAD + BLOCK).replace("2000国家大地坐标系", ""), None),
        ((HEAD + BLOCK).replace("40611", "611").replace("带号=40", "带号="), None),
    ],
)
def test_the_crs_is_what_header_and_numbers_say_together(tmp_path, text, epsg):
    crs = read(tmp_path, text).crs
    assert (crs and crs.to_epsg()) == epsg


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ((HEAD + BLOCK).replace("带号=40", "带号=39"), "带号.zone.写 39,Y 坐标的前两位却是 40"),
        ((HEAD + BLOCK).replace("计量单位=米", "计量单位=公里"), "写“公里”,坐标值却是米"),
        ((HEAD + BLOCK).replace("几度分带=3", "几度分带=6"), "6 度分带里没有 40 带"),
        (
            HEAD + BLOCK.replace("J4,1,3193000.000,40611", "J4,1,3193000.000,39611"),
            "前后不一:39、40",
        ),
        ((HEAD + BLOCK).replace("计量单位=米", "计量单位=度"), "坐标值却是米"),
        (HEAD + BLOCK.replace("3193", "0003"), "我国范围"),
    ],
)
def test_contradictions_are_refused(tmp_path, text, says):
    with pytest.raises(Refused, match=says):
        read(tmp_path, text)


def swapped(text):
    return re.sub(r"^(J.*),(.*),(.*)$", r"\1,\3,\2", text, flags=re.MULTILINE)


def test_swapped_columns_are_refused(tmp_path):
    assert "X、Y 两列对调" in refusal(tmp_path, HEAD + swapped(BLOCK))
    assert "X、Y 两列对调" in refusal(tmp_path, HEAD + swapped(BLOCK.replace("40611", "611")))


DEGREES = HEAD.replace("=米", "=度") + (
    "4,,1,一,面,,,,@\nJ1,1,28.8,121.1\nJ2,1,28.801,121.1\nJ3,1,28.801,121.101\nJ4,1,28.8,121.101\n"
)


def test_degrees(tmp_path):
    source = read(tmp_path, DEGREES)
    assert source.crs.to_epsg() == 4490
    assert source.geometry[0].contains(Point(121.1005, 28.8005))
    assert "没有写“度”" in refusal(tmp_path, DEGREES.replace("=度", "=米"))
    swap = DEGREES.replace("28.8", "x").replace("121.1", "28.8").replace("x", "121.1")
    assert "X 应是纬度" in refusal(tmp_path, swap)


def test_texts_of_several_crs_are_refused(tmp_path):
    (tmp_path / "a.txt").write_text(HEAD + BLOCK)
    (tmp_path / "b.txt").write_text((HEAD + BLOCK).replace("40", "39"))
    with pytest.raises(Refused, match=r"坐标系.CRS.不同"):
        read_source(section(), [tmp_path / "a.txt", tmp_path / "b.txt"], label="approvals")


def test_encodings_inferred_in_many_files_are_said_once(tmp_path):
    paths = [tmp_path / f"{number}.txt" for number in range(5)]
    for path in paths:
        path.write_bytes((HEAD + BLOCK).encode("gbk"))
    (found,) = read_source(section(), paths, label="approvals").findings
    assert "等 5 个文件" in found.message


# Areas in hectares as the files themselves state them.
REAL = {
    "44120000072.txt": 1.2247,
    "44120000105.txt": 8.7423,
    "44120000120.txt": 2.6708,
    "44120000319.txt": 10.3262,
    "44120000567.txt": 0.219,
    "44120000957.txt": 0.7749,
}


def test_six_real_files():
    source = read_source(section(), sorted(DATA.glob("*.txt")), label="approvals")
    assert source.crs.to_epsg() == 4526
    areas = {
        name: round(shape.area / 10_000, 4)
        for name, shape in zip(source.frame["文件名"], source.geometry, strict=True)
    }
    assert areas == REAL
    assert source.findings == []
