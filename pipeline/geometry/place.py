"""Where coordinates can lie (坐标是否可能): contradictions with a CRS, and the likely CRS.

Boxes are ``(min x, min y, max x, max y)`` with x to the east, as files store them.
"""

import math
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS, Transformer

from pipeline.geometry.crs import label, parsed, same_crs
from pipeline.geometry.repair import on_earth

Bounds = tuple[float, float, float, float]

_PREFIX = 1_000_000  # an easting with its zone number in front: 40 611 244
_ZONES = range(13, 46)  # 6° zones 13–23, 3° zones 25–45 of the mainland
_NORTHINGS_BELOW = 10_000_000
_CHINA: Bounds = (70.0, 0.0, 140.0, 60.0)
# How far beyond its area of use a CRS is still taken at its word, in degrees: a county may be
# kept in the neighbouring zone, but not two zones off.
_STRETCH = 4.0

# 3° zones with and without prefix, 6° zones with and without, geographic, the ones of web maps.
_CANDIDATES = (
    *range(4534, 4555), *range(4513, 4534), *range(4502, 4513), *range(4491, 4502),
    4490, 4326, 3857, *range(32643, 32654),
)  # fmt: skip
_ORDER = {code: place for place, code in enumerate(_CANDIDATES)}


def typical_bounds(shapes: npt.NDArray[Any]) -> Bounds:
    """Return the box of all but the outermost twentieth of the records on each side."""
    boxes = shapely.bounds(shapes)
    boxes = boxes[on_earth(boxes)]
    if len(boxes) == 0:
        return math.nan, math.nan, math.nan, math.nan
    low = np.quantile(boxes[:, :2], 0.05, axis=0, method="lower")
    high = np.quantile(boxes[:, 2:], 0.95, axis=0, method="higher")
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def contradiction(crs: CRS | str, bounds: Bounds) -> str | None:
    """Tell why these coordinates cannot be in this CRS (坐标与坐标系矛盾), None where they can.

    Give the box of most records (``typical_bounds``): one stray record is quarantined, it does
    not refute the CRS of its layer. A box that is not finite says nothing.
    """
    if not all(math.isfinite(value) for value in bounds):
        return None
    found = parsed(crs)
    if found.geodetic_crs is None or not (found.is_geographic or found.is_projected):
        return f"坐标系 {label(found)} 是自定义的地方坐标系,没有大地基准,不知道它在地球上哪里"
    if found.is_geographic:
        return _not_degrees(found, bounds)
    return _other_units(found, bounds) or _zone(found, bounds) or _elsewhere(found, bounds)


def likely_crs(bounds: Bounds, near: Bounds | None, working: CRS | str) -> list[str]:
    """Return the EPSG codes under which these coordinates would lie on the county, best first.

    ``near`` is the county's box in the working CRS; without it the working CRS's area of use
    stands for it. Coordinates whose axes are swapped are reported as ``EPSG:… (axis swapped)``.
    """
    county = _grown(_county(near, parsed(working)))
    if county is None or not all(math.isfinite(value) for value in bounds):
        return []
    straight = list(_readings(bounds, county))
    swapped = [] if straight else list(_readings(_swapped(bounds), county))
    order = sorted(straight, key=lambda found: _preference(found, working)) or sorted(
        swapped, key=lambda found: _preference(found, working)
    )
    note = "" if straight else " (X、Y 轴颠倒 axis swapped)"
    return [f"EPSG:{code}{note}" for code, _ in order]


def _not_degrees(crs: CRS, bounds: Bounds) -> str | None:
    x0, y0, x1, y1 = bounds
    x, y = max(abs(x0), abs(x1)), max(abs(y0), abs(y1))
    if x > 360 or y > 360 or min(x, y) > 90:
        return f"坐标 {_text(bounds)} 不是经纬度,而坐标系 {label(crs)} 的单位是度:范围 extent 不可能"
    if y > 90 or (_within(_swapped(bounds), _CHINA) and y0 > 60):
        return f"经纬度颠倒:坐标 {_text(bounds)} 的轴 axis 应为先经度(东)后纬度(北)"
    return None


