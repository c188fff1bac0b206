"""The list of sums (校验值清单): ``SHA256SUMS`` as ``sha256sum -c`` reads it, sealed by its end.

Paths are relative to the folder that the list lies in. The last line, a comment to sha256sum,
is the hash of the lines above it, so that a list that was touched is known by itself.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

NAME = "SHA256SUMS"
_LAST = "# sha256 of the lines above: "
_HASH = 64  # characters of a hash


def text_hash(text: str) -> str:
    """Return the SHA-256 of a text as it is written to a file."""
    return hashlib.sha256(text.encode()).hexdigest()


def sums_text(hashes: Mapping[str, str]) -> str:
    """Return the list of files (path → SHA-256), sorted, with its last line."""
    lines = "".join(f"{digest}  {name}\n" for name, digest in sorted(hashes.items()))
    return f"{lines}{_LAST}{text_hash(lines)}\n"


def names_in(text: str) -> list[str]:
    """Return the files that a list names."""
    return [line[_HASH + 2 :] for line in text.splitlines()[:-1]]


def read_sums(path: Path) -> dict[str, str] | None:
    """Return path → SHA-256 of a list, null where it is missing or not as it was written."""
    try:
        text = path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
    lines = text.splitlines()[:-1]
    hashes = {line[_HASH + 2 :]: line[:_HASH] for line in lines}
    return hashes if hashes and text == sums_text(hashes) else None
