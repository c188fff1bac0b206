"""Where a GeoPackage comes from, said in it (GeoPackage 来源): the metadata table of the standard.

GDAL shows it as metadata of the data set (``ogrinfo``, ``pyogrio.read_info``), and it is no layer
that a reader might take for data. It is plain text: what stands in GDAL's own XML, every reader
that only opens the file writes out again beside it, as ``….gpkg.aux.xml``, and a folder of results
would no longer be as it was published.
"""

import sqlite3
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

_LONG_AGO = "2000-01-01T00:00:00.000Z"  # the one time stamp: the same content, the same bytes
_SPECIFICATION = "http://www.geopackage.org/spec121/#extension_metadata"
_TABLES = """
CREATE TABLE gpkg_metadata (
  id INTEGER CONSTRAINT m_pk PRIMARY KEY ASC NOT NULL, md_scope TEXT NOT NULL DEFAULT 'dataset',
  md_standard_uri TEXT NOT NULL, mime_type TEXT NOT NULL DEFAULT 'text/xml',
  metadata TEXT NOT NULL DEFAULT '');
CREATE TABLE gpkg_metadata_reference (
  reference_scope TEXT NOT NULL, table_name TEXT, column_name TEXT, row_id_value INTEGER,
  timestamp DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')),
  md_file_id INTEGER NOT NULL, md_parent_id INTEGER,
  CONSTRAINT crmr_mfi_fk FOREIGN KEY (md_file_id) REFERENCES gpkg_metadata(id),
  CONSTRAINT crmr_mpi_fk FOREIGN KEY (md_parent_id) REFERENCES gpkg_metadata(id));
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
"""


def write_story(path: Path, story: Sequence[tuple[str, str]]) -> None:
    """Write pairs of name and text into a GeoPackage that has no metadata yet."""
    said = "；".join(f"{name}：{text}" for name, text in story)
    with closing(sqlite3.connect(path)) as base, base:
        base.executescript(_TABLES)
        base.executemany(
            "INSERT INTO gpkg_extensions VALUES (?, NULL, 'gpkg_metadata', ?, 'read-write')",
            [(name, _SPECIFICATION) for name in ("gpkg_metadata", "gpkg_metadata_reference")],
        )
        base.execute(
            "INSERT INTO gpkg_metadata VALUES (1, 'dataset', 'http://gdal.org', 'text/plain', ?)",
            (said,),
        )
        base.execute(
            "INSERT INTO gpkg_metadata_reference"
            " VALUES ('geopackage', NULL, NULL, NULL, ?, 1, NULL)",
            (_LONG_AGO,),
        )
