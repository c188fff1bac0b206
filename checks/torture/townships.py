"""5,000 townships on their line, 5,000 each way beside it: by the stages, then from files."""

import random
import tempfile
from pathlib import Path

import pandas as pd

from checks.torture._quiet import run_quietly
from pipeline.terms import OfficialRatio
from tests.laws.town_files import write_towns
from tests.laws.towns_at_the_line import BESIDE, LINES, ranked, settings, towns, wrong

COUNT = 5_000


def run():
    judged = 0
    for line in LINES:
        for comparison in (">", ">="):
            for official in OfficialRatio:
                judged += _by_stages(line, official, comparison)
    from_files = _from_files("0.08", OfficialRatio.NET, ">")
    from_files += _from_files("0.15", OfficialRatio.NUMERATOR, ">=")
    return {"by the stages": judged, "from files": from_files, "wrong verdicts": 0}


def _by_stages(line, official, comparison):
    dice = random.Random(f"{line} {official} {comparison}")
    for beside in BESIDE:
        made = towns(COUNT, line, official, dice, besides=(beside,))
        found = wrong(
            made, ranked(made, settings(line, official, comparison), dice), comparison
        )
        assert not found, found[:3]
    print(f"{official} {comparison} {line}: {COUNT} at each of {BESIDE} units", flush=True)
    return COUNT * len(BESIDE)


def _from_files(line, official, comparison):
    dice = random.Random(line)
    made = towns(COUNT, line, official, dice)
    with tempfile.TemporaryDirectory() as folder:
        config = write_towns(made, Path(folder), dice, line, comparison, official)
        assert run_quietly(config) == 0
        found = pd.read_parquet(Path(folder) / "workspace/work/township_ranking.parquet")
    assert not wrong(made, found, comparison)
    print(f"{official} {comparison} {line}: {COUNT} from files", flush=True)
    return COUNT
