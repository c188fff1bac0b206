"""What a stage rests on: every byte of every file, never a file's time; every library, too."""

import os
import shutil
import zlib
from pathlib import Path

import numpy as np
import pyogrio
import pytest

from pipeline.io.imagery import write_geotiff
from pipeline.project import load
from pipeline.runner import fingerprint
from pipeline.runner.inputs import find_inputs
from pipeline.runner.stage import Run
from pipeline.runner.steps import LINE
from pipeline.runner.tables import Tables
from tests.county import frame, write_messy
from tests.squares import SQUARES

BESIDE = ("after.tif.ovr", "after.tif.aux.xml", "after.tif.msk", "after.tfw", "AFTER.TIFW", "after_rpc.txt")  # fmt: skip
IMAGERY = '[imagery]\nbefore = "raw/before.tif"\nafter = "raw/after.tif"\n'


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    """A county in every format, with logs beside a GeoPackage and files beside an image."""
    folder = tmp_path_factory.mktemp("stale")
    config = write_messy(SQUARES, folder / "county", rest=IMAGERY)
    raw = config.parent / "raw"
    zones = frame(SQUARES.plan_zones)
    pyogrio.write_dataframe(zones, raw / "zones.gpkg", driver="GPKG")
    text = config.read_text(encoding="utf-8").replace("raw/zones.geojson", "raw/zones.gpkg")
    config.write_text(text, encoding="utf-8")
    for name in ("zones.gpkg-wal", "zones.gpkg-journal", *BESIDE):
        (raw / name).write_bytes(b"beside")
    pixels = np.zeros((3, 4, 4), np.uint8)
    for name in ("before.tif", "after.tif"):
        write_geotiff(raw / name, pixels, (600_000, 3_190_000), 1.0, "EPSG:4549")
    return config


def _rests(config):
    """Return what each stage rests on beside the tables."""
    project = load(config)
    run = Run(project, find_inputs(project), Tables(Path("nowhere")), Path("nowhere"), print)
    return {stage.name: fingerprint.combined(stage.rests_on(run)) for stage in LINE}


def _changed(config, file, change):
    """Change a file, set its time back, and return the stages that rest on it."""
    before = _rests(config)
    kept, times = file.read_bytes(), file.stat()
    try:
        change(file)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
        after = _rests(config)
    finally:
        file.write_bytes(kept)
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert _rests(config) == before
    return {name for name in before if before[name] != after[name]}


def _flip(file):
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(bytes(data))


def test_one_bit_of_any_input_is_seen_by_the_stages_that_read_it(config):
    raw, hand = config.parent / "raw", config.parent / "hand"
    read_by = {
        "hand": {"hand", "report"},
        "image": {"hand", "report"},
        "raw": {"ingest", "report"},
    }
    seen = set()
    for file in sorted([*raw.rglob("*"), *hand.iterdir()]):
        if not file.is_file() or file.suffix in {".lock", ".geojson", ".cpg"}:
            continue
        kind = (
            "image"
            if file.name.casefold().startswith(("after", "before"))
            else file.parent.name
        )
        expected = read_by.get(kind, read_by["raw"])
        assert _changed(config, file, _flip) == expected, file.name
        seen.add(file.suffix.casefold() or file.name)
    assert {".shp", ".shx", ".dbf", ".prj", ".gpkg", ".gpkg-wal", ".fgb", ".parquet"} <= seen
    assert {".txt", ".xlsx", ".csv", ".gdbtable", ".tif", ".tfw", ".ovr", ".xml"} <= seen


def test_a_code_page_beside_a_shapefile_comes_and_is_seen(config):
    page = config.parent / "raw" / "changes.cpg"
    before = _rests(config)
    page.write_text("GBK", encoding="ascii")
    after = _rests(config)
    page.unlink()
    assert {name for name in before if before[name] != after[name]} == {"ingest", "report"}


def test_one_more_text_in_a_folder_is_seen(config):
    folder = config.parent / "raw" / "红线"
    before = _rests(config)
    shutil.copy(next(folder.glob("*.txt")), folder / "红线99.txt")
    after = _rests(config)
    (folder / "红线99.txt").unlink()
    assert before["ingest"] != after["ingest"]


def test_a_layer_that_goes_is_seen_where_its_columns_are_left_blank(config):
    section = '[layers.permanent_farmland]\npath = "raw/pbf.parquet"\n'
    before, text = _rests(config), config.read_text(encoding="utf-8")
    assert section in text
    config.write_text(text.replace(section, ""), encoding="utf-8")
    after = _rests(config)
    config.write_text(text, encoding="utf-8")
    changed = {name for name in before if before[name] != after[name]}
    assert changed == {"ingest", "overlay", "aggregate", "report"}


def test_a_files_time_is_nothing(config):
    before = _rests(config)
    for file in config.parent.rglob("*"):
        os.utime(file, (0, 0))
    assert _rests(config) == before


def test_another_library_another_zlib_another_gdal_are_other_programs(monkeypatch):
    def program():
        fingerprint.program.cache_clear()
        return fingerprint.program()

    names = fingerprint.library_versions()
    assert {
        "geopandas",
        "shapely",
        "numba",
        "llvmlite",
        "duckdb",
        "fonttools",
        "jinja2",
        "typst",
    } <= names.keys()
    now = program()
    changes = (
        ("library_versions", lambda: names | {"fonttools": "0"}),
        ("native_versions", lambda: {"pyogrio": {"GDAL": "0"}}),
    )
    for name, other in changes:
        with monkeypatch.context() as patch:
            patch.setattr(fingerprint, name, other)
            assert program() != now, name
    with monkeypatch.context() as patch:
        patch.setattr(zlib, "ZLIB_RUNTIME_VERSION", "0")
        assert program() != now
    assert program() == now
