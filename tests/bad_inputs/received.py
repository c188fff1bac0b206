"""Variants of a bad input, tried on the receiving only: a tenth of the time of a whole run."""

import shutil
from collections.abc import Callable
from pathlib import Path

from pipeline.errors import Finding
from pipeline.project import load
from pipeline.runner.receiving import Received, receive
from tests.bad_inputs.county import CONFIG


def received(clean: Path, folder: Path, spoil: Callable[[Path], None]) -> Received:
    """Spoil a copy of the clean county and receive its layers; every account must balance."""
    county = folder / "county"
    shutil.copytree(clean, county, ignore=shutil.ignore_patterns("workspace"))
    spoil(county)
    made = receive(load(county / CONFIG))
    for balance in made.balances:
        records, units = balance["records"], balance["units"]
        ends = ("counted", "quarantined", "excluded")
        assert records["handed_in"] == sum(records[end] for end in ends)
        assert units["handed_in"] + units["repaired"] == sum(units[end] for end in ends)
    return made


def about(made: Received, record: str) -> list[Finding]:
    """Return what was found about one record."""
    return [found for found in made.findings if found.record == record]


def area_of(made: Received, change_id: str) -> float | None:
    """Return the plane area of a change that counts, None where it does not."""
    table = made.tables["changes"].set_index("change_id")
    return float(table.geometry[change_id].area) if change_id in table.index else None
