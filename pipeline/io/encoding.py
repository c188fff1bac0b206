"""Which encoding a table's bytes are in, decided strictly from the bytes (编码识别)."""

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

# Language bytes of a DBF that name an East Asian code page. The Western ones (0x57 and its
# like) are written by default over GBK text and say nothing.
_LANGUAGE_BYTES = {
    0x4D: "GBK",
    0x7A: "GBK",
    0x4F: "Big5",
    0x78: "Big5",
    0x13: "Shift_JIS",
    0x7B: "Shift_JIS",
    0x4E: "EUC-KR",
    0x79: "EUC-KR",
}
_CHINESE = {"GBK", "GB2312", "GB18030", "CP936", "936", "HZ-GB-2312"}
_OTHER_NAMES = {
    "65001": "UTF-8",
    "UTF8": "UTF-8",
    "950": "Big5",
    "BIG-5": "Big5",
    "932": "Shift_JIS",
    "949": "EUC-KR",
}


@dataclass(frozen=True)
class Encoding:
    """The encoding taken (编码): its codec, how it is called, and the finding's text if any."""

    codec: str
    name: str
    why: str = ""  # Chinese, empty where there is nothing to say


class UnknownEncoding(Exception):
    """No encoding reads every byte."""


def named(text: str) -> Encoding | None:
    """Return the encoding that a name such as ``CP936`` or ``ANSI 936`` means, None if unknown."""
    word = re.sub(r"^(?:ANSI|CP|OEM|WINDOWS|MS)[\s_-]*(?=\d)", "", text.strip().upper())
    if word in _CHINESE:
        return Encoding("gb18030", "GBK")
    word = _OTHER_NAMES.get(word, word)
    if re.fullmatch(r"8859\d{1,2}", word):
        word = f"ISO-8859-{word[4:]}"
    for candidate in (word, f"cp{word}"):
        try:
            codec = codecs.lookup(candidate)
        except LookupError:
            continue
        if _keeps_ascii(codec):
            return Encoding(codec.name, "UTF-8" if codec.name == "utf-8" else word)
    return None


def _keeps_ascii(codec: codecs.CodecInfo) -> bool:
    """Whether digits and letters are single bytes as in every table; UTF-16 and rot13 are not."""
    try:
        return b"Aa1".decode(codec.name) == "Aa1"
    except (LookupError, UnicodeDecodeError):
        return False


def decide(
    values: Iterable[bytes],
    *,
    full: Iterable[bytes] = (),
    configured: str | None = None,
    cpg: str | None = None,
    language: int = 0,
) -> Encoding:
    """Return the encoding of a DBF's field names and values.

    The config's; else strict UTF-8 if a multibyte character is there; else what the .cpg or the
    language byte says if every byte reads so; else strict GB18030. Values that fill their field
    (``full``) may end inside a character. Raises ``UnknownEncoding``.
    """
    texts = _Texts(
        [value for value in values if not value.isascii()],
        [value for value in full if not value.isascii()],
    )
    stated = named(cpg) if cpg else None
    if configured is not None:
        return _configured(texts, configured, stated)
    if not texts.ended and not texts.full:
        return Encoding("utf-8", "UTF-8")
    said = f".cpg 写的是 {cpg}" if cpg else "没有 .cpg"
    for candidate, how in _candidates(stated, named(_LANGUAGE_BYTES.get(language, ""))):
        if texts.read_as(candidate.codec):
            agrees = stated is not None and stated.codec == candidate.codec
            why = "" if agrees else f"{said},文字{how}认定为 {candidate.name} 编码"
            return Encoding(candidate.codec, candidate.name, why)
    raise UnknownEncoding(f"{said},文字既不是 UTF-8 也不是 GBK 编码")


def _candidates(
    stated: Encoding | None, by_byte: Encoding | None
) -> Iterator[tuple[Encoding, str]]:
    """Give the encodings to try, in the order of belief.

    A Western code page reads any bytes, so reading so proves nothing: it comes last.
    """
    yield Encoding("utf-8", "UTF-8"), "按内容"
    if stated is not None and not _is_western(stated):
        yield stated, ""
    if by_byte is not None:
        yield by_byte, "按 .dbf 的语言字节"
    yield Encoding("gb18030", "GBK"), "按内容"
    if stated is not None:
        yield stated, ""


def whole(value: bytes, codec: str) -> bytes:
    """Return the value without a last character that the field's end cut in two."""
    if value.isascii():
        return value
    for cut in range(4):
        kept = value[: len(value) - cut]
        try:
            kept.decode(codec)
        except UnicodeDecodeError as error:
            if error.start < len(value) - 4:
                return value
        else:
            return kept if cut == 0 or _incomplete(value[len(kept) :], codec) else value
    return value


def _incomplete(tail: bytes, codec: str) -> bool:
    """Whether bytes are the beginning of a character, not a wrong one."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        return decoder.decode(tail) == ""
    except UnicodeDecodeError:
        return False


@dataclass(frozen=True)
class _Texts:
    """Values with characters beyond ASCII: those that end by themselves, and those cut off."""

    ended: list[bytes]
    full: list[bytes]

    def read_as(self, codec: str) -> bool:
        """Whether every value reads strictly and at least one whole character is there."""
        try:
            for value in self.ended:
                value.decode(codec)
            kept = [whole(value, codec).decode(codec) for value in self.full]
        except UnicodeDecodeError:
            return False
        return bool(self.ended) or not all(text.isascii() for text in kept)


def _configured(texts: _Texts, configured: str, stated: Encoding | None) -> Encoding:
    taken = named(configured)
    if taken is None:
        raise UnknownEncoding(f"没有名为 {configured} 的编码")
    if not texts.read_as(taken.codec):
        raise UnknownEncoding(f"配置的编码 {configured} 读不通")
    agrees = texts == _Texts([], []) or (stated is not None and stated.codec == taken.codec)
    return Encoding(
        taken.codec, taken.name, "" if agrees else f"文字按配置的 {taken.name} 编码读取"
    )


def _is_western(encoding: Encoding) -> bool:
    """Whether every byte reads in this encoding, so that reading proves nothing."""
    two = b"\xb0\xa1"
    return len(two.decode(encoding.codec, "replace")) == len(two)
