"""The workspace: one run at a time, and results that appear whole or not at all (工作区).

A run builds everything in ``.next/``. When it is complete, ``.next/COMPLETE`` names the folders
to publish, and each is moved into place by renames. A run that dies before that mark leaves the
published folders as they were; one that dies after it is finished by whoever opens the workspace
next. So readers meet a whole old run or a whole new one.
"""

import json
import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from pipeline.errors import Refused, WorkspaceBusy, refusal

_MARK = "COMPLETE"


class Workspace:
    """The folder that a config names, and the parts of it."""

    def __init__(self, folder: Path) -> None:
        """Name the parts; nothing is created yet."""
        self.folder = folder
        self.work = folder / "work"
        self.out = folder / "out"
        self.next = folder / ".next"
        self.refused = folder / "refused.csv"
        self.review = folder / "review"  # people's working copies: no run touches them

    @contextmanager
    def held(self) -> Iterator[None]:
        """Hold the workspace alone; raise ``WorkspaceBusy`` where another run does."""
        self._refuse_links()
        self.folder.mkdir(parents=True, exist_ok=True)
        lock = self.folder / ".lock"
        with lock.open("a+", encoding="utf-8") as file:
            if not _lock(file.fileno()):
                file.seek(0)
                raise WorkspaceBusy(
                    f"另一次运行正在使用工作区({file.read().strip() or '持有者未知'})",
                    where=str(self.folder),
                    remedy="等它结束;或换一个工作区",
                )
            file.truncate(0)
            file.write(f"进程 {os.getpid()}")
            file.flush()
            self._finish_interrupted()
            try:
                yield
            finally:
                if not (self.next / _MARK).exists():
                    _remove(self.next)

    def fresh(self) -> Path:
        """Return an empty building folder."""
        _remove(self.next)
        self.next.mkdir(parents=True)
        return self.next

    def publish(self, names: list[str]) -> None:
        """Put the named folders of ``.next/`` in the place of the published ones."""
        for file in sorted(self.next.rglob("*")):
            if file.is_file():
                _sync(file)
        mark = self.next / _MARK
        mark.write_text(json.dumps(names), encoding="utf-8")
        _sync(mark)
        self._switch(names)

    def _switch(self, names: list[str]) -> None:
        old = self.folder / ".old"
        for name in names:
            if (self.next / name).exists():
                _remove(old)
                if (self.folder / name).exists():
                    (self.folder / name).rename(old)
                (self.next / name).rename(self.folder / name)
        _remove(old)
        _remove(self.next)

    def _finish_interrupted(self) -> None:
        """Finish a switch that a killed run began; drop what a killed run only built."""
        mark = self.next / _MARK
        if mark.is_file() and (text := mark.read_text(encoding="utf-8")).endswith("]"):
            self._switch(json.loads(text))
        _remove(self.next)

    def _refuse_links(self) -> None:
        """Refuse a workspace that holds links to places outside it: writing would follow them."""
        if not self.folder.exists():
            return
        inside = self.folder.resolve()
        entries = (
            Path(top) / name
            for top, dirs, files in os.walk(self.folder)
            for name in dirs + files
        )
        leading_out = [
            entry
            for entry in entries
            if entry.is_symlink() and not entry.resolve().is_relative_to(inside)
        ]
        if leading_out:
            what = "工作区里有指向外面的链接(symlink)"
            raise Refused(
                refusal(
                    "workspace",
                    str(link.relative_to(self.folder)),
                    "link",
                    what,
                    "删除这个链接再运行",
                )
                for link in leading_out
            )


def _sync(path: Path) -> None:
    """Have a file on the disk for good; a read-only one stays read-only."""
    mode = path.stat().st_mode
    path.chmod(mode | stat.S_IWUSR)
    with path.open("rb+") as file:
        os.fsync(file.fileno())
    path.chmod(mode)


def _remove(folder: Path) -> None:
    """Delete a folder, where it is there; Windows keeps read-only files until they are not."""
    for file in folder.rglob("*"):
        if file.is_file() and not file.stat().st_mode & stat.S_IWUSR:
            file.chmod(stat.S_IRUSR | stat.S_IWUSR)
    shutil.rmtree(folder, ignore_errors=True)


if os.name == "nt":
    import msvcrt

    def _lock(descriptor: int) -> bool:
        try:
            os.lseek(descriptor, 1 << 30, os.SEEK_SET)
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        except OSError:
            return False
        return True
else:
    import fcntl

    def _lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
