"""The tables at the foot of a sheet: approvals, constraints, pieces, corners (附表)."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import shapely

from pipeline.report.cells import cell_text, kind_label
from pipeline.report.explain.text import Evidence
from pipeline.report.figures import is_null
from pipeline.report.safe_text import safe, shorten
from pipeline.report.sheets.closing_parts import closing, m2_of
from pipeline.report.sheets.names import NONE, SheetNames
from pipeline.report.standing import standing_label
from pipeline.units import half_up, m2_text, to_units

_MOST_PIECES, _MOST_APPROVALS, _MOST_CONSTRAINTS, _MOST_CORNERS = 5, 4, 3, 16
_LONG = 36
Record = Mapping[Any, Any]
_Rows = list[dict[str, Any]]


def approvals_of(evidence: Evidence) -> dict[str, object]:
    """Return the approvals that meet the change, each measured alone, the largest first."""
    frame = evidence.coverage.sort_values(["area_m2", "approval_no"], ascending=[False, True])
    whole = float(evidence.pieces["area_m2"].sum())
    rows = [
        {
            "number": str(place),
            "no": shorten(safe(record["approval_no"]), _LONG),
            "kind": kind_label(record["approval_kind"]),
            "on": cell_text(record["approved_on"]) or "日期不全",
            "area": m2_text(record["area_m2"]),
            "share": f"{half_up(record['area_m2'] / whole * 100, 1)}%" if whole else NONE,
        }
        for place, record in enumerate(frame.head(_MOST_APPROVALS).to_dict("records"), start=1)
    ]
    return {"rows": rows, "more": max(0, len(frame) - _MOST_APPROVALS)}


def constraints_of(constraints: pd.DataFrame) -> str:
    """Return the constraint layers with the area in them, as one text."""
    frame = constraints.sort_values(["area_m2", "constraint_name"], ascending=[False, True])
    texts = [
        f"{shorten(safe(record['constraint_name']), _LONG)} {m2_text(record['area_m2'])} ㎡"
        for record in frame.head(_MOST_CONSTRAINTS).to_dict("records")
    ]
    more = len(frame) - _MOST_CONSTRAINTS
    return "；".join(texts) + (f"；另有 {more} 项" if more > 0 else "")


def pieces_of(pieces: Sequence[Record], names: SheetNames) -> dict[str, object]:
    """Return the pieces, the largest first, the smallest summed; both columns close.

    ``pieces``: records of ``schema.derived.JUDGED``, the largest first.
    """
    shown = _shown(pieces)
    rows = [_piece(piece, names) for piece in pieces[:shown]]
    if len(pieces) > shown:
        rows.append(_rest(len(pieces) - shown))
    for name in ("area", "farmland"):
        units = to_units([piece[f"{name}_m2"] for piece in pieces]).tolist()
        parts = units[:shown] + ([sum(units[shown:])] if len(pieces) > shown else [])
        for row, value in zip(rows, closing([m2_of(part) for part in parts]), strict=True):
            row[name] = f"{half_up(value):,}"
    return {"rows": rows, "count": len(pieces)}


def numbers_of(pieces: Sequence[Record]) -> dict[str, str]:
    """Return the number on the map of each piece that has a row of its own."""
    return {
        str(piece["piece_id"]): number_of(piece["piece_id"])
        for piece in pieces[: _shown(pieces)]
    }


def _shown(pieces: Sequence[Record]) -> int:
    return _MOST_PIECES if len(pieces) <= _MOST_PIECES else _MOST_PIECES - 1


def number_of(piece_id: object) -> str:
    """Return the short number of a piece: the digits after its change's id, without zeros."""
    last = safe(piece_id).rsplit("-", 1)[-1]
    return last.lstrip("0") or last


def _piece(record: Any, names: SheetNames) -> dict[str, str]:
    permanent = record["is_permanent_farmland"]
    is_ruled = not is_null(record["ruled_verdict"])
    return {
        "number": number_of(record["piece_id"]),
        "verdict": "outside" if is_null(record["verdict"]) else str(record["verdict"]),
        "label": "不计入"
        if is_null(record["verdict"])
        else standing_label(record["verdict"], is_ruled=is_ruled),
        "township": shorten(safe(names.township(record["township_code"])), 8),
        "land": shorten(safe(names.land_class(record["land_class"])), 14),
        "permanent": NONE if is_null(permanent) else "是" if permanent else "否",
        "zone": NONE
        if is_null(record["plan_zone"])
        else shorten(safe(record["plan_zone"]), 12),
        "paper": NONE
        if is_null(record["approval_no"])
        else shorten(safe(record["approval_no"]), 20),
    }


def _rest(count: int) -> dict[str, str]:
    blank = dict.fromkeys(("township", "land", "permanent", "zone", "paper"), "")
    return {"number": "", "verdict": "outside", "label": f"其余 {count} 片", **blank}


def corners_of(change: Any) -> dict[str, object]:
    """Return the corners of a change: ring by ring, x north and y east, to 0.001 m."""
    corners: _Rows = []
    ring_number = 0
    for part in shapely.get_parts(change):
        for ring in (part.exterior, *part.interiors):
            ring_number += 1
            for x, y in shapely.get_coordinates(ring)[:-1]:
                number = f"J{len(corners) + 1}"
                corners.append(
                    {
                        "number": number,
                        "ring": str(ring_number),
                        "x": str(half_up(y, 3)),
                        "y": str(half_up(x, 3)),
                    }
                )
    return {"rows": corners[:_MOST_CORNERS], "count": len(corners), "rings": ring_number}
