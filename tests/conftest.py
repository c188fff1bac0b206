"""Two counties that many tests look at, made once for all. Who changes one changes a copy."""

import pytest


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    """Return the folder of the demo county."""
    from pipeline.demo import write_demo

    folder = tmp_path_factory.mktemp("demo") / "示例 县"
    write_demo(folder)
    return folder


@pytest.fixture(scope="session")
def inspected_squares(tmp_path_factory):
    """Return the config of the county of squares, whose inspection was published whole."""
    from pipeline.cli import main
    from tests.county import write_clean
    from tests.squares import SQUARES

    config = write_clean(SQUARES, tmp_path_factory.mktemp("inspected"))
    assert main(["run", str(config)]) == 0
    return config
