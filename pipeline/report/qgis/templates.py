"""Templates of QGIS's own XML (QGIS 模板): text goes in escaped, a name left out is an error."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report.safe_text import safe

_FOLDER = Path(__file__).parent / "templates"


def render(template: str, **data: object) -> str:
    """Return a template of ``templates/`` filled with data."""
    return _environment().get_template(template).render(**data)


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_printable,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["rgb"] = rgb
    environment.filters["literal"] = literal
    return environment


def rgb(colour: str, alpha: int = 255) -> str:
    """Return ``#b0470e`` as QGIS writes colours: ``176,71,14,255``."""
    digits = colour.removeprefix("#")
    return ",".join(str(int(digits[at : at + 2], 16)) for at in (0, 2, 4)) + f",{alpha}"


def literal(text: str) -> str:
    """Return text as a string of QGIS's expression language."""
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'"


def _printable(value: object) -> object:
    """XML holds no control character: text from the inputs has them spelt out."""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value
