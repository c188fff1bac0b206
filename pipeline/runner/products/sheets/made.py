"""Which evidence sheets were made, for the products that lead to them (已出的核查单)."""

from pathlib import Path

import pandas as pd

from pipeline.report.figures import is_null
from pipeline.report.sheets.files import picture_file, sheet_file


def sheet_links(out: Path, changes: pd.DataFrame, ranking: pd.DataFrame) -> dict[str, str]:
    """Return where in ``out`` the sheet of each change is (核查单位置): its picture, else its bundle.

    Only what was made is told: the sheets come before what leads to them.
    """
    made = {path.relative_to(out).as_posix() for path in out.glob("sheets/**/*.*")}
    names = dict(zip(ranking["township_code"], ranking["township_name"], strict=True))
    is_flagged = (changes["illegal_m2"] > 0) | (changes["doubtful_m2"] > 0)
    links = {}
    for change_id, code, flagged in zip(
        changes["change_id"], changes["township_code"], is_flagged, strict=True
    ):
        bundle = _bundle(code, names) if flagged else ""
        file = next((name for name in (picture_file(change_id), bundle) if name in made), None)
        if file is not None:
            links[str(change_id)] = file
    return links


def _bundle(code: object, names: dict[str, object]) -> str:
    if is_null(code):
        return sheet_file(None, None)
    name = names.get(str(code))
    return sheet_file(str(code), None if is_null(name) or name == code else str(name))
