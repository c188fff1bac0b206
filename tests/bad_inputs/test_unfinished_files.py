"""Files of other formats, cut, or as a program leaves them that dies while it writes."""

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.bad_inputs import damage
from tests.bad_inputs.case import Case
from tests.bad_inputs.county import YI
from tests.bad_inputs.damage import half, instead


def _write_ahead_log(path, layer):
    """Write a GeoPackage as QGIS leaves it when it crashes: the last edit waits in the -wal."""
    damage.gdal("GPKG", layer="change")(path, layer)
    writer = sqlite3.connect(path)
    _without_index(writer)
    writer.execute("PRAGMA journal_mode=WAL")
    writer.execute("PRAGMA wal_autocheckpoint=0")
    writer.execute("UPDATE change SET TBLX = '01' WHERE JCBH = ?", [f"{YI}0010"])
    writer.commit()
    for end in ("", "-wal", "-shm"):
        shutil.copy(f"{path}{end}", f"{path}{end}.kept")
    writer.close()
    for end in ("", "-wal", "-shm"):
        Path(f"{path}{end}.kept").replace(f"{path}{end}")


def _journal(path, layer):
    """Write a GeoPackage as a program leaves it that dies inside a change of every record."""
    damage.gdal("GPKG", layer="change")(path, layer.assign(BZ="核" * 140))
    with closing(sqlite3.connect(path)) as writer:
        _without_index(writer)
        writer.execute("PRAGMA cache_size=1")  # what is changed is written before it is meant
        writer.execute("UPDATE change SET TBLX = '01'")
        for end in ("", "-journal"):
            shutil.copy(f"{path}{end}", f"{path}{end}.kept")
        writer.rollback()
    for end in ("", "-journal"):
        Path(f"{path}{end}.kept").replace(f"{path}{end}")


def _without_index(writer):
    triggers = "SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'rtree%'"
    for (name,) in writer.execute(triggers).fetchall():
        writer.execute(f"DROP TRIGGER {name}")  # they call functions that only GDAL has


def _lone_log(path, layer):
    damage.gdal("GPKG", layer="change")(path, layer)
    path.with_name(path.name + "-wal").write_bytes(bytes(4_096))


def _gdb_without(pattern):
    def write(path, layer):
        damage.gdal("OpenFileGDB", layer="change")(path, layer)
        for file in path.glob(pattern):
            file.unlink()

    return write


def _gdb_cut(path, layer):
    damage.gdal("OpenFileGDB", layer="change")(path, layer)
    largest = max(path.glob("*.gdbtable"), key=lambda file: file.stat().st_size)
    largest.write_bytes(half(largest.read_bytes()))


def _lines(path, layer):
    """Write a feature a line (GeoJSONSeq), cut in half: GDAL reads the whole lines silently."""
    features = layer.to_json(drop_id=True).split('{"type": "Feature", ')[1:]
    lines = ['{"type": "Feature", ' + one.rstrip(", ]}") + "}}" for one in features]
    path.write_text("\n".join(lines)[: len(lines) * 100], encoding="utf-8")


def _stated_count(path, layer):
    damage.gdal("GPKG", layer="change")(path, layer)
    with closing(sqlite3.connect(path)) as base, base:
        base.execute("UPDATE gpkg_ogr_contents SET feature_count = 5")


def _zeros_inside(path, layer):
    damage.gdal("GPKG", layer="change")(path, layer)
    data = path.read_bytes()
    middle = len(data) // 8192 * 4096
    path.write_bytes(data[:middle] + bytes(8192) + data[middle + 8192 :])


CASES = [
    Case(
        "other-gpkg-wal",
        instead("change", "change.gpkg", _write_ahead_log),
        "accept",
        figures={YI: (1_000, 45_000, 0, 0, False)},
    ),
    Case(
        "other-gpkg-counts-otherwise",
        instead("change", "change.gpkg", _stated_count),
        "refuse",
        ("change.gpkg", "5 条", "23 条"),
    ),
    Case(
        "other-gpkg-zeros-inside",
        instead("change", "change.gpkg", _zeros_inside),
        "refuse",
        ("change.gpkg", "损坏"),
    ),
    Case("other-gpkg-journal", instead("change", "change.gpkg", _journal), "accept"),
    Case("other-gpkg-empty-wal", instead("change", "change.gpkg", _lone_log), "accept"),
    Case(
        "other-gdb-without-a-table",
        instead("change", "change.gdb", _gdb_without("a00000009.gdbtable")),
        "refuse",
        ("change.gdb",),
    ),
    Case(
        "other-gdb-without-an-index",
        instead("change", "change.gdb", _gdb_without("*.gdbtablx")),
        "refuse",
        ("change.gdb", "缺失"),
    ),
    Case(
        "other-gdb-without-its-catalogue",
        instead("change", "change.gdb", _gdb_without("a00000001.*")),
        "refuse",
        ("change.gdb",),
    ),
    Case(
        "other-gdb-cut",
        instead("change", "change.gdb", _gdb_cut),
        "refuse",
        ("change.gdb", "截断"),
    ),
    Case(
        "other-geojson-lines",
        instead("change", "change.geojson", _lines),
        "refuse",
        ("change.geojson",),
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.id)
def test_case(case, tried):
    tried(case)
