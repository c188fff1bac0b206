"""What a table says, whatever its bytes; damage is another content, or none that can be read."""

import sqlite3
from contextlib import closing

from pipeline.io.geopackage_content import content_hashes

COLUMNS = b"fid INTEGER PRIMARY KEY, name TEXT"


def test_any_bit_of_the_columns_tells(tmp_path):
    path = tmp_path / "parcels.gpkg"
    with closing(sqlite3.connect(path)) as base, base:
        base.execute(f"CREATE TABLE parcels ({COLUMNS.decode()})")
        base.execute("INSERT INTO parcels VALUES (1, '旱地')")
    whole, sound = path.read_bytes(), content_hashes(path)
    assert list(sound) == ["parcels"]
    start = whole.index(COLUMNS)
    for at in range(start, start + len(COLUMNS)):
        for bit in (0x01, 0x08, 0x80):
            path.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
            content_hashes(path)  # whatever it is: never an error
    name = whole.index(b"name TEXT")
    path.write_bytes(whole[:name] + bytes([whole[name] ^ 0x80]) + whole[name + 1 :])
    assert content_hashes(path) != sound
