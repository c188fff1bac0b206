"""Fixed words of the data in English (词汇英译): classes, zones, evidence, articles of law.

What people wrote themselves, names of places and numbers of papers have no entry and stay Chinese.
"""

import re
import tomllib
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("english.toml")
_CODED = re.compile(r"([0-9A-Z]+) (.+)")
_NUMBER = "[一二三四五六七八九十百零]+"
_ARTICLE = re.compile(
    rf"(?P<first>第{_NUMBER}条)(?:至(?P<last>第{_NUMBER}条))?(?:第(?P<part>{_NUMBER})款)?"
)
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_TENS = {"十": 10, "百": 100}


def english(text: str) -> str | None:
    """Return a text of fixed words in English, null where a part of it is not known."""
    parts = [_one(part) for part in text.split("、")]
    return None if None in parts else "; ".join(filter(None, parts))


def _one(text: str) -> str | None:
    known = _glossary()
    if text in known["words"]:
        return known["words"][text]
    coded = _CODED.fullmatch(text)
    if coded and coded[2] in known["words"]:
        return f"{coded[1]} {known['words'][coded[2]]}"
    return _law(text)


def _law(text: str) -> str | None:
    """Return an article of law, or a document with or without an article."""
    known = _glossary()
    names = {f"《{name}》": said for name, said in known["laws"].items()} | known["documents"]
    name = next((name for name in names if text.startswith(name)), None)
    if name is None:
        return None
    rest = text.removeprefix(name)
    if not rest:
        return names[name]
    found = _ARTICLE.fullmatch(rest)
    if found is None:
        return None
    first, last, part = (found[group] for group in ("first", "last", "part"))
    articles = (
        f"Art. {_value(first)}" if last is None else f"Arts. {_value(first)}–{_value(last)}"
    )
    return f"{names[name]} {articles}" + (f"({_value(part)})" if part else "")


def _value(words: str) -> int:
    """Return a Chinese number below a thousand; other characters do not count."""
    total, digit = 0, 0
    for char in words:
        if char in _TENS:
            total += (digit or 1) * _TENS[char]
            digit = 0
        elif char in _DIGITS:
            digit = _DIGITS[char]
    return total + digit


@cache
def _glossary() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))
