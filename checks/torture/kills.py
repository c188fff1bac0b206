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
LATE = "too late"


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
    ended = [one for some in told for one in some]
    return {
        "kills": len(ended) - ended.count(LATE),
        "too late": ended.count(LATE),
        "old stood": ended.count("old"),
        "new stood": ended.count("new"),
        "whole and mended": len(ended),
    }


def _killed(demo: Demo, seed: int, kills: int) -> list[str]:
    """Kill so many runs; a run that follows a killed one may be killed as well."""
    demo.make_references()
    dice, told = random.Random(seed), []
    while len(told) - told.count(LATE) < kills:
        old, new = demo.turn()
        for _ in range(dice.choice((1, 2, 3))):
            told.append(_one(demo, old, new, dice.uniform(0, demo.seconds)))
            name = threading.current_thread().name
            print(f"   {name}: {len(told)} of {kills}, {told[-1]}", flush=True)
            if told[-1] != "old":
                break
        demo.finish(new)
    return told


def _one(demo: Demo, old: str, new: str, after: float) -> str:
    """Kill one run, and ask what stands."""
    done = demo.server.killed("run", demo.config, after=after)
    if done.status not in {0, -signal.SIGKILL}:
        raise AssertionError(done.text)
    demo.verify()
    state = demo.state()
    if state not in (demo.results[old], demo.results[new]):
        raise AssertionError(f"neither old nor new: {demo.apart(state, new)}")
    if done.status == 0:
        return LATE
    return "old" if state == demo.results[old] else "new"
