"""Files that are no files, that lie about their size, or whose damage keeps every length."""

import json
import os
import sqlite3
import struct
from contextlib import closing

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.bad_inputs import damage
from tests.bad_inputs.case import Case
from tests.bad_inputs.county import (
    JIA,
    change_config,
    layers,
    part,
    remove,
)
from tests.bad_inputs.damage import instead, rewritten

_RECTANGLE = 136  # bytes of a record of change.shp, each a rectangle


def _pipe(folder):
    remove(folder, "change")
    os.mkfifo(part(folder, "change", ".shp"))


def _side_pipe(folder):
    part(folder, "change", ".cpg").unlink()
    os.mkfifo(part(folder, "change", ".cpg"))


def _loop(folder):
    remove(folder, "change")
    part(folder, "change", ".shp").symlink_to(part(folder, "change", ".shp"))


def _folder(folder):
    remove(folder, "change")
    part(folder, "change", ".shp").mkdir()


def _ledger_pipe(folder):
    (folder / "hand" / "cases.xlsx").unlink()
    os.mkfifo(folder / "hand" / "cases.xlsx")


def _geojson(edit):
    """Return a writer of GeoJSON whose text is then edited."""

    def write(path, layer):
        damage.geojson(path, layer)
        path.write_text(edit(path.read_text(encoding="utf-8")), encoding="utf-8")

    return write


def _rows_of_nothing(path, layer):
    """Write GeoParquet of ten million records in a few kilobytes: one shape, again and again."""
    shape = layer.geometry.iloc[0].wkb
    count = 2_000_000
    index = pa.array(np.zeros(count, dtype=np.int8))
    made = {
        "geometry": pa.DictionaryArray.from_arrays(index, pa.array([shape])).cast(pa.binary())
    }
    geo = {
        "version": "1.1.0",
        "primary_column": "geometry",
        "columns": {"geometry": {"encoding": "WKB", "geometry_types": ["Polygon"]}},
    }
    table = pa.table(made).replace_schema_metadata({"geo": json.dumps(geo)})
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for _ in range(5):
            writer.write_table(table)


def _endless_view(name):
    """Return a writer of a GeoPackage one of whose tables is a view without an end."""

    def write(path, layer):
        damage.gdal("GPKG", layer="change")(path, layer)
        with closing(sqlite3.connect(path)) as base, base:
            columns = [row[1] for row in base.execute(f"PRAGMA table_info({name})")]
            base.execute(f"ALTER TABLE {name} RENAME TO kept")
            listed = ", ".join(f"1 AS {column}" for column in columns)
            base.execute(
                f"CREATE VIEW {name} AS WITH RECURSIVE n(x) AS"
                f" (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT {listed} FROM n"
            )

    return write


def _counts(path_edit):
    def write(path, layer):
        damage.gdal("FlatGeobuf")(path, layer)
        data = path.read_bytes()
        count = struct.pack("<Q", 23)
        assert count in data
        path.write_bytes(data.replace(count, struct.pack("<Q", path_edit), 1))

    return write


def _gdb_rows(path, layer):
    damage.gdal("OpenFileGDB", layer="change")(path, layer)
    largest = max(path.glob("*.gdbtable"), key=lambda file: file.stat().st_size)
    data = largest.read_bytes()
    largest.write_bytes(data[:4] + struct.pack("<i", 2**31 - 1) + data[8:])


def _points_zeroed(data):
    """Fill the last two points of the tenth rectangle with zeros; its own box stays."""
    end = 100 + _RECTANGLE * 10
    return data[: end - 32] + bytes(32) + data[end:]


