"""What a result rests on, by content and never by file times (指纹)."""

import hashlib
import json
import platform
import re
import zlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import Any

from pipeline.io.native_versions import native_versions

VERSION = "0.1.0"
# What is installed with the product, from the product's own list on.
_PRODUCT = "satellite-land-enforcement"


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
    """Return one hash of the code and of everything that it computes with."""
    package = Path(__file__).resolve().parents[1]
    code = {
        path.relative_to(package).as_posix(): file_hash(path)
        for path in sorted(package.rglob("*"))  # templates and styles are code too
        if path.is_file() and "__pycache__" not in path.parts
    }
    python = [platform.python_version(), zlib.ZLIB_RUNTIME_VERSION]  # packs PNG, XLSX and zip
    return combined(code, library_versions(), native_versions(), python)


@cache
def library_versions() -> dict[str, str]:
    """Return the versions of the libraries that the product needs, and of those that they need."""
    found: dict[str, str] = {}
    wanted = [_PRODUCT]
    while wanted:
        name = re.sub(r"[-_.]+", "-", wanted.pop()).lower()
        if name in found:
            continue
        try:
            about = distribution(name)
        except PackageNotFoundError:  # not for this system
            continue
        found[name] = about.version
        wanted += [
            re.split(r"[^\w.-]", need, maxsplit=1)[0]
            for need in about.requires or ()
            if "extra ==" not in need
        ]
    return dict(sorted(found.items()))
