"""The Makefile on a machine whose python3 and uv only write down what they are asked."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
STAGES = ["ingest", "overlay", "judge", "rectify", "aggregate", "rank", "report"]
TARGETS = [
    "demo", "check", *STAGES, "all", "explain", "verify", "seal", "share", "trend", "notebook", "review", "rulings",
    "setup", "test", "check-web", "check-qgis", "torture", "lint", "notebooks", "lock", "bench", "wheelhouse", "clean", "help",
]  # fmt: skip

# What a bare Debian has, and make and the shell need.
TOOLS = ["awk", "bash", "cat", "chmod", "cp", "cut", "make", "mkdir", "rm", "sh", "sha256sum"]

PYTHON = """#!/bin/sh
echo "$0 $*" >> log
case "$*" in
  --version) echo "Python $STAND_IN_VERSION" ;;
  "-c import sys;"*) [ "$STAND_IN_VERSION" != 3.9.2 ] ;;
  "-c import ensurepip"*) [ -z "$STAND_IN_NO_VENV" ] ;;
  "-m venv"*) mkdir -p .venv/bin && cp "$0" .venv/bin/python ;;
  "-m pip"*--require-hashes*) [ -z "$STAND_IN_NO_NETWORK" ] ;;
  "-m pipeline"*) set > environment ;;
esac
"""
UV = """#!/bin/sh
echo "uv $*" >> log
case "$1" in
  venv) mkdir -p .venv/bin && cp "$(command -v python3)" .venv/bin/python ;;
  pip) [ -z "$STAND_IN_NO_UV_INDEX" ] ;;
esac
"""


class Machine:
    """A checkout of the Makefile alone, on a machine with a stand-in for Python."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.bin = folder / "检出 目录", folder / "bin"
        self.checkout.mkdir()
        self.bin.mkdir()
        for name in ("Makefile", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.checkout / name)
        for tool in TOOLS:
            found = shutil.which(tool)
            assert found, f"{tool} is needed"
            (self.bin / tool).symlink_to(found)
        self.install("python3", PYTHON)

    def install(self, name: str, text: str) -> None:
        (self.bin / name).write_text(text, encoding="utf-8")
        (self.bin / name).chmod(0o755)

    def make(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        clean = {"PATH": str(self.bin), "STAND_IN_VERSION": "3.12.4", "LC_ALL": "C.UTF-8"}
        return subprocess.run(
            ["make", *arguments],
            cwd=self.checkout,
            env=clean | environment,
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    @property
    def log(self) -> str:
        path = self.checkout / "log"
        return path.read_text(encoding="utf-8") if path.exists() else ""


@pytest.fixture
def machine(tmp_path) -> Machine:
    return Machine(tmp_path)


def test_make_alone_lists_every_target_in_order_and_starts_nothing(machine):
    done = machine.make()
    assert done.returncode == 0, done.stderr
    listed = [
        line.split()[1] for line in done.stdout.splitlines() if line.startswith("  make ")
    ]
    assert listed == TARGETS
    assert machine.log == ""


@pytest.mark.parametrize("stage", STAGES)
def test_a_stage_is_one_line_of_the_program(machine, stage):
    done = machine.make(stage, "CONFIG=configs/某  县's.toml")
    assert done.returncode == 0, done.stderr
    assert machine.log.endswith(
        f"python -m pipeline run configs/某  县's.toml --until {stage}\n"
    )


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("check", "check configs/a.toml"),
        ("all", "run configs/a.toml"),
        ("verify", "verify configs/a.toml"),
        ("seal", "seal configs/a.toml"),
        ("share", "share configs/a.toml --change=JC 17"),
        ("review", "review configs/a.toml"),
        ("rulings", "rulings configs/a.toml"),
        ("explain", "explain configs/a.toml JC 17"),
    ],
)
def test_the_other_targets_too(machine, target, line):
    done = machine.make(target, "CONFIG=configs/a.toml", "CHANGE=JC 17")
    assert done.returncode == 0, done.stderr
    assert machine.log.endswith(f"python -m pipeline {line}\n")


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("check", "check configs/a.toml --strict"),
        ("judge", "run configs/a.toml --until judge --strict"),
        ("all", "run configs/a.toml --strict"),
    ],
)
def test_strict_is_handed_on(machine, target, line):
    machine.make(target, "CONFIG=configs/a.toml", "STRICT=1")
    assert machine.log.endswith(f"python -m pipeline {line}\n")


def test_a_sealed_run_is_verified_by_its_number(machine):
    machine.make("verify", "CONFIG=configs/a.toml", "SEALED=2")
    assert machine.log.endswith("python -m pipeline verify configs/a.toml --sealed 2\n")


def test_the_trend_takes_several_configs(machine):
    machine.make("trend", "CONFIGS=configs/甲.toml configs/it's.toml", "OUT=图 1.png")
    assert machine.log.endswith(
        "python -m pipeline trend configs/甲.toml configs/it's.toml --out 图 1.png\n"
    )


def test_the_trend_without_configs_says_how(machine):
    done = machine.make("trend")
    assert done.returncode == 2
    assert "CONFIGS=" in done.stderr


def test_one_filled_in_sheet_is_handed_on_whatever_its_name(machine):
    machine.make("rulings", "CONFIG=configs/a.toml", "FILE=交回 的/it's.xlsx", FILE="other")
    assert machine.log.endswith("python -m pipeline rulings configs/a.toml 交回 的/it's.xlsx\n")


