"""Everything that stands in a file, unpacked: what a byte search for a text has to look at."""

import base64
import io
import re
import sqlite3
import zipfile
import zlib
from contextlib import closing
from pathlib import Path

import pyarrow.parquet
import pypdf

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_EMBEDDED = re.compile(rb"data:[\w/+.-]+;base64,([A-Za-z0-9+/=]+)")


def files(folder):
    """Yield (name, bytes) of every file below a folder and of every file packed in one."""
    for path in sorted(Path(folder).rglob("*")):
        if path.is_file():
            yield from unpacked(path.name, path.read_bytes())


def unpacked(name, data):
    """Yield a file, and what its format packs or compresses, as often as it is packed."""
    yield name, data
    for start, opened in _OPENED.items():
        if data.startswith(start):
            yield from opened(name, data)
    for found in _EMBEDDED.findall(data):
        yield from unpacked(f"{name}!data", base64.b64decode(found))


def _members(name, data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for member in archive.infolist():
            yield f"{name}!", member.filename.encode()
            yield from unpacked(f"{name}!{member.filename}", archive.read(member))


def _pages(name, data):
    for stream in _STREAM.findall(data):
        try:
            yield f"{name}!stream", zlib.decompressobj().decompress(stream)
        except zlib.error:
            yield f"{name}!stream", stream
    reader = pypdf.PdfReader(io.BytesIO(data))
    pages = [page.extract_text() for page in reader.pages]
    yield f"{name}!text", "\n".join([*pages, str(reader.metadata)]).encode()


def _columns(name, data):
    table = pyarrow.parquet.read_table(io.BytesIO(data))
    for column in table.column_names:
        values = table[column].to_pylist()
        yield f"{name}!{column}", "\n".join(v for v in values if isinstance(v, str)).encode()
    yield f"{name}!schema", str(table.schema.metadata).encode()


def _png_texts(name, data):
    at = 8
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4]), data[at + 4 : at + 8]
        chunk = data[at + 8 : at + 8 + length]
        if kind in {b"zTXt", b"iTXt", b"tEXt", b"eXIf"}:
            yield f"{name}!{kind.decode()}", chunk
            for start in range(len(chunk)):
                if chunk[start : start + 1] == b"x":
                    try:
                        yield f"{name}!{kind.decode()}", zlib.decompress(chunk[start:])
                    except zlib.error:
                        continue
        at += length + 12


def _rows(name, data):
    with closing(sqlite3.connect(":memory:")) as database:
        database.deserialize(data)
        tables = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        for (table,) in tables.fetchall():
            try:
                rows = database.execute(f'SELECT * FROM "{table}"').fetchall()
            except sqlite3.OperationalError:  # a virtual table: its rows are in the others
                continue
            texts = (value for row in rows for value in row if isinstance(value, str))
            yield f"{name}!{table}", "\n".join(texts).encode()


_OPENED = {
    b"PK\x03\x04": _members,
    b"%PDF": _pages,
    b"\x89PNG": _png_texts,
    b"PAR1": _columns,
    b"SQLite format 3\0": _rows,
}


def spellings(text):
    """Return the bytes that a text may stand as."""
    escaped = "".join(f"\\u{ord(char):04x}" for char in text)
    entities = "".join(f"&#{ord(char)};" for char in text)
    coded = {text.encode(code, "ignore") for code in ("gbk", "utf-16-le", "utf-16-be")}
    if text.encode("gbk", "ignore").decode("gbk") != text:
        coded.discard(text.encode("gbk", "ignore"))
    return {
        text.encode(),
        *coded,
        escaped.encode(),
        escaped.upper().encode(),
        entities.encode(),
    }


def occurrences(texts, found):
    """Return (text, file) of every text that stands anywhere in the files."""
    wanted = [(text, spelling) for text in texts for spelling in spellings(text)]
    return [
        (text, name) for name, data in found for text, spelling in wanted if spelling in data
    ]
