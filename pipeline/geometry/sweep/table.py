"""Areas by key (分键累计): one row for each different set of answers, found by hashing."""

from typing import Any, NamedTuple

import numpy as np

from pipeline.geometry.sweep.compiled import compiled_bare
from pipeline.geometry.sweep.inside import NOBODY
from pipeline.geometry.sweep.rings import Floats, Indices

_MIX = -7046029254386353131  # an odd number without a pattern (2^64 / golden ratio)


class Table(NamedTuple):
    """Rows with their ``key``, ``area`` and ``winner`` polygon in each layer (-1: none).

    ``place`` (a power of two long) holds the row number + 1 where a key hashes to, 0 is free;
    ``used`` is where each row has its place.
    """

    key: Indices
    area: Floats
    winner: Indices
    place: Indices
    used: Indices


def table_for(most: int, layers: int) -> Table:
    """Return room for so many rows (a power of two)."""
    whole = np.zeros((2, most), np.int64)
    winners = np.zeros((most, layers), np.int64)
    return Table(whole[0], np.zeros(most), winners, np.zeros(2 * most, np.int64), whole[1])


@compiled_bare
def row_of_key(table: Table, rows: int, key: int, near: Any, held: Any, is_exact: bool) -> Any:
    """Return the row of a key, a new one (number ``rows``) where it is new, -1 without room.

    Where the answers of all layers together do not fit into 64 bits, different answers may have
    one key: ``is_exact`` is then false, and the answers themselves are compared.
    """
    mask = len(table.place) - 1
    at = (key * _MIX >> 20) & mask
    while table.place[at] != 0:
        row = table.place[at] - 1
        if table.key[row] == key and (is_exact or _same(table, row, near, held)):
            return row
        at = (at + 1) & mask
    if rows == len(table.key):
        return -1
    table.place[at] = rows + 1
    table.used[rows] = at
    table.key[rows] = key
    table.area[rows] = 0.0
    for layer in range(table.winner.shape[1]):
        winner = held.winner[0, layer]
        table.winner[rows, layer] = winner
    return rows


@compiled_bare
def _same(table: Table, row: int, near: Any, held: Any) -> bool:
    for layer in range(table.winner.shape[1]):
        a, b = table.winner[row, layer], held.winner[0, layer]
        if a != b and (min(a, b) == NOBODY or near.answer[a] != near.answer[b]):
            return False
    return True


@compiled_bare
def emptied(table: Table, rows: int) -> None:
    """Forget all rows."""
    for row in range(rows):
        table.place[table.used[row]] = 0
