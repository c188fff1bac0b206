"""Text from the inputs made safe to show (文字转义): what would steer a screen is spelt out."""

import unicodedata

# Control, formatting (bidi overrides, zero-width), surrogate, line and paragraph separators.
_STEERING = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def safe(value: object) -> str:
    r"""Return one line of text in which a control or bidi character is written as ``\u202e``.

    Empty for None and NaN.
    """
    if value is None or value != value:  # noqa: PLR0124  (NaN, NaT)
        return ""
    text = str(value)
    if text.isprintable():
        return text
    return "".join(_spelt(char) for char in text)


def _spelt(char: str) -> str:
    if unicodedata.category(char) not in _STEERING:
        return char
    code = ord(char)
    if code < 0x100:  # noqa: PLR2004
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"  # noqa: PLR2004


def shorten(text: str, width: int) -> str:
    """Return text of at most ``width`` characters, the cut marked with …."""
    return text if len(text) <= width else text[: max(width - 1, 0)] + "…"
