"""Everything the tables know of a change, for one or for many changes (图斑案卷)."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.report.evidence_text import Evidence
from pipeline.runner.stage import findings_table, read_findings
from pipeline.runner.tables import Tables

Rows = npt.NDArray[np.intp]
Places = dict[str, Rows]
_ORIGINAL = "原:"
_NOWHERE: Rows = np.array([], dtype=np.intp)


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
            frame = self._findings() if name == "findings" else self._tables[name]
            self._frames[name] = frame
            self._places[name] = _places(frame)
        return self._frames[name].iloc[self._places[name].get(change_id, _NOWHERE)]

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


def _places(frame: pd.DataFrame) -> Places:
    """Return the row numbers of each change, in the order of the table."""
    if "change_id" in frame:
        rows = pd.Series(np.arange(len(frame), dtype=np.intp))
        groups = rows.groupby(frame["change_id"].to_numpy(), sort=False)
        return {str(change): part.to_numpy() for change, part in groups}
    places: dict[str, list[int]] = {}
    for row, record in enumerate(frame["record"].astype(str)):
        for change in _spoken_of(record):
            places.setdefault(change, []).append(row)
    return {change: np.array(rows, dtype=np.intp) for change, rows in places.items()}


def _spoken_of(record: str) -> list[str]:
    """Return what a finding may speak of: its record, with and without words added to it."""
    words = record.split(" ")
    return [" ".join(words[:count]) for count in range(1, len(words) + 1)]
