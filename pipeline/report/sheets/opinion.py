"""What the machine proposes and what people ruled, in two separate boxes (建议与认定)."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from pipeline.report.cells import cell_text, kind_label, verdict_label
from pipeline.report.explain.text import Evidence
from pipeline.report.figures import is_null
from pipeline.report.heading import Heading
from pipeline.report.print_text import printed
from pipeline.report.safe_text import safe, shorten
from pipeline.report.sheets.areas import gravity
from pipeline.report.sheets.day_text import days_text
from pipeline.report.sheets.names import SheetNames
from pipeline.units import m2_text, to_m2, to_units

_MOST_GROUNDS, _MOST_PAPERS, _MOST_RULINGS = 4, 3, 3
_LONG = 90  # characters of one text
_ROOM = 330  # characters of a box: beyond them what is left is counted
_ALIKE = ("proposed_verdict", "rule_id", "act", "legal_basis", "missing_evidence")
_Record = Mapping[Any, Any]


def proposal_of(pieces: Sequence[_Record], heading: Heading) -> dict[str, object]:
    """Return the machine's proposals, the gravest first: rule, act, article, papers, what lacks."""
    groups: dict[tuple[str, ...], list[_Record]] = {}
    for piece in pieces:
        groups.setdefault(tuple(cell_text(piece[name]) for name in _ALIKE), []).append(piece)
    ordered = sorted(
        groups.values(), key=lambda same: (gravity(_verdict(same[0])), -_area(same))
    )
    grounds = _fitting([_ground(same, heading) for same in ordered[:_MOST_GROUNDS]])
    return {"grounds": grounds, "more": len(ordered) - len(grounds)}


def _fitting(said: list[dict[str, str]], room: int = _ROOM) -> list[dict[str, str]]:
    """Return the first of what is said, as much as a box holds, at least one."""
    lengths = itertools.accumulate(sum(len(text) for text in one.values()) for one in said)
    fitting = sum(length <= room for length in lengths)
    return said[: max(1, fitting)]


def _ground(same: list[_Record], heading: Heading) -> dict[str, str]:
    piece = same[0]
    act = "" if is_null(piece["act"]) else safe(piece["act"])
    rule = printed(heading.rule_name(str(piece["rule_id"])))
    verdict = _verdict(piece)
    return {
        "verdict": verdict or "outside",
        "label": verdict_label(verdict) if verdict else "不计入",
        "rule": rule if not act or act == rule else f"{rule}（{act}）",
        "area": f"{m2_text(_area(same))} ㎡",
        "basis": _optional(piece["legal_basis"]),
        "papers": _papers(same),
        "missing": _optional(piece["missing_evidence"]),
        "counted_in": _some(
            [safe(one["counted_in"]) for one in same if not is_null(one["counted_in"])]
        ),
    }


def _verdict(piece: _Record) -> str | None:
    return None if is_null(piece["proposed_verdict"]) else str(piece["proposed_verdict"])


def _papers(same: list[_Record]) -> str:
    return _some(
        [
            f"{safe(one['approval_no'])}（{kind_label(one['approval_kind'])}，"
            f"{cell_text(one['approved_on']) or '日期不全'}）"
            for one in same
            if not is_null(one["approval_no"])
        ]
    )


def _some(texts: list[str]) -> str:
    different = list(dict.fromkeys(texts))
    more = f"等 {len(different)} 件" if len(different) > _MOST_PAPERS else ""
    return shorten("、".join(different[:_MOST_PAPERS]), _LONG) + more


def rulings_of(evidence: Evidence, names: SheetNames) -> dict[str, object]:
    """Return the rulings with who and when, the latest first."""
    frame = evidence.rulings.sort_values("ruled_on", ascending=False, kind="stable")
    rulings = _fitting(
        [
            {
                "verdict": str(record["verdict"]),
                "label": _signed(record["verdict"]),
                "scope": "全图斑"
                if is_null(record["township_code"])
                else shorten(safe(names.township(record["township_code"])), 12),
                "reason": shorten(printed(safe(record["reason"])), _LONG),
                "by": shorten(safe(record["ruled_by"]), 20),
                "on": cell_text(record["ruled_on"]),
            }
            for record in frame.head(_MOST_RULINGS).to_dict("records")
        ],
        _ROOM - sum(len(line) for line in rectifications_of(evidence)),
    )
    return {"rulings": rulings, "more": len(frame) - len(rulings)}


def rectifications_of(evidence: Evidence) -> list[str]:
    """Return the ledger's rectifications, one line each, and what counted."""
    lines = [
        f"{shorten(safe(record['method']), 20)} {m2_text(record['farmland_m2'])} ㎡，验收 "
        f"{days_text(record['accepted_earliest'], record['accepted_latest'])}，"
        f"{shorten(safe(record['document']), 40) or '无文号'}"
        for record in evidence.rectifications.head(_MOST_RULINGS).to_dict("records")
    ]
    if len(evidence.rectifications) > _MOST_RULINGS:
        lines.append(f"另有 {len(evidence.rectifications) - _MOST_RULINGS} 条，见整改台账")
    return lines


def farmland_left(rectified: pd.DataFrame) -> dict[str, str]:
    """Return illegal farmland, what was reclaimed and regularised of it, and what is left."""
    names = ("illegal", "reclaimed", "regularised")
    units = {
        name: int(to_units(rectified[f"{name}_farmland_m2"].to_numpy(dtype=float)).sum())
        for name in names
    }
    units["left"] = units["illegal"] - units["reclaimed"] - units["regularised"]
    return {name: m2_text(float(to_m2(value))) for name, value in units.items()}


def _signed(verdict: object) -> str:
    """Return the word for a verdict that a person signed: no 疑似 before it."""
    return verdict_label(verdict).removeprefix("疑似")


def _optional(value: object) -> str:
    return "" if is_null(value) else shorten(printed(safe(value)), _LONG)


def _area(same: list[_Record]) -> float:
    return float(to_m2(to_units([piece["area_m2"] for piece in same]).sum()))
