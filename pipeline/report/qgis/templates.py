"""Templates of QGIS's own XML (QGIS 模板): text goes in escaped, a name left out is an error."""

import functools
from pathlib import Path

from jinja2 import Environment

from pipeline.report.escaped_templates import escaped_templates

_FOLDER = Path(__file__).parent / "templates"


def render(template: str, **data: object) -> str:
    """Return a template of ``templates/`` filled with data."""
    return _environment().get_template(template).render(**data)


@functools.cache  # it keeps the templates that it has parsed
def _environment() -> Environment:
    return escaped_templates(_FOLDER, {"rgb": rgb, "literal": literal}, ends_in_newline=True)


def rgb(colour: str, alpha: int = 255) -> str:
    """Return ``#b0470e`` as QGIS writes colours: ``176,71,14,255``."""
    digits = colour.removeprefix("#")
    return ",".join(str(int(digits[at : at + 2], 16)) for at in (0, 2, 4)) + f",{alpha}"


def literal(text: str) -> str:
    """Return text as a string of QGIS's expression language."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
