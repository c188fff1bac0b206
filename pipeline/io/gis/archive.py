"""Archives whose bytes depend on their members alone (归档)."""

import zipfile
from collections.abc import Iterable
from pathlib import Path

_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the one time stamp of every member
_PLAIN_FILE = 0o100644 << 16
_UNIX = 3  # whatever system writes


def write_archive(path: Path, members: Iterable[tuple[str, bytes]], comment: str = "") -> None:
    """Write a zip of members (name, content), in the order given; ``comment`` is the zip's own."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.comment = comment.encode()
        for name, content in members:
            entry = zipfile.ZipInfo(name, _LONG_AGO)
            entry.external_attr, entry.create_system = _PLAIN_FILE, _UNIX
            archive.writestr(entry, content, zipfile.ZIP_DEFLATED, compresslevel=6)


def write_folder_archive(path: Path, folder: Path, comment: str = "") -> None:
    """Write a zip of a folder, its name the first part of every member's."""
    files = sorted(file for file in folder.rglob("*") if file.is_file())
    write_archive(
        path,
        ((file.relative_to(folder.parent).as_posix(), file.read_bytes()) for file in files),
        comment,
    )
