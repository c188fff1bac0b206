"""Where things stand on the printed sheets (打印版面), in millimetres: x, y, width, height."""

from typing import NamedTuple

_ROOM = 0.04  # free around the county


class Box(NamedTuple):
    """A place on the sheet (位置)."""

    x: float
    y: float
    width: float
    height: float


# A3 across: the map on the left, the legend in a column beside it.
RANKING = {
    "page": Box(0, 0, 420, 297),
    "title": Box(16, 14, 300, 13),
    "notice": Box(324, 15, 80, 10),
    "line": Box(16, 28, 388, 7),
    "map": Box(16, 40, 318, 232),
    "legend": Box(342, 44, 62, 94),
    "ranks_caption": Box(342, 143, 62, 6),
    "ranks": Box(342, 151, 7, 97),
    "names": Box(352, 151, 22, 97),
    "ratios": Box(374, 151, 19, 97),
    "marks": Box(395, 151, 9, 97),
    "north_word": Box(318, 44, 11, 6),
    "north": Box(318, 51, 11, 15),
    "scale": Box(342, 258, 62, 14),
    "source": Box(16, 277, 388, 8),
}
# A4 across, one page a flagged change: before on the left, after on the right.
ATLAS = {
    "page": Box(0, 0, 297, 210),
    "title": Box(12, 9, 205, 10),
    "notice": Box(223, 9.5, 62, 8),
    "line": Box(12, 20, 273, 6),
    "before_caption": Box(12, 30, 133, 6),
    "before": Box(12, 37, 134, 134),
    "after_caption": Box(151, 30, 133, 6),
    "after": Box(151, 37, 134, 134),
    "reason": Box(12, 175, 216, 12),
    "ruling": Box(12, 187, 216, 8),
    "scale": Box(232, 175, 53, 12),
    "source": Box(12, 196, 273, 6),
}
RANKED = 20  # of the townships, on the sheet


def fitted(
    bounds: tuple[float, float, float, float], box: Box
) -> tuple[float, float, float, float]:
    """Return an extent around ``bounds`` with the proportions of a box."""
    west, south, east, north = bounds
    wide = max(east - west, 1.0) * (1 + 2 * _ROOM)
    high = max(north - south, 1.0) * (1 + 2 * _ROOM)
    metres = max(wide / box.width, high / box.height)  # to a millimetre
    wide, high = metres * box.width / 2, metres * box.height / 2
    x, y = (west + east) / 2, (south + north) / 2
    return round(x - wide, 3), round(y - high, 3), round(x + wide, 3), round(y + high, 3)
