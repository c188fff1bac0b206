"""An invented county for the products: Voronoi townships and a ranking to fit them."""

from datetime import date
from decimal import Decimal

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.report.heading import Heading
from pipeline.rules.settings import Line
from pipeline.terms import Denominator, OfficialRatio

NAMES = [
    *("云栖镇", "白塔街道", "青禾镇", "柳浦乡", "石门街道", "南陌镇", "长汀镇", "鹿鸣乡"),
    *("枫桥头镇", "沙洲街道", "银杏镇", "望湖镇", "竹溪乡", "金谷镇", "东塍里镇", "莲塘镇"),
    *("北渡街道", "松岭乡", "大埭圩镇"),
]


def heading(**changes: object) -> Heading:
    values: dict[str, object] = {
        "inspection": "demo-2024",
        "county_name": "示例县",
        "year": 2024,
        "crs": "EPSG:4549",
        "area_kind": "ellipsoid",
        "denominator": Denominator.NEW_FARMLAND,
        "official": OfficialRatio.NET,
        "township": Line(ratio=Decimal("0.08"), comparison=">", basis="耕地保护责任状"),
        "county": Line(ratio=Decimal("0.15"), comparison=">=", basis="15号令第三条"),
        "as_of": date(2025, 3, 31),
        "notice": "示例数据，非真实结果",
    }
    return Heading(**{**values, **changes})  # type: ignore[arg-type]


def names(count: int) -> list[str]:
    return [NAMES[i % 19] if i < 19 else f"{NAMES[i % 19][:2]}{i}镇" for i in range(count)]


def townships(count: int, seed: int = 7) -> gpd.GeoDataFrame:
    """Voronoi townships in a wavy county of about 60 × 42 km."""
    rng = np.random.default_rng(seed)
    angle = np.linspace(0, 2 * np.pi, 120, endpoint=False)
    wave = 1 + 0.06 * np.sin(5 * angle) + 0.04 * np.sin(9 * angle + 1)
    east, north = 30_000 * wave * np.cos(angle), 20_000 * wave * np.sin(angle)
    county = shapely.Polygon(np.c_[530_000 + east, 3_120_000 + north])
    seeds = rng.uniform(county.bounds[:2], county.bounds[2:], (count * 9, 2))
    seeds = seeds[shapely.contains_xy(county, seeds)][:count]
    for _ in range(3):  # move the seeds to the middles, so that no township is a sliver
        hull = shapely.voronoi_polygons(shapely.MultiPoint(seeds), extend_to=county.envelope)
        cells = shapely.intersection(shapely.get_parts(hull), county)
        seeds = shapely.get_coordinates(shapely.centroid(cells))
    codes = [f"990101{i + 1:03d}" for i in range(count)]
    columns = {"township_code": codes, "township_name": names(count)}
    return gpd.GeoDataFrame(columns, geometry=cells, crs="EPSG:4549")


def ranking(count: int, seed: int = 3, **columns: object) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    new = rng.uniform(60_000, 400_000, count).round(2)
    illegal = (new * rng.beta(1.2, 14, count)).round(2)
    reclaimed = (illegal * rng.choice([0, 0.2, 0.6], count)).round(2)
    doubtful = (new * rng.choice([0, 0.01, 0.03], count)).round(2)
    frame = pd.DataFrame(
        {
            "township_code": [f"990101{i + 1:03d}" for i in range(count)],
            "township_name": names(count),
            "office_name": [f"{'东西南北'[i % 4]}片自然资源所" for i in range(count)],
            "change_count": rng.integers(3, 60, count),
            "illegal_count": rng.integers(0, 12, count),
            "area_m2": new * 1.9,
            "new_construction_m2": new * 1.4,
            "legal_farmland_m2": new - illegal,
            "illegal_farmland_m2": illegal,
            "doubtful_farmland_m2": doubtful,
            "new_farmland_m2": new,
            "illegal_permanent_farmland_m2": (illegal * 0.1).round(2),
            "reclaimed_farmland_m2": reclaimed,
            "regularised_farmland_m2": 0.0,
            "exempt_farmland_m2": 0.0,
            "ratio_gross": illegal / new,
            "ratio_numerator": (illegal - reclaimed) / new,
            "ratio_net": (illegal - reclaimed) / (new - reclaimed),
            "ratio_with_regularised": (illegal - reclaimed) / (new - reclaimed),
            "ratio_low": (illegal - reclaimed) / (new - reclaimed + doubtful),
            "ratio_high": (illegal - reclaimed + doubtful) / (new - reclaimed + doubtful),
            "quarantined_count": 0,
        }
    )
    if count > 4:  # one township on the line, one a hair over it, one without new farmland
        ratios = ["ratio_gross", "ratio_numerator", "ratio_net", "ratio_low", "ratio_high"]
        frame.loc[0, ratios] = 0.08
        frame.loc[1, ratios] = 0.0800000001
        frame.loc[2, [*ratios, "ratio_with_regularised"]] = np.nan
        frame.loc[2, ["new_farmland_m2", "illegal_farmland_m2", "legal_farmland_m2"]] = 0.0
        frame.loc[2, "reclaimed_farmland_m2"] = 0.0
    for name, values in columns.items():
        frame[name] = values
    return ranked(frame)


