"""The workspace: one run at a time, and results that appear whole or not at all (工作区).

A run builds everything in ``.next/``. When it is complete it is marked, and its folders change
places with the published ones (``runner.publishing``). A run that dies before the mark leaves
the published folders as they were; one that dies after it is finished by whoever opens the
workspace next. So readers meet a whole old run or a whole new one.
"""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pipeline.errors import PipelineError, Refused, refusal
from pipeline.io.exchange import remove_tree
from pipeline.io.storage_errors import storage_error
from pipeline.runner.lock import alone
from pipeline.runner.publishing import finish, is_marked, publish


def _say_nothing(_: str) -> None:
    pass


class Workspace:
    """The folder that a config names, and the parts of it."""

    def __init__(self, folder: Path) -> None:
        """Name the parts; nothing is created yet."""
        self.folder = folder
        self.work = folder / "work"
        self.out = folder / "out"
        self.next = folder / ".next"
        self.lock = folder / ".lock"
        self.refused = folder / "refused.csv"
        self.review = folder / "review"  # people's working copies: no run touches them
        self.kept = folder / "kept"  # what people left among the results
        self.expected = 0  # bytes that a run takes, as far as is known

    @contextmanager
    def held(self, say: Callable[[str], None] = _say_nothing) -> Iterator[None]:
        """Hold the workspace alone; raise ``WorkspaceBusy`` where another run does.

        What the disk refuses meanwhile is raised as a ``PipelineError`` that says what to do.
        """
        self._refuse_links()
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with alone(self.lock) as died:
                if died:
                    say(f"  上次运行没有正常结束({died}),接着用它的工作区")
                if finish(self.folder, self.next):
                    say("  上次运行已算完,没来得及换上的成果现已换上")
                try:
                    yield
                except Exception as error:
                    self._explain(error)  # while what was built tells how much it takes
                    raise
                finally:
                    self._clear()
        except OSError as error:
            self._explain(error)
            raise

    def finish(self) -> None:
        """Finish what a killed run began, for who only reads; where that is no use, leave it."""
        if is_marked(self.next):
            with suppress(PipelineError), self.held():
                pass

    def fresh(self) -> Path:
        """Return an empty building folder."""
        remove_tree(self.next)
        self.next.mkdir(parents=True)
        return self.next

    def publish(self, names: list[str]) -> None:
        """Put the named folders of ``.next/`` in the place of the published ones."""
        publish(self.folder, self.next, names)

    def _explain(self, error: Exception) -> None:
        """Raise the message for an error that comes from the disk."""
        told = storage_error(error, self.folder, self._missing())
        if told is not None and not isinstance(error, PipelineError):
            raise told from error

    def _missing(self) -> int:
        """Return how many bytes a run would have taken beyond what it wrote, about."""
        built = _size(self.next)
        expected = max(self.expected, _size(self.work) + _size(self.out))
        return max(expected - built, built)

    def _clear(self) -> None:
        """Drop what was built, unless it is whole; what cannot be dropped now is so later."""
        if not is_marked(self.next):
            with suppress(OSError):
                remove_tree(self.next)

    def _refuse_links(self) -> None:
        """Refuse a workspace with links to other places: writing would follow them."""
        if not self.folder.exists():
            return
        inside = self.folder.resolve()
        entries = (
            Path(top) / name
            for top, dirs, files in os.walk(self.folder)
            for name in dirs + files
        )
        links = [
            entry
            for entry in entries
            if entry.is_symlink()
            and (entry.parent == self.folder or not entry.resolve().is_relative_to(inside))
        ]
        if links:
            what = "工作区里有指向别处的链接(symlink),成果会顺着它写出去"
            raise Refused(
                refusal(
                    "workspace",
                    str(link.relative_to(self.folder)),
                    "link",
                    what,
                    "删除这个链接再运行",
                )
                for link in links
            )


def _size(folder: Path) -> int:
    """Return the bytes of the files in a folder that have no second name elsewhere."""
    files = (Path(top) / name for top, _, names in os.walk(folder) for name in names)
    told = [one.lstat() for one in files if one.exists()]
    return sum(one.st_size for one in told if one.st_nlink == 1)
