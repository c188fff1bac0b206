"""Text tables that line up on a screen (文本表格): a Chinese character is two columns wide."""

import unicodedata
from collections.abc import Sequence
from typing import Literal

Side = Literal["left", "right"]

_WIDE = frozenset({"W", "F"})
_GAP = "  "


def width(text: str) -> int:
    """Return how many columns text takes (East Asian wide and full-width characters: two)."""
    if text.isascii():
        return len(text)
    return sum(
        0 if unicodedata.combining(c) else 1 + (unicodedata.east_asian_width(c) in _WIDE)
        for c in text
    )


def pad(text: str, columns: int, side: Side = "left") -> str:
    """Return text filled with blanks to a width, set to the left or the right."""
    blanks = " " * max(columns - width(text), 0)
    return text + blanks if side == "left" else blanks + text


def clip(text: str, columns: int) -> str:
    """Return text of at most so many columns, the cut marked with .. (two columns wide)."""
    if width(text) <= columns:
        return text
    kept, used = [], 0
    for char in text:
        used += width(char)
        if used > columns - 2:
            break
        kept.append(char)
    return "".join(kept) + ".."


def wrap(text: str, columns: int) -> list[str]:
    """Return text broken into lines of at most so many columns, anywhere, as Chinese is."""
    lines, line = [], ""
    for char in text:
        if width(line) + width(char) > columns and line:
            lines.append(line)
            line = ""
        line += char
    return [*lines, line] if line or not lines else lines


def columns(
    head: Sequence[str], rows: Sequence[Sequence[str]], sides: Sequence[Side]
) -> list[str]:
    """Return the head and the rows as lines, each column as wide as its widest cell."""
    table = [head, *rows]
    wide = [max(width(row[i]) for row in table) for i in range(len(head))]
    return [
        _GAP.join(
            pad(cell, size, side) for cell, size, side in zip(row, wide, sides, strict=True)
        ).rstrip()
        for row in table
    ]
