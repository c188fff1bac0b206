"""A lone file tells which run it belongs to."""

import json
import zipfile

import pyogrio
import pytest
from PIL import Image
from pypdf import PdfReader

from pipeline.io.gis.archive import write_archive


def _pdf(path):
    return PdfReader(path).metadata.subject


def _png(path):
    with Image.open(path) as image:
        return image.info["Description"]


def _text(path):
    return path.read_text(encoding="utf-8")


def _workbook(path):
    with zipfile.ZipFile(path) as book:
        return (
            book.read("docProps/core.xml").decode() + book.read("xl/sharedStrings.xml").decode()
        )


def _package(path):
    told = pyogrio.read_info(path)["dataset_metadata"]
    assert pyogrio.list_layers(path)[:, 0].tolist() == ["changes"]  # it is no layer
    pyogrio.read_dataframe(path)
    assert not path.with_name(f"{path.name}.aux.xml").exists()  # who reads leaves no trace
    return "；".join(told.values())


READ = {".pdf": _pdf, ".png": _png, ".svg": _text, ".html": _text, ".xlsx": _workbook, ".gpkg": _package}  # fmt: skip


@pytest.mark.parametrize("suffix", READ)
def test_every_product_bears_the_number_of_its_run(finished_county, suffix):
    out = finished_county.parent / "workspace" / "out"
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    files = sorted(out.rglob(f"*{suffix}"))
    assert files
    for file in files:
        told = READ[suffix](file)
        for part in (
            f"成果编号：{manifest['run_id']}",
            "检查：squares",
            "截止日：2025-03-31",
            manifest["program"]["code_sha256"],
            manifest["rule_pack"]["sha256"],
        ):
            assert part in told, (file.name, part)


def test_the_manifest_names_what_computed(finished_county):
    path = finished_county.parent / "workspace/out/manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))
    native = manifest["program"]["native_libraries"]
    assert {name: sorted(one) for name, one in native.items()} == {
        "fiona": ["GDAL"],
        "pyogrio": ["GDAL", "GEOS"],
        "pyproj": ["PROJ"],
        "rasterio": ["GDAL", "GEOS", "PROJ"],
        "shapely": ["GEOS"],
    }
    assert manifest["rule_pack"]["path"] == "(program)/configs/rules/default-2024.toml"
    assert [one["path"] for one in manifest["inputs"] if "/" not in one["path"]] == []


def test_another_figure_is_another_run(county, said):
    path = county.parent / "workspace/out/manifest.json"
    before = json.loads(path.read_text(encoding="utf-8"))["run_id"]
    text = county.read_text(encoding="utf-8")
    county.write_text(f"{text}\n# 批注\n", encoding="utf-8")
    said("run", county)
    assert json.loads(path.read_text(encoding="utf-8"))["run_id"] == before
    county.write_text(text.replace("ratio = 0.08", "ratio = 0.07"), encoding="utf-8")
    said("run", county)
    assert json.loads(path.read_text(encoding="utf-8"))["run_id"] != before


def test_an_archive_says_it_too(tmp_path):
    write_archive(tmp_path / "a.zip", [("b.txt", b"b")], "检查：squares")
    with zipfile.ZipFile(tmp_path / "a.zip") as archive:
        assert archive.comment.decode() == "检查：squares"
        assert archive.read("b.txt") == b"b"
