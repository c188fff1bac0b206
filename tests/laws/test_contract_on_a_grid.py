"""Random small counties: the product's every figure beside one counted cell by cell."""

import random

import pytest

from pipeline.cli import main
from tests.laws.comparison import differences
from tests.laws.grid_oracle import inspect
from tests.laws.on_the_line import on_the_line
from tests.laws.published_tables import published_differences
from tests.laws.random_worlds import random_world
from tests.laws.world_files import write


# Between them these counties meet every rule, every ratio, both denominators, a sliver just as
# wide and one just as large as the limit, a term that ends on the after date, shares of a
# reclamation that do not come out even. Any other seed must do as well.
@pytest.mark.parametrize("seed", [156, 162, 213, 214, 293])
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
