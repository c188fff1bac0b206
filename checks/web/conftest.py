"""Pages to look at: invented counties of two sizes, written once."""

from pathlib import Path

import numpy as np
import pytest

from pipeline.report.sheets.chip_pictures import jpeg
from pipeline.report.web_page import ChipPair, write_pages
from tests.report import county
from tests.report.web_page import world


@pytest.fixture(scope="session")
def page(tmp_path_factory) -> Path:
    """A thousand changes, some with image chips."""
    return _written(tmp_path_factory.mktemp("small"), 1000, _chip)


@pytest.fixture(scope="session")
def large_page(tmp_path_factory) -> Path:
    """As many changes as go into one file."""
    return _written(tmp_path_factory.mktemp("large"), 20_000, None)


@pytest.fixture(scope="session")
def index_page(tmp_path_factory) -> Path:
    """The index of a county that is spread over several files."""
    folder = tmp_path_factory.mktemp("index")
    return write_pages(folder, world.tables(60), county.heading(), None, most=20)[0]


@pytest.fixture(scope="session")
def border_page(tmp_path_factory) -> Path:
    """A few changes; half of the first lies in the second township."""
    tables = world.tables(20)
    pieces = tables.pieces.copy()
    pieces.loc[pieces["piece_id"] == f"{tables.results.change_id[0]}-002", "township_code"] = (
        "990101002"
    )
    folder = tmp_path_factory.mktemp("border")
    return write_pages(folder, world.tables(20, pieces=pieces), county.heading())[0]


def _written(folder, count, read) -> Path:
    return write_pages(folder, world.tables(count), county.heading(), read)[0]


def _chip(change_id: str) -> ChipPair | None:
    if int(change_id[-2:]) > 40:
        return None
    shade = np.full((64, 64, 3), 90, np.uint8)
    return ChipPair(jpeg(shade), jpeg(shade + 80), (0.0, 0.0, 60.0, 60.0))
