"""Folders that change places (互换): at once where the system can, and for good (落盘)."""

import ctypes
import errno
import os
import shutil
import stat
from contextlib import suppress
from pathlib import Path

_HERE = -100  # AT_FDCWD
_EXCHANGE = 2  # RENAME_EXCHANGE
_CANNOT = {errno.EINVAL, errno.ENOSYS, errno.EOPNOTSUPP, errno.EXDEV}


def exchange(one: Path, other: Path) -> bool:
    """Let two paths change places in one step; return False where system or disk cannot.

    There is no moment at which either is missing. Linux does it on its own disks, not on
    network shares. Raises ``OSError`` where it can, but is not allowed to.
    """
    if os.name == "nt":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_HERE, os.fsencode(one), _HERE, os.fsencode(other), _EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _CANNOT:
        return False
    raise OSError(number, os.strerror(number), str(other))


def settle_tree(folder: Path) -> None:
    """Have every file and every folder in a folder, and itself, on the disk for good."""
    for top, _, files in os.walk(folder, topdown=False):
        for name in files:
            _settle_file(Path(top) / name)
        settle_folder(Path(top))


def settle_folder(folder: Path) -> None:
    """Have the names in a folder on the disk for good; Windows sees to that by itself."""
    if os.name != "nt":
        _settle(folder, os.O_RDONLY)


def _settle_file(path: Path) -> None:
    if os.name != "nt":
        _settle(path, os.O_RDONLY)
        return
    mode = path.stat().st_mode  # Windows settles only what is open for writing
    path.chmod(mode | stat.S_IWUSR)
    _settle(path, os.O_RDWR)
    path.chmod(mode)


def _settle(path: Path, flags: int) -> None:
    descriptor = os.open(path, flags)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def remove_tree(folder: Path) -> None:
    """Delete a folder where it is there, read-only parts too; a link goes, not what it names.

    Modes are their owner's to change; in a folder that several people share, what another made
    may be deleted all the same.
    """
    if folder.is_symlink():
        folder.unlink()
        return
    for top, _, files in os.walk(folder):
        with suppress(PermissionError):
            Path(top).chmod(stat.S_IRWXU)
        for name in files:
            with suppress(PermissionError):
                _release(Path(top) / name)
    if folder.exists():
        shutil.rmtree(folder)


def _release(file: Path) -> None:
    """Make a read-only file deletable, as Windows wants it; one with a second name keeps its mode."""
    told = file.lstat()
    is_ours_alone = told.st_nlink == 1 or os.name == "nt"
    if stat.S_ISREG(told.st_mode) and not told.st_mode & stat.S_IWUSR and is_ours_alone:
        file.chmod(stat.S_IRUSR | stat.S_IWUSR)
