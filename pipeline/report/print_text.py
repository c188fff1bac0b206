"""Sentences of the tables as they are printed (印刷文字): Chinese punctuation, no column names."""

import re

_COLUMN = re.compile(r"\b[a-z]+(?:_[a-z]+)+\(([^()]*)\)")  # conversion_on(农用地转用批准日期)
_FULL = str.maketrans(",:;()", "，：；（）")
_AFTER_CHINESE = re.compile(r"(?<=[^\x00-\x7f])[,:;]|[,:;](?=[\u4e00-\u9fff])")


def printed(text: str) -> str:
    """Return a sentence with the punctuation of Chinese print and words for column names."""
    plain = _COLUMN.sub(r"\1", text)
    plain = plain.replace("(", "（").replace(")", "）") if not plain.isascii() else plain
    return _AFTER_CHINESE.sub(lambda found: found[0].translate(_FULL), plain)
