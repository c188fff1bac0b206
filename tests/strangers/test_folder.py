"""No code from the data folder, the working folder or the home; no network; no foreign places."""

import ast
from pathlib import Path

import pytest

import pipeline

PACKAGE = Path(pipeline.__file__).parent
# What runs or revives code that stands in data.
FORBIDDEN = {"pickle", "cPickle", "marshal", "shelve", "yaml", "joblib", "dill", "cloudpickle"}
CALLS = {"eval", "exec", "compile", "__import__", "execfile", "input"}


def test_the_run_is_done_and_says_so(inspected):
    assert inspected.status == 0, inspected.said
    assert "Traceback" not in inspected.said
    assert "WARNING" not in inspected.said.upper()
    assert (inspected.out / "manifest.json").is_file()


def test_no_code_of_a_stranger_ran(inspected):
    assert not inspected.pwned.exists()


def test_no_network_no_foreign_place_no_other_program(inspected):
    assert inspected.watched == ""


def test_nothing_lies_in_the_working_folder_and_the_home_afterwards(inspected):
    home = inspected.pwned.parent
    assert sorted(path.name for path in (home / "tmp").iterdir()) == []
    assert not list((home / "cwd").rglob("__pycache__"))
    assert sorted(path.name for path in (home / "home").iterdir()) == [
        *(".config", ".duckdbrc", ".gdal", ".local")
    ]


def _names(node):
    if isinstance(node, ast.Import):
        return {alias.name.split(".")[0] for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module:
        return {node.module.split(".")[0]}
    return set()


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: path.stem)
def test_nothing_revives_or_runs_what_stands_in_data(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        assert not _names(node) & FORBIDDEN
        if isinstance(node, ast.Call):
            called = node.func.id if isinstance(node.func, ast.Name) else ""
            assert called not in CALLS
            method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
            assert method not in {"read_pickle", "to_pickle", "extractall", "system", "popen"}
            keywords = {keyword.arg: keyword.value for keyword in node.keywords}
            assert "allow_pickle" not in keywords or keywords["allow_pickle"].value is False
            assert "shell" not in keywords
