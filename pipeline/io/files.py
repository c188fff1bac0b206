"""Files that are there whole or not at all (整体替换)."""

import os
import shutil
from pathlib import Path

from pipeline.errors import PipelineError


def replace_file(path: Path, data: bytes) -> None:
    """Put ``data`` in the place of a file; whoever reads meets the old one or the new one.

    Raises ``PipelineError`` where another program holds the file or the folder is read-only.
    """
    path = path.resolve()  # a link stays a link
    path.parent.mkdir(parents=True, exist_ok=True)
    building = path.with_name(f".{path.name}.new")
    try:
        with building.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, building)
        building.replace(path)
    except OSError as error:
        building.unlink(missing_ok=True)
        raise PipelineError(
            f"写不了 {path.name}:{error.strerror}",
            where=str(path),
            remedy="关闭正在打开它的程序(Excel、QGIS),确认文件夹可写,再来一次",
        ) from None
