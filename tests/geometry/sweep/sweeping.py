"""Sweep changes over layers of shapes, with areas by polygon: what the tests here ask for."""

import numpy as np

from pipeline.geometry.sweep.areas import Cover, ground_of, swept
from pipeline.geometry.sweep.rings import rings_of


def column(*shapes):
    return np.array([*shapes, None], dtype=object)[:-1]


def cover(*shapes, answers=None, **more):
    """A layer of shapes, each with an answer of its own unless told otherwise."""
    numbers = np.arange(len(shapes)) if answers is None else np.array(answers)
    return Cover(rings_of(column(*shapes)), numbers.astype(np.int64), **more)


def areas(change, *covers, **more):
    """What each combination of polygons has of a change: ``{(0, -1): 12.0}``; -1 is nobody's."""
    made = swept(rings_of(column(change)), ground_of(list(covers)), **more)
    found = {}
    for key, area in zip(map(tuple, made.polygon.tolist()), made.area.tolist(), strict=True):
        found[key] = found.get(key, 0.0) + area
    return found