def _row_tail_zeroed(data):
    """Fill the second half of the tenth row of change.dbf with zeros."""
    header, size = int.from_bytes(data[8:10], "little"), int.from_bytes(data[10:12], "little")
    end = header + size * 10
    return data[: end - size // 2] + bytes(size // 2) + data[end:]


def _coordinates(edit):
    """Return a spoiler that delivers the approvals as coordinate text, with a ledger.

    The last block is the approval of 甲镇's first change.
    """

    def spoil(folder):
        layer = layers()["approved"].iloc[::-1]
        lines = [
            "[属性描述]",
            "坐标系=2000国家大地坐标系",
            "几度分带=3",
            "带号=40",
            "[地块坐标]",
        ]
        rows = ["地块编号,PZWH,PZRQ,YXQZ"]
        for number, (shape, name, given, until) in enumerate(
            zip(layer.geometry, layer["PZWH"], layer["PZRQ"], layer["YXQZ"], strict=True), 1
        ):
            points = list(shape.exterior.coords)
            lines.append(
                f"{len(points)},{shape.area / 10_000:.4f},{number},地块,面,,工业用地,,@"
            )
            lines += [f"J{i % 4 + 1},1,{y:.3f},40{x:.3f}" for i, (x, y) in enumerate(points)]
            rows.append(f"{number},{name},{given},{until}")
        remove(folder, "approved")
        text = edit("\r\n".join(lines))
        (folder / "data" / "approved.txt").write_text(text, encoding="utf-8", newline="")
        (folder / "data" / "approved.csv").write_text("\n".join(rows), encoding="utf-8")
        ledger = 'ledger = "data/approved.csv"\nledger_key = { block = "地块编号" }'
        change_config(('"data/approved.shp"', f'"data/approved.txt"\n{ledger}'))(folder)

    return spoil


IN_DOUBT = {JIA: (3_000, 45_000, 5_000, 1_000, False)}
HUGE = "1" + "0" * 400
CASES = [
    Case("pipe", _pipe, "refuse", ("change.shp", "普通文件")),
    Case("pipe-beside", _side_pipe, "refuse", ("change.cpg", "普通文件")),
    Case("pipe-ledger", _ledger_pipe, "refuse", ("cases.xlsx", "普通文件")),
    Case("loop", _loop, "refuse", ("change.shp",)),
    Case("folder", _folder, "refuse", ("change.shp",)),
    Case(
        "geojson-huge-number",
        instead("change", "change.geojson", _geojson(lambda text: text.replace("600140.0", HUGE, 1))),
        "quarantine",
        (f"{JIA}0001",),
        figures={JIA: (3_000, 45_000, 0, 1_000, False)},
    ),
    Case(
        "geojson-nan",
        instead("change", "change.geojson", _geojson(lambda text: text.replace("600140.0", "NaN", 1))),
        "quarantine",
        (f"{JIA}0001",),
        figures={JIA: (3_000, 45_000, 0, 1_000, False)},
    ),
    Case(
        "geojson-deep",
        instead("change", "change.geojson", damage.of_text('{"a":' + "[" * 200_000)),
        "refuse",
        ("change.geojson",),
    ),
    Case(
        "parquet-bomb", instead("change", "change.parquet", _rows_of_nothing), "refuse", ("change.parquet", "大小|压缩")
    ),
    Case("gpkg-endless-layer", instead("change", "change.gpkg", _endless_view("change")), "refuse", ("change.gpkg", "视图")),
    Case("gpkg-endless-contents", instead("change", "change.gpkg", _endless_view("gpkg_contents")), "refuse", ("change.gpkg", "视图")),
    Case("txt", _coordinates(str), "accept"),
    Case("txt-cut-in-a-number", _coordinates(lambda text: text[:-6]), "refuse", ("approved.txt", "带号")),
    Case("txt-cut-in-a-decimal", _coordinates(lambda text: text[:-1]), "quarantine", ("approvals", "截断"), figures=IN_DOUBT),
    Case("txt-cut-in-a-block", _coordinates(lambda text: text[:-60]), "quarantine", ("approvals", "5 个界址点"), figures=IN_DOUBT),
    Case("fgb-count-5", instead("change", "change.fgb", _counts(5)), "refuse", ("change.fgb",)),
    Case("fgb-count-lies", instead("change", "change.fgb", _counts(2**40)), "refuse", ("change.fgb",)),
    Case("gdb-count-lies", instead("change", "change.gdb", _gdb_rows), "accept"),
    Case(
        "shp-points-zeroed",
        rewritten("change", ".shp", _points_zeroed),
        "quarantine",
        (f"{JIA}0010", "损坏"),
        figures={JIA: (0, 45_000, 0, 0, False)},
        counted={"changes": 22},
    ),
    Case(
        "dbf-row-tail-zeroed",
        rewritten("change", ".dbf", _row_tail_zeroed),
        "quarantine",
        ("第 10 条|0010", "损坏"),
        figures={JIA: (0, 45_000, 0, 0, False)},
        counted={"changes": 22},
    ),
    Case(
        "path-twice",
        change_config(('path = "data/change.shp"', 'path = ["data/change.shp", "data/change.shp"]')),
        "flag",
        ("重复",),
    ),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case, tried):
    tried(case)
