import dataclasses
import shutil

import pytest

from pipeline.cli import main
from tests.county import write_clean
from tests.runner.review.clerk import Sheet
from tests.squares import SQUARES, _approval

# C11 as somebody later finds it: converted, after the image
FOUND = _approval((590, 590, 710, 620), "转7号", "2024-12-20")
LATER = dataclasses.replace(
    SQUARES,
    approvals=SQUARES.approvals | {"conversion": [*SQUARES.approvals["conversion"], FOUND]},
)


def _inspected(county, folder):
    config = write_clean(county, folder)
    assert main(["run", str(config), "--until", "judge"]) == 0
    assert main(["review", str(config)]) == 0
    return config


@pytest.fixture(scope="session")
def reviewed_once(tmp_path_factory):
    return _inspected(SQUARES, tmp_path_factory.mktemp("reviewed"))


@pytest.fixture(scope="session")
def later_once(tmp_path_factory):
    return _inspected(LATER, tmp_path_factory.mktemp("later"))


@pytest.fixture
def config(reviewed_once, tmp_path):
    """A county judged, its working copies written."""
    shutil.copytree(reviewed_once.parent, tmp_path / "county")
    return tmp_path / "county" / reviewed_once.name


@pytest.fixture
def later(later_once, tmp_path):
    """The same county, judged again after an approval for C11 was found."""
    shutil.copytree(later_once.parent, tmp_path / "later")
    return tmp_path / "later" / later_once.name


@pytest.fixture
def folder(config):
    """Where the working copies lie."""
    return config.parent / "workspace" / "review"


@pytest.fixture
def ledger(config):
    return config.parent / "hand" / "rulings.csv"


@pytest.fixture
def sheet(folder):
    return Sheet(folder / "review.xlsx")
