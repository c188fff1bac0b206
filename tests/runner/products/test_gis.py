"""``out/gis/``, made from the tables of a county of squares."""

import zipfile

import pyogrio
import pytest

from pipeline.cli import main
from pipeline.project import load
from pipeline.runner.inputs import find_inputs
from pipeline.runner.products.gis import make_gis
from pipeline.runner.stage import Run
from pipeline.runner.tables import Tables
from tests.county import write_clean
from tests.squares import SQUARES

FILES = {"inspection.gpkg", "inspection.qgz", "inspection.gdb.zip", "inspection_shp.zip"}


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    path = write_clean(SQUARES, tmp_path_factory.mktemp("gis"))
    assert main(["run", str(path), "--until", "rank"]) == 0
    return path


def _made(config, out):
    project = load(config)
    tables = Tables(config.parent / "workspace" / "work")
    out.mkdir(parents=True)
    make_gis(Run(project, find_inputs(project), tables, out, print))
    return out


@pytest.fixture(scope="module")
def out(config):
    return _made(config, config.parent / "workspace" / "out")


def test_the_files_are_there(out):
    assert {file.name for file in (out / "gis").iterdir()} == FILES


def test_the_layers_hold_the_results(config, out):
    package = out / "gis" / "inspection.gpkg"
    names = {name for name, _ in pyogrio.list_layers(package)} - {"layer_styles"}
    assert {"townships", "changes", "pieces", "approvals"} <= names
    changes = pyogrio.read_dataframe(package, layer="changes")
    results = Tables(config.parent / "workspace" / "work")["change_results"]
    assert sorted(changes["change_id"]) == sorted(results["change_id"])
    assert changes["illegal_m2"].sum() == pytest.approx(results["illegal_m2"].sum())


def test_the_project_names_nothing_of_this_machine(out):
    with zipfile.ZipFile(out / "gis" / "inspection.qgz") as archive:
        assert archive.namelist() == ["inspection.qgs"]
        text = archive.read("inspection.qgs").decode()
    assert "./inspection.gpkg|layername=changes" in text
    assert str(out.parents[1]) not in text


def test_the_same_tables_give_the_same_bytes(config, out, tmp_path):
    again = _made(config, tmp_path / "out")
    for name in FILES:
        assert (again / "gis" / name).read_bytes() == (out / "gis" / name).read_bytes(), name


def test_they_can_be_left_out(config, tmp_path):
    other = config.with_name("without.toml")
    text = config.read_text(encoding="utf-8")
    other.write_text(f"{text}\n[report]\ngis = false\n", encoding="utf-8")
    assert not (_made(other, tmp_path / "out") / "gis").exists()
