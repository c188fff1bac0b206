"""The demo county, inspected once for all tests of it."""

import pytest


@pytest.fixture(scope="session")
def inspected(demo):
    from pipeline.cli import main

    assert main(["run", str(demo / "demo.toml")]) == 0
    return demo
