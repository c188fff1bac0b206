"""One HTML file out of the template, the styles, the scripts and the data (网页文件)."""

import html
import json
from collections.abc import Mapping
from pathlib import Path
from string import Template

from pipeline.report import palette

_HERE = Path(__file__).parent
# In this order: later scripts use what earlier ones define.
SCRIPTS = (
    "words.js",
    "figures.js",
    "elements.js",
    "data.js",
    "map_view.js",
    "map_changes.js",
    "map_draw.js",
    "map_hand.js",
    "filters.js",
    "ranking.js",
    "list.js",
    "swipe.js",
    "evidence.js",
    "page.js",
)
_COLOURS = {
    "ink": palette.INK,
    "quiet": palette.QUIET,
    "faint": palette.FAINT,
    "grid": palette.GRID,
    "accent": palette.ACCENT,
    "no_data": palette.NO_DATA,
}


def page_html(data: Mapping[str, object]) -> str:
    """Return the file. Text from the inputs is in the JSON alone, never in markup or script.

    ``description`` of the data, where the page comes from, also stands in its head.
    """
    scripts = "\n".join((_HERE / name).read_text(encoding="utf-8") for name in SCRIPTS)
    template = Template((_HERE / "page.html").read_text(encoding="utf-8"))
    return template.substitute(
        description=html.escape(str(data.get("description", ""))),
        css=Template((_HERE / "page.css").read_text(encoding="utf-8")).substitute(_COLOURS),
        data=json_in_html(data),
        script=f'(() => {{\n"use strict";\n{scripts}\n}})();',
    )


def json_in_html(data: Mapping[str, object]) -> str:
    r"""Return JSON that may stand in a ``<script>``: no ``<``, no ``&``, no line separator.

    They are written ``\u003c`` and so on, which JSON reads back as what they were.
    """
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    for char in ("<", ">", "&", chr(0x2028), chr(0x2029)):
        text = text.replace(char, f"\\u{ord(char):04x}")
    return text
