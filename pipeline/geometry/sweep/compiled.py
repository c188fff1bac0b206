"""Functions compiled to machine code (编译), kept with the environment.

Numba keeps compiled functions on disk, but looks only at the file of the function itself: a
change in a function that it calls would go unseen. So they are kept in a folder named after the
content of every file of this package and the version of the compiler: no change is ever missed.
"""

import contextlib
import hashlib
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
import numpy as np

Function = TypeVar("Function", bound=Callable[..., Any])


def _digest() -> str:
    content = hashlib.sha256(f"{numba.__version__} {sys.version}".encode())
    for file in sorted(Path(__file__).parent.glob("*.py")):
        content.update(file.name.encode() + b"\0" + file.read_bytes())
    return content.hexdigest()[:16]


def _folder() -> Path:
    """Return where compiled functions are kept: with the environment, else with the user."""
    name = f"sweep-{_digest()}"
    for base in (Path(sys.prefix) / "var" / "cache", Path.home() / ".cache"):
        kept = base / "satellite-land-enforcement" / name
        with contextlib.suppress(OSError):
            kept.mkdir(parents=True, exist_ok=True)
        if os.access(kept, os.W_OK):
            return kept
    return Path(tempfile.mkdtemp(prefix=f"{name}-"))  # for this run only


if "NUMBA_CACHE_DIR" in os.environ:  # the user's own choice
    FOLDER = Path(os.environ["NUMBA_CACHE_DIR"]) / f"sweep-{_digest()}"
else:
    FOLDER = _folder()
FOLDER.mkdir(parents=True, exist_ok=True)
numba.config.CACHE_DIR = str(FOLDER)  # type: ignore[attr-defined]


# A plain 0 would be a type of its own, for which whatever it is handed to is compiled again.
ZERO, ONE = cast(int, np.int64(0)), cast(int, np.int64(1))

_OPTIONS = {"nogil": True, "cache": True, "error_model": "numpy"}


# There once everything has been compiled (``sweep.warm``).
READY = FOLDER / "ready"


def compiled(function: Function) -> Function:
    """Compile a function on its first call; it lets other threads run."""
    return cast(Function, cast(Any, numba.njit)(**_OPTIONS)(function))


def compiled_bare(function: Function) -> Function:
    """Compile a function that makes no array: without counting references, twice as fast.

    The compiler keeps this option to itself; where it is gone, the plain way gives the same.
    """
    try:
        made = cast(Any, numba.njit)(**_OPTIONS, _nrt=False)(function)
    except (TypeError, KeyError, ValueError):
        return compiled(function)
    return cast(Function, made)
