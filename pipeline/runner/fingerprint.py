"""What a result rests on, by content and never by file times (指纹)."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

VERSION = "0.1.0"
# Libraries whose numbers end up in a result.
LIBRARIES = (
    "dask",
    "fiona",
    "numpy",
    "pandas",
    "shapely",
    "pyproj",
    "pyogrio",
    "geopandas",
    "pyarrow",
    "duckdb",
    "numba",
    "rasterio",
    "matplotlib",
    "typst",
    "pillow",
    "pypdf",
    "xlsxwriter",
)


def file_hash(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def combined(*parts: Any) -> str:
    """Return one hash of several JSON-like parts."""
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def file_hashes(paths: Iterable[Path], root: Path) -> dict[str, str]:
    """Return path → SHA-256, paths as text relative to the project folder where they are in it."""
    return {shown(path, root): file_hash(path) for path in sorted(paths)}


def shown(path: Path, root: Path) -> str:
    """Return a path as it is written in manifests: relative where possible, always with /."""
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


@cache
def program() -> str:
    """Return one hash of the code and of the libraries it computes with."""
    package = Path(__file__).resolve().parents[1]
    code = {
        path.relative_to(package).as_posix(): file_hash(path)
        for path in sorted(package.rglob("*"))  # templates and styles are code too
        if path.is_file() and "__pycache__" not in path.parts
    }
    return combined(code, library_versions())


@cache
def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that compute."""
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "-"
    return found
