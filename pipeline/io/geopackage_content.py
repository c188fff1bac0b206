"""What a GeoPackage says, whatever its bytes (GeoPackage 内容): rows, styles and captions by table.

A program that opens a GeoPackage may rewrite pages of it without changing a word: SQLite counts
changes, keeps a log, builds its index anew. So beside the hash of the bytes there is one for each
table, over its rows in an order of their own.
"""

import hashlib
import sqlite3
from pathlib import Path

from pipeline.io.sqlite_file import read_only

# The spatial index and counters are made from the rows; times tell when, not what.
_MADE = ("sqlite_", "rtree_", "gpkg_ogr_contents")
_TIMES = {"last_change", "update_time", "timestamp"}


def content_hashes(path: Path) -> dict[str, str]:
    """Return table → SHA-256 of its columns and rows; nothing where it cannot be read."""
    try:
        return _content_hashes(path)
    except sqlite3.Error:
        return {}


def _content_hashes(path: Path) -> dict[str, str]:
    with read_only(path) as base:
        base.text_factory = bytes  # a flipped bit in a text is content, not an error
        tables = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        names = sorted(name.decode() for (name,) in tables)
        return {name: _table_hash(base, name) for name in names if not name.startswith(_MADE)}


def _table_hash(base: sqlite3.Connection, table: str) -> str:
    described = base.execute(f"PRAGMA table_info({_quoted(table)})").fetchall()
    columns = [column for column in described if column[1].decode() not in _TIMES]
    wanted = ", ".join(_quoted(column[1].decode()) for column in columns)
    rows = base.execute(f"SELECT {wanted} FROM {_quoted(table)}")  # noqa: S608 (our own names)
    digests = sorted(hashlib.sha256(repr(row).encode()).digest() for row in rows)
    whole = hashlib.sha256(repr([column[1:4] for column in columns]).encode())
    for digest in digests:
        whole.update(digest)
    return whole.hexdigest()


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
