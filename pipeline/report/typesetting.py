"""Pages set from a template and data (排版): PDF or PNG, the same bytes for the same input.

A template is a ``.typ`` file in ``templates/`` and reads ``json("data.json")``; pictures lie beside
it under the names they are given. Text from the inputs is data only, never code of the template,
and every string is made drawable: no control character, no character that the font lacks.
"""

import functools
import json
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Any

import typst

from pipeline.errors import PipelineError
from pipeline.report.fonts import drawable, sans_path

TEMPLATES = Path(__file__).parent / "templates"
Pictures = Mapping[str, bytes]
NO_PICTURES: Pictures = MappingProxyType({})


def typeset(
    template: Path,
    data: Mapping[str, object],
    pictures: Pictures = NO_PICTURES,
    *,
    is_tagged: bool = True,
) -> bytes:
    """Return the PDF (排版) that a template makes of data and pictures (name → bytes).

    Tags, which screen readers follow, more than double a file of dense tables. Raises ``PipelineError`` where the Chinese type is not installed.
    """
    with _root(template, data, pictures) as main:
        return bytes(_compiled(main, format="pdf", pdf_tags=is_tagged))


def typeset_png(
    template: Path,
    data: Mapping[str, object],
    pictures: Pictures = NO_PICTURES,
    *,
    dpi: int = 150,
) -> list[bytes]:
    """Return the same pages as PNG, one a page."""
    with _root(template, data, pictures) as main:
        pages = _compiled(main, format="png", ppi=float(dpi))
    return [bytes(page) for page in pages] if isinstance(pages, list) else [bytes(pages)]


def _compiled(main: Path, **form: Any) -> Any:
    # The time of day never gets in: a template says its date itself, this stands for the rest.
    return typst.compile(
        main,
        root=main.parent,
        font_paths=_fonts(),
        ignore_system_fonts=True,
        timestamp=0,
        **form,
    )


@contextmanager
def _root(template: Path, data: Mapping[str, object], pictures: Pictures) -> Iterator[Path]:
    """Lay out a folder of its own: the template can read nothing else."""
    with tempfile.TemporaryDirectory(prefix="typeset-") as name:
        root = Path(name)
        for part in template.parent.glob("*.typ"):
            (root / part.name).write_bytes(part.read_bytes())
        text = json.dumps(_drawable(data), ensure_ascii=False, allow_nan=False)
        (root / "data.json").write_text(text, encoding="utf-8")
        for file, content in pictures.items():
            (root / file).write_bytes(content)
        yield root / template.name


def _drawable(value: object) -> object:
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, Mapping):
        return {str(key): _drawable(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_drawable(one) for one in value]
    return value


@functools.cache
def _fonts() -> Any:
    sans = sans_path()
    if sans is None:
        raise PipelineError(
            "没有中文字体，页面上的汉字会变成方框", remedy="pip install pylopdf-fonts-zh-cn"
        )
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(sans.parent)]
    )
