"""What a PNG says of itself (PNG 元数据): its title and its size in print."""

import struct
import zlib
from collections.abc import Mapping

_HEAD = 33  # the signature and the first chunk, which must stay first
_INCH = 0.0254


def with_text(png: bytes, texts: Mapping[str, str], *, dpi: int) -> bytes:
    """Return a PNG with texts (keyword → UTF-8 text) and its dots to the inch written in."""
    dots = round(dpi / _INCH)
    chunks = _chunk(b"pHYs", struct.pack(">IIB", dots, dots, 1))
    for keyword, text in texts.items():
        chunks += _chunk(b"iTXt", keyword.encode("ascii") + b"\0" * 5 + text.encode("utf-8"))
    return png[:_HEAD] + chunks + _without(png[_HEAD:], b"pHYs")


def _without(rest: bytes, kind: bytes) -> bytes:
    """Return the chunks of a PNG less those of one kind: there may be only one."""
    kept, at = [], 0
    while at < len(rest):
        end = at + 12 + int.from_bytes(rest[at : at + 4], "big")
        if rest[at + 4 : at + 8] != kind:
            kept.append(rest[at:end])
        at = end
    return b"".join(kept)


def _chunk(kind: bytes, content: bytes) -> bytes:
    body = kind + content
    return struct.pack(">I", len(content)) + body + struct.pack(">I", zlib.crc32(body))