def ranked(frame: pd.DataFrame) -> pd.DataFrame:
    frame = frame.assign(is_accountable=frame.ratio_net > 0.08)
    need = frame.illegal_farmland_m2 - frame.reclaimed_farmland_m2
    whole = frame.new_farmland_m2 - frame.reclaimed_farmland_m2
    still = ((need - 0.08 * whole) / 0.92).clip(lower=0.0001)
    frame["reclaim_to_line_m2"] = still.where(frame.is_accountable, 0.0)
    frame["rank"] = frame.ratio_net.rank(method="min", ascending=False).astype("Int64")
    return frame.sort_values(["rank", "township_code"], ignore_index=True)


def county_row(frame: pd.DataFrame) -> pd.DataFrame:
    sums = frame.select_dtypes("number").drop(columns=["rank"]).sum()
    gross = sums.illegal_farmland_m2 / sums.new_farmland_m2
    ratios = [name for name in frame if name.startswith("ratio_")]
    row = {**sums, **dict.fromkeys(ratios, gross)}
    row |= {
        "county_code": "990101",
        "county_name": "示例县",
        "is_accountable": False,
        "rank": pd.NA,
    }
    return pd.DataFrame([row])


def changes(count: int) -> pd.DataFrame:
    rng = np.random.default_rng(5)
    area = rng.lognormal(6, 1, count).round(4)
    illegal = np.where(np.arange(count) % 3 == 0, area, 0.0)
    return pd.DataFrame(
        {
            "change_id": [f"990101{i:06d}" for i in range(count)],
            "township_code": [f"990101{i % 19 + 1:03d}" for i in range(count)],
            "area_m2": area,
            "farmland_m2": (area * 0.4).round(4),
            "permanent_farmland_m2": (area * 0.1).round(4),
            "legal_m2": area - illegal,
            "illegal_m2": illegal,
            "other_m2": 0.0,
            "doubtful_m2": 0.0,
            "outside_m2": 0.0,
            "illegal_farmland_m2": (illegal * 0.4).round(4),
            "illegal_permanent_farmland_m2": (illegal * 0.1).round(4),
            "verdict": ["illegal" if i % 3 == 0 else "legal" for i in range(count)],
            "rule_id": np.resize(["unapproved", "rural-housing", "rural-housing"], count),
            "reason": "未见有效批准手续，建议认定为未批先建，依据《土地管理法》",
        }
    )


def offices() -> pd.DataFrame:
    made = ranking(4).drop(columns=["township_code", "township_name"])
    return made.assign(office_name=[f"{side}片自然资源所" for side in "东西南北"])


def defects(count: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "layer": "changes",
            "record": [f"C{i}" for i in range(count)],
            "code": "self-intersection",
            "severity": ["quarantined" if i % 5 == 0 else "repaired" for i in range(count)],
            "message": "环自相交，已按有效图形修复",
            "remedy": "请在原图层中改正",
            "area_m2": [None if i % 2 else 12.3456 for i in range(count)],
        }
    )
