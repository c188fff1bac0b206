"""The notebooks run from top to bottom, offline, and their .ipynb is made of their text."""

import shutil
import subprocess
import sys
from pathlib import Path

import jupytext
import pytest
from nbclient import NotebookClient

from pipeline.cli import main

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("[0-9]_*.py"))
PICTURES = {"1": 1, "2": 1, "3": 3}  # how many each shows
QUESTIONS = ["看一个图层", "为什么这样认定", "谁在线边上", "两次检查", "自己写规则包"]


@pytest.fixture(scope="module")
def county(demo, tmp_path_factory):
    """The demo county, inspected once for all notebooks."""
    folder = tmp_path_factory.mktemp("notebooks") / "demo-2024"
    shutil.copytree(demo, folder, ignore=shutil.ignore_patterns("workspace"))
    assert main(["run", str(folder / "demo.toml"), "--until", "rank"]) == 0
    return folder


def test_each_question_has_its_notebook():
    heads = [path.read_text(encoding="utf-8").split("\n# # ")[1] for path in NOTEBOOKS]
    assert [
        head.startswith(f"{number}　") and question in head.split("\n")[0]
        for number, (head, question) in enumerate(zip(heads, QUESTIONS, strict=True), 1)
    ] == [True] * len(QUESTIONS)


def test_the_notebooks_are_made_of_their_text(tmp_path):
    """`make notebooks` after an edit; the files in the folder are what it writes."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    for path in (ROOT / "notebooks").glob("*.py"):
        (folder / path.name).write_bytes(path.read_bytes())
    subprocess.run([sys.executable, folder], check=True, capture_output=True)
    assert {path.name: path.read_bytes() for path in folder.glob("*.ipynb")} == {
        path.name: path.read_bytes() for path in (ROOT / "notebooks").glob("*.ipynb")
    }


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_notebook_runs(path, county, monkeypatch):
    monkeypatch.setenv("DEMO_COUNTY", str(county))
    monkeypatch.delenv(
        "MPLBACKEND", raising=False
    )  # as in a terminal, where Jupyter is started
    # Whoever asks for the network gets no answer.
    for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    before = tables(county)
    notebook = jupytext.read(path)
    NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    shown = [out for cell in notebook.cells for out in cell.get("outputs", [])]
    assert shown
    assert [out["name"] for out in shown if out.get("name") == "stderr"] == []
    pictures = sum("image/png" in out.get("data", {}) for out in shown)
    assert pictures == PICTURES.get(path.stem[0], 0)
    assert tables(county) == before


def tables(county):
    work = county / "workspace" / "work"
    return {path.name: path.read_bytes() for path in work.rglob("*.parquet")}
