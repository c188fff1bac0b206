"""A county of any size for the web page: polygons, pieces, approvals, all invented."""

from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.report.web_page import PageTables
from tests.report import county

RULES = ("unapproved", "earth-moving", "approved-and-supplied", "facility-agriculture")
VERDICTS = ("illegal", "doubtful", "legal", "other")
ACTS = ("未批先建", "动土", None, None)
DAY = date(2024, 5, 6)


def tables(count: int, **changed: object) -> PageTables:
    """Return a county of 19 townships with ``count`` changes, a verdict after the other."""
    towns = county.townships(19)
    ranking = county.ranking(19)
    changes = _changes(towns, count)
    results = _results(changes)
    known: dict[str, object] = {
        "townships": towns,
        "ranking": ranking,
        "county": county.county_row(ranking),
        "changes": changes.drop(columns=["town", "number"]),
        "results": results,
        "pieces": _pieces(results),
        "coverage": _coverage(results),
        "constraints": pd.DataFrame(
            {
                "change_id": results.change_id[:1],
                "constraint_name": "生态保护红线",
                "area_m2": 12.5,
            }
        ),
        "approvals": _approvals(changes),
        "rulings": _rulings(results),
        "rectifications": _rectifications(results),
    }
    return PageTables(**{**known, **changed})  # type: ignore[arg-type]


def _changes(towns: gpd.GeoDataFrame, count: int) -> gpd.GeoDataFrame:
    rng = np.random.default_rng(11)
    numbers = np.arange(count)
    town = numbers % len(towns)
    middles = [
        shapely.maximum_inscribed_circle(shape, tolerance=100) for shape in towns.geometry
    ]
    at = np.array([middle.coords[0] for middle in middles])[town]
    reach = np.array([middle.length for middle in middles])[town]
    turn, far = rng.uniform(0, 2 * np.pi, count), np.sqrt(rng.uniform(0, 0.95, count))
    at = at + np.c_[np.cos(turn), np.sin(turn)] * (reach * far)[:, None]
    angle = np.linspace(0, 2 * np.pi, 12, endpoint=False)
    radius = rng.lognormal(3.3, 0.5, (count, 1)) * rng.uniform(0.8, 1.2, (count, 12))
    rings = at[:, None] + np.stack([np.cos(angle), np.sin(angle)], -1) * radius[..., None]
    return gpd.GeoDataFrame(
        {
            "change_id": [f"9901012024{number:06d}" for number in numbers],
            "change_type": "20",
            "before_earliest": date(2023, 10, 12),
            "before_latest": date(2023, 10, 12),
            "after_earliest": DAY,
            "after_latest": date(2024, 5, 31),
            "town": town,
            "number": numbers,
        },
        geometry=shapely.polygons(np.concatenate([rings, rings[:, :1]], axis=1)),
        crs="EPSG:4549",
    )


def _results(changes: gpd.GeoDataFrame) -> pd.DataFrame:
    verdict = changes.number.to_numpy() % 4
    area = changes.area.round(4)
    frame = pd.DataFrame(
        {
            "change_id": changes.change_id,
            "township_code": [f"990101{town + 1:03d}" for town in changes.town],
            "area_m2": area,
            "farmland_m2": (area * 0.5).round(4),
            "permanent_farmland_m2": (area * 0.25).round(4),
            "outside_m2": 0.0,
        }
    )
    for number, name in enumerate(VERDICTS):
        frame[f"{name}_m2"] = np.where(verdict == number, area, 0.0)
    frame["illegal_farmland_m2"] = np.where(verdict == 0, frame.farmland_m2, 0.0)
    frame["illegal_permanent_farmland_m2"] = 0.0
    frame["verdict"] = [VERDICTS[number] for number in verdict]
    frame["rule_id"] = [RULES[number] for number in verdict]
    frame["reason"] = [
        f"{VERDICTS[number]} {size:,.2f} ㎡(其中耕地 {size / 2:,.2f} ㎡):按规则给出的建议,待核。"
        for number, size in zip(verdict, area, strict=True)
    ]
    return frame


def _pieces(results: pd.DataFrame) -> pd.DataFrame:
    halves = []
    for part in (1, 2):
        half = pd.DataFrame(
            {
                "piece_id": [f"{change_id}-{part:03d}" for change_id in results.change_id],
                "change_id": results.change_id,
                "counted_in": None,
                "township_code": results.township_code,
                "parcel_id": [f"P{number}" for number in range(len(results))],
                "land_class": "0101" if part == 1 else "0301",
                "is_farmland": part == 1,
                "is_permanent_farmland": part == 1,
                "plan_zone": "乡村发展区",
                "area_m2": (results.area_m2 / 2).round(4),
                "farmland_m2": results.farmland_m2 if part == 1 else 0.0,
                "approval_no": None,
                "proposed_verdict": results.verdict,
                "ruled_verdict": ["illegal", *[None] * (len(results) - 1)][: len(results)],
                "verdict": results.verdict,
                "rule_id": results.rule_id,
                "act": [ACTS[VERDICTS.index(verdict)] for verdict in results.verdict],
                "legal_basis": "《土地管理法》第七十七条第一款",
                "missing_evidence": None,
                "ruling_reason": None,
            }
        )
        halves.append(half)
    return pd.concat(halves, ignore_index=True)


def _coverage(results: pd.DataFrame) -> pd.DataFrame:
    legal = results[results.verdict == "legal"]
    return pd.DataFrame(
        {
            "change_id": legal.change_id,
            "approval_no": [f"示批〔2023〕{number}号" for number in range(len(legal))],
            "approval_kind": "conversion",
            "approved_on": date(2023, 1, 2),
            "area_m2": legal.area_m2,
        }
    )


def _approvals(changes: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    legal = changes[changes.number % 4 == 2]
    frame: dict[str, object] = {
        "approval_kind": "conversion",
        "approval_no": [f"示批〔2023〕{number}号" for number in range(len(legal))],
        "holder": "张三",
    }
    for name in ("approved", "valid_from", "valid_until"):
        for end in ("earliest", "latest"):
            frame[f"{name}_{end}"] = date(2023, 1, 2) if name == "approved" else None
    return gpd.GeoDataFrame(frame, geometry=list(legal.buffer(15).envelope), crs="EPSG:4549")


def _rulings(results: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "change_id": results.change_id[:1],
            "township_code": None,
            "verdict": "illegal",
            "reason": "现场核查属实",
            "ruled_by": "示例审核员",
            "ruled_on": date(2025, 1, 8),
        }
    )


def _rectifications(results: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "change_id": results.change_id[:1],
            "method": "拆除复耕",
            "farmland_m2": 33.0,
            "accepted_earliest": date(2024, 12, 20),
            "accepted_latest": date(2024, 12, 20),
            "document": "示验〔2025〕1号",
        }
    )
