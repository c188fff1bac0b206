"""Areas of changes over layers (面积): the compiled sweep, called with arrays."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from pipeline.geometry.sweep.grid import Grid, grid_over
from pipeline.geometry.sweep.rings import (
    Flags,
    Floats,
    Indices,
    Rings,
    Wkb,
    joined,
    rings_of_wkb,
    taken,
    turned,
)
from pipeline.geometry.sweep.room import Output, larger, output_for, room_for
from pipeline.geometry.sweep.rows import Rows, rows_over
from pipeline.geometry.sweep.slab import Trace
from pipeline.geometry.sweep.sweep import sweep
from pipeline.geometry.sweep.tile import DONE, ROOM

# Days as ordinals (``date.toordinal``); what is always so, or never, lies beyond all days.
ALWAYS, NEVER = -(2**62), 2**62
NO_DAY = 2**61

_PLANE = np.array([1.0, 0.0, 0.0, 0.0, 0.0, 0.0])


class Cover(NamedTuple):
    """One layer to sweep over (图层): polygons, as rings or WKB, in order of precedence.

    Polygons with equal ``answer`` answer the same, and stand together. ``terms`` (m × 3 days):
    approved and begun at the latest, ended at the earliest; a polygon in force on the day of a
    change has the ground before all others. ``counts``: are overlaps in the layer wanted?
    """

    rings: Rings | Wkb
    answer: Indices
    terms: Indices | None = None
    counts: bool = False


class Ground(NamedTuple):
    """Several layers, ready to be swept over."""

    rings: Rings
    rows: Rows
    grid: Grid
    layer: Indices
    answer: Indices
    terms: Indices
    counts: Flags
    first: Indices  # the number of each layer's first polygon


@dataclass(frozen=True)
class Areas:
    """What a sweep found (扫描结果), sorted by change.

    ``polygon`` (n × layers) is the number in its layer of the polygon that has the ground, -1
    for none; ``area`` square metres. Pairs: two polygons of ``pair_layer`` on the same ground,
    what they ``shared`` and what of it ``other`` lost to ``one``. ``trace`` holds trapezoids.
    """

    change: Indices
    polygon: Indices
    area: Floats
    pair_change: Indices
    pair_layer: Indices
    one: Indices
    other: Indices
    shared: Floats
    lost: Floats
    trace: Trace


def ground_of(covers: list[Cover], boxes: Floats | None = None) -> Ground:
    """Return the layers with their indexes; ``boxes`` are those of the changes, where known."""
    sizes = [len(cover.answer) for cover in covers]
    rings = _together([cover.rings for cover in covers])
    return Ground(
        rings,
        rows_over(rings, boxes),
        grid_over(rings.box),
        np.repeat(np.arange(len(covers)), sizes),
        np.concatenate([np.zeros(0, np.int64), *(cover.answer for cover in covers)]),
        np.concatenate([np.zeros((0, 3), np.int64), *(_terms(cover) for cover in covers)]),
        np.array([cover.counts for cover in covers], dtype=np.bool_),
        np.cumsum([0, *sizes])[:-1],
    )


def restricted(ground: Ground, keep: Indices, *, is_turned: bool = False) -> Ground:
    """Return the ground with some of its polygons only, given by ascending numbers.

    ``is_turned``: with x for y and y for x.
    """
    rings, layer = taken(ground.rings, keep), ground.layer[keep]
    rings = turned(rings) if is_turned else rings
    return Ground(
        rings,
        rows_over(rings),
        grid_over(rings.box),
        layer,
        ground.answer[keep],
        ground.terms[keep],
        ground.counts,
        np.searchsorted(layer, np.arange(len(ground.counts))),
    )


def answers(ground: Ground, polygon: Indices) -> Indices:
    """Return the answers of polygons (n × layers), -1 where there is none."""
    number = np.where(polygon >= 0, polygon + ground.first, -1)
    return np.asarray(np.append(ground.answer, -1)[number])


def _together(several: list[Rings | Wkb]) -> Rings:
    wkb = [one for one in several if isinstance(one, Wkb)]
    if len(wkb) == len(several):
        return rings_of_wkb(*wkb)
    return joined([rings_of_wkb(one) if isinstance(one, Wkb) else one for one in several])


def _terms(cover: Cover) -> Indices:
    if cover.terms is not None:
        return cover.terms
    return np.tile(np.array([ALWAYS, ALWAYS, NEVER]), (len(cover.answer), 1))


def swept(
    changes: Rings,
    ground: Ground,
    *,
    density: Floats | None = None,
    origins: Floats | None = None,
    until: Indices | None = None,
    days: Indices | None = None,
    is_traced: bool = False,
) -> Areas:
    """Sweep all changes over the ground.

    ``density`` (n × 6) about ``origins`` (n × 2) makes ellipsoidal areas, without it they are
    those of the plane. Of the first layer a change meets polygons before number ``until`` only.
    ``days`` (n × 2): first and last day of each change, for layers with terms.
    """
    count = len(changes.start) - 1
    plain = np.ascontiguousarray  # one kind of array is compiled
    densities = np.tile(_PLANE, (count, 1)) if density is None else plain(density)
    nowhere = np.zeros((count, 2)) if origins is None else plain(origins)
    everything = np.full(count, len(ground.layer)) if until is None else plain(until)
    undated = np.tile([-NO_DAY, NO_DAY], (count, 1)) if days is None else plain(days)
    made = output_for(
        8 * count + 64, count + 64, len(ground.counts), 64 * count + 1024 if is_traced else 0
    )
    room, times, change = room_for(ground.counts), 1, 0
    change_rows = rows_over(changes)
    while True:
        change, why = sweep(
            change, count, changes, change_rows, everything, undated,
            ground.rings, ground.rows, ground.grid, ground.layer, ground.answer, ground.terms,
            densities, nowhere, density is None, is_traced, room, made,
        )  # fmt: skip
        if why == DONE:
            return _areas(made, ground)
        made = larger(made)
        if why == ROOM:
            times *= 2
            room = room_for(ground.counts, times)


def _areas(made: Output, ground: Ground) -> Areas:
    rows, pairs, traced = made.written
    polygon = made.polygon[:rows]
    layer = ground.layer[made.one[:pairs]]
    return Areas(
        made.change[:rows],
        np.where(polygon >= 0, polygon - ground.first, -1),
        made.area[:rows],
        made.pair_change[:pairs],
        layer,
        made.one[:pairs] - ground.first[layer],
        made.other[:pairs] - ground.first[layer],
        made.shared[:pairs],
        made.lost[:pairs],
        Trace(
            made.trace.x[:traced],
            made.trace.y[:traced],
            made.trace.area[:traced],
            made.trace.row[:traced],
        ),
    )
