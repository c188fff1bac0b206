"""SQLite files read without a trace (SQLite 只读)."""

import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

_WAL_MODE = b"\x02"
_LOGS = ("-wal", "-journal")


@contextmanager
def undisturbed(path: Path) -> Iterator[Path]:
    """Give a path that may be opened by anything without a change to the file (原件不动).

    A program that died left its last edits beside the file, in ``-wal`` or ``-journal``. Whoever
    opens it, even to read, has SQLite write them into the file and delete them: so it is a copy
    that is opened.
    """
    logs = [path.with_name(path.name + end) for end in _LOGS]
    if not any(log.exists() for log in logs):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        for file in (path, *(log for log in logs if log.exists())):
            shutil.copyfile(file, Path(folder) / file.name)
        copy = Path(folder) / path.name
        # opened to write, SQLite finishes or takes back what the program had begun
        with suppress(sqlite3.Error), closing(sqlite3.connect(copy)) as base:
            base.execute("SELECT name FROM sqlite_master").fetchall()
        yield copy


@contextmanager
def read_only(path: Path) -> Iterator[sqlite3.Connection]:
    """Give a connection that only reads, including what waits in ``-wal`` beside the file.

    A file that was last in WAL mode and is closed now (as QGIS leaves them) would get an empty
    ``-wal`` beside it, as if somebody had it open. Nobody has, so it is read as one that cannot
    change. Raises ``sqlite3.Error``.
    """
    with path.open("rb") as file:
        is_in_wal_mode = file.read(20)[18:19] == _WAL_MODE
    with undisturbed(path) as found:
        is_closed = is_in_wal_mode and found == path
        how = "immutable=1" if is_closed else "mode=ro"
        address = f"{found.resolve().as_uri()}?{how}"
        with closing(sqlite3.connect(address, uri=True)) as base:
            try:
                yield base
            except UnicodeDecodeError as error:  # SQLite quotes what is damaged, byte for byte
                raise sqlite3.DatabaseError("malformed database schema") from error
