"""Chips as pictures of a page (影像截图的图片)."""

import io
from typing import Any

import numpy as np
import numpy.typing as npt
from PIL import Image

from pipeline.report.sheets.svg import Frame, element, picture, scale_bar

_OUTLINE, _CASING = "#ffe14d", "#000000"
_QUALITY = 85


def jpeg(pixels: npt.NDArray[np.uint8]) -> bytes:
    """Return rows × columns × 3 as JPEG, the same bytes for the same pixels."""
    out = io.BytesIO()
    Image.fromarray(pixels, "RGB").save(out, "JPEG", quality=_QUALITY, optimize=False)
    return out.getvalue()


def outline(frame: Frame, change: Any) -> bytes:
    """Return the outline of a change and a scale bar, to lie over its chip."""
    path = frame.path(change)
    round_ = {"fill": "none", "stroke_linejoin": "round"}
    parts = [
        element("path", d=path, stroke=_CASING, stroke_opacity=0.6, stroke_width=1.0, **round_),
        element("path", d=path, stroke=_OUTLINE, stroke_width=0.5, **round_),
        scale_bar(frame),
    ]
    return picture(frame, parts)
