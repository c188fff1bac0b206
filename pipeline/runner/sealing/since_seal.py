"""A run held against the last sealed one, verdict by verdict (与封存比较)."""

from pathlib import Path

import pandas as pd

from pipeline.errors import PipelineError
from pipeline.report.comparison import basis_lines, basis_of, differing_basis
from pipeline.report.since_seal import SINCE_SEAL, since_lines, since_table
from pipeline.runner.beside import write_list
from pipeline.runner.library.published import Published
from pipeline.runner.sealing.checking import differs
from pipeline.runner.sealing.shelf import sealed_runs
from pipeline.runner.sealing.sums import NAME, read_sums
from pipeline.stages.compare import compare

FILE = "since_seal.csv"
_STATE = "work/state.json"


def told_since_seal(workspace: Path) -> list[str]:
    """Return what differs from the last sealed run, in lines; the whole goes to ``since_seal.csv``.

    Nothing where no run is sealed. A seal that was touched is named, and not compared with.
    """
    runs = sealed_runs(workspace)
    if not runs:
        return []
    name = runs[-1].name
    try:
        sealed, now = _sealed(runs[-1]), Published(workspace)
        table, lines = _compared(sealed, now, name)
    except PipelineError as error:
        return [f"没有与封存 {name} 比较:{error.what}"]
    try:
        write_list(workspace / FILE, table, SINCE_SEAL)
    except (OSError, PipelineError) as error:
        why = error.what if isinstance(error, PipelineError) else error.strerror
        return [*lines, f"  {FILE} 没有写成:{why}"]
    return [*lines, f"  逐条见 {workspace / FILE}"] if len(table) else lines


def _sealed(folder: Path) -> Published:
    """Open a sealed run; raise ``PipelineError`` where what it says of its tables was touched."""
    listed = read_sums(folder / NAME)
    if listed is None or differs(folder / _STATE, listed.get(_STATE)):
        raise PipelineError(f"封存被改动过(make verify SEALED={folder.name} 指出文件)")
    return Published(folder)


def _compared(sealed: Published, now: Published, name: str) -> tuple[pd.DataFrame, list[str]]:
    was, heading = sealed.heading, now.heading
    difference = compare(
        (sealed["township_ranking"], now["township_ranking"]),
        (sealed["change_results"], now["change_results"]),
        (was.official.value, heading.official.value),
    )
    county = (
        sealed["county_result"].to_dict("records")[0],
        now["county_result"].to_dict("records")[0],
    )
    ranking = now["township_ranking"]
    names = dict(zip(ranking["township_code"], ranking["township_name"], strict=True))
    table = since_table(difference.changes, difference.townships, county, (was, heading), names)
    basis = differing_basis(basis_of(was, sealed.basis), basis_of(heading, now.basis))
    first, *rest = since_lines(table, name)
    return table, [
        first,
        *(f"  {line}" for line in basis_lines(basis) if "不同" in line),
        *rest,
    ]
