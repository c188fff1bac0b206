"""The areas that a map fills (图面单元): townships, or offices made of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import geopandas as gpd
import shapely
from shapely.geometry.base import BaseGeometry

CROWD = 60  # areas; among more, names give way to numbers and heavy lines to light ones


@dataclass(frozen=True)
class Areas:
    """What a map fills (图面单元): code → shape, and lines drawn thinly inside."""

    shapes: dict[str, BaseGeometry]
    inner: list[BaseGeometry] = field(default_factory=list)


def township_areas(townships: gpd.GeoDataFrame) -> Areas:
    """Return the townships that have a shape, by code."""
    ordered = townships.sort_values("township_code")
    return Areas(
        {
            str(code): shapely.make_valid(shape)
            for code, shape in zip(ordered.township_code, ordered.geometry, strict=True)
            if shape is not None
        }
    )


def office_areas(townships: gpd.GeoDataFrame, office_of: Mapping[str, str]) -> Areas:
    """Return each office's ground as one shape; its townships are the lines inside."""
    known = township_areas(townships).shapes
    members: dict[str, list[BaseGeometry]] = {}
    for code, shape in known.items():
        members.setdefault(office_of[code], []).append(shape)
    united = {office: shapely.union_all(members[office]) for office in sorted(members)}
    return Areas(united, list(known.values()))
