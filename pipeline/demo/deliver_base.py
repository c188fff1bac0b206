"""Handing over the base layers (基础图层): townships, land use, control lines, as bureaus do."""

from pathlib import Path

import numpy as np
import pyproj
import shapely

from pipeline.demo.area import ellipsoid_m2
from pipeline.demo.county import County
from pipeline.demo.names import COUNTY_CODE, TOWNS
from pipeline.io.handover import Columns, write_features

WORKING_CRS = "EPSG:4549"
_DEGREES_CRS = "EPSG:4490"
_CLASS_NAME = {
    "0101": "水田", "0102": "水浇地", "0103": "旱地", "0201": "果园", "0202": "茶园",
    "0204": "其他园地", "0301": "乔木林地", "0302": "竹林地", "0305": "灌木林地",
    "0307": "其他林地", "0404": "其他草地", "05H1": "商业服务业设施用地", "0601": "工业用地",
    "0701": "城镇住宅用地", "0702": "农村宅基地", "0810": "公园与绿地", "08H1": "机关团体新闻出版用地",
    "08H2": "科教文卫用地", "1003": "公路用地", "1004": "城镇村道路用地", "1006": "农村道路",
    "1101": "河流水面", "1103": "水库水面", "1104": "坑塘水面", "1107": "沟渠",
    "1202": "设施农用地", "1207": "裸岩石砾地",
}  # fmt: skip
# Names as they were typed: blanks before, behind and within, wide ones, invisible ones.
_MISTYPED = {"990101100": " 鹭笙镇", "990101104": "蓼埠镇　", "990101110": "藜岗\u200b乡"}
_BAD_RIDGE, _UNKNOWN_CLASS = 1.25, "0199"


def parcel_id(row: int) -> str:
    """Return the identifier (标识码 BSM) of a parcel by its row."""
    return f"{COUNTY_CODE}2110{row + 1:08d}"


def deliver_base(county: County, folder: Path) -> None:
    """Write the base layers and note what was spoilt in them."""
    _townships(county, folder / "townships.gpkg")
    _land_use(county, folder / f"DLTB_{COUNTY_CODE}_2023.gdb")
    layers = county.layers
    marks: Columns = {
        "BSM": [f"{COUNTY_CODE}2500{row:08d}" for row in range(len(layers.permanent))],
        "YSDM": ["2005010300"] * len(layers.permanent),
    }
    write_features(folder / "YJJBNTTB.gpkg", marks, layers.permanent, WORKING_CRS)
    zones: Columns = {"GHFQMC": list(layers.zone_names), "XZQDM": list(layers.zone_towns)}
    write_features(folder / "GHFQ.geojson", zones, _in_degrees(layers.zones), _DEGREES_CRS)
    red: Columns = {"HXMC": [f"示例红线{row + 1}" for row in range(len(layers.red_line))]}
    write_features(folder / "STBHHX.gpkg", red, layers.red_line, WORKING_CRS)


def _townships(county: County, path: Path) -> None:
    columns: Columns = {
        "XZQDM": [plan.code for plan in TOWNS],
        "XZQMC": [_MISTYPED.get(plan.code, plan.name) for plan in TOWNS],
        "BZ": ["示例数据"] * len(TOWNS),
    }
    write_features(path, columns, county.towns, WORKING_CRS, layer="XZQ")
    for code in _MISTYPED:
        county.planting.defect("townships", code, "repaired", "名称里有空格或不可见字符")


def _land_use(county: County, path: Path) -> None:
    """Write the parcels, three of them spoilt, in no particular order."""
    land, flaws = county.land, county.flaws
    classes = land.land_class.astype(object)
    classes[flaws.unknown_class] = _UNKNOWN_CLASS
    ridge = land.ridge.copy()
    ridge[flaws.bad_ridge] = _BAD_RIDGE
    area = np.round(ellipsoid_m2(land.shape), 2)
    rows = np.random.default_rng(7).permutation(land.count).tolist()
    columns: Columns = {
        "BSM": [parcel_id(row) for row in rows],
        "DLBM": [str(classes[row]) for row in rows],
        "DLMC": [_CLASS_NAME.get(str(classes[row])) for row in rows],
        "ZLDWDM": [TOWNS[land.town[row]].code + "0000000000" for row in rows],
        "TBMJ": [float(area[row]) for row in rows],
        "KCXS": [float(ridge[row]) for row in rows],
        "SJNF": [2023] * len(rows),
    }
    doubled = dict(
        zip(
            columns,
            (values[rows.index(flaws.doubled)] for values in columns.values()),
            strict=True,
        )
    )
    doubled |= {"BSM": parcel_id(land.count), "DLBM": "0301", "DLMC": "乔木林地", "KCXS": 0.0}
    for name, values in columns.items():
        values.append(doubled[name])
    shapes = [*land.shape[rows], land.shape[flaws.doubled]]
    write_features(path, columns, shapes, WORKING_CRS, layer="DLTB")
    say = county.planting.defect
    say("land_use", parcel_id(flaws.bad_ridge), "quarantined", "田坎系数 1.25 不在 0 与 1 之间")
    say("land_use", parcel_id(flaws.unknown_class), "quarantined", "地类编码 0199 不存在")
    say("land_use", "", "noted", f"{parcel_id(land.count)} 与 {parcel_id(flaws.doubled)} 重叠")


def _in_degrees(shapes: np.ndarray) -> list[shapely.Geometry]:
    to_degrees = pyproj.Transformer.from_crs(WORKING_CRS, _DEGREES_CRS, always_xy=True)
    return [
        shapely.transform(
            shape, lambda at: np.round(np.column_stack(to_degrees.transform(*at.T)), 11)
        )
        for shape in shapes
    ]
