"""Handing over the change polygons (变化图斑): GBK, no code page, zone-prefixed metres."""

from pathlib import Path

import numpy as np
import shapely

from pipeline.demo.area import ellipsoid_m2
from pipeline.demo.county import County
from pipeline.demo.names import COUNTY_CODE, TOWNS
from pipeline.demo.record import Change
from pipeline.io.handover import Columns, forget_encoding, write_features

ZONE = 40
_PREFIXED_CRS = "EPSG:4528"
_STATED_WITHOUT_SHAPE_M2 = 1_520.0


def deliver_changes(county: County, folder: Path) -> None:
    """Write the change polygons in no particular order."""
    changes = county.planting.changes
    order = np.random.default_rng(11).permutation(len(changes))
    path = folder / f"BHTB_{COUNTY_CODE}_2024.shp"
    rows = [changes[row] for row in order]
    columns: Columns = {
        "XZQDM": [change.stated_town or TOWNS[change.town].code for change in rows],
        "JCBH": [change.change_id for change in rows],
        "TBLX": [change.change_type for change in rows],
        "QSX": [change.before for change in rows],
        "HSX": [change.after for change in rows],
        "JCMJ": [_stated_m2(change) for change in rows],
        "FJCBH": [change.parent_id for change in rows],
        "CFZT": [change.split_state for change in rows],
        "BZ": [change.note for change in rows],
    }
    shapes = [None if change.shape is None else with_zone(change.shape) for change in rows]
    write_features(path, columns, shapes, _PREFIXED_CRS, encoding="GBK")
    forget_encoding(path)
    county.planting.defect("changes", "", "repaired", "没有编码说明的 GBK 属性表")


def with_zone(shape: shapely.Geometry) -> shapely.Geometry:
    """Return a shape with the zone's number before its eastings (带号)."""
    return shapely.transform(shape, lambda at: np.round(at + np.array([ZONE * 1e6, 0.0]), 3))


def _stated_m2(change: Change) -> float:
    """Return the stated area (监测面积), to 0.01 m²; a crossing outline was measured as meant."""
    if change.shape is None:
        return _STATED_WITHOUT_SHAPE_M2
    drawn = change.shape if change.shape.is_valid else change.shape.convex_hull
    area = ellipsoid_m2(np.array([drawn], dtype=object))[0]
    return round(float(area) * change.stated_factor, 2)
