"""Image chips for a page, as many as it can carry (网页影像)."""

import base64
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pipeline.report.web_page.page_rings import Origin, point_of

# Base64 text in one file. About 500 pairs; a browser on an office machine still opens it at once.
MOST_TEXT = 16_000_000


@dataclass(frozen=True)
class ChipPair:
    """The same box before and after (前后影像): JPEG bytes, null where an image covers nothing.

    ``box``: west, south, east, north in the working CRS.
    """

    before: bytes | None
    after: bytes | None
    box: tuple[float, float, float, float]


ReadChips = Callable[[str], ChipPair | None]


def pictures_of(
    change_ids: Iterable[str],
    read: ReadChips | None,
    origin: Origin,
    most: int = MOST_TEXT,
) -> tuple[dict[str, list[object]], int]:
    """Return the chips by change, the first ids first, and how many changes found no room."""
    chips: dict[str, list[object]] = {}
    left_out = used = 0
    for change_id in change_ids if read else ():
        if used >= most:
            left_out += 1
            continue
        pair = read(change_id) if read else None
        if pair is None:
            continue
        texts = [_text(pair.before), _text(pair.after)]
        used += sum(map(len, texts))
        west, south, east, north = pair.box
        chips[change_id] = [
            *texts,
            point_of(west, south, origin) + point_of(east, north, origin),
        ]
    return chips, left_out


def _text(picture: bytes | None) -> str:
    return "" if picture is None else base64.b64encode(picture).decode("ascii")
