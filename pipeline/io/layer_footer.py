"""What the end of a layer's file says (文件尾): its columns, and the box of each row group."""

import json
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import fs
from pyproj import CRS

from pipeline.geometry.sweep.rings import Floats, Indices

EDGES = ("xmin", "ymin", "xmax", "ymax")


class Identity(NamedTuple):
    """What changes when a file is written anew."""

    path: str
    mtime_ns: int | None  # some stores know none
    size: int


class Footer(NamedTuple):
    """What the end of the file says."""

    identity: Identity
    metadata: pq.FileMetaData
    schema: pa.Schema
    shape: str
    covering: str
    crs: CRS | None
    boxes: Floats  # of the row groups; NaN: unknown
    start: Indices  # the first row of each row group, and the end


@lru_cache(maxsize=64)
def place_of(path: str) -> tuple[fs.FileSystem, str]:
    """Return the file system of a path or URL, and the path in it."""
    if "://" not in path:
        return fs.LocalFileSystem(), path
    try:
        system, place = fs.FileSystem.from_uri(path)
    except pa.ArrowInvalid:  # not one of Arrow's own: fsspec, which dask brings, knows more
        from fsspec.core import url_to_fs  # type: ignore[import-untyped]

        found, place = url_to_fs(path)
        system = fs.PyFileSystem(fs.FSSpecHandler(found))
    return system, place


def identity_of(path: str) -> Identity:
    """Return the identity of a file; ``FileNotFoundError`` where there is none."""
    system, place = place_of(path)
    info = system.get_file_info(place)
    if info.type != fs.FileType.File:
        raise FileNotFoundError(path)
    return Identity(path, info.mtime_ns, info.size)


def stamp_of(identity: Identity) -> tuple[int, int]:
    """Return what machines that share a file see alike: the second and the size."""
    return (identity.mtime_ns or 0) // 10**9, identity.size


@lru_cache(maxsize=64)
def footer(path: str, identity: Identity) -> Footer:
    """Return the footer of the file of that identity; ``ValueError`` without a covering."""
    system, place = place_of(path)
    with pq.ParquetFile(place, filesystem=system) as file:
        metadata, schema = file.metadata, file.schema_arrow
    shape, covering, crs = _described(path, schema)
    groups = [metadata.row_group(i) for i in range(metadata.num_row_groups)]
    leaves = {metadata.schema.column(i).path: i for i in range(metadata.num_columns)}
    at = [leaves[f"{covering}.{edge}"] for edge in EDGES]
    boxes = np.array([_extent(group, at) for group in groups]).reshape(-1, 4)
    start = np.cumsum([0, *(group.num_rows for group in groups)]).astype(np.int64)
    return Footer(identity, metadata, schema, shape, covering, crs, boxes, start)


def _extent(group: pq.RowGroupMetaData, at: Sequence[int]) -> list[float]:
    """Return the box of a row group, NaN where its statistics do not say."""
    found = [group.column(leaf).statistics for leaf in at]
    if not all(edge is not None and edge.has_min_max for edge in found):
        return [np.nan] * 4
    return [found[0].min, found[1].min, found[2].max, found[3].max]


def _described(path: str, schema: pa.Schema) -> tuple[str, str, CRS | None]:
    """Return the names of the shape and the covering, and the CRS."""
    geo = json.loads((schema.metadata or {}).get(b"geo", b"{}"))
    shape = str(geo.get("primary_column"))
    column = geo.get("columns", {}).get(shape, {})
    covering = column.get("covering", {}).get("bbox", {})
    names = {tuple(place) for place in covering.values()}
    owner = next(iter(names), ("",))[0]
    if column.get("encoding") != "WKB" or names != {(owner, edge) for edge in EDGES}:
        raise ValueError(f"{path} is no GeoParquet of WKB with a covering bbox")
    crs = column.get("crs", "OGC:CRS84")
    return shape, owner, None if crs is None else CRS.from_user_input(crs)
