"""A drawing as PNG, PDF and SVG, all three made from one (成图文件)."""

import io
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import matplotlib as mpl
from matplotlib.figure import Figure

from pipeline.report.fonts import drawable
from pipeline.report.heading import Heading
from pipeline.report.maps.png_text import with_text
from pipeline.report.typesetting import TEMPLATES, typeset, typeset_png

DPI = 300
PDF, PNG, SVG = ".pdf", ".png", ".svg"


def save_picture(
    pages: Sequence[Figure], files: Sequence[Path], title: str, heading: Heading
) -> None:
    """Write figures to files, the kind told by the suffix: all pages to a PDF, else the first.

    A PDF holds its text as text in an embedded font and a PNG has 300 dots to the inch. An SVG
    holds its letters as outlines: it looks the same in every program, whatever fonts there are,
    but nobody can search it. Call it inside ``chinese_style``.
    """
    texts = {"Title": drawable(title), "Description": describe(heading)}
    wanted = {path.suffix: path for path in files}
    drawn = [figure_svg(page) for page in pages if wanted.keys() & {PDF, PNG}]
    document = partial(_document, texts=texts, heading=heading, size=_size(pages[0]))
    if PDF in wanted:
        wanted[PDF].write_bytes(typeset(*document(drawn)))
    if PNG in wanted:
        image = typeset_png(*document(drawn[:1]), dpi=DPI)[0]
        wanted[PNG].write_bytes(with_text(image, texts, dpi=DPI))
    if SVG in wanted:
        wanted[SVG].write_bytes(_svg(pages[0], "path", texts))


def describe(heading: Heading) -> str:
    """Return which inspection a file shows, on which day it stands and what made it."""
    return drawable(heading.story_text())


def figure_svg(page: Figure) -> bytes:
    """Return a figure as SVG with its text as text, to be set into a page."""
    return _svg(page, "none", {})


def _size(page: Figure) -> tuple[float, float]:
    return page.get_figwidth(), page.get_figheight()


def _document(
    drawn: Sequence[bytes], texts: dict[str, str], heading: Heading, size: tuple[float, float]
) -> tuple[Path, dict[str, object], dict[str, bytes]]:
    """Return template, data and pictures of drawn pages, for ``typeset``."""
    pictures = {f"page-{number}.svg": page for number, page in enumerate(drawn)}
    data: dict[str, object] = {
        "title": texts["Title"],
        "description": texts["Description"],
        "as_of": heading.as_of.isoformat(),
        "wide": size[0],
        "high": size[1],
        "pages": list(pictures),
    }
    return TEMPLATES / "picture.typ", data, pictures


def _svg(page: Figure, letters: str, texts: dict[str, str]) -> bytes:
    """Return a figure as SVG, its letters as outlines (path) or as text (none)."""
    file = io.BytesIO()
    # Without a salt of its own every drawing would have random ids.
    with mpl.rc_context({"svg.fonttype": letters, "svg.hashsalt": "picture"}):
        page.savefig(file, format="svg", metadata={"Date": None, "Creator": None, **texts})
    return file.getvalue()
