"""The CRS that a coordinate text states and its own numbers confirm (坐标系、几度分带、带号)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from pyproj import CRS

from pipeline.io.coordinate_text import Point

# EPSG of the first zone: (degrees of the zone, prefix in the easting) → code. 3° zones start
# at 25, 6° zones at 13 (EPSG registry; domain reference, codes and CRS).
_FIRST_ZONE = {3: 25, 6: 13}
_ZONES = {3: range(25, 46), 6: range(13, 24)}
_CODES = {
    "CGCS2000": {(3, True): 4513, (3, False): 4534, (6, True): 4491, (6, False): 4502},
    "西安80": {(3, True): 2349, (3, False): 2370, (6, True): 2327, (6, False): 2338},
    "北京54": {(3, True): 2401, (3, False): 2422, (6, True): 21413, (6, False): 21453},
}
_DEGREES = {"CGCS2000": 4490, "西安80": 4610, "北京54": 4214}
# Plane coordinates of mainland China: metres from the equator, metres with the false easting.
_NORTH = (1.9e6, 6.0e6)
_EAST = (1.0e5, 9.0e5)
_OTHER_UNIT = re.compile("公里|千米|厘米|毫米|英尺|km", re.IGNORECASE)
_LONGITUDE = (-180.0, 180.0)
_ZONE_M = 1_000_000


class ContradictedCrs(Exception):
    """What the file states and its numbers disagree; the message says how, in Chinese."""


@dataclass(frozen=True)
class _Stated:
    datum: str | None
    width: int | None
    zone: int | None
    degrees: bool


def stated_crs(description: Mapping[str, str], points: Sequence[Point]) -> CRS | None:
    """Return the CRS of a file, None where it does not say enough.

    Raises ``ContradictedCrs`` where zone and prefix disagree, or X and Y are swapped.
    """
    stated = _stated(description)
    if not points:
        return None
    north = np.array([point.north for point in points])
    east = np.array([point.east for point in points])
    in_degrees = bool(_within(north, _LONGITUDE) and _within(east, _LONGITUDE))
    if in_degrees or stated.degrees:
        return _geographic(stated, north, east, in_degrees=in_degrees)
    zone = _prefix(north, east)
    if zone is not None and stated.zone is not None and zone != stated.zone:
        raise ContradictedCrs(f"带号(zone)写 {stated.zone},Y 坐标的前两位却是 {zone}")
    if _OTHER_UNIT.search(description.get("计量单位", "")):
        unit = description["计量单位"]
        raise ContradictedCrs(f"计量单位写“{unit}”,坐标值却是米")
    number = zone if zone is not None else stated.zone
    if number is None or stated.datum is None:
        return None
    width = stated.width or next((w for w, zones in _ZONES.items() if number in zones), 0)
    if number not in _ZONES.get(width, ()):
        raise ContradictedCrs(f"{width} 度分带里没有 {number} 带(zone)")
    first = _CODES[stated.datum][width, zone is not None]
    return CRS.from_epsg(first + number - _FIRST_ZONE[width])


def _stated(description: Mapping[str, str]) -> _Stated:
    system = description.get("坐标系", "")
    datum = next(
        (
            name
            for name, pattern in (
                ("CGCS2000", "2000"),
                ("西安80", "80|西安"),
                ("北京54", "54|北京"),
            )
            if re.search(pattern, system)
        ),
        None,
    )
    return _Stated(
        datum,
        _integer(description.get("几度分带", "")),
        _integer(description.get("带号", "")),
        "度" in description.get("计量单位", ""),
    )


def _integer(text: str) -> int | None:
    found = re.search(r"\d+", text)
    if found is None:
        words = {"三": 3, "六": 6}
        return next((value for word, value in words.items() if word in text), None)
    return int(found[0])


def _geographic(
    stated: _Stated, north: np.ndarray, east: np.ndarray, *, in_degrees: bool
) -> CRS | None:
    if not in_degrees:
        raise ContradictedCrs("计量单位写“度”,坐标值却是米")
    if not stated.degrees:
        raise ContradictedCrs("坐标值是经纬度,计量单位却没有写“度”")
    if _within(east, (3, 54)) and _within(north, (73, 136)):
        raise ContradictedCrs("X、Y 两列对调(swap):X 应是纬度,Y 应是经度")
    return None if stated.datum is None else CRS.from_epsg(_DEGREES[stated.datum])


def _prefix(north: np.ndarray, east: np.ndarray) -> int | None:
    """Return the zone in front of the easting, None where there is none."""
    if _within(east, _NORTH) and not _within(north, _NORTH):
        raise ContradictedCrs(
            f"X、Y 两列对调(swap):X 应是北坐标(7 位),Y 应是东坐标,现在 X = {north[0]:.3f},Y = {east[0]:.3f}"
        )
    zones = np.unique(east // _ZONE_M).astype(int)
    if len(zones) > 1:
        raise ContradictedCrs(f"Y 坐标的带号(zone)前后不一:{'、'.join(map(str, zones))}")
    if not _within(north, _NORTH) or not _within(east - zones[0] * _ZONE_M, _EAST):
        raise ContradictedCrs(
            f"坐标值不在我国范围(extent)内:X 自 {north.min():.3f} 至 {north.max():.3f},Y 自 {east.min():.3f} 至 {east.max():.3f}"
        )
    return int(zones[0]) or None


def _within(values: np.ndarray, ends: tuple[float, float]) -> bool:
    return bool((values >= ends[0]).all() and (values <= ends[1]).all())
