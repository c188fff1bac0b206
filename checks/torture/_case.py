"""A small county whose runs are hurt, and what must be true afterwards."""

import contextlib
import dataclasses
import hashlib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.county import write_clean
from tests.faults.started import Ended, Started
from tests.squares import SQUARES

PROCESSES = 2


class Case:
    """A county with an old result on disk and a change in its inputs that the next run has to do."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.config = write_clean(SQUARES, folder / "county")
        self.workspace = folder / "county" / "workspace"
        self.server = Started(folder, **environment)
        self.wrong: list[str] = []
        self.old = self._kept("old")
        changed = list(SQUARES.changes)
        corners, record = changed[-1]
        changed[-1] = (
            corners,
            record | {"TBLX": "01"},
        )  # another verdict: every stage has to run
        later = write_clean(dataclasses.replace(SQUARES, changes=changed), folder / "later")
        shutil.copy(later.parent / "raw" / "changes.gpkg", folder / "county" / "raw")
        self.new = self._kept("new")
        self.restore()

    def _kept(self, name: str) -> dict[str, str]:
        done = self.server.run("run", self.config)
        assert done.status == 0, done.text
        shutil.copytree(self.workspace, self.folder / name)
        return self.state()

    def state(self) -> dict[str, str]:
        """Return every file of the workspace with its hash, the lock apart."""
        return {
            path.relative_to(self.workspace).as_posix(): hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
            for path in sorted(self.workspace.rglob("*"))
            if path.is_file() and path.name != ".lock"
        }

    def restore(self) -> None:
        """Put the old result back."""
        shutil.rmtree(self.workspace)
        shutil.copytree(self.folder / "old", self.workspace)

    def mend(self) -> None:
        """Run without a fault; every byte is then as it should be."""
        done = self.server.run("run", self.config)
        assert done.status == 0, done.text
        assert self.state() == self.new, _apart(self.state(), self.new)
        self.restore()

    def hurt(self, fault: dict) -> Ended:
        """Run with a fault, and hold what is there afterwards against old and new."""
        done = self.server.run("run", self.config, fault=fault)
        try:
            self.judge(done, fault)
        except AssertionError as wrong:
            self.wrong.append(str(wrong))
            self.restore()
        return done

    def judge(self, done: Ended, fault: object) -> None:
        state = self.state()
        told = f"{fault}: status {done.status}\n{done.text}"
        if done.status == 0:
            assert state == self.new, (
                f"done, but not as it should be: {told}{_apart(state, self.new)}"
            )
        elif done.status > 0:
            assert "Traceback" not in done.text, told
            assert "【" in done.text, told
        if state == self.old:
            return
        if state != self.new:  # finished but not switched, or half switched: one more run
            verified = self.server.run("verify", self.config)
            assert verified.status == 0, f"{told}{verified.text}"
            again = self.server.run("run", self.config)
            assert again.status == 0, f"{told}{again.text}"
            assert self.state() == self.new, f"{told}{_apart(self.state(), self.new)}"
        self.restore()


def _apart(one: dict[str, str], other: dict[str, str]) -> str:
    return "\ndiffer: " + ", ".join(sorted({name for name, _ in one.items() ^ other.items()}))


@contextlib.contextmanager
def cases(*, preloaded: bool = False) -> Iterator[list[Case]]:
    """Give one case a process."""
    with ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="torture-")))
        environment = {"LD_PRELOAD": str(faulty_disk(base))} if preloaded else {}
        made = []
        for number in range(PROCESSES):
            made.append(Case(base / str(number), **environment))
            stack.enter_context(made[-1].server)
        yield made


def faulty_disk(folder: Path) -> Path:
    """Compile the library that lets calls fail."""
    library = folder / "faults.so"
    source = Path(__file__).with_name("_faults.c")
    subprocess.run(
        ["cc", "-O2", "-w", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True
    )
    return library


def share(made: list[Case], faults: list[dict]) -> list[Ended]:
    """Run every fault on one case or another; return how they ended."""

    def some(place: int) -> list[Ended]:
        mine = faults[place :: len(made)]
        ended = []
        for number, fault in enumerate(mine, start=1):
            ended.append(made[place].hurt(fault))
            if number % 100 == 0:
                print(f"   {number} of {len(mine)}, {len(made[place].wrong)} wrong", flush=True)
        return ended

    with ThreadPoolExecutor(len(made)) as pool:
        ended = [one for some_ended in pool.map(some, range(len(made))) for one in some_ended]
    wrong = [text for case in made for text in case.wrong]
    assert not wrong, f"{len(wrong)} of {len(ended)} went wrong:\n" + "\n\n".join(wrong[:20])
    return ended
