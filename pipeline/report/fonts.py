"""Chinese type for pictures (中文字体), the same on every machine."""

import functools
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.ft2font import FT2Font

from pipeline.errors import PipelineError
from pipeline.report.safe_text import safe

# The wheel comes first: same look, same bytes everywhere. The others only where it is missing.
_WHEEL = "pylopdf_fonts_zh_cn"
_FALLBACKS = (
    "Noto Sans SC",
    "Noto Sans CJK SC",
    "Source Han Sans SC",
    "Microsoft YaHei",
    "SimHei",
    "WenQuanYi Micro Hei",
)


@contextmanager
def chinese_style() -> Iterator[None]:
    """Draw with Chinese type and nobody's matplotlibrc; what was set before comes back.

    Both font types are 42: matplotlib 3.11 reads ``ps.fonttype`` while it writes a PDF and
    breaks on Chinese where the two differ.
    """
    with mpl.rc_context():
        mpl.rcdefaults()
        mpl.rcParams.update(
            {
                "font.family": [family()],
                "text.language": "zh-CN",  # else the locale decides which form a glyph has
                "axes.unicode_minus": False,
                "text.parse_math": False,
                "pdf.fonttype": 42,
                "ps.fonttype": 42,
                "hatch.linewidth": 0.6,
            }
        )
        yield


@functools.cache
def family() -> str:
    """Return the name of the Chinese sans family, registered with matplotlib."""
    path = sans_path()
    if path is not None:
        font_manager.fontManager.addfont(path)
        return font_manager.FontProperties(fname=path).get_name()
    known = {font.name for font in font_manager.fontManager.ttflist}
    found = next((name for name in _FALLBACKS if name in known), None)
    if found is None:
        raise PipelineError(
            "没有中文字体，图上的汉字会变成方框", remedy="pip install pylopdf-fonts-zh-cn"
        )
    return found


def sans_path() -> Path | None:
    """Return the font file that comes with the product, null where it is not installed."""
    if importlib.util.find_spec(_WHEEL) is None:
        return None
    import pylopdf_fonts_zh_cn

    return Path(pylopdf_fonts_zh_cn.sans_path())


@functools.cache
def _characters() -> frozenset[int]:
    path = font_manager.findfont(font_manager.FontProperties(family=family()))
    return frozenset(FT2Font(path).get_charmap())


def drawable(value: object) -> str:
    """Return text that the font can draw: a character it lacks is spelt out, never a box."""
    text = safe(value)
    if text.isascii():
        return text
    return "".join(c if ord(c) in _characters() else f"[U+{ord(c):04X}]" for c in text)
