"""What the files of the evidence sheets are called (核查单文件名), inside ``out/``."""

import unicodedata
import zlib

from pipeline.report.safe_text import safe

FOLDER, PICTURES = "sheets", "png"
OUTSIDE = "县界外"
_FORBIDDEN = frozenset('<>:"/\\|?*%#')
# Names that Windows keeps for devices, whatever their ending.
_DEVICES = {"CON", "PRN", "AUX", "NUL"} | {
    f"{name}{n}" for name in ("COM", "LPT") for n in range(10)
}
_LONGEST = 80


def sheet_file(township_code: str | None, township_name: str | None) -> str:
    """Return the bundle of a township: ``sheets/990101100-鹭笙镇.pdf``; None is 县界外."""
    parts = [_plain(part) for part in (township_code, township_name) if part]
    return f"{FOLDER}/{'-'.join(parts)[:_LONGEST] or OUTSIDE}.pdf"


def picture_file(change_id: str) -> str:
    """Return the picture of a change: ``sheets/png/990101202410001.png``.

    An id that is not a plain name of capitals and digits bears a check number, so that two ids
    never share a file, not even where the disk takes a and A for the same.
    """
    name = _plain(change_id)
    return f"{FOLDER}/{PICTURES}/{name if name == change_id.upper() else f'{name}~{_check(change_id)}'}.png"


def _plain(text: str) -> str:
    """Return text that every file system takes as a name."""
    shown = unicodedata.normalize("NFC", safe(text))
    name = "".join("_" if char in _FORBIDDEN else char for char in shown).strip(" .")[:_LONGEST]
    return f"_{name}" if not name or name.upper().split(".")[0] in _DEVICES else name


def _check(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"
