"""Everything the tables know of a change, for one or for many changes (图斑案卷)."""

import itertools
from typing import Any

import pandas as pd

from pipeline.report.explain.text import Evidence
from pipeline.runner.stage import findings_table, read_findings
from pipeline.runner.tables import Tables
from pipeline.schema.derived import JUDGED

Places = dict[str, tuple[int, int]]
_ORIGINAL = "原:"


class Dossiers:
    """The dossiers of a workspace (案卷): each table is sorted by change once, when first asked."""

    def __init__(self, tables: Tables, source: str) -> None:
        """Look into the tables of a workspace; ``source`` names the file of the changes."""
        self._tables, self._source = tables, source
        self._frames: dict[str, pd.DataFrame] = {}
        self._places: dict[str, Places] = {}

    def __getitem__(self, change_id: str) -> Evidence:
        """Return what is known of a change; its tables are empty where it is unknown."""
        pieces = self._about("judged", change_id)
        ranking = self._tables["township_ranking"]
        return Evidence(
            change_id=change_id,
            source=self._source,
            original=self._original(change_id),
            received=self._about("changes", change_id),
            pieces=pieces,
            coverage=self._about("coverage", change_id),
            constraints=self._about("constraint_areas", change_id),
            rulings=self._about("rulings", change_id),
            rectifications=self._about("rectifications", change_id),
            rectified=self._about("rectified", change_id),
            result=self._about("change_results", change_id),
            townships=ranking[ranking["township_code"].isin(pieces["township_code"])],
            findings=self._about("findings", change_id),
        )

    def _about(self, name: str, change_id: str) -> pd.DataFrame:
        if name not in self._frames:
            frame = self._table(name)
            rows, self._places[name] = _places(frame)
            self._frames[name] = frame.iloc[rows]
        first, last = self._places[name].get(change_id, (0, 0))
        return self._frames[name].iloc[first:last]

    def _table(self, name: str) -> pd.DataFrame:
        if name == "findings":
            return self._findings()
        frame = self._tables[name]
        # The pieces also carry eight columns for each kind of approval: too many to cut a
        # thousand times, and the approval that decided is in columns of its own.
        known = [*JUDGED.names, "geometry"]
        return frame[[one for one in frame if one in known]] if name == "judged" else frame

    def _findings(self) -> pd.DataFrame:
        return findings_table(list(read_findings(self._tables)))

    def _original(self, change_id: str) -> dict[str, Any]:
        records = self._about("changes_original", change_id).to_dict("records")
        return {
            str(name).removeprefix(_ORIGINAL): value
            for record in records[:1]
            for name, value in record.items()
            if name != "change_id"
        }


def _places(frame: pd.DataFrame) -> tuple[list[int], Places]:
    """Return the rows ordered by change, else as they were, and where each change's begin and end."""
    if "change_id" in frame:
        about = [[str(change)] for change in frame["change_id"]]
    else:
        about = [_spoken_of(record) for record in frame["record"].astype(str)]
    rows: dict[str, list[int]] = {}
    for row, changes in enumerate(about):
        for change in changes:
            rows.setdefault(change, []).append(row)
    ordered = [row for mine in rows.values() for row in mine]
    ends = list(itertools.accumulate(len(mine) for mine in rows.values()))
    starts = [0, *ends]
    return ordered, dict(zip(rows, zip(starts, ends, strict=False), strict=True))


def _spoken_of(record: str) -> list[str]:
    """Return what a finding may speak of: its record, with and without words added to it."""
    words = record.split(" ")
    return [" ".join(words[:count]) for count in range(1, len(words) + 1)]
