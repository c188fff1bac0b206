"""Files that are there whole or not at all (整体替换)."""

import os
import shutil
import stat
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.io.exchange import settle_folder

# Of layers that are results: QGIS changes bytes of a GeoPackage that it may write, without any edit.
READ_ONLY = stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` in the place of a file that people keep: a link stays a link."""
    write_whole(path.resolve(), data)


def write_whole(path: Path, data: bytes, *, mode: int = 0o666) -> None:
    """Put ``data`` in the place of a file; whoever reads meets the old one or the new one.

    A link is replaced, not followed; ``mode`` is that of a file that was not there. Raises
    ``PipelineError`` where another program holds the file or the folder is read-only.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}.new")
    no_link = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        building.unlink(missing_ok=True)
        descriptor = os.open(building, os.O_WRONLY | os.O_CREAT | os.O_EXCL | no_link, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.is_file() and not path.is_symlink():
            shutil.copymode(path, building)
        building.replace(path)
        settle_folder(path.parent)
    except PermissionError as error:
        building.unlink(missing_ok=True)
        raise PipelineError(
            f"写不了 {path.name}:{error.strerror}",
            where=str(path),
            remedy="关闭正在打开它的程序(Excel、QGIS),确认文件夹可写,再来一次",
        ) from None
    except BaseException:
        building.unlink(missing_ok=True)
        raise
