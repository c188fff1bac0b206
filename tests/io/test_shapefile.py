import shutil
import struct

import pytest

from pipeline.errors import Refused
from pipeline.io.source import files_of, read_source
from tests.io.deliveries import (
    HOLE,
    SHELL,
    codes,
    section,
    write_dbf,
    write_delivery,
    write_shp,
)

GBK, UTF8 = "东塍镇".encode("gbk"), "东塍镇".encode()


def read(path, **given):
    return read_source(section(**given), [path], label="changes")


def refusal(path, **given):
    with pytest.raises(Refused) as refused:
        read(path, **given)
    return str(refused.value)


def test_a_whole_delivery(tmp_path):
    source = read(write_delivery(tmp_path / "changes.shp", names=[GBK, b"B"], cpg="GBK"))
    assert source.frame["XZQMC"].tolist() == ["东塍镇", "B"]
    assert [shape.area for shape in source.geometry] == [100, 100]
    assert source.crs.to_epsg() == 4549
    assert source.places == ["changes.shp 第 1 条", "changes.shp 第 2 条"]
    assert source.findings == []


@pytest.mark.parametrize(
    ("name", "cpg", "says"),
    [(GBK, None, "GBK"), (GBK, "UTF-8", "GBK"), (UTF8, "GBK", "UTF-8"), (UTF8, None, "UTF-8")],
)
def test_an_inferred_encoding_is_a_repair(tmp_path, name, cpg, says):
    source = read(write_delivery(tmp_path / "changes.shp", names=[name], cpg=cpg))
    assert source.frame["XZQMC"].tolist() == ["东塍镇"]
    (found,) = source.findings
    assert (found.code, found.severity) == ("encoding-inferred", "repaired")
    for word in ("changes.dbf", "cpg", f"{says} 编码"):
        assert word in found.message


def test_an_encoding_that_nothing_reads_is_refused(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=[b"\xff\xff\xff"])
    assert "changes.dbf" in refusal(path)
    assert "配置的编码 UTF-8 读不通" in refusal(path, encoding="UTF-8")


@pytest.mark.parametrize("end", [".shx", ".dbf"])
def test_a_missing_part_is_named(tmp_path, end):
    path = write_delivery(tmp_path / "changes.shp")
    path.with_suffix(end).unlink()
    assert f"changes.shp 缺少 changes{end}" in refusal(path)


def test_every_missing_part_at_once(tmp_path):
    path = write_delivery(tmp_path / "changes.shp")
    path.with_suffix(".shx").unlink()
    path.with_suffix(".dbf").unlink()
    assert "changes.shx、changes.dbf" in refusal(path)


