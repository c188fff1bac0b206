"""Runs of the program that can be killed, started in a moment: forked from one that has imported.

``Started()`` starts the server once; ``run`` forks a run from it. The server itself never opens a
file of a county nor starts a thread, so every run is as good as a fresh one.
"""

import contextlib
import json
import os
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_SAFE = (
    "PYTHONSAFEPATH"  # make sets it; these modules lie in the folder that they are started in
)


@dataclass(frozen=True)
class Ended:
    """How a run ended: the status, -9 where it was killed, and what it said."""

    status: int
    text: str
    seconds: float
    cpu_seconds: float


class Started:
    """The server, and the runs that it forks."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.log = folder / "run.log"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "tmp").mkdir(exist_ok=True)
        inherited = {name: text for name, text in os.environ.items() if name != _SAFE}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.started", str(self.log)],
            cwd=ROOT,
            env=inherited | {"TMPDIR": str(folder / "tmp")} | environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()

    def begin(self, *argv: str | Path, fault: dict | None = None) -> int:
        """Begin a run and return its process; ``fault`` as for ``wounds.wound``."""
        order = json.dumps({"argv": [str(one) for one in argv], "fault": fault})
        self.process.stdin.write(f"{order}\n")
        self.process.stdin.flush()
        return int(json.loads(self.process.stdout.readline())["pid"])

    def has_ended(self) -> bool:
        """Whether the run that was begun is over; ``end`` does not wait then."""
        return bool(select.select([self.process.stdout], [], [], 0.01)[0])

    def end(self) -> Ended:
        """Wait for the run that was begun."""
        told = json.loads(self.process.stdout.readline())
        return Ended(text=self.log.read_text(encoding="utf-8"), **told)

    def counts(self) -> dict[str, int]:
        """Return how many calls of each kind the last run made, if it had a fault and ended."""
        return json.loads(self.log.with_suffix(".json").read_text(encoding="utf-8"))

    def run(self, *argv: str | Path, fault: dict | None = None) -> Ended:
        self.begin(*argv, fault=fault)
        return self.end()

    def killed(self, *argv: str | Path, after: float, by: int = signal.SIGKILL) -> Ended:
        """Begin a run and send it a signal after so many seconds."""
        pid = self.begin(*argv)
        time.sleep(after)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, by)
        return self.end()


def _serve(log: Path) -> None:
    _import_all()
    for line in sys.stdin:
        order = json.loads(line)
        began = time.monotonic()
        pid = os.fork()
        if pid == 0:
            _child(order, log)
        _tell({"pid": pid})
        # a child stays a zombie until the one who kills it can no longer hit another process
        _, status, used = os.wait4(pid, 0)
        told = {"status": os.waitstatus_to_exitcode(status)}
        told |= {
            "seconds": time.monotonic() - began,
            "cpu_seconds": used.ru_utime + used.ru_stime,
        }
        _tell(told)


def _tell(what: dict) -> None:
    sys.stdout.write(f"{json.dumps(what)}\n")
    sys.stdout.flush()


def _import_all() -> None:
    """Import what a run imports on its way, load what is compiled, read the letters of the font."""
    import pipeline.cli
    import pipeline.runner.inspection
    import pipeline.runner.products
    import pipeline.runner.verify  # noqa: F401
    from pipeline.geometry.sweep.warm import warm
    from pipeline.report.fonts import drawable

    warm()
    drawable("县")


def _child(order: dict, log: Path) -> None:
    from pipeline.cli import main
    from tests.faults.wounds import wound

    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    os.dup2(file, 1)
    os.dup2(file, 2)
    null = os.open(os.devnull, os.O_RDONLY)
    os.dup2(null, 0)
    sys.argv = ["pipeline", *order["argv"]]
    counts = wound(**order["fault"]) if order["fault"] else dict
    try:
        status = main()
    except SystemExit as end:
        status = int(end.code or 0)
    log.with_suffix(".json").write_text(json.dumps(counts()), encoding="utf-8")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
