"""What a file is by its content, never by its name (格式识别)."""

import re
import sqlite3
from enum import StrEnum
from pathlib import Path

from pipeline.io.sqlite_file import read_only

_HEAD = 65_536
# A view is a program that runs when it is read, and may never end. The tables of a GeoPackage's
# own come first: one of the others is looked for in them.
_OWN_VIEWS = "SELECT name FROM sqlite_master WHERE type = 'view' AND substr(name, 1, 5) IN ('gpkg_', 'rtree')"
_VIEWS = "SELECT name FROM sqlite_master WHERE type = 'view' AND name IN (SELECT table_name FROM gpkg_contents)"


class Format(StrEnum):
    """The formats that are read; everything else is refused by what it looks like."""

    SHAPEFILE = "Shapefile"
    GEOPACKAGE = "GeoPackage"
    FILE_GDB = "FileGDB"
    GEOJSON = "GeoJSON"
    FLATGEOBUF = "FlatGeobuf"
    GEOPARQUET = "GeoParquet"
    COORDINATE_TEXT = "坐标 TXT"
    XLSX = "XLSX"
    TEXT = "文本"


DAMAGED_DATABASE = "损坏"  # so begins what a SQLite file is called whose pages do not hold
LAYER_FORMATS = ".shp、.gpkg、.gdb、.geojson、.fgb、.parquet、报批坐标 .txt"
LEDGER_FORMATS = "CSV(UTF-8 或 GBK)、.xlsx"

_MAGIC: tuple[tuple[bytes, Format | str], ...] = (
    (b"\x00\x00\x27\x0a", Format.SHAPEFILE),
    (b"fgb\x03fgb", Format.FLATGEOBUF),
    (b"PAR1", Format.GEOPARQUET),
    (b"\xd0\xcf\x11\xe0", "旧版 Office 文件(.xls)"),
    (b"\x00\x01\x00\x00Standard", "Access 个人地理数据库(.mdb)"),
    (b"\x1f\x8b", "gzip 压缩文件"),
    (b"Rar!", "RAR 压缩包"),
    (b"7z\xbc\xaf", "7z 压缩包"),
    (b"%PDF", "PDF"),
    (b"II*\x00", "TIFF 影像"),
    (b"MM\x00*", "TIFF 影像"),
    (b"AC10", "CAD 图(.dwg)"),
    (b"\xff\xfe", "UTF-16 文本(只接受 UTF-8 或 GBK 编码)"),
    (b"\xfe\xff", "UTF-16 文本(只接受 UTF-8 或 GBK 编码)"),
    (b"version https://git-lfs", "Git LFS 指针(数据本身没有取下来)"),
)
_XML = (
    ("ogrvrt", "OGR VRT(会转读别的文件或网址)"),
    ("<vrtdataset", "VRT(会转读别的文件或网址)"),
    ("wfs", "WFS 服务描述(要连网)"),
    ("<gdal_wms", "WMS 服务描述(要连网)"),
    ("<wcs_gdal", "WCS 服务描述(要连网)"),
    ("<html", "HTML 网页"),
    ("<!doctype html", "HTML 网页"),
    ("<table", "HTML 网页"),
    ("<kml", "KML"),
    ("<gpx", "GPX"),
    ("gml", "GML"),
    ("urn:schemas-microsoft-com:office:spreadsheet", "XML 表格(Excel 2003)"),
)
_BLOCK_HEADER = re.compile(r"^[^\r\n]*[,\uff0c][^\r\n]*[@\uff20]\s*$", re.MULTILINE)


def sniff(path: Path) -> Format | str:
    """Return the format of a file or folder, or in Chinese what it looks like instead."""
    if path.is_dir():
        return Format.FILE_GDB if _is_file_gdb(path) else "文件夹"
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head:
        return "空文件(empty,0 字节)"
    for magic, kind in _MAGIC:
        if head.startswith(magic):
            return kind
    if head.startswith(b"SQLite format 3\x00"):
        return _sqlite(path)
    if head.startswith(b"PK\x03\x04"):
        workbook = b"xl/" in head or b"[Content_Types].xml" in head
        return Format.XLSX if workbook else "zip 压缩包(里面的路径、大小和压缩比都不可信)"
    return _text(head)


def _is_file_gdb(folder: Path) -> bool:
    return any(entry.name.lower() == "a00000001.gdbtable" for entry in folder.iterdir())


def _sqlite(path: Path) -> Format | str:
    try:
        with read_only(path) as base:
            found = base.execute(
                "SELECT 1 FROM sqlite_master WHERE name = 'gpkg_contents'"
            ).fetchone()
            if not found:
                return "SQLite 数据库(不是 GeoPackage)"
            views = (base.execute(query).fetchone() for query in (_OWN_VIEWS, _VIEWS))
            if view := next(filter(None, views), None):
                return f"GeoPackage,但 {view[0]} 是视图(view),不是表:请导出为表"
            # every page read once: GDAL gives part of a damaged table without a word
            (state,) = base.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        return f"{DAMAGED_DATABASE}或不完整(truncated,截断)的 SQLite/GeoPackage:{error}"
    if state != "ok":
        return f"{DAMAGED_DATABASE}的 SQLite/GeoPackage:{state.splitlines()[-1]}"
    return Format.GEOPACKAGE


def _text(head: bytes) -> Format | str:
    if head.count(b"\0") > len(head) // 8:
        return "不认识的二进制文件或 UTF-16 文本(编码只接受 UTF-8 或 GBK)"
    text = head.decode("gb18030" if not _is_utf8(head) else "utf-8", "replace")
    text = text.lstrip("\ufeff \t\r\n")
    if text.startswith("<"):
        lowered = text[:4096].lower()
        return next((kind for mark, kind in _XML if mark in lowered), "XML")
    if text.startswith(("{", "[")) and not re.match(r"\[[^\]\"{]*[\u4e00-\u9fff]", text):
        return Format.GEOJSON
    if re.search(
        r"[\[\uff3b【]\s*(地块坐标|属性描述)\s*[\]\uff3d】]", text
    ) or _BLOCK_HEADER.search(text):
        return Format.COORDINATE_TEXT
    return Format.TEXT if "\0" not in text else "不认识的二进制文件"


def _is_utf8(head: bytes) -> bool:
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start > len(head) - 4  # the head may end inside a character
    return True
