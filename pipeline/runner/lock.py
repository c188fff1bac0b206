"""One run at a time (工作区锁): who holds a workspace, and what is left by one who died.

The system's own lock decides; it ends with its process, however that ends. What is written in
the file only tells people who holds it. A share that knows no locks leaves just that to go by.
"""

import errno
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import WorkspaceBusy

_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.EINVAL}
_LEAST_LOOKS, _LOOKS, _PAUSE_S = 3, 10, 0.05  # a holder needs a moment to write who it is
_LONGEST = 4096


@contextmanager
def alone(path: Path) -> Iterator[str]:
    """Hold the lock file ``path``; yield who held it and died, empty where nobody did.

    Raises ``WorkspaceBusy``, naming the holder, where another process holds it.
    """
    no_link = getattr(os, "O_NOFOLLOW", 0)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | no_link, 0o644)
    try:
        is_ours = _patiently(descriptor)
        before = _owner(descriptor)
        if is_ours is False or (is_ours is None and _may_live(before)):
            raise _busy(path, before, is_known=is_ours is False)
        _write(descriptor, _ourselves())
        try:
            yield _told(before) if before else ""
        finally:
            _write(descriptor, b"")
    finally:
        os.close(descriptor)


def refuse_if_held(path: Path) -> None:
    """Raise ``WorkspaceBusy`` where another process holds a lock file; touch nothing.

    It answers at once, before anything slow is imported; only ``alone`` is sure.
    """
    if not path.is_file() or path.is_symlink():
        return
    descriptor = os.open(path, os.O_RDWR)
    try:
        if _patiently(descriptor, shared=True) is False:
            raise _busy(path, _owner(descriptor), is_known=True)
    finally:
        os.close(descriptor)


def _busy(path: Path, owner: dict[str, Any], *, is_known: bool) -> WorkspaceBusy:
    fix = "等它结束;或换一个工作区"
    if not is_known:
        fix = f"等它结束;那边其实没有在运行的话,删除 {path.name} 再来"
    what = f"另一次运行正在使用工作区({_told(owner)})"
    return WorkspaceBusy(what, where=str(path.parent), remedy=fix)


def _ourselves() -> bytes:
    since = datetime.now().astimezone().isoformat(sep=" ", timespec="seconds")
    owner = {"pid": os.getpid(), "host": socket.gethostname(), "since": since}
    return json.dumps(owner, ensure_ascii=False).encode()


def _told(owner: dict[str, Any]) -> str:
    if not owner:
        return "持有者未知"
    return f"进程 {owner.get('pid')},主机 {owner.get('host')},自 {owner.get('since')} 起"


def _owner(descriptor: int) -> dict[str, Any]:
    os.lseek(descriptor, 0, os.SEEK_SET)
    text = os.read(descriptor, _LONGEST).decode(errors="replace").strip()
    if not text:
        return {}
    try:
        owner = json.loads(text)
    except ValueError:
        owner = None
    return owner if isinstance(owner, dict) else {"pid": text[:80], "host": "-", "since": "-"}


def _patiently(descriptor: int, *, shared: bool = False) -> bool | None:
    """Return whether the lock is ours; who only looks, or has not yet said who it is, is let go on."""
    is_ours = _lock(descriptor, shared=shared)
    for look in range(_LOOKS):
        if is_ours is not False or (look >= _LEAST_LOOKS and _owner(descriptor)):
            break
        time.sleep(_PAUSE_S)
        is_ours = _lock(descriptor, shared=shared)
    return is_ours


def _may_live(owner: dict[str, Any]) -> bool:
    """Whether the one who wrote a lock file may still run, where the system cannot tell."""
    if not owner:
        return False
    if owner.get("host") != socket.gethostname() or os.name == "nt":
        return True
    try:
        os.kill(int(owner["pid"]), 0)
    except ProcessLookupError:
        return False
    except (KeyError, TypeError, ValueError, OSError):
        return True
    return True


def _write(descriptor: int, content: bytes) -> None:
    os.ftruncate(descriptor, 0)
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.write(descriptor, content)


if os.name == "nt":
    import msvcrt

    def _lock(descriptor: int, *, shared: bool = False) -> bool | None:
        """Return whether the lock is ours; None where the disk knows no locks."""
        try:
            os.lseek(descriptor, 1 << 30, os.SEEK_SET)  # far behind what people read
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
            if shared:  # there is no such thing here: look, and let go
                os.lseek(descriptor, 1 << 30, os.SEEK_SET)
                msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(descriptor: int, *, shared: bool = False) -> bool | None:
        """Return whether the lock is ours; None where the disk knows no locks."""
        try:
            kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except OSError as error:
            return None if error.errno in _NO_LOCKS else False
        return True