def _other_units(crs: CRS, bounds: Bounds) -> str | None:
    if max(map(abs, bounds)) <= 180:
        return f"坐标 {_text(bounds)} 像是经纬度(度),而坐标系 {label(crs)} 的单位是米:范围 extent 不可能"
    return None


def _zone(crs: CRS, bounds: Bounds) -> str | None:
    """Compare the zone prefix of the eastings with that of a Gauss-Krüger CRS."""
    easting = _false_easting(crs)
    if easting is None:
        return None
    return _swapped_axes(bounds) or _prefix(crs, bounds, easting // _PREFIX)


def _swapped_axes(bounds: Bounds) -> str | None:
    """Tell whether eastings stand where northings should, by their size alone."""
    x0, y0, _, y1 = bounds
    if y0 >= _NORTHINGS_BELOW and y0 // _PREFIX in _ZONES:
        return f"X、Y 颠倒 swapped:北坐标 {y0:.0f} 像是带号 zone {y0 // _PREFIX:.0f} 的东坐标,轴 axis 写反了"
    if y1 < _PREFIX < x0 < _NORTHINGS_BELOW:
        return f"X、Y 颠倒 swapped:东坐标 {x0:.0f} 像是北坐标,轴 axis 应为先东后北"
    return None


def _prefix(crs: CRS, bounds: Bounds, prefix: float) -> str | None:
    """Compare the zone prefix of the eastings with that of the CRS, 0 for none."""
    x0, _, x1, _ = bounds
    if prefix == 0 and x0 >= _NORTHINGS_BELOW and x0 // _PREFIX in _ZONES:
        return (
            f"东坐标 {x0:.0f} 带有带号 zone {x0 // _PREFIX:.0f},"
            f"而坐标系 {label(crs)} 的东坐标不带带号"
        )
    if prefix and x0 >= 0 and x1 < _PREFIX:
        return (
            f"东坐标 {x0:.0f} 没有带号 zone,而坐标系 {label(crs)} 的东坐标要带带号 {prefix:.0f}"
        )
    if prefix and x0 // _PREFIX in _ZONES and not x0 // _PREFIX <= prefix <= x1 // _PREFIX:
        return (
            f"东坐标 {x0:.0f} 的带号 zone 是 {x0 // _PREFIX:.0f},"
            f"而坐标系 {label(crs)} 的带号是 {prefix:.0f}"
        )
    return None


def _elsewhere(crs: CRS, bounds: Bounds) -> str | None:
    area = _area_of_use(crs)
    here = _geographic_box(crs, bounds)
    if here is not None and _within(here, _grown_by(area, _STRETCH)):
        return None
    turned = _geographic_box(crs, _swapped(bounds))
    if turned is not None and _within(turned, _grown_by(area, _STRETCH)):
        return f"X、Y 颠倒 swapped:坐标 {_text(bounds)} 的轴 axis 应为先东后北"
    if here is None:
        return f"坐标 {_text(bounds)} 在坐标系 {label(crs)} 里没有位置(变换后为无穷):范围 extent 不可能"
    return (
        f"坐标 {_text(bounds)} 按坐标系 {label(crs)} 在东经 {here[0]:.2f}°、北纬 {here[1]:.2f}°,"
        "远在它的适用范围 extent 之外"
    )


def _readings(bounds: Bounds, county: Bounds) -> Iterator[tuple[int, float]]:
    """Yield the codes that put the box on the county, with the distance of the centres."""
    for code in _CANDIDATES:
        crs = _epsg(code)
        possible = all(math.isfinite(value) for value in bounds)
        here = _geographic_box(crs, bounds) if possible else None
        if here is None or not _meets(here, county) or not _usable(crs, bounds):
            continue
        yield code, math.dist(_centre(here), _centre(county))


def _usable(crs: CRS, bounds: Bounds) -> bool:
    """Tell whether the easting of a Gauss-Krüger CRS is within reach of its own meridian."""
    easting = _false_easting(crs)
    return easting is None or max(abs(bounds[0] - easting), abs(bounds[2] - easting)) < 500_000


def _preference(found: tuple[int, float], working: CRS | str) -> tuple[int, int, int]:
    code, distance = found
    # Readings a county apart are told apart by distance, nearer ones by how common they are.
    return (round(distance / 0.5), 0 if same_crs(_epsg(code), working) else 1, _ORDER[code])


def _county(near: Bounds | None, working: CRS) -> Bounds | None:
    return _geographic_box(working, near) if near is not None else _area_of_use(working)


def _area_of_use(crs: CRS) -> Bounds:
    """Return the area of use, of the EPSG code where the definition itself carries none."""
    area = crs.area_of_use
    if area is None and (code := crs.to_epsg(min_confidence=60)):
        area = CRS.from_epsg(code).area_of_use
    if area is not None:
        return area.bounds
    meridian = _central_meridian(crs)
    return _CHINA if meridian is None else (meridian - 3, -84, meridian + 3, 84)


def _geographic_box(crs: CRS, bounds: Bounds) -> Bounds | None:
    """Return the box in degrees, None where a corner has no place in the CRS."""
    x0, y0, x1, y1 = bounds
    way = _way(crs.to_wkt())
    lon, lat = way.transform([x0, x0, x1, x1], [y0, y1, y0, y1])
    if not all(map(math.isfinite, (*lon, *lat))):
        return None
    back_x, back_y = way.transform(lon, lat, direction="INVERSE")
    if max(map(abs, lon)) > 180 or max(map(abs, lat)) > 90:
        return None
    # Far from its meridian a projection answers with a place that does not lead back.
    lost = max(
        abs(back_x[0] - x0), abs(back_y[0] - y0), abs(back_x[3] - x1), abs(back_y[3] - y1)
    )
    if not lost < 1.0:
        return None
    return min(lon), min(lat), max(lon), max(lat)


@cache
def _way(wkt: str) -> Transformer:
    crs = CRS.from_wkt(wkt)
    return Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)