@pytest.mark.parametrize(
    ("end", "damage", "words"),
    [
        (".shp", lambda data: data[: len(data) // 2], ["changes.shp", "截断", "372", "186"]),
        (".shp", lambda _: b"", ["changes.shp", "空"]),
        (".shp", lambda data: data[:100], ["changes.shp", "截断"]),
        (".shx", lambda data: data[:-8], ["changes.shx", "截断"]),
        (".shx", lambda data: data[:100] + bytes(16), ["changes.shp", "shx", "第 1 条"]),
        (".dbf", lambda data: data[: len(data) // 2], ["changes.dbf", "截断"]),
        (".dbf", lambda data: data[:-22] + bytes(22), ["changes.dbf", "第 2 条", "损坏"]),
        (".dbf", lambda data: data[:4] + b"\x01" + data[5:], ["changes.dbf", "1 条", "2 条"]),
    ],
)
def test_damage_is_refused_with_both_numbers(tmp_path, end, damage, words):
    path = write_delivery(tmp_path / "changes.shp")
    part = path.with_suffix(end)
    part.write_bytes(damage(part.read_bytes()))
    text = refusal(path)
    for word in words:
        assert word in text


def test_points_that_make_no_shape_are_damage_not_an_empty_record(tmp_path):
    path = write_delivery(tmp_path / "changes.shp")
    data = bytearray(path.read_bytes())
    first_part = 100 + 8 + 44
    data[first_part : first_part + 4] = struct.pack("<i", -7)
    path.write_bytes(data)

    text = refusal(path)

    assert "changes.shp 损坏:changes.shp 第 1 条" in text


def test_tables_of_another_delivery_are_refused(tmp_path):
    path = write_delivery(tmp_path / "changes.shp")
    write_dbf(path.with_suffix(".dbf"), [(b"X", "C", 2)], [[b"a"]])
    assert "changes.dbf 有 1 条记录,changes.shx 却有 2 条" in refusal(path)


def test_an_index_that_leaves_records_out_is_refused(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=[b"A", b"B", b"C"])
    long = path.read_bytes()
    write_delivery(path, names=[b"A"])
    path.write_bytes(long)
    assert "里有 3 条记录,.shx 只列了 1 条" in refusal(path)


def test_an_absurd_number_of_points_is_refused(tmp_path):
    path = write_delivery(tmp_path / "changes.shp")
    data = bytearray(path.read_bytes())
    data[100 + 8 + 40 : 100 + 8 + 44] = struct.pack("<i", 268_000_000)
    path.write_bytes(bytes(data))
    assert "点数装不进" in refusal(path)


def test_without_prj_the_file_says_no_crs(tmp_path):
    path = write_delivery(tmp_path / "changes.shp")
    path.with_suffix(".prj").unlink()
    assert read(path).crs is None


def test_half_a_prj_is_refused_unless_the_config_has_the_crs(tmp_path):
    path = write_delivery(tmp_path / "changes.shp")
    prj = path.with_suffix(".prj")
    prj.write_text(prj.read_text()[:120])
    assert "changes.prj" in refusal(path)
    source = read(path, crs="EPSG:4549")
    assert source.crs is None
    assert codes(source.findings) == [("bad-prj", "noted")]


@pytest.mark.parametrize(
    ("rings", "area"),
    [
        ([SHELL, HOLE], 96),
        ([SHELL[::-1], HOLE[::-1]], 96),
        ([HOLE[::-1], SHELL[::-1]], 96),
        ([SHELL, HOLE[::-1]], 96),
        ([SHELL[::-1]], 100),
    ],
)
def test_nesting_not_direction_tells_holes_from_shells(tmp_path, rings, area):
    path = write_delivery(tmp_path / "changes.shp", names=[b"A"])
    write_shp(path, [rings])
    source = read(path)
    assert source.geometry[0].area == area
    assert source.geometry[0].is_valid


def test_mended_rings_are_said(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=[b"A"])
    write_shp(path, [[SHELL, HOLE[::-1]]])
    (found,) = read(path).findings
    assert (found.code, found.severity, found.area_m2) == ("ring-order", "repaired", 96)
    assert "104.00" in found.message


def test_an_open_ring_is_closed_and_said(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=[b"A", b"B"])
    write_shp(path, [[SHELL[:-1]], [SHELL]])
    source = read(path)
    assert [shape.area for shape in source.geometry] == [100, 100]
    (found,) = source.findings
    assert (found.record, found.code) == ("changes.shp 第 1 条", "ring-closed")


def test_null_shapes_and_empty_layers_pass(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=[b"A"])
    write_shp(path, [None])
    assert read(path).geometry[0] is None
    write_delivery(path, names=[])
    assert len(read(path).frame) == 0


def test_deleted_rows_take_their_shapes_with_them(tmp_path):
    path = write_delivery(tmp_path / "changes.shp")
    write_shp(path, [[SHELL], [HOLE[::-1]]])
    write_dbf(path.with_suffix(".dbf"), [(b"X", "C", 2)], [[b"a"], [b"b"]], deleted=[0])
    source = read(path)
    assert source.frame["X"].tolist() == ["b"]
    assert [shape.area for shape in source.geometry] == [4]
    assert source.places == ["changes.shp 第 2 条"]
    assert codes(source.findings) == [("deleted-rows", "noted")]


@pytest.mark.parametrize(
    "names",
    [
        {
            ".shp": "CHANGES.SHP",
            ".shx": "CHANGES.SHX",
            ".dbf": "CHANGES.DBF",
            ".prj": "CHANGES.PRJ",
        },
        {
            ".shp": "changes.shp",
            ".shx": "Changes.SHX",
            ".dbf": "CHANGES.dbf",
            ".prj": "changes.Prj",
        },
        {
            ".shp": "变化 [2024] 50%.shp",
            ".shx": "变化 [2024] 50%.shx",
            ".dbf": "变化 [2024] 50%.dbf",
            ".prj": "变化 [2024] 50%.prj",
        },
    ],
)
def test_names_in_any_case_and_script(tmp_path, names):
    path = (
        write_delivery(tmp_path / "in" / "changes.shp")
        if (tmp_path / "in").mkdir() is None
        else None
    )
    folder = tmp_path / "out 目录"
    folder.mkdir()
    for end, name in names.items():
        shutil.copy(path.with_suffix(end), folder / name)
    shp = folder / names[".shp"]
    source = read(shp)
    assert len(source.frame) == 2
    assert source.crs.to_epsg() == 4549
    assert files_of([shp]) == sorted(folder.iterdir())
