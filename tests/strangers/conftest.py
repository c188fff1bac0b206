"""One inspection of the hostile county, started in a hostile folder, under watch."""

import os
import subprocess
import sys
import sysconfig
from dataclasses import dataclass
from pathlib import Path

import pytest

import pipeline
from tests.strangers import hostile

SANDBOX = Path(__file__).parent / "sandbox"
CHECKOUT = Path(pipeline.__file__).parents[1]
# What Python and its libraries read of the system: shared libraries, the clock's zone, the machine.
SYSTEM = ("/usr", "/lib", "/lib64", "/etc", "/proc", "/sys", "/dev", "/opt")
# Standard and foreign modules that the program imports; each would betray itself.
SHADOWS = (
    *(
        "typing",
        "argparse",
        "re",
        "pathlib",
        "difflib",
        "traceback",
        "json",
        "hashlib",
        "tomllib",
    ),
    *("yaml", "numba", "numpy", "pandas", "matplotlib", "dask", "pydantic", "typst", "attr"),
    *("sitecustomize", "usercustomize", "conftest", "evil_backend", "simplejson", "pipeline"),
)


@dataclass
class Inspected:
    """A finished run: its project folder, config, what it said, and what was not allowed."""

    folder: Path
    config: Path
    out: Path
    said: str
    status: int
    watched: str
    pwned: Path


@pytest.fixture(scope="session")
def inspected(tmp_path_factory):
    home = tmp_path_factory.mktemp("strangers")
    config = hostile.write(home / "县 (1) 100%")
    pwned, log = home / "PWNED", home / "watched.log"
    for folder in (home / "cwd", config.parent, config.parent / "raw"):
        hostile_folder(folder, pwned)
    hostile_home(home / "home")
    (home / "tmp").mkdir()
    roots = [CHECKOUT, sys.prefix, sys.base_prefix, config.parent, home / "tmp", *SYSTEM]
    roots += [sysconfig.get_path("purelib"), log]
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in {"PYTHONSAFEPATH", "PYTHONPATH", "MPLBACKEND", "MPLCONFIGDIR"}
    }
    environment |= {
        "HOME": str(home / "home"),
        "TMPDIR": str(home / "tmp"),
        "PYTHONPATH": str(SANDBOX),
        "PYTHONIOENCODING": "utf-8",
        "SANDBOX_LOG": str(log),
        "SANDBOX_ROOTS": os.pathsep.join(os.path.realpath(root) for root in roots),
    }
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "run", os.path.relpath(config, home / "cwd")],
        cwd=home / "cwd", env=environment, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    out = config.parent / "workspace" / "out"
    said, watched = done.stdout + done.stderr, log.read_text(encoding="utf-8")
    return Inspected(config.parent, config, out, said, done.returncode, watched, pwned)


def hostile_folder(folder, pwned):
    """Fill a folder with what programs look for in the folder they are started in."""
    folder.mkdir(exist_ok=True)
    code = f"open({str(pwned)!r}, 'a').write(__name__)\nraise SystemExit(66)\n"
    for name in SHADOWS:
        if name != "pipeline":  # Python itself would take it for the package
            (folder / f"{name}.py").write_text(code, encoding="utf-8")
    (folder / "matplotlibrc").write_bytes(b"backend: module://evil_backend\n\xff\xfe: x\n")
    (folder / ".numba_config.yaml").write_text("disable_jit: 1\n", encoding="utf-8")
    (folder / "proj.db").write_bytes(b"not really")
    (folder / "proj.ini").write_text("[general]\nnetwork = on\n", encoding="utf-8")


def hostile_home(home):
    """Fill a home with settings that ask for code and for the network."""
    bad = {
        ".config/matplotlib/matplotlibrc": "backend: module://evil_backend\n",
        ".config/dask/evil.yaml": "distributed:\n  client:\n    preload: [evil_backend]\n",
        ".gdal/gdalrc": "[configoptions]\nGDAL_HTTP_PROXY=\n",
        ".duckdbrc": ".shell touch PWNED\n",
        ".local/share/proj/proj.ini": "[general]\nnetwork = on\n",
    }
    for name, text in bad.items():
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text(text, encoding="utf-8")
