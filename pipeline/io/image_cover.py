"""Which pixels of an image show ground (影像有效范围)."""

from typing import Any

import numpy as np
import numpy.typing as npt
from rasterio.enums import MaskFlags
from rasterio.features import sieve
from rasterio.windows import Window

Mask = npt.NDArray[np.bool_]
# Mosaics often end in black that nobody declared. Ground is never pure black over so many pixels;
# compressed black is not quite zero.
_BLACK_PX = 64
_BLACK_OF_8_BITS = 2


def good_pixels(file: Any, raw: npt.NDArray[Any], window: Window) -> Mask:
    """Return which pixels are good of ``raw`` (bands × rows × columns), read from a window.

    Left out are nodata, what alpha or a mask hides, what is not a number, and, where a file
    declares none of these, large black patches.
    """
    good = file.dataset_mask(window=window, out_shape=raw.shape[1:]) > 0
    good &= np.isfinite(raw).all(axis=0)
    says_nothing = all(MaskFlags.all_valid in flags for flags in file.mask_flag_enums)
    if says_nothing and len(raw) > 1:
        black = (raw <= (_BLACK_OF_8_BITS if raw.dtype == np.uint8 else 0)).all(axis=0)
        if black.any():
            good &= sieve(black.astype(np.uint8), size=_BLACK_PX, connectivity=4) == 0
    return np.asarray(good)
