"""Deliveries made byte by byte, so that every damage of the field can be made too."""

import struct
from collections.abc import Sequence
from pathlib import Path

import pyproj

from pipeline.errors import Finding
from pipeline.io.settings import LayerSettings

Ring = Sequence[tuple[float, float]]

# A 10 × 10 square, clockwise as the shells of a shapefile are, and a hole of 2 × 2 in it.
SHELL = [(0, 0), (0, 10), (10, 10), (10, 0), (0, 0)]
HOLE = [(4, 4), (6, 4), (6, 6), (4, 6), (4, 4)]


def section(**values: object) -> LayerSettings:
    return LayerSettings(path="changes.shp", **values)


def codes(findings: Sequence[Finding]) -> list[tuple[str, str]]:
    return [(found.code, found.severity) for found in findings]


def write_dbf(
    path: Path,
    fields: Sequence[tuple[bytes, str, int]],
    rows: Sequence[Sequence[bytes]],
    *,
    language: int = 0,
    deleted: Sequence[int] = (),
) -> None:
    size = 1 + sum(width for _, _, width in fields)
    head = struct.pack(
        "<B3BIHH17xB2x", 3, 124, 1, 1, len(rows), 33 + 32 * len(fields), size, language
    )
    for name, kind, width in fields:
        head += struct.pack("<11sc4xBB14x", name, kind.encode(), width, 0)
    body = b""
    for number, row in enumerate(rows):
        body += b"*" if number in deleted else b" "
        for value, (_, kind, width) in zip(row, fields, strict=True):
            body += value.rjust(width) if kind in "NF" else value.ljust(width)
    path.write_bytes(head + b"\r" + body + b"\x1a")


def write_shp(path: Path, shapes: Sequence[Sequence[Ring] | None]) -> None:
    """Write polygons (None: a null shape), rings in the order and direction given."""
    records, index, place = b"", b"", 100
    for number, rings in enumerate(shapes, start=1):
        content = struct.pack("<i", 0) if rings is None else _polygon(rings)
        records += struct.pack(">ii", number, len(content) // 2) + content
        index += struct.pack(">ii", place // 2, len(content) // 2)
        place += 8 + len(content)
    for file, body in ((path, records), (path.with_suffix(".shx"), index)):
        head = struct.pack(">i20xi", 9994, (100 + len(body)) // 2)
        head += struct.pack("<ii8d", 1000, 5, 0, 0, 10, 10, 0, 0, 0, 0)
        file.write_bytes(head + body)


def _polygon(rings: Sequence[Ring]) -> bytes:
    starts, points = [], []
    for ring in rings:
        starts.append(len(points))
        points.extend(ring)
    content = struct.pack("<i4dii", 5, 0, 0, 10, 10, len(rings), len(points))
    content += struct.pack(f"<{len(starts)}i", *starts)
    return content + b"".join(struct.pack("<2d", *point) for point in points)


def write_delivery(
    path: Path,
    *,
    names: Sequence[bytes] = (b"A", b"B"),
    cpg: str | None = None,
    epsg: int = 4549,
) -> Path:
    """Write a whole shapefile: one square a name, field ``XZQMC`` 20 bytes wide."""
    write_shp(path, [[SHELL]] * len(names))
    write_dbf(path.with_suffix(".dbf"), [(b"XZQMC", "C", 20)], [[name] for name in names])
    path.with_suffix(".prj").write_text(pyproj.CRS.from_epsg(epsg).to_wkt("WKT1_ESRI"))
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    return path
