"""Changes and the layers near them (图斑与图层), as the engine takes them: one block of work."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.geometry.sweep.areas import Cover
from pipeline.geometry.sweep.rings import Flags, Floats, Indices, Rings, Wkb

NOTHING = -1  # the code of ground that no polygon of a layer covers


@dataclass(frozen=True)
class Layer:
    """One question asked of the ground (参考图层).

    Polygons stand in order of precedence: of two on the same ground the first one has it.
    ``codes`` are their answers: polygons with equal codes answer the same and stand together,
    and the codes order the pieces. ``terms`` as in ``Cover``. In a layer that is a union, in
    or out is all that matters.
    """

    name: str
    rings: Rings | Wkb
    codes: Indices
    terms: Indices | None = None
    is_approval: bool = False
    is_union: bool = False

    def cover(self) -> Cover:
        """Return the layer as the sweep takes it."""
        return Cover(self.rings, self.codes, self.terms, counts=not self.is_union)


@dataclass(frozen=True)
class Block:
    """Some changes with all that lies near them.

    ``shapes`` are the changes as shapely geometries, ``changes`` the same as rings.

    The first cutting layer holds the changes that may claim ground before others: change
    ``i`` gives way to those before place ``until[i]`` in it. ``days`` are the first and the
    last day that each after date may mean; ``origins`` whole metres near each change, about
    which ``density`` (n × 6, none: areas of the plane) stands. ``cutting`` layers make the
    pieces, ``measured`` ones are only measured, ``suspect`` holds what is in quarantine.
    """

    changes: Rings
    shapes: npt.NDArray[Any]
    until: Indices
    days: Indices
    origins: Floats
    density: Floats | None
    area_m2: Floats
    cutting: list[Layer]
    measured: list[Layer]
    suspect: Layer

    @property
    def is_approval(self) -> Flags:
        """Which cutting layers hold approvals."""
        return np.array([layer.is_approval for layer in self.cutting], dtype=bool)
