"""SQLite files read without a trace (SQLite 只读)."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

_WAL_MODE = b"\x02"


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that only reads, including what waits in ``-wal`` beside the file.

    A file that was last in WAL mode and is closed now (as QGIS leaves them) would get an empty
    ``-wal`` beside it, as if somebody had it open. Nobody has, so it is read as one that cannot
    change. Raises ``sqlite3.Error``.
    """
    with path.open("rb") as file:
        is_in_wal_mode = file.read(20)[18:19] == _WAL_MODE
    is_closed = is_in_wal_mode and not path.with_name(path.name + "-wal").exists()
    how = "immutable=1" if is_closed else "mode=ro"
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?{how}", uri=True)) as base:
        yield base
