"""Templates into which text from the inputs goes escaped and spelt out (转义模板)."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.report.safe_text import safe


def escaped_templates(
    folder: Path, filters: Mapping[str, Callable[..., Any]], *, ends_in_newline: bool = False
) -> Environment:
    """Return the templates of a folder; a name that is left out is an error."""
    environment = Environment(
        loader=FileSystemLoader(folder),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=ends_in_newline,
    )
    environment.filters.update(filters)
    return environment


def _shown(value: object) -> object:
    """Control and bidirectional characters are spelt out: XML has no place for them either."""
    return safe(value) if isinstance(value, str) and not isinstance(value, Markup) else value
