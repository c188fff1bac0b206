"""The planted answers (预设答案): what an inspection of the demo must find.

Known from how the county was made: nothing of the product's stages, rules or geometry is asked.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.demo.county import County
from pipeline.demo.measure import Piece
from pipeline.demo.names import AT_THE_LINE, COUNTY_CODE, TOWNS
from pipeline.demo.rulings import ruled
from pipeline.io.handover import write_csv
from pipeline.terms import VERDICT_PRECEDENCE, Verdict

_TOWNSHIP_LINE, _COUNTY_LINE = 0.08, 0.15
_BY_VERDICT = (Verdict.LEGAL, Verdict.ILLEGAL, Verdict.OTHER, Verdict.DOUBTFUL)


@dataclass
class Unit:
    """The measures of a township or the county, m²."""

    changes: set[str] = field(default_factory=set)
    illegal_changes: set[str] = field(default_factory=set)
    new_construction_m2: float = 0.0
    farmland: dict[Verdict, float] = field(default_factory=lambda: defaultdict(float))
    illegal_permanent_m2: float = 0.0
    reclaimed_m2: float = 0.0
    regularised_m2: float = 0.0

    def add(self, piece: Piece, verdict: Verdict) -> None:
        """Count a piece."""
        self.changes.add(piece.change_id)
        self.farmland[verdict] += piece.farmland_m2
        if verdict in {Verdict.LEGAL, Verdict.ILLEGAL}:
            self.new_construction_m2 += piece.area_m2
        if verdict is Verdict.ILLEGAL:
            self.illegal_changes.add(piece.change_id)
            self.illegal_permanent_m2 += piece.permanent_m2
            self.regularised_m2 += piece.farmland_m2 if piece.answer.regularised else 0.0

    @property
    def illegal_m2(self) -> float:
        """Illegally occupied farmland (违法占用耕地)."""
        return self.farmland[Verdict.ILLEGAL]

    @property
    def new_m2(self) -> float:
        """Farmland occupied by new construction (新增建设用地占用耕地)."""
        return self.farmland[Verdict.LEGAL] + self.illegal_m2

    def ratios(self) -> tuple[float | None, ...]:
        """Return gross, numerator, net and with regularised; None without new farmland."""
        left, base = self.illegal_m2 - self.reclaimed_m2, self.new_m2
        if base == 0:
            return None, None, None, None
        net = base - self.reclaimed_m2
        return (
            self.illegal_m2 / base,
            left / base,
            left / net,
            (left - self.regularised_m2) / net,
        )

    def reclaim_to_line(self, line: float) -> float:
        """Return what is still to be reclaimed on the net ratio, before rounding up."""
        left, base = self.illegal_m2 - self.reclaimed_m2, self.new_m2 - self.reclaimed_m2
        return max(0.0, (left - line * base) / (1 - line))

    def row(self) -> list[object]:
        """Return the measures in the order of ``_MEASURES``."""
        return [
            len(self.changes),
            len(self.illegal_changes),
            *_areas(
                self.new_construction_m2,
                self.farmland[Verdict.LEGAL],
                self.illegal_m2,
                self.farmland[Verdict.DOUBTFUL],
                self.new_m2,
                self.illegal_permanent_m2,
                self.reclaimed_m2,
                self.regularised_m2,
            ),
            *(None if ratio is None else f"{ratio:.12f}" for ratio in self.ratios()),
        ]


_MEASURES = [
    "change_count", "illegal_count", "new_construction_m2", "legal_farmland_m2",
    "illegal_farmland_m2", "doubtful_farmland_m2", "new_farmland_m2",
    "illegal_permanent_farmland_m2", "reclaimed_farmland_m2", "regularised_farmland_m2",
    "ratio_gross", "ratio_numerator", "ratio_net", "ratio_with_regularised",
]  # fmt: skip


def write_answers(county: County, folder: Path) -> None:
    """Write the answers for changes, townships, the county and the planted defects."""
    pieces = [
        (piece, verdict)
        for piece in county.pieces
        if (verdict := ruled(county.planting.rulings, piece)) is not None
    ]
    _write_changes(pieces, folder / "changes.csv")
    units = _units(county, pieces)
    _write_townships(units, folder / "townships.csv")
    _write_county(units, pieces, folder / "county.csv")
    write_csv(
        folder / "defects.csv",
        ["layer", "record", "severity", "what"],
        [[p.layer, p.record, p.severity, p.what] for p in county.planting.planted],
    )


def _areas(*areas_m2: float) -> list[str]:
    return [f"{area:.6f}" for area in areas_m2]


def _write_changes(pieces: Sequence[tuple[Piece, Verdict]], path: Path) -> None:
    by_change: dict[str, list[tuple[Piece, Verdict]]] = defaultdict(list)
    for piece, verdict in pieces:
        by_change[piece.change_id].append((piece, verdict))
    rows: list[list[object]] = []
    for change_id, parts in sorted(by_change.items()):
        area = {v: sum(p.area_m2 for p, verdict in parts if verdict is v) for v in Verdict}
        final = next(verdict for verdict in VERDICT_PRECEDENCE if area[verdict] > 0)
        illegal = [piece for piece, verdict in parts if verdict is Verdict.ILLEGAL]
        largest = max(
            (piece for piece, verdict in parts if verdict is final), key=lambda p: p.area_m2
        )
        rows.append(
            [
                change_id,
                TOWNS[_town_of([piece for piece, _ in parts])].code,
                final.value,
                largest.answer.rule,
                *_areas(
                    *(area[verdict] for verdict in _BY_VERDICT),
                    sum(piece.farmland_m2 for piece in illegal),
                    sum(piece.permanent_m2 for piece in illegal),
                ),
            ]
        )
    header = [
        "change_id", "township_code", "verdict", "rule_id", "legal_m2", "illegal_m2",
        "other_m2", "doubtful_m2", "illegal_farmland_m2", "illegal_permanent_farmland_m2",
    ]  # fmt: skip
    write_csv(path, header, rows)


def _town_of(pieces: Sequence[Piece]) -> int:
    """Return the town with most of the change."""
    held: dict[int, float] = defaultdict(float)
    for piece in pieces:
        held[piece.town] += piece.area_m2
    return max(held, key=lambda town: held[town])


def _units(county: County, pieces: Sequence[tuple[Piece, Verdict]]) -> list[Unit]:
    units = [Unit() for _ in TOWNS]
    for piece, verdict in pieces:
        units[piece.town].add(piece, verdict)
    for row in county.planting.rectifications:
        units[row.town].reclaimed_m2 += row.counted_m2
    return units


def _write_townships(units: list[Unit], path: Path) -> None:
    """Write the townships in the order of their ranks; equal ratios share one."""
    net = [unit.ratios()[2] for unit in units]
    known = [ratio for ratio in net if ratio is not None]
    rows: list[tuple[tuple[float, str], list[object]]] = []
    for plan, unit, ratio in zip(TOWNS, units, net, strict=True):
        over = ratio is not None and plan.code != AT_THE_LINE and ratio > _TOWNSHIP_LINE
        rank = None if ratio is None else 1 + sum(other > ratio for other in known)
        further = unit.reclaim_to_line(_TOWNSHIP_LINE) if over else 0.0
        to_line = None if ratio is None else f"{further:.6f}"
        row = [plan.code, plan.name, plan.office or "未列所", *unit.row(), over, rank, to_line]
        rows.append(((rank or len(units) + 1, plan.code), row))
    header = [
        "township_code", "township_name", "office_name", *_MEASURES,
        "is_accountable", "rank", "reclaim_to_line_m2",
    ]  # fmt: skip
    write_csv(path, header, [row for _, row in sorted(rows, key=lambda entry: entry[0])])


def _write_county(
    units: list[Unit], pieces: Sequence[tuple[Piece, Verdict]], path: Path
) -> None:
    whole = Unit()
    for piece, verdict in pieces:
        whole.add(piece, verdict)
    whole.reclaimed_m2 = sum(unit.reclaimed_m2 for unit in units)
    net = whole.ratios()[2]
    over = net is not None and net >= _COUNTY_LINE
    row = [COUNTY_CODE, *whole.row(), over]
    write_csv(path, ["county_code", *_MEASURES, "is_accountable"], [row])
