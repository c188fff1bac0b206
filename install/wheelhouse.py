"""Fetch every locked package for every kind of machine (离线安装包): ``python install/wheelhouse.py``.

pip judges the markers of a lock by the machine it runs on, so on Linux it would leave out what
only Windows needs. Here they are judged for each target, and pip fetches exactly those wheels,
checked against the hashes of the lock. The folder is then all that ``pip --no-index`` needs.
"""

import argparse
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
_LINUX = [f"manylinux_2_{minor}_x86_64" for minor in range(28, 4, -1)] + [
    "manylinux2014_x86_64"
]


class Target(NamedTuple):
    """A kind of machine: what its markers say, and which wheels it takes."""

    name: str
    python: str
    markers: dict[str, str]
    platforms: list[str]


def targets(pythons: list[str]) -> Iterator[Target]:
    """Yield Linux and Windows of each Python, its first release and its last: locks differ."""
    for python in (f"{python}.{patch}" for python in pythons for patch in (0, 99)):
        version = {
            "python_version": python.rpartition(".")[0],
            "python_full_version": python,
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
            "extra": "",
        }
        linux = {"sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
        windows = {"sys_platform": "win32", "platform_system": "Windows", "os_name": "nt"}
        yield Target("Linux", python, version | linux | {"platform_machine": "x86_64"}, _LINUX)
        yield Target(
            "Windows", python, version | windows | {"platform_machine": "AMD64"}, ["win_amd64"]
        )


def wanted(lock: str, target: Target) -> list[str]:
    """Return the lines of a lock that hold on a target, hashes and all, without markers."""
    found = []
    for line in re.sub(r"\\\n\s*", " ", lock).splitlines():
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        requirement, *hashes = line.split(" --hash=")
        parsed = Requirement(requirement.strip())
        if parsed.marker is None or parsed.marker.evaluate(target.markers):
            pinned = f"{parsed.name}{parsed.specifier}"
            found.append(" --hash=".join([pinned, *(part.strip() for part in hashes)]))
    return found


def fetch(lines: list[str], target: Target, folder: Path) -> None:
    """Let pip fetch the wheels of a target; raise where one is missing."""
    with tempfile.TemporaryDirectory() as temporary:
        asked = Path(temporary) / "requirements.txt"
        asked.write_text("\n".join(lines) + "\n", encoding="utf-8")
        platforms = [word for name in target.platforms for word in ("--platform", name)]
        command = [
            *(_python_with_pip(), "-m", "pip", "download", "--quiet", "--require-hashes"),
            *("--disable-pip-version-check", "--no-deps", "--only-binary=:all:"),
            *("--implementation", "cp", "--python-version", target.python, *platforms),
            *("--dest", str(folder), "-r", str(asked)),
        ]
        subprocess.run(command, check=True)


def _python_with_pip() -> str:
    """Return an interpreter that has pip: uv makes environments without."""
    for python in (sys.executable, str(Path(sys.base_prefix) / "bin" / "python3"), "python3"):
        asked = [python, "-m", "pip", "--version"]
        if shutil.which(python) and _answers(asked):
            return python
    raise SystemExit("【环境】找不到 pip。办法:sudo apt install python3-pip,然后重新运行")


def _answers(command: list[str]) -> bool:
    return subprocess.run(command, check=False, capture_output=True).returncode == 0


def main() -> None:
    """Fetch all targets into one folder and say what lies there."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=ROOT / "wheelhouse")
    parser.add_argument("--python", nargs="+", default=["3.11", "3.12", "3.13"])
    given = parser.parse_args()
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    given.folder.mkdir(parents=True, exist_ok=True)
    fetched: dict[str, set[str]] = {}
    for target in targets(given.python):
        minor = f"{target.name} Python {target.python.rpartition('.')[0]}"
        lines = [line for line in wanted(lock, target) if line not in fetched.get(minor, ())]
        if lines:
            print(f"{minor}:{len(lines)} 个包", flush=True)
            fetch(lines, target, given.folder)
        fetched.setdefault(minor, set()).update(lines)
    wheels = sorted(given.folder.glob("*.whl"))
    size_mb = sum(wheel.stat().st_size for wheel in wheels) / 1e6
    print(f"离线安装包在 {given.folder}:{len(wheels)} 个文件,{size_mb:,.0f} MB")
    print("拷到内网,放在项目文件夹里的 wheelhouse/,再运行 make setup(Windows:install.cmd)")


if __name__ == "__main__":
    main()
