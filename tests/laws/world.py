"""A county drawn on a grid of square metres: every corner a whole metre, every area a count."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

Cell = tuple[int, int]
Box = tuple[int, int, int, int]  # x0, y0, x1, y1

KINDS = (
    "conversion", "supply", "temporary", "facility_agriculture", "rural_housing",
    "linked_quota", "advance",
)  # fmt: skip


@dataclass(frozen=True)
class Shape:
    """Boxes put together, then boxes cut out."""

    boxes: tuple[Box, ...]
    cut_out: tuple[Box, ...] = ()

    @cached_property
    def cells(self) -> frozenset[Cell]:
        return frozenset(_cells(self.boxes) - _cells(self.cut_out))


def _cells(boxes: tuple[Box, ...]) -> set[Cell]:
    return {(x, y) for x0, y0, x1, y1 in boxes for x in range(x0, x1) for y in range(y0, y1)}


# Dates are kept as they are written in the file: a day, a month, a quarter, a year, nothing.
@dataclass(frozen=True)
class Change:
    change_id: str | None
    change_type: str | None
    after_date: str | None
    shape: Shape
    parent_id: str | None = None
    split_state: str | None = None


@dataclass(frozen=True)
class Township:
    township_code: str
    township_name: str
    shape: Shape


@dataclass(frozen=True)
class Parcel:
    parcel_id: str
    land_class: str | None
    ridge_coefficient: str | None
    shape: Shape


@dataclass(frozen=True)
class Zone:
    zone: str | None
    shape: Shape


@dataclass(frozen=True)
class Approval:
    kind: str
    approval_no: str | None
    approved_on: str | None
    shape: Shape
    valid_from: str | None = None
    valid_until: str | None = None


@dataclass(frozen=True)
class Ruling:
    change_id: str
    township_code: str | None
    verdict: str
    ruled_on: date


@dataclass(frozen=True)
class Rectification:
    change_id: str
    township_code: str | None
    method: str
    farmland_m2: str
    accepted_on: str | None


@dataclass(frozen=True)
class Line:
    ratio: Decimal
    comparison: str


@dataclass(frozen=True)
class World:
    """Everything an inspection is told."""

    changes: list[Change]
    townships: list[Township]
    parcels: list[Parcel]
    permanent_farmland: list[Shape] | None
    zones: list[Zone] | None
    kinds: tuple[str, ...]  # the configured ones, with records or without
    approvals: list[Approval]
    rulings: list[Ruling] = field(default_factory=list)
    rectifications: list[Rectification] = field(default_factory=list)
    offices: dict[str, str] = field(default_factory=dict)  # township_code → office
    sliver_width_m: Decimal = Decimal("1.0")
    sliver_area_m2: Decimal = Decimal(20)
    denominator: str = "new_farmland"
    official: str = "ratio_net"
    township_line: Line = Line(Decimal("0.08"), ">")
    county_line: Line = Line(Decimal("0.15"), ">=")
    as_of: date = date(2025, 3, 31)
    exempt_acts: tuple[str, ...] = ()
    pieces_kept: str = "all"  # [overlay] geometry
