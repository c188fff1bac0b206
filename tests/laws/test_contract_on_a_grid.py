"""Random small counties: the product's every figure beside one counted cell by cell.

A hundred seeds more find nothing more; change the range to look for something.
"""

import random

import pytest

from pipeline.cli import main
from tests.laws.comparison import differences
from tests.laws.grid_oracle import inspect
from tests.laws.on_the_line import on_the_line
from tests.laws.published_tables import published_differences
from tests.laws.random_worlds import random_world
from tests.laws.world_files import write


@pytest.mark.parametrize("seed", [214, 140, 31])
def test_every_figure_is_what_the_contract_says(seed, tmp_path):
    world = random_world(seed)
    config = write(world, tmp_path)

    assert main(["run", str(config), "--until", "rank"]) == 0

    assert differences(world, inspect(world), tmp_path / "workspace/work") == []


def test_a_township_exactly_on_its_line_is_so_in_the_published_files(tmp_path):
    world = on_the_line(random_world(1000), random.Random(1000))
    config = write(world, tmp_path)

    assert main(["run", str(config)]) == 0

    expected = inspect(world)
    line = world.township_line.ratio
    assert line in [unit.figures["official"] for unit in expected.townships]
    assert differences(world, expected, tmp_path / "workspace/work") == []
    assert published_differences(expected, tmp_path / "workspace/out") == []
