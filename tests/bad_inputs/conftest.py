"""The clean county, inspected once for all the cases."""

import pytest

from pipeline.cli import main
from tests.bad_inputs.county import write_county


@pytest.fixture(scope="session")
def clean(tmp_path_factory):
    """Return the folder of the clean county, whose inspection was published."""
    folder = tmp_path_factory.mktemp("clean") / "county"
    config = write_county(folder)
    assert main(["run", str(config), "--until", "rank"]) == 0
    return folder


@pytest.fixture
def tried(clean, tmp_path, capsys):
    """Return the judge with everything but the case in hand."""
    from tests.bad_inputs.case import judge

    return lambda case: judge(case, clean, tmp_path, capsys)
