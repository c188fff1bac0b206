"""The shape of the code, kept by test."""

import ast
import os
import re
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest

from pipeline.schema.derived import CHANGE_RESULTS, TOWNSHIP_RANKING

ROOT = Path(__file__).parents[1]
MODULES = {
    path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "pipeline").rglob("*.py"))
}
DRAWERS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "shared"}
HEAVY = {
    "geopandas",
    "pandas",
    "numpy",
    "shapely",
    "pyogrio",
    "rasterio",
    "duckdb",
    "matplotlib",
}


@pytest.mark.parametrize("module", MODULES)
def test_module_fits_on_a_few_screens(module):
    assert len(MODULES[module].splitlines()) <= 300


@pytest.mark.parametrize("module", MODULES)
def test_module_says_what_it_is_for(module):
    assert ast.get_docstring(ast.parse(MODULES[module]))


@pytest.mark.parametrize("module", MODULES)
def test_messages_print_on_a_gbk_console(module):
    tree = ast.parse(MODULES[module])
    documented = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    # What analysts read are the strings; docstrings are for developers.
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, documented) and ast.get_docstring(node) is not None
    }
    strings = [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) not in docstrings
    ]
    for text in strings:
        # Invisible characters stand in code that takes them out.
        "".join(c for c in text if unicodedata.category(c) != "Cf").encode("gbk")


def test_there_are_no_drawers():
    names = {part for module in MODULES for part in Path(module).with_suffix("").parts}
    assert names & DRAWERS == set()


def test_layers_hold():
    lint = "from importlinter.cli import lint_imports_command as lint; lint(['--no-cache'])"
    done = subprocess.run(
        [sys.executable, "-c", lint], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_help_answers_without_the_heavy_libraries():
    ask = (
        "import runpy, sys\n"
        "sys.argv = ['pipeline', '--help']\n"
        "try:\n"
        "    runpy.run_module('pipeline', run_name='__main__', alter_sys=True)\n"
        "except SystemExit as ended:\n"
        "    print('ended with', ended.code)\n"
        "print('loaded', *sorted(sys.modules))\n"
    )
    before = os.times()
    done = subprocess.run(
        [sys.executable, "-c", ask], cwd=ROOT, capture_output=True, encoding="utf-8", check=True
    )
    after = os.times()
    said, loaded = done.stdout.rsplit("\nloaded ", 1)
    assert said.endswith("ended with 0")
    assert HEAVY & set(loaded.split()) == set()
    # Work done, not time passed: a busy machine must not fail this.
    worked = (after.children_user + after.children_system) - (
        before.children_user + before.children_system
    )
    assert worked < 1.0


def test_the_lock_names_no_host():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in lock
    assert " @ " not in lock
    assert "--hash=sha256:" in lock


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_readme_names_targets_files_and_keys_that_exist(readme):
    text = (ROOT / readme).read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets
    for name in re.findall(r"\]\(([^)#]+)\)", text):
        assert (ROOT / name).is_file(), name
    shown = set(re.findall(r"^\| `(ratio_[a-z]+|is_[a-z]+|[a-z]+_m2)`", text, re.MULTILINE))
    assert shown
    assert shown <= {*TOWNSHIP_RANKING.names, *CHANGE_RESULTS.names}
