"""Work space of a sweep and what it writes (工作区): taken once, doubled where it is too small."""

from typing import Any, NamedTuple

import numpy as np

from pipeline.geometry.sweep.clip import Edges, edges_for
from pipeline.geometry.sweep.inside import Holders, Locals, holders_for, locals_for
from pipeline.geometry.sweep.rings import Flags, Floats, Indices
from pipeline.geometry.sweep.slab import Pairs, Slab, Trace, pairs_for, slab_for, trace_for
from pipeline.geometry.sweep.table import Table, table_for

_EDGES, _NEAR, _ROWS, _PAIRS, _TILES = 16384, 1024, 1024, 64, 4096


class Room(NamedTuple):
    """Work space for the tile at hand and the pile of tiles to do."""

    edges: Edges
    slab: Slab
    near: Locals
    held: Holders
    table: Table
    pairs: Pairs
    begin: Indices
    turn: Indices
    order: Indices
    tile: Floats
    tiles: Floats
    density: Floats


class Output(NamedTuple):
    """What a sweep writes; ``written`` counts its rows, pairs and trapezoids.

    A row is a change, the polygon of each layer that has the ground (-1: none) and their common
    ``area``. A change in several tiles may have several rows of the same polygons.
    A pair is two polygons of one layer with what they share of a change, and what of it the
    second one has lost to the first.
    """

    change: Indices
    polygon: Indices
    area: Floats
    pair_change: Indices
    one: Indices
    other: Indices
    shared: Floats
    lost: Floats
    trace: Trace
    written: Indices


def room_for(counts: Flags, times: int = 1) -> Room:
    """Return work space for layers, of which ``counts`` tells whether overlaps are wanted."""
    most = _EDGES * times
    begin, turn = np.empty((2, most), np.int64)
    return Room(
        edges_for(most),
        slab_for(most),
        locals_for(_NEAR * times),
        holders_for(counts),
        table_for(_ROWS * times, len(counts)),
        pairs_for(_PAIRS * times),
        begin,
        turn,
        np.empty(_NEAR * times, np.int64),
        np.empty(4),
        np.empty((_TILES * times, 4)),
        np.empty(6),
    )


def output_for(rows: int, pairs: int, layers: int, traced: int) -> Output:
    """Return room for so much output."""
    pair_change, one, other = np.empty((3, pairs), np.int64)
    shared, lost = np.empty((2, pairs))
    return Output(
        np.empty(rows, np.int64),
        np.empty((rows, layers), np.int64),
        np.empty(rows),
        pair_change,
        one,
        other,
        shared,
        lost,
        trace_for(traced),
        np.zeros(3, np.int64),
    )


def larger(output: Output) -> Output:
    """Return twice the room, with what was written."""
    rows, pairs, traced = (len(part) for part in (output.change, output.one, output.trace.row))
    made = output_for(2 * rows, 2 * pairs, output.polygon.shape[1], 2 * traced)
    for old, new in zip(_arrays(output), _arrays(made), strict=True):
        new[: len(old)] = old
    return made


def _arrays(output: Output) -> list[Any]:
    return [*output[:8], *output.trace, output.written]
