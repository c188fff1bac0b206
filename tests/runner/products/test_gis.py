"""``out/gis/`` of a whole run, beside the manifest that lists it."""

import json
import zipfile

import pyogrio
import pytest

from pipeline.cli import main
from tests.county import write_clean
from tests.squares import SQUARES

FILES = {"inspection.gpkg", "inspection.qgz", "inspection.gdb.zip", "inspection_shp.zip"}
REST = '[report]\nsheets = "none"\n'


@pytest.fixture(scope="module")
def out(tmp_path_factory):
    config = write_clean(SQUARES, tmp_path_factory.mktemp("gis"), rest=REST)
    assert main(["run", str(config)]) == 0
    return config.parent / "workspace" / "out"


def test_the_files_are_there_and_in_the_manifest(out):
    assert {file.name for file in (out / "gis").iterdir()} == FILES
    manifest = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    listed = {one["path"] for one in manifest["results"]}
    assert {f"out/gis/{name}" for name in FILES} <= listed


def test_the_layers_hold_the_results(out):
    package = out / "gis" / "inspection.gpkg"
    names = {name for name, _ in pyogrio.list_layers(package)} - {"layer_styles"}
    assert {"townships", "changes", "pieces", "approvals"} <= names
    changes = pyogrio.read_dataframe(package, layer="changes")
    results = pyogrio.read_dataframe(out / "changes.gpkg")
    assert sorted(changes["change_id"]) == sorted(results["change_id"])
    assert changes["illegal_m2"].sum() == pytest.approx(results["illegal_m2"].sum())


def test_the_project_names_nothing_of_this_machine(out):
    with zipfile.ZipFile(out / "gis" / "inspection.qgz") as archive:
        assert archive.namelist() == ["inspection.qgs"]
        text = archive.read("inspection.qgs").decode()
    assert "./inspection.gpkg|layername=changes" in text
    assert str(out.parent) not in text


def test_they_can_be_left_out(out):
    config = out.parents[1] / "squares.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace(REST, f"{REST}gis = false\n"), encoding="utf-8")
    assert main(["run", str(config)]) == 0
    assert not (out / "gis").exists()  # although the GeoPackage was read-only
    assert main(["verify", str(config)]) == 0
