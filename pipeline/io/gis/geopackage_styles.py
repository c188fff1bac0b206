"""What a GeoPackage says beside its records (GeoPackage 附带信息): styles, captions, code lists.

QGIS reads ``layer_styles`` when a layer is added; GDAL, and what is built on it, reads the schema
extension of the standard. Identifiers and times are fixed: the same content, the same bytes.
"""

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.io.gis.arrow import SHAPE
from pipeline.schema.gis import GisLayer, caption
from pipeline.schema.meanings import meaning_of

_LONG_AGO = "2000-01-01T00:00:00.000Z"  # the one time stamp; a run's own dates are in the data
_STYLE = "默认"
_TABLES = """
CREATE TABLE layer_styles (
  id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, f_table_catalog TEXT(256),
  f_table_schema TEXT(256), f_table_name TEXT(256), f_geometry_column TEXT(256),
  styleName TEXT(30), styleQML TEXT, styleSLD TEXT, useAsDefault BOOLEAN, description TEXT,
  owner TEXT(30), ui TEXT(30), update_time DATETIME DEFAULT '{now}');
CREATE TABLE IF NOT EXISTS gpkg_data_columns (
  table_name TEXT NOT NULL, column_name TEXT NOT NULL, name TEXT, title TEXT, description TEXT,
  mime_type TEXT, constraint_name TEXT,
  CONSTRAINT pk_gdc PRIMARY KEY (table_name, column_name),
  CONSTRAINT gdc_tn UNIQUE (table_name, name));
CREATE TABLE IF NOT EXISTS gpkg_data_column_constraints (
  constraint_name TEXT NOT NULL, constraint_type TEXT NOT NULL, value TEXT, min NUMERIC,
  min_is_inclusive BOOLEAN, max NUMERIC, max_is_inclusive BOOLEAN, description TEXT,
  CONSTRAINT gdcc_ntv UNIQUE (constraint_name, constraint_type, value));
CREATE TABLE IF NOT EXISTS gpkg_extensions (
  table_name TEXT, column_name TEXT, extension_name TEXT NOT NULL, definition TEXT NOT NULL,
  scope TEXT NOT NULL, CONSTRAINT ge_tce UNIQUE (table_name, column_name, extension_name));
INSERT INTO gpkg_contents (table_name, data_type, identifier, description, last_change)
  VALUES ('layer_styles', 'attributes', 'layer_styles', '', '{now}');
DELETE FROM gpkg_extensions WHERE extension_name = 'gpkg_schema';
INSERT INTO gpkg_extensions VALUES
  ('gpkg_data_columns', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write'),
  ('gpkg_data_column_constraints', NULL, 'gpkg_schema',
   'http://www.geopackage.org/spec121/#extension_schema', 'read-write');
DELETE FROM gpkg_data_columns;
"""


def write_styles(path: Path, layers: Sequence[GisLayer], styles: Mapping[str, str]) -> None:
    """Add captions, code lists and the default style of each layer (layer name → QML)."""
    base = sqlite3.connect(path)
    try:
        with base:
            base.executescript(_TABLES.format(now=_LONG_AGO))
            for layer in layers:
                _write_captions(base, layer)
                if layer.name in styles:
                    _write_style(base, layer.name, styles[layer.name])
    finally:
        base.close()


def _write_captions(base: sqlite3.Connection, layer: GisLayer) -> None:
    for column in layer.table.columns:
        text = caption(column)
        words = layer.code_lists.get(column.name)
        listed = f"{layer.name}_{column.name}" if words else None
        base.execute(
            "INSERT INTO gpkg_data_columns VALUES (?, ?, ?, ?, ?, NULL, ?)",
            (layer.name, column.name, text, text, meaning_of(column.name), listed),
        )
        base.executemany(
            "INSERT INTO gpkg_data_column_constraints"
            " VALUES (?, 'enum', ?, NULL, NULL, NULL, NULL, ?)",
            [(listed, code, word) for code, word in (words or {}).items()],
        )


def _write_style(base: sqlite3.Connection, layer: str, qml: str) -> None:
    base.execute(
        "INSERT INTO layer_styles (f_table_catalog, f_table_schema, f_table_name,"
        " f_geometry_column, styleName, styleQML, styleSLD, useAsDefault, description, owner)"
        " VALUES ('', '', ?, ?, ?, ?, '', 1, '', '')",
        (layer, SHAPE, _STYLE, qml),
    )
