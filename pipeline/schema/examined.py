"""What the doctor found (体检所见): a finding with the ground that it speaks of."""

from dataclasses import dataclass
from typing import Any

from pipeline.errors import Finding
from pipeline.schema.table import Column, Kind, Table

# The record of a finding that stands for many more of its kind; it is listed last.
REST = "其余"


@dataclass(frozen=True)
class Observation:
    """A finding and its place (所见): shapes in the working CRS, null where it has none.

    ``shape`` is what is wrong, as it came: it may be invalid. ``around`` is drawn with it.
    """

    finding: Finding
    shape: Any = None
    around: tuple[Any, ...] = ()


PLACES = Table(
    name="places",
    label="问题位置",
    columns=(
        Column("severity", "程度", Kind.CODE),
        Column("layer", "图层", Kind.CODE),
        Column("record", "记录", Kind.TEXT),
        Column("title", "问题", Kind.TEXT),
        Column("problem", "发现", Kind.TEXT),
        Column("treatment", "怎样处理的", Kind.TEXT),
        Column("remedy", "怎样改", Kind.TEXT, required=False),
        Column("code", "问题代码", Kind.CODE),
        Column("area_m2", "面积", Kind.AREA_M2, required=False),
    ),
    key=(),
    geometry=True,
)
