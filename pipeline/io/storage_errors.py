"""What a disk refuses, as a message (磁盘错误): full, read-only, not allowed, broken.

Libraries tell it each in their own way; the cause is found in what they say.
"""

import errno
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import PipelineError

_FULL = {errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)}
_KNOWN = {*_FULL, errno.EFBIG, errno.EROFS, errno.EIO}
# Only where the error itself says so: many a library tries a file and lives without it.
_DENIED = {errno.EACCES, errno.EPERM}
# As pyarrow, GDAL, SQLite and DuckDB say it; the first that is found counts.
_SAID = (
    (errno.ENOSPC, r"no space left|disk is full|disk full|errno 28\b|quota exceeded"),
    (errno.EFBIG, r"file too large|errno 27\b"),
    (errno.EROFS, r"read-only file system|readonly database|errno 30\b"),
    (errno.EIO, r"input/output error|disk i/o error|errno 5\b"),
)
_LEAST_FREE = 1 << 20
_MB = 1_000_000


class StorageError(PipelineError):
    """The disk took or gave no more (磁盘出错): nothing of ours is wrong, nothing is half there."""

    title = "磁盘读写失败"


def storage_error(
    error: BaseException, folder: Path | None = None, missing: int = 0
) -> PipelineError | None:
    """Return the message for an error that comes from the disk, None for any other.

    ``folder`` is where was written; ``missing`` how many bytes more it would have taken, as far
    as is known.
    """
    found = _found(error)
    if found is None and folder is not None and _is_full(folder):
        found = errno.ENOSPC, ""
    if found is None:
        return None
    number, file = found
    where = file or (str(folder) if folder is not None else "")
    what, fix = _told(number, folder, missing)
    return StorageError(what, where=where, remedy=fix)


def _told(number: int, folder: Path | None, missing: int) -> tuple[str, str]:
    if number in _FULL:
        least, free = max(missing, _LEAST_FREE), None if folder is None else _free(folder)
        room = "" if free is None else f",空余 {_mb(free)} MB"
        short = f"磁盘满了{room},估计至少还差 {_mb(least)} MB;原有成果未动"
        if free is not None and free > least:
            short = f"磁盘说没有空间了,虽然空余 {_mb(free)} MB:多半有配额;原有成果未动"
        return short, "腾出空间(或放宽配额),或把 workspace 放到别的磁盘,再运行一次,不用清理"
    if number == errno.EFBIG:
        what = "文件超过了这里允许的大小(限额);原有成果未动"
        return what, "请系统管理员放宽限额(ulimit -f),或换一个磁盘,再运行一次"
    if number == errno.EROFS:
        return (
            "磁盘是只读的,写不进去;原有成果未动",
            "换到能写的磁盘,或重新挂载为可写,再运行一次",
        )
    if number == errno.EIO:
        return (
            "磁盘读写出错(硬件或网络盘断开);原有成果未动",
            "检查磁盘和网络盘,换一个再运行一次",
        )
    what = "没有权限,或文件正被别的程序打开;原有成果未动"
    fix = "关闭正在打开它的程序(Excel、QGIS、ArcGIS),确认文件夹可写,再运行一次"
    return what, fix


def _found(error: BaseException) -> tuple[int, str] | None:
    """Return the number of the disk's error in a chain of errors, and the file where told."""
    if isinstance(error, OSError) and error.errno in _DENIED:
        return error.errno or 0, str(error.filename or "")
    for one in _chain(error):
        if isinstance(one, OSError) and one.errno in _KNOWN:
            return one.errno or 0, str(one.filename or "")
        if isinstance(one, Exception) and not isinstance(one, PipelineError):
            for number, pattern in _SAID:
                if re.search(pattern, str(one), re.IGNORECASE):
                    return number, ""
    return None


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _is_full(folder: Path) -> bool:
    places = (folder, Path(tempfile.gettempdir()))
    return any(_free(place) < _LEAST_FREE for place in places)


def _free(folder: Path) -> int:
    there = next((one for one in (folder, *folder.parents) if one.exists()), Path())
    return shutil.disk_usage(there).free


def _mb(size: int) -> str:
    return f"{-(-size // _MB):,}"
