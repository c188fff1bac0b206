"""Random small counties, files to ranking, beside an oracle that asks every square metre.

Every other one is brought onto its line, or a booking unit beside it. ``WORLDS=2000`` asks for
more of them than the usual 200.
"""

import os
import random
import tempfile
from pathlib import Path

from checks.torture._quiet import run_quietly
from tests.laws.comparison import differences
from tests.laws.grid_oracle import inspect
from tests.laws.on_the_line import on_the_line
from tests.laws.random_worlds import random_world
from tests.laws.world_files import write

WORLDS, FIRST = int(os.environ.get("WORLDS", "200")), 50_000


def run():
    wrong, at_the_line = [], 0
    for seed in range(FIRST, FIRST + WORLDS):
        world = random_world(seed)
        if seed % 2:
            world = on_the_line(world, random.Random(seed))
        expected = inspect(world)
        line = world.township_line.ratio
        at_the_line += line in [unit.figures["official"] for unit in expected.townships]
        with tempfile.TemporaryDirectory() as folder:
            assert run_quietly(write(world, Path(folder))) == 0, seed
            found = differences(world, expected, Path(folder) / "workspace" / "work")
        if found:
            wrong.append(seed)
            print(f"{seed}: {found[:3]}", flush=True)
    assert not wrong, wrong
    return {"worlds": WORLDS, "with a township just on its line": at_the_line, "different": 0}
