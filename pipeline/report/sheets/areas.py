"""The area of a change, part by part, closed to the last 0.01 ㎡ (图斑面积分解)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.print_text import printed
from pipeline.report.safe_text import safe, shorten
from pipeline.report.sheets.closing_parts import closing, m2_of, mu_of
from pipeline.report.standing import standing_label
from pipeline.terms import VERDICT_PRECEDENCE
from pipeline.units import half_up, to_units

_GROUPS = ("farm", "construction", "unused")
_LONGEST_RULE = 30
_MOST = 5  # rows; the smallest beyond are summed
Record = Mapping[Any, Any]
_Rows = list[dict[str, Any]]


def areas_of(pieces: Sequence[Record], heading: Heading) -> dict[str, object]:
    """Return the rows of the waterfall (by verdict and rule), its total and its closing checks.

    ``pieces``: records of ``schema.derived.JUDGED``. Displayed parts add up to the displayed whole.
    """
    groups = _groups(pieces, heading)
    whole = sum(int(group["area"]) for group in groups)
    rows = [
        {
            "verdict": group["verdict"],
            "label": group["label"],
            "rule": shorten(printed(safe(group["rule"])), _LONGEST_RULE),
            "start": group["start"] / whole if whole else 0.0,
            "share": group["area"] / whole if whole else 0.0,
            "farmland_share": group["farmland"] / whole if whole else 0.0,
            **cells,
        }
        for group, cells in zip(groups, _columns(groups), strict=True)
    ]
    total = {
        "area": _text(m2_of(whole)),
        "mu": _text(mu_of(whole)),
        "farmland": _total(groups, "farmland"),
        "permanent": _total(groups, "permanent"),
    }
    summed = sum((Decimal(str(row["area"]).replace(",", "")) for row in rows), Decimal(0))
    gap = summed - half_up(m2_of(whole))
    return {"rows": rows, "total": total, "closing": str(gap), "ground": ground_of(pieces)}


def ground_of(pieces: Sequence[Record]) -> dict[str, object]:
    """Return the area by kind of ground: farmland, ridge, other farm land, construction, unused.

    耕地 is what remains of farmland parcels after the ridge; the ridge is non-farmland farm land.
    """
    parts = dict.fromkeys(("farmland", "ridge", *_GROUPS, "unknown"), 0)
    for piece in pieces:
        area, farmland = (
            int(one) for one in to_units([piece["area_m2"], piece["farmland_m2"]])
        )
        group = "unknown" if is_null(piece["land_group"]) else str(piece["land_group"])
        is_farmland = not is_null(piece["is_farmland"]) and bool(piece["is_farmland"])
        parts["farmland"] += farmland
        parts["ridge" if is_farmland else group if group in _GROUPS else "unknown"] += (
            area - farmland
        )
    shown = dict(zip(parts, closing([m2_of(units) for units in parts.values()]), strict=True))
    whole = sum(shown.values(), Decimal(0))
    texts: dict[str, object] = {name: _text(value) for name, value in shown.items()}
    texts |= {"not_farmland": _text(shown["ridge"] + shown["farm"]), "whole": _text(whole)}
    return texts | {"has_unknown": parts["unknown"] > 0, "has_ridge": parts["ridge"] > 0}


def gravity(verdict: str | None) -> int:
    """Return the place of a verdict among all, the gravest first, none last."""
    known = [str(one) for one in VERDICT_PRECEDENCE]
    return known.index(verdict) if verdict in known else len(known)


def _groups(pieces: Sequence[Record], heading: Heading) -> _Rows:
    """Return the pieces by verdict and rule, the gravest first, each with where it starts."""
    sums: dict[tuple[Any, ...], dict[str, Any]] = {}
    has_permanent = any(not is_null(piece["is_permanent_farmland"]) for piece in pieces)
    for piece in pieces:
        is_ruled = not is_null(piece["ruled_verdict"])
        verdict = None if is_null(piece["verdict"]) else str(piece["verdict"])
        key = (verdict, str(piece["rule_id"]), is_ruled)
        if key not in sums:
            sums[key] = _group(
                verdict, heading.rule_name(str(piece["rule_id"])), is_ruled=is_ruled
            )
        _add(sums[key], piece, has_permanent=has_permanent)
    ordered = sorted(sums.values(), key=lambda one: (one["order"], -one["area"], one["rule"]))
    if len(ordered) > _MOST:
        rest = _group(None, f"其余 {len(ordered) - _MOST + 1} 项", is_ruled=False)
        rest["label"] = "其余"
        for one in ordered[_MOST - 1 :]:
            rest |= {
                name: _plus(rest[name], one[name]) for name in ("area", "farmland", "permanent")
            }
        ordered = [*ordered[: _MOST - 1], rest]
    start = 0
    for one in ordered:
        one["start"] = start
        start += one["area"]
    return ordered


def _group(verdict: str | None, rule: str, *, is_ruled: bool) -> dict[str, Any]:
    return {
        "verdict": verdict or "outside",
        "order": gravity(verdict),
        "label": "不计入" if verdict is None else standing_label(verdict, is_ruled=is_ruled),
        "rule": rule,
        "area": 0,
        "farmland": 0,
        "permanent": None,
    }


def _add(group: dict[str, Any], piece: Record, *, has_permanent: bool) -> None:
    area, farmland = (int(one) for one in to_units([piece["area_m2"], piece["farmland_m2"]]))
    group["area"] += area
    group["farmland"] += farmland
    if has_permanent:
        inside = not is_null(piece["is_permanent_farmland"]) and bool(
            piece["is_permanent_farmland"]
        )
        group["permanent"] = (group["permanent"] or 0) + (farmland if inside else 0)


def _plus(one: int | None, other: int | None) -> int | None:
    return other if one is None else one if other is None else one + other


def _columns(groups: _Rows) -> _Rows:
    """Return the cells of every group: each column closes by itself."""
    columns = {
        "area": closing([m2_of(group["area"]) for group in groups]),
        "mu": closing([mu_of(group["area"]) for group in groups]),
        "farmland": closing([m2_of(group["farmland"]) for group in groups]),
        "permanent": closing([m2_of(group["permanent"] or 0) for group in groups]),
    }
    return [
        {
            name: _text(values[place]) if groups[place].get(name, 0) is not None else "—"
            for name, values in columns.items()
        }
        for place in range(len(groups))
    ]


def _total(groups: Sequence[Mapping[str, Any]], name: str) -> str:
    known = [int(group[name]) for group in groups if group[name] is not None]
    return _text(m2_of(sum(known))) if known else "—"


def _text(value: Decimal) -> str:
    return f"{half_up(value):,}"
