"""Compile everything before it is needed (预编译): once for an environment, half a minute."""

import shutil

import numpy as np
import shapely

from pipeline.geometry.sweep.areas import Cover, ground_of, swept
from pipeline.geometry.sweep.compiled import FOLDER, READY
from pipeline.geometry.sweep.grid import grid_over, near_any
from pipeline.geometry.sweep.moments import moments
from pipeline.geometry.sweep.parts import parts_of
from pipeline.geometry.sweep.rings import rings_of, taken
from pipeline.geometry.sweep.segments import segments_near
from pipeline.geometry.sweep.simple import surely_simple


def warm() -> None:
    """Run every compiled function on two squares, which compiles it and keeps it on disk."""
    squares = np.array([shapely.box(0, 0, 2, 1), shapely.box(1, 0, 3, 1)])
    moments(squares, np.zeros((2, 2)))
    surely_simple(squares)
    rings = rings_of(squares)
    ground = ground_of([Cover(rings, np.arange(2), counts=True)])
    near_any(rings.box, rings.box, grid_over(rings.box))
    some = np.array([0])
    segments_near(ground.rings, ground.rows, some, rings.box[some])
    trace = swept(taken(rings, some), ground, is_traced=True).trace
    parts_of(trace, np.zeros(len(trace.row), np.int64), np.ones(len(trace.row), np.bool_))
    FOLDER.mkdir(parents=True, exist_ok=True)  # a newer version may have cleared it away
    READY.touch()
    for other in FOLDER.parent.glob("sweep-*"):  # of versions that were here before
        if other != FOLDER:
            shutil.rmtree(other, ignore_errors=True)
