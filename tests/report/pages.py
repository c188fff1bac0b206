"""What a drawn page says and whether anything on it covers anything else."""

import itertools
import re

import shapely
from matplotlib.patheffects import Stroke
from pypdf import PdfReader


def text_of(pdf):
    """The text of a PDF, without white space."""
    return re.sub(r"\s+", "", "".join(page.extract_text() for page in PdfReader(pdf).pages))


def overlapping(figure):
    """Pairs of texts that cover each other, and texts that leave the page."""
    figure.draw_without_rendering()
    renderer = figure.canvas.get_renderer()
    texts = [
        text
        for text in [*figure.texts, *(text for axes in figure.axes for text in axes.texts)]
        if text.get_text().strip() and not _is_halo(text)
    ]
    boxes = [shapely.box(*text.get_window_extent(renderer).extents) for text in texts]
    page = shapely.box(0, 0, *figure.bbox.size)
    out = [
        text.get_text() for text, box in zip(texts, boxes, strict=True) if not box.within(page)
    ]
    hits = [
        (texts[i].get_text(), texts[j].get_text())
        for i, j in itertools.combinations(range(len(boxes)), 2)
        if boxes[i].intersection(boxes[j]).area > 0.15 * min(boxes[i].area, boxes[j].area)
    ]
    return out + hits


def _is_halo(text):
    return any(isinstance(effect, Stroke) for effect in text.get_path_effects())
