"""How the values of an image become 0 to 255 (影像拉伸), the same for the whole image."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio.windows import Window

from pipeline.io.image_cover import good_pixels

_LOW, _HIGH = 2.0, 98.0
# The image is looked at in this many places each way, this many pixels a side: enough for the
# percentiles, quick for an image of any size, with overviews or without.
_PLACES, _SIDE = 12, 128

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Stretch:
    """A linear stretch (线性拉伸), one low and one high value a band."""

    low: tuple[float, ...]
    high: tuple[float, ...]

    def apply(self, bands: Floats) -> Floats:
        """Return bands × rows × columns as 0 to 255."""
        low = np.array(self.low, dtype=np.float32)[:, None, None]
        width = np.array(self.high, dtype=np.float32)[:, None, None] - low
        scaled = (bands - low) / np.where(width > 0, width, 1.0) * 255.0
        return np.clip(scaled, 0.0, 255.0).astype(np.float32)


def stretch_of(file: Any, numbers: list[int]) -> Stretch | None:
    """Return the stretch from 2 to 98 % of the good pixels; None for 8 bits, shown as they are."""
    if all(file.dtypes[number - 1] == "uint8" for number in numbers):
        return None
    samples = np.concatenate(
        [_sample(file, numbers, window) for window in _windows(file)], axis=1
    )
    if not samples.size:
        return Stretch((0.0,) * len(numbers), (1.0,) * len(numbers))
    low, high = np.percentile(samples, [_LOW, _HIGH], axis=1)
    return Stretch(tuple(low.tolist()), tuple(high.tolist()))


def _sample(file: Any, numbers: list[int], window: Window) -> Floats:
    values = file.read(numbers, window=window)
    return np.asarray(values[:, good_pixels(file, values, window)], dtype=np.float32)


def _windows(file: Any) -> list[Window]:
    """Return windows spread evenly over the image, none twice."""
    return [
        Window(left, top, min(_SIDE, file.width), min(_SIDE, file.height))
        for top in _starts(file.height)
        for left in _starts(file.width)
    ]


def _starts(length: int) -> list[int]:
    spread = np.linspace(0, max(0, length - _SIDE), min(_PLACES, -(-length // _SIDE)))
    return sorted({int(start) for start in spread})
