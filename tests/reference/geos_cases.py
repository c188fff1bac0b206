"""Pairs of polygons out of the test files of GEOS, and those on which it invents area."""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree as ET

import numpy as np
import shapely
from shapely.errors import GEOSException
from shapely.geometry.base import BaseGeometry

DATA = Path(__file__).parents[1] / "data"
_GEOS = DATA / "overlay_cases" / "geos"
_INVENTED = DATA / "geos_invented_area"


class Pair(NamedTuple):
    """Two shapes with area, as they stand in the file."""

    name: str
    one: BaseGeometry
    other: BaseGeometry


def pairs() -> tuple[list[Pair], Counter[str]]:
    """Return the pairs, each once, and how many cases were passed over for what reason."""
    found: dict[tuple[bytes, bytes], Pair] = {}
    passed: Counter[str] = Counter()
    for name, one, other in [*_cases(), *_invented()]:
        reason = _lack(one) or _lack(other)
        if reason:
            passed[reason] += 1
        elif (one.wkb, other.wkb) in found:
            passed["repeated"] += 1
        else:
            found[one.wkb, other.wkb] = Pair(name, one, other)
    return list(found.values()), passed


def scaled(
    change: BaseGeometry, parcel: BaseGeometry
) -> tuple[BaseGeometry, BaseGeometry, float]:
    """Return both so that the change is 256 to 512 m long, and the factor: a power of two.

    So not a digit is lost, and the areas are exactly the factor squared times as large.
    """
    x0, y0, x1, y1 = change.bounds
    factor = math.ldexp(1.0, 9 - math.frexp(max(x1 - x0, y1 - y0))[1])
    one, other = (
        shapely.transform(shape, lambda xy: xy * factor) for shape in (change, parcel)
    )
    return one, other, factor


def _lack(shape: BaseGeometry | None) -> str:
    if shape is None:
        return "one shape only, or one that cannot be read"
    if shape.geom_type not in {"Polygon", "MultiPolygon"}:
        return "a point, a line or a collection"
    return "" if shapely.get_num_coordinates(shape) else "an empty shape"


def _cases() -> Iterator[tuple[str, BaseGeometry | None, BaseGeometry | None]]:
    for file in sorted(_GEOS.rglob("*.xml")):
        for number, case in enumerate(ET.parse(file).iter("case"), start=1):
            name = f"{file.relative_to(_GEOS).as_posix()} {number}"
            yield name, _shape(case.findtext("a")), _shape(case.findtext("b"))


def _invented() -> Iterator[tuple[str, BaseGeometry, BaseGeometry]]:
    for file in sorted(_INVENTED.glob("*.hexwkb")):
        one, other = map(shapely.from_wkb, file.read_text().split())
        yield file.name, one, other


def _shape(text: str | None) -> BaseGeometry | None:
    """Return a shape from WKT or hex WKB, without heights; None where there is none."""
    written = (text or "").strip()
    try:
        with np.errstate(invalid="ignore"):
            if written[:2] in {"00", "01"}:
                return shapely.force_2d(shapely.from_wkb("".join(written.split())))
            return shapely.force_2d(shapely.from_wkt(written)) if written else None
    except GEOSException:
        return None
