"""GeoJSON read as what it is, text: nothing in it is followed, guessed or converted (GeoJSON)."""

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from pipeline.errors import Finding, Refused, refusal
from pipeline.io.delivery import Source, frame_of, record_places
from pipeline.io.shapes import closed_ring

_NAME = re.compile(
    r"^(?:urn:ogc:def:crs:)?(EPSG|OGC|CRS)(?::[\d.]*)?:{1,2}(\w+)$", re.IGNORECASE
)
_LIKE = {"Topology": "TopoJSON", "esriGeometryPolygon": "Esri JSON"}
_RINGS = {"Polygon": 1, "MultiPolygon": 2}


def read_geojson(path: Path, *, label: str) -> Source:
    """Read a feature collection; raises ``Refused`` for what is not one or names a CRS oddly."""
    document = _parsed(path, label)
    features = (
        document.get("features") if document.get("type") == "FeatureCollection" else [document]
    )
    if not isinstance(features, list) or any(
        not isinstance(one, dict) or one.get("type") != "Feature" for one in features
    ):
        like = _LIKE.get(str(document.get("type") or document.get("geometryType")), "JSON")
        what = f"{path.name} 是 {like},不是 GeoJSON 的 FeatureCollection(格式)"
        raise Refused([refusal(label, path.name, "format", what, "导出为 GeoJSON 要素集")])
    crs = _crs(document, path, label)
    places = record_places(path.name, len(features))
    geometry = np.empty(len(features), dtype=object)
    findings: list[Finding] = []
    for row, feature in enumerate(features):
        geometry[row], found = _shape(feature.get("geometry"), label, places[row])
        findings += found
    frame = frame_of(
        _columns([feature.get("properties") or {} for feature in features]), len(features)
    )
    return Source(frame, shapely.force_2d(geometry), crs, places, findings)


def _parsed(path: Path, label: str) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes().decode("utf-8-sig"), object_pairs_hook=_once)
    except UnicodeDecodeError as error:
        what = f"{path.name} 不是 UTF-8 编码(encoding):{error}"
    except (ValueError, RecursionError) as error:
        what = f"{path.name} 不是完整的 JSON(截断或损坏,truncated):{error}"
    else:
        if isinstance(document, dict):
            return document
        what = f"{path.name} 是 JSON,不是 GeoJSON(格式)"
    raise Refused([refusal(label, path.name, "damaged-file", what, "请提供单位重新导出")])


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"同一对象里 {twice} 写了两次")
    return made


def _crs(document: dict[str, Any], path: Path, label: str) -> CRS | None:
    """Return the CRS by its name; without the member it is longitude and latitude (RFC 7946)."""
    if "crs" not in document:
        return CRS.from_user_input("OGC:CRS84")
    member = document["crs"]
    if member is None:
        return None
    properties = member.get("properties") if isinstance(member, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    found = (
        _NAME.match(name) if isinstance(name, str) and member.get("type") == "name" else None
    )
    if found is not None:
        try:
            return CRS.from_user_input(f"{found[1].upper().replace('CRS', 'OGC')}:{found[2]}")
        except CRSError:
            pass
    what = f"{path.name} 的 crs 成员不是认得的坐标系名(网址和链接一律不跟随):{str(member)[:80]}"
    fix = (
        '改成 {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4549"}} 这样的写法'
    )
    raise Refused([refusal(label, path.name, "crs-link", what, fix)])


def _shape(member: object, label: str, place: str) -> tuple[BaseGeometry | None, list[Finding]]:
    if member is None:
        return None, []
    try:
        made = shape(member)
        is_open = isinstance(member, dict) and _has_open_ring(member)
    except (
        ValueError,
        TypeError,
        KeyError,
        IndexError,
        AttributeError,
        OverflowError,
        shapely.GEOSException,
    ) as error:
        what = f"图形读不出来:{error}"
        return None, [
            Finding(label, place, "unreadable-geometry", "quarantined", what, "重新导出")
        ]
    return made, [closed_ring(label, place)] if is_open else []


def _has_open_ring(member: dict[str, Any]) -> bool:
    depth = _RINGS.get(str(member.get("type")))
    if depth is None:
        return False
    polygons = [member["coordinates"]] if depth == 1 else member["coordinates"]
    return any(ring and ring[0] != ring[-1] for rings in polygons for ring in rings)


def _columns(records: list[dict[str, Any]]) -> dict[str, list[object]]:
    names = list(dict.fromkeys(name for record in records for name in record))
    return {name: [_plain(record.get(name)) for record in records] for name in names}


def _plain(value: object) -> object:
    if isinstance(value, str):
        return value.rstrip("\0 ") or None
    if isinstance(value, float) and value != value:  # noqa: PLR0124 - NaN
        return None
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else value
