"""What is planted in the county: changes with their expected answers, and approvals."""

from dataclasses import dataclass, field
from datetime import date

import shapely

from pipeline.terms import ApprovalKind, Verdict


@dataclass(frozen=True)
class Answer:
    """What a piece of ground is to be found (认定), known before anything is computed.

    ``verdict`` is None where the ground counts nowhere (outside the county).
    """

    verdict: Verdict | None
    rule: str
    regularised: bool = False  # approved late, but by the closing day (补办)


@dataclass(frozen=True)
class Cell:
    """A part of a change that has one answer, as far as approvals go."""

    shape: shapely.Polygon
    answer: Answer


@dataclass
class Change:
    """A change polygon (变化图斑) as it is handed down, with the answers planted in it."""

    change_id: str
    change_type: str | None
    before: str | None
    after: str | None
    shape: shapely.Polygon | None
    cells: list[Cell]
    town: int
    parent_id: str | None = None
    split_state: str | None = None
    stated_town: str | None = None  # where the bureau's code is another than the town's
    stated_factor: float = 1.0  # stated area over true area
    note: str = "示例数据"


@dataclass(frozen=True)
class Approval:
    """One approved block (批准地块); several blocks may share a number."""

    kind: ApprovalKind
    number: str
    approved_on: str | None
    shape: shapely.Polygon | None
    valid_from: str | None = None
    valid_until: str | None = None
    holder: str = ""
    purpose: str = ""


@dataclass(frozen=True)
class Planted:
    """A defect put in on purpose and what is to be said of it; record "" is any of the layer."""

    layer: str
    record: str
    severity: str
    what: str


@dataclass(frozen=True)
class Ruling:
    """A human decision (人工认定) and whether it is the one that counts."""

    change_id: str
    township_code: str | None
    verdict: Verdict
    reason: str
    ruled_by: str
    ruled_on: date
    prevails: bool = True


@dataclass(frozen=True)
class Rectification:
    """A line of the rectification ledger (整改) and the reclaimed farmland that counts of it."""

    change_id: str
    township_code: str | None
    town: int
    method: str
    farmland_m2: float
    accepted_on: str | date | None
    document: str
    counted_m2: float


@dataclass
class Planting:
    """Everything planted so far."""

    changes: list[Change] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    rulings: list[Ruling] = field(default_factory=list)
    rectifications: list[Rectification] = field(default_factory=list)

    def defect(self, layer: str, record: str, severity: str, what: str) -> None:
        """Note a defect that was put in on purpose."""
        self.planted.append(Planted(layer, record, severity, what))
