"""Where each table of the stages lies, read when it is asked for (阶段成果的存取)."""

import os
import shutil
from collections.abc import Container
from pathlib import Path

import pandas as pd

from pipeline.io.store import growing_table, read_columns, read_table, write_layer, write_table
from pipeline.io.table_writer import TableWriter
from pipeline.runner.fingerprint import file_hash
from pipeline.schema import derived, received
from pipeline.schema.table import Table

# name → its file under work/ and its contract (none: columns vary or are the runner's own).
FILES: dict[str, tuple[str, Table | None]] = {
    **{
        table.name: (f"received/{table.name}.parquet", table)
        for table in (*received.LAYERS, received.QUARANTINE, *received.LEDGERS)
    },
    "changes_original": ("received/changes_original.parquet", None),
    "quarantine_places": ("received/quarantine_places.parquet", None),
    "balances": ("received/balances.parquet", None),
    "pieces": ("pieces.parquet", None),
    "piece_shapes": ("piece_shapes.parquet", None),
    "coverage": ("coverage.parquet", derived.COVERAGE),
    "constraint_areas": ("constraints.parquet", derived.CONSTRAINT_AREAS),
    "change_balances": ("change_balances.parquet", None),
    "judged": ("judged.parquet", None),
    "rectified": ("rectified.parquet", derived.RECTIFIED),
    "change_results": ("change_results.parquet", derived.CHANGE_RESULTS),
    "township_sums": ("township_sums.parquet", None),
    "office_sums": ("office_sums.parquet", None),
    "county_sums": ("county_sums.parquet", None),
    "township_ranking": ("township_ranking.parquet", derived.TOWNSHIP_RANKING),
    "office_ranking": ("office_ranking.parquet", derived.OFFICE_RANKING),
    "county_result": ("county_result.parquet", derived.COUNTY_RESULT),
    **{
        f"findings_{stage}": (f"findings/{stage}.parquet", derived.DEFECTS)
        for stage in ("ingest", "hand", "overlay", "judge", "rectify", "aggregate", "rank")
    },
}


class Tables:
    """The tables of one workspace, old ones from ``work/``, new ones in the building folder."""

    def __init__(self, published: Path, building: Path | None = None) -> None:
        """Read from ``published``; write to ``building``, which starts as a copy of it."""
        self.folder = published
        self._read: dict[str, pd.DataFrame] = {}
        if building is not None:
            known = {file for file, _ in FILES.values()}
            link_all(published, building, known)  # what else lies there is nobody's
            self.folder = building

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table, from memory where it was read or made in this run."""
        if name not in self._read:
            self._read[name] = read_table(self.path(name), FILES[name][1])
        return self._read[name]

    def columns(self, name: str, *columns: str) -> pd.DataFrame:
        """Return some columns of a table; they are not kept in memory."""
        return read_columns(self.path(name), columns)

    def __setitem__(self, name: str, frame: pd.DataFrame) -> None:
        """Write a table; it is read back when asked for, so that both ways are the same."""
        path = self.path(name)
        path.unlink(missing_ok=True)  # never write into a file that the published folder shares
        file, table = FILES[name]
        is_layer = table is not None and table.geometry and file.startswith("received/")
        write = write_layer if is_layer else write_table
        write(path, frame, table)
        self._read.pop(name, None)

    def growing(self, name: str, table: Table, crs: str) -> TableWriter:
        """Return a writer of a table that comes block by block; a ``with`` closes it."""
        self._read.pop(name, None)
        return growing_table(self.path(name), table, crs)

    def path(self, name: str) -> Path:
        """Return the file of a table."""
        return self.folder / FILES[name][0]

    def hash(self, name: str) -> str | None:
        """Return the SHA-256 of a table's file, null where it does not exist."""
        path = self.path(name)
        return file_hash(path) if path.is_file() else None


def link_all(source: Path, target: Path, known: Container[str] | None = None) -> None:
    """Give ``target`` every file of ``source``, or those that are ``known``, without copying.

    Where the disk has no second names for a file it is copied after all.
    """
    target.mkdir(parents=True, exist_ok=True)
    for file in sorted(source.rglob("*")) if source.is_dir() else ():
        name = file.relative_to(source)
        if file.is_dir() or (known is not None and name.as_posix() not in known):
            continue
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        try:
            os.link(file, place)
        except OSError:
            shutil.copy2(file, place)
