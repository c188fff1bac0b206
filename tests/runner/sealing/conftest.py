import shutil

import pytest

from pipeline.cli import main
from tests.county import write_clean
from tests.squares import SQUARES

QUICK = '[report]\nsheets = "none"\ngis = false\n'


@pytest.fixture(scope="session")
def finished_county(tmp_path_factory):
    config = write_clean(SQUARES, tmp_path_factory.mktemp("finished"), rest=QUICK)
    assert main(["run", str(config)]) == 0
    return config


@pytest.fixture
def county(finished_county, tmp_path):
    """The config of a finished run, in a copy that may be spoilt."""
    shutil.copytree(finished_county.parent, tmp_path / "county")
    return tmp_path / "county" / finished_county.name


@pytest.fixture
def said(capsys):
    """Run a command; return its status and what it said."""

    def run(*arguments):
        capsys.readouterr()
        status = main([str(one) for one in arguments])
        told = capsys.readouterr()
        return status, told.out + told.err

    return run
