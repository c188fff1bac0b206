"""A block of changes, and its ground about the origin of each change (分块)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pipeline.geometry.area import Density, shifted
from tests.reference.cut import Floats
from tests.reference.layers import Asked, Indices
from pipeline.geometry.polygonal import Shapes
from tests.reference.share import Shared, share_out


@dataclass(frozen=True)
class Block:
    """Some changes with all that meets them: self-contained, so that it can travel.

    ``origins`` are whole metres near each change, ``density`` has a row for each of them.
    ``cutting`` layers make the pieces, ``measured`` ones are only measured, ``suspect`` holds
    what is in quarantine.
    """

    wholes: Shapes
    origins: Floats
    density: Density
    cutting: Sequence[Asked]
    measured: Sequence[Asked]
    suspect: Asked


class Ground:
    """The block about the origins of its changes."""

    def __init__(self, block: Block) -> None:
        self.block = block
        self.wholes = self.local(block.wholes, np.arange(len(block.wholes)))

    def local(self, shapes: Shapes, change: Indices) -> Shapes:
        """Return shapes moved to the origins of the changes they belong to."""
        return shifted(shapes, -self.block.origins, change)

    def shared(self, asked: Asked) -> Shared:
        """Return the changes shared out among the shapes of a layer."""
        return share_out(self.wholes, asked, self.local(asked.geometry, asked.change))

    def areas_m2(self, shapes: Shapes, change: Indices) -> Floats:
        """Return the areas of shapes that lie about the origins of their changes."""
        return self.block.density.areas_m2(shapes, change)
