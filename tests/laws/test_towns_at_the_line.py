"""Townships exactly on their line and a hair beside it: every verdict right, in any order."""

import random

import pandas as pd
import pytest

from pipeline.cli import main
from pipeline.terms import OfficialRatio
from tests.laws.town_files import write_towns
from tests.laws.towns_at_the_line import ranked, settings, towns, wrong


@pytest.mark.parametrize("official", OfficialRatio)
@pytest.mark.parametrize(
    ("line", "comparison", "count"), [("0.08", ">", 5000), ("0.15", ">=", 1000)]
)
def test_no_township_at_the_line_is_judged_wrongly(line, comparison, count, official):
    dice = random.Random(8)
    made = towns(count, line, official, dice)

    found = ranked(made, settings(line, official, comparison), dice)

    assert wrong(made, found, comparison) == []
    over = 3 if comparison == ">=" else 2  # of the five that are built in turn
    assert found["is_accountable"].sum() == count * over / 5


def test_nor_is_one_from_the_files_to_the_ranking(tmp_path):
    dice = random.Random(15)
    made = towns(50, "0.08", OfficialRatio.NET, dice)
    config = write_towns(made, tmp_path, dice, "0.08", ">", OfficialRatio.NET)

    assert main(["run", str(config), "--until", "rank"]) == 0

    found = pd.read_parquet(tmp_path / "workspace/work/township_ranking.parquet")
    assert wrong(made, found, ">") == []
    assert found["is_accountable"].sum() == 20
