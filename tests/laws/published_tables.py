"""The CSV files that people take away, cell by cell as the contract writes them."""

import csv
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from tests.laws.comparison import NOT_COMPARED
from tests.laws.grid_ground import UNITS
from tests.laws.grid_measures import Unit
from tests.laws.grid_oracle import Expected


def published_differences(expected: Expected, out: Path) -> list[str]:
    """Return every cell that differs, and every file that is not UTF-8 with BOM and LF."""
    changes = [(key, row) for key, row in sorted(expected.changes.items())]
    return [
        *_file(out / "townships.csv", "township_code", _measures(expected.townships)),
        *_file(out / "offices.csv", "office_name", _measures(expected.offices)),
        *_file(out / "county.csv", "county_code", [("990101", expected.county.figures)]),
        *_file(out / "changes.csv", "change_id", changes),
    ]


def _measures(units: list[Unit]) -> list[tuple[str, dict[str, object]]]:
    return [(unit.key, unit.figures) for unit in units]


def _file(path: Path, key: str, wanted: list[tuple[str, dict[str, object]]]) -> list[str]:
    raw = path.read_bytes()
    found = [] if raw.startswith(b"\xef\xbb\xbf") else [f"{path.name} has no BOM"]
    found += [f"{path.name} has CR"] if b"\r" in raw else []
    with path.open(encoding="utf-8-sig", newline="") as file:
        came = list(csv.DictReader(file))
    if [row[key] for row in came] != [name for name, _ in wanted]:
        found.append(f"{path.name} in order: {[row[key] for row in came]}")
        return found
    for row, (name, figures) in zip(came, wanted, strict=True):
        for column, want in figures.items():
            if column not in NOT_COMPARED and not _is(row.get(column), column, want):
                found.append(f"{path.name} {name} {column}: {want}, not {row.get(column)}")
    return found


def _is(text: str | None, column: str, want: object) -> bool:
    """Tell whether a cell says it: m² with four decimals, true/false, nothing for null."""
    if text is None:
        return False
    if isinstance(want, set):  # the rule of either of two pieces of the same size
        return text in want
    if want is None or isinstance(want, str):
        return text == (want or "")
    if isinstance(want, bool):
        return text == str(want).lower()
    if isinstance(want, Fraction):
        return abs(Fraction(text) - want) < Fraction(1, 10**12)
    return text == (f"{Decimal(want) / UNITS:.4f}" if column.endswith("_m2") else str(want))