def test_a_sheet_in_the_environment_is_nobodys_wish(machine):
    machine.make("rulings", "CONFIG=configs/a.toml", FILE="other")
    assert machine.log.endswith("python -m pipeline rulings configs/a.toml\n")


def test_demo_writes_the_county_then_inspects_it(machine):
    assert machine.make("demo").returncode == 0
    assert machine.log.endswith(
        ".venv/bin/python -m pipeline demo data/demo-2024\n"
        ".venv/bin/python -m pipeline run data/demo-2024/demo.toml\n"
    )


def test_without_config_the_demo_county_is_meant(machine):
    assert machine.make("check").returncode == 0
    assert machine.log.endswith(
        ".venv/bin/python -m pipeline demo data/demo-2024\n"
        ".venv/bin/python -m pipeline check data/demo-2024/demo.toml\n"
    )


def test_a_demo_county_that_is_there_stays(machine):
    (machine.checkout / "data" / "demo-2024").mkdir(parents=True)
    (machine.checkout / "data" / "demo-2024" / "demo.toml").touch()
    assert machine.make("judge").returncode == 0
    assert "pipeline demo" not in machine.log


def test_explain_without_a_change_says_what_to_type(machine):
    done = machine.make("explain")
    assert done.returncode == 2
    assert "CHANGE=" in done.stderr
    assert "pipeline explain" not in machine.log


@pytest.mark.parametrize(
    ("given", "nearest"),
    [("CONFG", "CONFIG"), ("config", "CONFIG"), ("CHANG", "CHANGE"), ("PYTHN", "PYTHON")],
)
def test_a_misspelt_variable_is_refused_with_the_nearest_name(given, nearest):
    environment = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    done = subprocess.run(
        ["make", "check", f"{given}=configs/a b.toml"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 2
    assert given in done.stderr
    assert f"did you mean {nearest}?" in done.stderr
    assert done.stdout == ""


def test_other_programs_settings_do_not_reach_ours(machine):
    machine.make(
        "all",
        PROJ_LIB="/opt/other/proj",
        PROJ_DATA="/opt/other/proj",
        GDAL_DATA="/opt/other/gdal",
        PYTHONPATH="/opt/other",
    )
    environment = (machine.checkout / "environment").read_text(encoding="utf-8")
    assert "/opt/other" not in environment
    assert "PYTHONUTF8='1'" in environment
    assert "PYTHONSAFEPATH='1'" in environment


def test_the_environment_is_made_once(machine):
    assert machine.make("setup").returncode == 0
    assert machine.log.count("--require-hashes -r requirements.lock") == 1
    assert machine.log.count("--no-deps --no-build-isolation --editable .") == 1
    first = machine.log
    assert machine.make("setup").returncode == 0
    assert machine.log == first


@pytest.mark.parametrize("changed", ["requirements.lock", "pyproject.toml"])
def test_it_is_brought_up_to_date_when_what_it_holds_changes(machine, changed):
    machine.make("setup")
    path = machine.checkout / changed
    past = path.stat().st_mtime - 1_000_000
    path.write_text(path.read_text(encoding="utf-8") + "\n# newer\n", encoding="utf-8")
    os.utime(path, (past, past))  # as unpacked from an archive: only the content tells
    machine.make("setup")
    assert machine.log.count("--require-hashes") == 2
    assert machine.log.count("-m venv") == 1


def test_a_failed_set_up_is_not_taken_for_a_complete_one(machine):
    failed = machine.make("demo", STAND_IN_NO_NETWORK="1")
    assert failed.returncode == 2
    assert "-m pipeline" not in machine.log
    assert machine.make("demo").returncode == 0
    assert machine.log.count("--require-hashes") == 2
    assert machine.log.count("pipeline run") == 1


def test_uv_is_used_where_it_is(machine):
    machine.install("uv", UV)
    assert machine.make("setup").returncode == 0
    commands = [line for line in machine.log.splitlines() if line.startswith("uv ")]
    assert [command.split(" --")[0] for command in commands] == [
        "uv venv", "uv pip install", "uv pip install",
    ]  # fmt: skip
    assert "--require-hashes -r requirements.lock" in commands[1]
    assert "--no-deps" in commands[2]
    assert "-m venv" not in machine.log


def test_pip_does_what_uv_could_not(machine):
    machine.install("uv", UV)
    assert machine.make("setup", STAND_IN_NO_UV_INDEX="1").returncode == 0
    asked = [line for line in machine.log.splitlines() if "-m pip install" in line]
    assert asked[0].endswith("--require-hashes -r requirements.lock")
    assert asked[1].endswith("--no-deps --no-build-isolation --editable .")


def test_an_unsupported_python_is_named(machine):
    done = machine.make("demo", STAND_IN_VERSION="3.9.2")
    assert done.returncode == 2
    assert "3.11" in done.stderr
    assert "Python 3.9.2" in done.stderr
    assert not (machine.checkout / ".venv").exists()


def test_a_newer_python_beside_an_old_one_is_found(machine):
    machine.install("python3.12", PYTHON.replace("$STAND_IN_VERSION", "3.12.4"))
    assert machine.make("setup", STAND_IN_VERSION="3.9.2").returncode == 0
    assert "python3.12 -m venv" in machine.log


def test_a_missing_venv_module_is_named_with_its_package(machine):
    done = machine.make("demo", STAND_IN_NO_VENV="1")
    assert done.returncode == 2
    assert "python3-venv" in done.stderr
    assert not (machine.checkout / ".venv").exists()
