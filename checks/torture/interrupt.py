"""Ctrl-C and a request to end at forty moments of the whole demo (中断)."""

import random
import shutil
import signal
import tempfile
from pathlib import Path

from checks.torture._demo import Demo, written_demo

TIMES = 40
SOON_S = 5


def run(times: int = TIMES):
    """Interrupt a run that has every stage to do, and read again what stood before."""
    dice, slowest, too_late = random.Random(8), 0.0, 0
    with tempfile.TemporaryDirectory(prefix="torture-") as base:
        demo = Demo(written_demo(Path(base)))
        kept = Path(base) / "kept"
        shutil.copytree(demo.workspace, kept)
        old = demo.state()
        _make_all_stale(demo)
        seconds = demo.run().seconds
        for _ in range(times):
            shutil.rmtree(demo.workspace)
            shutil.copytree(kept, demo.workspace)
            number = dice.choice([signal.SIGINT, signal.SIGTERM])
            after = dice.uniform(0, seconds)
            done = demo.server.killed("run", demo.config, after=after, by=number)
            if done.status == 0:
                too_late += 1
                continue
            assert done.status == 130, (after, done.status, done.text)
            assert "已中断" in done.text, done.text
            assert demo.state() == old
            assert not (demo.workspace / ".next").exists() or done.seconds - after > 2
            slowest = max(slowest, done.seconds - after)
        demo.close()
    assert slowest < SOON_S, slowest
    return {"interrupts": times, "too late": too_late, "slowest end s": round(slowest, 1)}


def _make_all_stale(demo: Demo) -> None:
    """Add a byte that says nothing to every layer that can bear one."""
    for file in sorted((demo.config.parent / "raw").rglob("*.prj")):
        file.write_bytes(file.read_bytes() + b"\n")
