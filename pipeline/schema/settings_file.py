"""A settings file from bytes to tables: what is wrong is said with its line (配置文件 TOML)."""

import re
import tomllib
from collections.abc import Callable
from typing import Any

from pipeline.errors import Finding, Refused, refusal

_LINE = re.compile(r"at line (\d+), column (\d+)")
_LONGEST_SHOWN = 60
LARGEST = 1 << 20  # bytes: no settings file that people write comes near


def parse_settings(
    data: bytes, name: str, *, parse_float: Callable[[str], Any] = float
) -> dict[str, Any]:
    """Return the tables of a TOML file; raise ``Refused`` where it is none that people write."""
    if len(data) > LARGEST:
        what = f"配置文件太大(超过 {LARGEST // 1024} KB),不会是人写的配置"
        raise Refused([_refused(name, "config-size", what, "核对是不是写错了文件")])
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        fix = "用记事本“另存为”,编码选 UTF-8"
        raise Refused(
            [_refused(name, "config-encoding", "配置文件不是 UTF-8 编码", fix)]
        ) from None
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except tomllib.TOMLDecodeError as error:
        reason = _reason(str(error), text)
    except RecursionError:
        reason = "括号一层套一层,套得太深"
    except ValueError as error:  # a whole number of thousands of digits, a day that is none
        reason = str(error)
    what = f"配置文件不合 TOML 格式:{reason}"
    fix = "改正该行:文字要加引号,同一个键只能写一次,缩进用空格"
    if "\\" in reason:
        fix += ";路径用 /,不用 \\"
    raise Refused([_refused(name, "config-syntax", what, fix)])


def _refused(name: str, code: str, what: str, fix: str) -> Finding:
    return refusal("config", name, code, what, fix)


def _reason(error: str, text: str) -> str:
    """Return the parser's words with the place in Chinese and the line itself."""
    place = _LINE.search(error)
    if place is None:
        return error
    lines = text.splitlines()
    line = lines[int(place[1]) - 1].strip()[:_LONGEST_SHOWN] if lines else ""
    return f"{_LINE.sub(f'在第 {place[1]} 行(line),第 {place[2]} 列', error)}:{line}"
