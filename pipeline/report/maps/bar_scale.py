"""An axis on which one ratio of 100 % does not squash all the others (比例轴)."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

_ROOM = 1.06  # free space right of the longest bar
_SHARE = 0.24  # of the width, for what is beyond the knee
_WORTH = 1.8  # the axis is bent only where the longest bar is this much longer than the knee


@dataclass(frozen=True)
class BarScale:
    """A straight axis up to ``knee``, a compressed one from there to ``end`` (分段比例轴)."""

    knee: float
    end: float

    @property
    def is_bent(self) -> bool:
        """Tell whether part of the axis is compressed."""
        return self.end > self.knee

    def position(self, ratio: npt.ArrayLike) -> npt.NDArray[np.float64]:
        """Return where ratios lie between 0 and 1 across the axis."""
        value = np.asarray(ratio, dtype=float)
        if not self.is_bent:
            return value / self.knee
        beyond = 1 - _SHARE + _SHARE * (value - self.knee) / (self.end - self.knee)
        return np.where(value <= self.knee, (1 - _SHARE) * value / self.knee, beyond)

    def ticks(self) -> list[float]:
        """Return round ratios to mark, at least 0 and one other."""
        step = _nice(self.knee / 4)
        marks = [step * i for i in range(int(self.knee / step + 1e-9) + 1)]
        return [*marks, _floor_nice(self.end)] if self.is_bent else marks


def bar_scale(ratios: Sequence[float], line: float) -> BarScale:
    """Return the axis for these ratios: it always reaches beyond the line."""
    longest = max([*ratios, line * 1.25])
    usual = float(np.quantile(np.asarray(ratios), 0.75)) if len(ratios) else 0.0
    knee = max(line * 2, usual * 1.2)
    if longest <= knee * _WORTH:
        return BarScale(longest * _ROOM, longest * _ROOM)
    return BarScale(_up_nice(knee), min(longest * 1.03, max(longest, 1.0)))


def _nice(value: float) -> float:
    """Return the nearest of 1, 2, 5 × 10ⁿ."""
    power = 10.0 ** math.floor(math.log10(value))
    return min((1, 2, 5, 10), key=lambda digit: abs(math.log(digit * power / value))) * power


def _up_nice(value: float) -> float:
    step = _nice(value / 4)
    return math.ceil(value / step - 1e-9) * step


def _floor_nice(value: float) -> float:
    step = 10.0 ** math.floor(math.log10(value)) / 2
    return math.floor(value / step + 1e-9) * step
