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
# Of a file's name and of the name behind it; a file system takes 255 bytes altogether.
_LONGEST_BYTES = 100


def sheet_file(township_code: str | None, township_name: str | None) -> str:
    """Return the bundle of a township: ``sheets/990101100-鹭笙镇.pdf``; None is 县界外.

    A code that is not a plain name bears a check number, so that no two share a file.
    """
    if not township_code:
        return f"{FOLDER}/{OUTSIDE}.pdf"
    name = f"-{plain_name(township_name)}" if township_name else ""
    return f"{FOLDER}/{_checked(township_code)}{name}.pdf"


def picture_file(change_id: str) -> str:
    """Return the picture of a change: ``sheets/png/990101202410001.png``.

    An id that is not a plain name of capitals and digits bears a check number, so that two ids
    never share a file, not even where the disk takes a and A for the same.
    """
    return f"{FOLDER}/{PICTURES}/{_checked(change_id)}.png"


def _checked(text: str) -> str:
    name = plain_name(text)
    return name if name == text.upper() else f"{_cut(name)}~{_check(text)}"


def plain_name(text: str) -> str:
    """Return text that every file system takes as a name (可作文件名)."""
    shown = unicodedata.normalize("NFC", safe(text))
    name = "".join("_" if char in _FORBIDDEN else char for char in shown).strip(" .")
    is_taken = not name or name.upper().split(".")[0].strip() in _DEVICES
    return _cut(f"_{name}" if is_taken else name)


def _cut(name: str) -> str:
    """Return at most so many bytes of a name, never a part of a character."""
    return name.encode()[:_LONGEST_BYTES].decode("utf-8", "ignore").rstrip(" .")


def _check(text: str) -> str:
    return f"{zlib.crc32(text.encode('utf-8', 'surrogatepass')):08x}"
