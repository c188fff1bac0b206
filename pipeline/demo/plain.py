"""Planting the plain cases: one change, one answer (单一情形的图斑)."""

from datetime import date, timedelta

import numpy as np
import shapely

from pipeline.demo.frame import Frame
from pipeline.demo.ground import BUILT, FARMLAND, FIELDS, WILD, Ground, NoRoomError
from pipeline.demo.papers import Papers
from pipeline.demo.record import Answer, Cell, Change, Planting
from pipeline.demo.situations import SITUATIONS, Situation

_GROUNDS = {"fields": (FIELDS, FARMLAND), "wild": (WILD, WILD), "built": (BUILT, BUILT)}
_SMALLEST_M2 = 90.0


class Planter:
    """Puts cases on the ground and remembers them (布设图斑)."""

    def __init__(self, rng: np.random.Generator, ground: Ground) -> None:
        self.rng = rng
        self.ground = ground
        self.papers = Papers(rng)
        self.planting = Planting()
        self._counts = [0, 0, 0, 0]

    def plain(self, name: str, town: int, size_m2: float | None = None) -> Change:
        """Plant one of ``SITUATIONS`` in a town, of a given or a usual size."""
        case = SITUATIONS[name]
        frame = self.site(case, town, size_m2 or self.usual_size(case))
        after = self.papers.after_image()
        if name == "undated-month":
            after = after.replace(day=15)
        change = self.change(town, case.types, after, frame.patch(self.rng), case.answer)
        for kind, timing in case.papers:
            covering = frame.around(float(self.rng.uniform(2.5, 14.0)))
            self.planting.approvals.append(self.papers.approve(kind, timing, after, covering))
            if timing in {"undated", "no-such-day"}:
                number = self.planting.approvals[-1].number
                self.planting.defect("approvals", number, "noted", "批准日期缺失或不存在")
        return change

    def site(self, case: Situation, town: int, size_m2: float) -> Frame:
        """Return free ground for a case; smaller than asked where there is no such room."""
        allowed, start = _GROUNDS[case.ground]
        ratio = case.shape * self.rng.uniform(0.8, 1.25)
        while size_m2 > _SMALLEST_M2 / 3:
            wide = float(np.sqrt(size_m2 * ratio))
            size = (round(wide, 1), round(size_m2 / wide, 1))
            frame = self.ground.find(town, allowed, size, start=start)
            if frame is not None:
                return frame
            size_m2 *= 0.6
        raise NoRoomError(f"town {town}: no room on {case.ground}")

    def usual_size(self, case: Situation) -> float:
        """Return a size of the kind's own log-normal spread, m²."""
        median, largest = case.size_m2
        drawn = median * self.rng.lognormal(0, 1.15 if largest > 5_000 else 0.45)
        return float(np.clip(drawn, _SMALLEST_M2, largest))

    def change(
        self,
        town: int,
        types: tuple[str | None, ...],
        after: date,
        shape: shapely.Polygon,
        answer: Answer,
    ) -> Change:
        """Add a change that has one answer everywhere."""
        return self.add(town, types, after, shape, [Cell(shape, answer)])

    def add(
        self,
        town: int,
        types: tuple[str | None, ...],
        after: date,
        shape: shapely.Polygon | None,
        cells: list[Cell],
    ) -> Change:
        """Add a change with its next number (图斑编号) and both image dates."""
        quarter = (after.month - 1) // 3
        self._counts[quarter] += 1
        before = after - timedelta(days=int(self.rng.integers(85, 400)))
        change = Change(
            change_id=f"9901012024{quarter + 1}{self._counts[quarter]:04d}",
            change_type=types[int(self.rng.integers(len(types)))],
            before=self.papers.image_text(before),
            after=self.papers.image_text(after),
            shape=shape,
            cells=cells,
            town=town,
        )
        self.planting.changes.append(change)
        return change
