"""Small tables of pieces for the tests of rules and stages: what is not said is plain.

A piece is 100 m² of paddy in township A, of change C1, a building, without any approval.
"""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from pipeline.rules.pack import RulePack, load_pack
from pipeline.rules.settings import AccountabilitySettings, Line, RuleSettings
from pipeline.schema.conform import conform
from pipeline.schema.dates import parse_date
from pipeline.schema.derived import JUDGED, PIECES, approval_columns
from pipeline.schema.received import OFFICES, RECTIFICATIONS, RULINGS
from pipeline.schema.table import Table
from pipeline.terms import ApprovalKind
from tests.worlds import CRS, TOWN_A, days

AS_OF = date(2025, 3, 31)
CONFIGS = Path(__file__).resolve().parents[1] / "configs"
DEFAULT: RulePack = load_pack(CONFIGS / "rules" / "default-2024.toml")
RULES = RuleSettings()
Row = dict[str, Any]


def piece(piece_id: str = "C1-1", *, area: float = 100, **columns: Any) -> Row:
    """Return a piece; ``farmland`` is all of it unless given."""
    farmland = columns.pop("farmland", area)
    plain = {
        "piece_id": piece_id,
        "change_id": piece_id.split("-", maxsplit=1)[0],
        "township_code": TOWN_A,
        "parcel_id": "P1",
        "land_class": "0101",
        "land_group": "farm",
        "is_farmland": True,
        "ridge_coefficient": 0.0,
        "is_permanent_farmland": False,
        "area_m2": area,
        "farmland_m2": farmland,
        "unapproved_part_m2": area,
        "unapproved_part_width_m": 10.0,
        "touches_quarantine": False,
    }
    return plain | columns


def covered(
    kind: str,
    approved: object = "2023-01-15",
    *,
    no: str | None = None,
    valid_from: object = None,
    valid_until: object = None,
) -> Row:
    """Return the columns of a deciding approval; its number is its kind unless given."""
    interval = parse_date(approved)
    is_day = interval is not None and interval.earliest == interval.latest
    return {
        f"{kind}_no": no or kind,
        f"{kind}_on": interval.earliest if interval is not None and is_day else None,
        **days(f"{kind}_approved", approved),
        **days(f"{kind}_valid_from", valid_from),
        **days(f"{kind}_valid_until", valid_until),
    }


def pieces(*rows: Row, kinds: Iterable[ApprovalKind] = ApprovalKind) -> gpd.GeoDataFrame:
    """Return the rows as pieces, with the columns of the configured kinds of approval."""
    columns = [*PIECES.columns, *(each for kind in kinds for each in approval_columns(kind))]
    table = Table("pieces", "套合碎片", tuple(columns), ("piece_id",))
    return _shapeless(_filled(rows, table))


def judged(*rows: Row) -> gpd.GeoDataFrame:
    """Return pieces that are judged already: rows of ``piece(..., verdict=…, rule_id=…)``."""
    filled = [
        {
            "proposed_verdict": row.get("verdict"),
            "rule_id": row.get("verdict") or "outside",
            "is_regularised": False,
            **row,
        }
        for row in rows
    ]
    return _shapeless(_filled(filled, JUDGED))


def rulings(*rows: Row) -> pd.DataFrame:
    """Return rulings."""
    return _filled(rows, RULINGS)


def ruling(change_id: str, verdict: str, on: date = date(2025, 1, 1), **columns: Any) -> Row:
    """Return a ruling (人工认定)."""
    row = {"change_id": change_id, "verdict": verdict, "reason": "现场核查", "ruled_by": "甲"}
    return row | {"ruled_on": on} | columns


def rectifications(*rows: Row) -> pd.DataFrame:
    """Return rectifications."""
    return _filled(rows, RECTIFICATIONS)


def reclaimed(
    change_id: str, farmland: float, *, accepted: object = "2025-01-10", **columns: Any
) -> Row:
    """Return a demolition with reclaimed farmland (拆除复耕)."""
    row = {"change_id": change_id, "method": "拆除复耕", "farmland_m2": farmland}
    return {**row, **days("accepted", accepted), **columns}


def offices(*pairs: tuple[str, str]) -> pd.DataFrame:
    """Return offices from pairs of a township code and its office."""
    rows = [{"township_code": code, "office_name": name} for code, name in pairs]
    return _filled(rows, OFFICES)


def accountability(
    township: str = "0.08", county: str = "0.15", **columns: Any
) -> AccountabilitySettings:
    """Return the usual line: a township over 8 %, a county at 15 %."""
    lines = {
        "township": Line(ratio=Decimal(township), comparison=">", basis="责任状"),
        "county": Line(ratio=Decimal(county), comparison=">=", basis="15号令第三条"),
    }
    return AccountabilitySettings(**{"as_of": AS_OF, **lines, **columns})


def _filled(rows: Iterable[Row], table: Table) -> pd.DataFrame:
    listed = list(rows)
    strange = {name for row in listed for name in row if name not in table.names}
    if strange:
        raise KeyError(f"{table.name} has no {sorted(strange)}")
    columns = {name: [row.get(name) for row in listed] for name in table.names}
    return conform(pd.DataFrame(columns, dtype=object), table)


def _shapeless(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    return gpd.GeoDataFrame(frame, geometry=gpd.GeoSeries([None] * len(frame), crs=CRS))
