"""The offline installation packages: what each kind of machine needs, by the lock's markers."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[1]
LOCK = """\
# a comment
colour==1.0 ; sys_platform == 'win32' \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via something
maps==3.9.2 ; python_full_version < '3.12' \\
    --hash=sha256:cc
maps==3.10.2 ; python_full_version >= '3.12' \\
    --hash=sha256:dd
shapes==2.1 \\
    --hash=sha256:ee
"""


@pytest.fixture(scope="module")
def wheelhouse() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "wheelhouse", ROOT / "install" / "wheelhouse.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize(
    ("system", "python", "expected"),
    [
        ("Linux", "3.11", ["maps==3.9.2 --hash=sha256:cc", "shapes==2.1 --hash=sha256:ee"]),
        ("Linux", "3.13", ["maps==3.10.2 --hash=sha256:dd", "shapes==2.1 --hash=sha256:ee"]),
        (
            "Windows",
            "3.12",
            [
                "colour==1.0 --hash=sha256:aa --hash=sha256:bb",
                "maps==3.10.2 --hash=sha256:dd",
                "shapes==2.1 --hash=sha256:ee",
            ],
        ),
    ],
)
def test_each_machine_gets_what_its_markers_ask_for(wheelhouse, system, python, expected):
    target = next(one for one in wheelhouse.targets([python]) if one.name == system)
    assert wheelhouse.wanted(LOCK, target) == expected


def test_a_pin_for_later_releases_of_a_python_is_fetched_too(wheelhouse):
    lock = "soup==2.1 ; python_full_version < '3.11.5'\nsoup==4.1 ; python_full_version >= '3.11.5'"
    linux = [one for one in wheelhouse.targets(["3.11"]) if one.name == "Linux"]
    assert [wheelhouse.wanted(lock, one) for one in linux] == [["soup==2.1"], ["soup==4.1"]]


def test_the_lock_gives_windows_its_own_packages(wheelhouse):
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    linux, windows = (
        {line.split("==")[0] for line in wheelhouse.wanted(lock, target)}
        for target in list(wheelhouse.targets(["3.12"]))[:2]
    )
    assert {"colorama", "shapely", "typst"} <= windows
    assert "colorama" not in linux
    assert "pexpect" in linux - windows


def test_the_windows_installer_has_windows_line_ends_and_no_host():
    text = (ROOT / "install.cmd").read_bytes()
    assert text.count(b"\r\n") == text.count(b"\n") > 20
    assert b"://" not in text
