"""What is saved of a damaged shapefile, and when nothing is touched."""

import struct

import pytest

from pipeline.io import dbf
from pipeline.io.inputs import side_files
from pipeline.io.salvage import salvage
from pipeline.io.source import read_source
from tests.io.deliveries import SHELL, section, write_dbf, write_delivery, write_shp

RECORD = 8 + 44 + 4 + 5 * 16  # a square
NAMES = [b"A", b"B", b"C", b"D"]


def saved(path, folder):
    folder.mkdir()
    return salvage(side_files(path), folder)


def test_shapes_and_rows_are_lost_one_by_one(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=NAMES)
    path.write_bytes(path.read_bytes()[: 100 + 3 * RECORD])
    table = path.with_suffix(".dbf")
    whole = table.read_bytes()
    second = 65 + 21  # header and one row
    table.write_bytes(whole[:second] + bytes(21) + whole[second + 21 :])

    made = saved(path, tmp_path / "saved")

    assert made.records == 4
    assert made.lost == {1: "属性", 3: "图形"}
    assert made.boxes[0].tolist() == [0, 0, 10, 10]
    assert dbf.read_header(made.files[".dbf"]).records == 4


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_table_of_another_number_of_records_is_of_another_delivery(tmp_path, count):
    path = write_delivery(tmp_path / "changes.shp", names=NAMES)
    write_dbf(path.with_suffix(".dbf"), [(b"X", "C", 2)], [[b"a"]] * count)
    assert saved(path, tmp_path / "saved") is None


def test_without_an_index_the_shapes_are_walked(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=NAMES)
    path.with_suffix(".shx").unlink()
    assert saved(path, tmp_path / "saved").lost == {}


def test_an_index_that_points_astray_gives_way_to_the_walk(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=NAMES)
    index = path.with_suffix(".shx")
    data = index.read_bytes()
    index.write_bytes(data[:100] + struct.pack(">ii", 90, 64) + data[108:])
    assert saved(path, tmp_path / "saved").lost == {}


def test_a_writer_that_keeps_no_boxes_is_believed(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=NAMES)
    far = [[(x + 50, y) for x, y in SHELL]]
    write_shp(path, [far, far, [SHELL], far])  # the writer says 0 … 10 of each
    assert read_source(section(), [path], label="changes").lost == {}


def test_one_shape_outside_its_box_was_overwritten(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=NAMES)
    write_shp(path, [[SHELL], [SHELL], [[(x + 50, y) for x, y in SHELL]], [SHELL]])
    source = read_source(section(), [path], label="changes")
    assert source.lost == {2: "图形的一部分"}
    assert source.geometry[2].bounds == (0, 0, 10, 10)
    assert source.geometry[2].area == 0


def test_zero_bytes_for_blanks_are_no_damage_where_they_are_the_rule(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=[b"A"] * 20)
    fields = [(b"N", "C", 2), (b"X", "C", 4), (b"Y", "C", 4)]
    rows = [
        [b"a\0", b"\0" * 4, b"\0" * 4] if row % 3 == 0 else [b"a\0", b"x\0\0\0", b"y\0\0\0"]
        for row in range(20)
    ]
    write_dbf(path.with_suffix(".dbf"), fields, rows)
    assert read_source(section(), [path], label="changes").lost == {}


def test_one_row_that_ends_in_zero_bytes_was_overwritten(tmp_path):
    path = write_delivery(tmp_path / "changes.shp", names=[b"A"] * 20)
    fields = [(b"N", "C", 2), (b"X", "C", 4), (b"Y", "C", 4)]
    rows = [[b"a", b"x", b"y"]] * 20
    rows[7] = [b"a", b"\0" * 4, b"\0" * 4]
    write_dbf(path.with_suffix(".dbf"), fields, rows)
    assert read_source(section(), [path], label="changes").lost == {7: "属性的一部分"}
