"""The whole demo county, killed with SIGKILL at a hundred moments (反复杀进程).

Every run has a ruling and a plan to follow that the published result does not know yet, so all
stages run. After each kill the published state is one run, whole, by its own sums; the next run
ends with the bytes it should.
"""

import random
import shutil
import signal
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from checks.torture._demo import Demo, written_demo

KILLS, PROCESSES = 100, 2


def run(kills: int = KILLS):
    """Kill them, half of the kills in each of two processes."""
    with ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="torture-")))
        source = written_demo(base)
        demos = []
        for number in range(PROCESSES):
            shutil.copytree(source.parent, base / str(number))
            demo = Demo(base / str(number) / source.name)
            stack.callback(demo.close)
            demos.append(demo)
        with ThreadPoolExecutor(PROCESSES) as pool:
            told = list(pool.map(_killed, demos, range(PROCESSES), [kills // PROCESSES] * 2))
    return {
        "kills": sum(len(one) for one in told),
        "too late": sum(one.count("too late") for one in told),
        "old stood": sum(one.count("old") for one in told),
        "new stood": sum(one.count("new") for one in told),
        "whole and mended": sum(len(one) for one in told),
    }


def _killed(demo: Demo, seed: int, kills: int) -> list[str]:
    demo.make_references()
    dice, told = random.Random(seed), []
    for number in range(1, kills + 1):
        old, new = demo.turn()
        done = demo.server.killed("run", demo.config, after=dice.uniform(0, demo.seconds))
        if done.status not in {0, -signal.SIGKILL}:
            raise AssertionError(done.text)
        demo.verify()
        state = demo.state()
        stood = "old" if state == demo.results[old] else "new"
        if state not in (demo.results[old], demo.results[new]):
            raise AssertionError(f"neither old nor new: {demo.apart(state, new)}")
        told.append("too late" if done.status == 0 else stood)
        demo.finish(new)
        name = threading.current_thread().name
        print(f"   {name}: {number} of {kills}, {told[-1]}", flush=True)
    return told