@cache
def _epsg(code: int) -> CRS:
    return CRS.from_epsg(code)


def _parameter(crs: CRS, code: str) -> float | None:
    operation = crs.coordinate_operation
    if operation is None or operation.method_name != "Transverse Mercator":
        return None
    return next((float(p.value) for p in operation.params if str(p.code) == code), None)


def _false_easting(crs: CRS) -> float | None:
    return _parameter(crs, "8806")


def _central_meridian(crs: CRS) -> float | None:
    return _parameter(crs, "8802")


def _swapped(bounds: Bounds) -> Bounds:
    x0, y0, x1, y1 = bounds
    return y0, x0, y1, x1


def _centre(box: Bounds) -> tuple[float, float]:
    return (box[0] + box[2]) / 2, (box[1] + box[3]) / 2


def _within(box: Bounds, area: Bounds) -> bool:
    """Tell whether the middle of the box lies in the area: one stray record proves nothing."""
    x, y = _centre(box)
    return area[0] <= x <= area[2] and area[1] <= y <= area[3]


def _meets(box: Bounds, area: Bounds) -> bool:
    return box[0] <= area[2] and area[0] <= box[2] and box[1] <= area[3] and area[1] <= box[3]


def _grown(box: Bounds | None) -> Bounds | None:
    """Return the box with a tenth of its size around it."""
    return None if box is None else _grown_by(box, 0.1 * max(box[2] - box[0], box[3] - box[1]))


def _grown_by(box: Bounds, margin: float) -> Bounds:
    return box[0] - margin, box[1] - margin, box[2] + margin, box[3] + margin


def _text(bounds: Bounds) -> str:
    x0, y0, x1, y1 = (
        f"{value:.6g}" if abs(value) < 1000 else f"{value:.0f}" for value in bounds
    )
    return f"X {x0}–{x1},Y {y0}–{y1}"
