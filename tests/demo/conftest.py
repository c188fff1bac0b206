"""The demo county, written and inspected once for all tests of it."""

import pytest

from pipeline.demo import write_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo") / "示例 县"
    write_demo(folder)
    return folder


@pytest.fixture(scope="session")
def inspected(demo):
    from pipeline.cli import main

    assert main(["run", str(demo / "demo.toml")]) == 0
    return demo
