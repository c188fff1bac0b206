"""What a clerk does to a working copy: fills rows in, sorts, hides, spoils."""

import csv
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import openpyxl

from pipeline.schema.gis import caption
from pipeline.schema.review import REVIEW

LABELS = {column.name: caption(column) for column in REVIEW.columns}
HEADER = 3
RULED = {
    "review_verdict": "合法",
    "review_reason": "已核对批文原件",
    "ruled_by": "王审核",
    "ruled_on": date(2025, 2, 1),
}


class Sheet:
    """The workbook, its rows by change and township."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.book = openpyxl.load_workbook(path)
        self.page = self.book["复核"]
        header = [cell.value for cell in self.page[HEADER]]
        self.places = {name: header.index(label) + 1 for name, label in LABELS.items()}

    def row(self, change_id: str, township_code: str | None = None) -> int:
        found = [
            row
            for row in range(HEADER + 1, self.page.max_row + 1)
            if self.get(row, "change_id") == change_id
            and township_code in (None, self.get(row, "township_code"))
        ]
        return found[0]

    def get(self, row: int, name: str) -> object:
        return self.page.cell(row, self.places[name]).value

    def rule(self, change_id: str, township_code: str | None = None, **values: object) -> int:
        row = self.row(change_id, township_code)
        for name, value in (RULED | values).items():
            self.page.cell(row, self.places[name]).value = value
        return row

    def set(self, change_id: str, name: str, value: object) -> None:
        self.page.cell(self.row(change_id), self.places[name]).value = value

    def sort(self, names: list[str], key: str = "change_id") -> None:
        """Sort these columns of all rows, largest key first; the others stay."""
        rows = range(HEADER + 1, self.page.max_row + 1)
        order = sorted(rows, key=lambda row: str(self.get(row, key)), reverse=True)
        for name in names:
            values = [self.get(row, name) for row in order]
            for row, value in zip(rows, values, strict=True):
                self.page.cell(row, self.places[name]).value = value

    def save(self, path: Path | None = None) -> Path:
        self.book.save(path or self.path)
        return path or self.path


def rule_in_layer(path: Path, change_id: str, *, keep_open: bool = False, **values: object):
    """Write a ruling into the layer, as QGIS does; it may keep the file open (WAL)."""
    base = sqlite3.connect(path)
    for function in ("ST_IsEmpty", "ST_MinX", "ST_MinY", "ST_MaxX", "ST_MaxY"):
        base.create_function(function, 1, lambda _: None)  # triggers name them; no shape moves
    if keep_open:
        base.execute("PRAGMA journal_mode=wal")
        base.execute("PRAGMA wal_autocheckpoint=0")
    ruled = RULED | {"review_verdict": "legal", "ruled_on": "2025-02-01"} | values
    sets = ", ".join(f"{name} = ?" for name in ruled)
    base.execute(f"UPDATE review SET {sets} WHERE change_id = ?", [*ruled.values(), change_id])
    base.commit()
    if keep_open:
        return base
    base.close()
    return None


def layer_rows(path: Path) -> list[tuple]:
    with closing(sqlite3.connect(path)) as base:
        return base.execute("SELECT change_id, township_code FROM review").fetchall()


def records(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))
