"""Where a layer's records come from (图层来源): the rows near a place, a block at a time.

The engine asks for the rows that may matter and never for a whole layer, so that a layer may be
larger than the memory. A file on disk answers the same questions (``io.layer_file``).
"""

from collections.abc import Sequence
from typing import Protocol

import pyarrow as pa

from pipeline.geometry.sweep.rings import Floats

GEOMETRY = "geometry"


class Source(Protocol):
    """Records with a shape, in an order of their own (图层来源); travels by value."""

    @property
    def rows(self) -> int:
        """The number of records."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns beside the shape."""

    def near(self, boxes: Floats, columns: Sequence[str]) -> pa.Table:
        """Return the rows whose box shares more than a border with any of ``boxes`` (n × 4).

        In the order of the records: ``columns`` as asked, then ``geometry`` as WKB.
        """

    def block(self, rows: range, columns: Sequence[str]) -> pa.Table:
        """Return consecutive rows: ``columns`` as asked, then ``geometry`` as WKB."""


def divided(rows: int, size: int) -> list[range]:
    """Return ``rows`` records as consecutive blocks of ``size``; the last may be smaller."""
    return [range(start, min(start + size, rows)) for start in range(0, rows, size)]
