"""Document numbers, dates and deadlines of the demo (文号、日期)."""

from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import shapely

from pipeline.demo.record import Approval
from pipeline.terms import ApprovalKind

AS_OF = date(2025, 3, 31)
_NUMBER = {
    ApprovalKind.CONVERSION: "示政土〔{year}〕{count}号",
    ApprovalKind.SUPPLY: "示土出〔{year}〕{count:03d}号",
    ApprovalKind.TEMPORARY: "示临用〔{year}〕{count}号",
    ApprovalKind.FACILITY_AGRICULTURE: "示设农备〔{year}〕{count:02d}号",
    ApprovalKind.RURAL_HOUSING: "示宅批〔{year}〕{count:03d}号",
    ApprovalKind.LINKED_QUOTA: "示挂钩〔{year}〕{count}号",
    ApprovalKind.ADVANCE: "示先行〔{year}〕{count}号",
}
_PURPOSE = {
    ApprovalKind.CONVERSION: "批次建设用地",
    ApprovalKind.SUPPLY: "工业用地",
    ApprovalKind.TEMPORARY: "施工便道及堆场",
    ApprovalKind.FACILITY_AGRICULTURE: "种植设施",
    ApprovalKind.RURAL_HOUSING: "农村宅基地",
    ApprovalKind.LINKED_QUOTA: "建新区",
    ApprovalKind.ADVANCE: "道路工程先行用地",
}


@dataclass
class Papers:
    """Gives out approvals with numbers and dates that fit a change's later image date."""

    rng: np.random.Generator
    _counts: dict[tuple[ApprovalKind, int], int] = field(default_factory=dict)
    _batches: list[tuple[date, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Draw the conversion batches (批次), each with one number for many blocks."""
        day = date(2021, 5, 20)
        while day < date(2025, 7, 1):
            self._batches.append((day, self._next(ApprovalKind.CONVERSION, day)))
            day += timedelta(days=int(self.rng.integers(18, 52)))

    def after_image(self) -> date:
        """Return a later image date of the year inspected."""
        return date(2024, 2, 8) + timedelta(days=int(self.rng.integers(0, 295)))

    def image_text(self, day: date) -> str:
        """Return a date as one of the ways it comes written."""
        styles = ("%Y%m%d", "%Y%m%d", "%Y%m%d", "%Y-%m-%d", "%Y/%m/%d")
        return day.strftime(styles[int(self.rng.integers(len(styles)))])

    def approve(
        self, kind: ApprovalKind, timing: str, after: date, shape: shapely.Polygon
    ) -> Approval:
        """Return an approval of ``shape`` that stands in ``timing`` to the later image date."""
        day, text = self._day(kind, timing, after)
        number = self._number(kind, day)
        start, end = self._term(kind, timing, day, after)
        holder = f"示例单位{int(self.rng.integers(1, 90)):02d}"
        return Approval(kind, number, text, shape, start, end, holder, _PURPOSE[kind])

    def _day(self, kind: ApprovalKind, timing: str, after: date) -> tuple[date, str | None]:
        """Return the day of approval and how it is written down."""
        if timing == "undated":
            return after, None
        if timing == "this-month":  # some days of the month are before the image, some after
            return after, f"{after.year}年{after.month}月"
        if timing == "no-such-day":
            return after, "2024-02-30"
        if timing == "year-before":
            return date(2022, 7, 1), "2022年"
        if timing == "quarter-before":
            return date(2023, 8, 1), "2023年第3季度"
        if kind is ApprovalKind.CONVERSION:
            day = self._batch(timing, after)[0]
        else:
            day = self._single(kind, timing, after)
        return day, day.isoformat()

    def _single(self, kind: ApprovalKind, timing: str, after: date) -> date:
        if timing in {"later", "regularised"}:
            return after + timedelta(days=int(self.rng.integers(9, 60)))
        if timing == "too-late":
            return AS_OF + timedelta(days=int(self.rng.integers(2, 60)))
        if timing == "expired":
            return after - timedelta(days=int(self.rng.integers(500, 800)))
        if timing == "same-day":
            return after
        longest = 200 if kind is ApprovalKind.TEMPORARY else 420
        return after - timedelta(days=int(self.rng.integers(12, longest)))

    def _batch(self, timing: str, after: date) -> tuple[date, str]:
        low, high = {
            "before": (after - timedelta(days=850), after - timedelta(days=14)),
            "earlier": (after - timedelta(days=1_200), after - timedelta(days=860)),
            "later": (after + timedelta(days=9), AS_OF),
            "regularised": (after + timedelta(days=9), AS_OF),
            "too-late": (AS_OF + timedelta(days=1), date(2025, 7, 1)),
        }[timing]
        choice = [batch for batch in self._batches if low <= batch[0] <= high]
        return choice[int(self.rng.integers(len(choice)))]

    def _number(self, kind: ApprovalKind, day: date) -> str:
        if kind is ApprovalKind.CONVERSION:
            batch = [number for known, number in self._batches if known == day]
            if batch:
                return batch[0]
        return self._next(kind, day)

    def _next(self, kind: ApprovalKind, day: date) -> str:
        count = self._counts[kind, day.year] = self._counts.get((kind, day.year), 0) + 1
        return _NUMBER[kind].format(year=day.year, count=count)

    def _term(
        self, kind: ApprovalKind, timing: str, day: date, after: date
    ) -> tuple[str | None, str | None]:
        """Return from when until when a temporary permit holds (临时用地期限)."""
        if kind is not ApprovalKind.TEMPORARY:
            return None, None
        if timing == "expired":
            end = after - timedelta(days=int(self.rng.integers(20, 120)))
        elif timing == "last-day":
            end = after
        else:
            end = day + timedelta(days=730)
        return day.isoformat(), end.isoformat()
