"""Which polygons may bound a piece of which change (界线来源)."""

import numpy as np

from pipeline.geometry.layers import NOTHING, Block
from pipeline.geometry.sweep.areas import Areas, Ground
from pipeline.geometry.sweep.rings import Indices


def holders(block: Block, ground: Ground, areas: Areas, several: Indices) -> Indices:
    """Return the pairs of some of the changes and polygons (by number in the ground).

    All polygons with an answer that has ground of the change: the sweep names only one of them.
    """
    found = [np.zeros((0, 2), dtype=np.int64)]
    rows = np.isin(areas.change, several)
    for number, layer in enumerate(block.cutting):
        polygon = areas.polygon[:, number]
        met = np.flatnonzero(rows & (polygon != NOTHING))
        key = np.column_stack([areas.change[met], layer.codes[polygon[met]]])
        change, code = np.unique(key, axis=0).T
        start = np.searchsorted(layer.codes, code, "left")
        count = np.searchsorted(layer.codes, code, "right") - start
        before = np.cumsum(count) - count
        one = np.arange(count.sum()) + np.repeat(start - before, count)
        pairs = np.column_stack([np.repeat(change, count), one])
        a = block.changes.box[pairs[:, 0]]
        b = ground.rings.box[pairs[:, 1] + ground.first[number]]
        near = (a[:, :2] < b[:, 2:]).all(axis=1) & (b[:, :2] < a[:, 2:]).all(axis=1)
        found.append(pairs[near] + [0, ground.first[number]])
    return np.concatenate(found)
