"""Random small counties: the product's every figure beside one counted cell by cell."""

import pytest

from pipeline.cli import main
from tests.laws.comparison import differences
from tests.laws.grid_oracle import inspect
from tests.laws.random_worlds import random_world
from tests.laws.world_files import write


@pytest.mark.parametrize("seed", range(6))
def test_every_figure_is_what_the_contract_says(seed, tmp_path):
    world = random_world(seed)
    config = write(world, tmp_path)

    assert main(["run", str(config), "--until", "rank"]) == 0

    assert differences(world, inspect(world), tmp_path / "workspace/work") == []
