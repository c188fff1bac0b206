"""Every figure of the overlay beside the oracle's; areas by key, the rest exactly."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
import shapely

from tests.reference.overlay import Key, Reference

UNIT_M2 = 1e-4  # a booking unit
# Ground that hangs together by less is one part to the one and two to the other.
_HAIR_M = 5e-4
COLUMNS = (
    "change_id", "counted_in", "township_code", "parcel_id", "is_permanent_farmland",
    "plan_zone",
)  # fmt: skip
_OF_PARCEL = ("land_class", "land_group", "is_farmland", "ridge_coefficient")


def differences(made: Any, wanted: Reference, tables: Mapping[str, Any]) -> list[str]:
    """Return in words where ``overlaid`` and the oracle differ by more than booking may.

    What booking may: a unit a piece. Changes that the oracle cannot cut are passed over.
    """
    return [
        *_balances(made, wanted),
        *_pieces(made, wanted, tables),
        *_measures(made, wanted),
        *_overlaps(made, wanted),
    ]


def pieces_of(made: Any) -> dict[Key, Any]:
    """Return the pieces by key: that of ``Reference.pieces``."""
    numbers = [name for name in made.pieces if name.endswith("_no")]
    rows = {}
    for row in made.pieces.to_dict("records"):
        key = tuple(_plain(row[name]) for name in (*COLUMNS, *numbers))
        assert key not in rows
        rows[key] = row
    return rows


def _plain(value: Any) -> Any:
    return None if value is None or value is pd.NA or value != value else value  # noqa: PLR0124


def _balances(made: Any, wanted: Reference) -> Iterator[str]:
    for row in made.balances.to_dict("records"):
        whole = wanted.wholes[row["change_id"]]
        if abs(row["area_units"] * UNIT_M2 - whole) > 0.51 * UNIT_M2:
            yield f"{row['change_id']}: {whole} m², engine {row['area_units']} units"
        if row["change_id"] in _quarantined(made, "unbalanced"):
            yield f"{row['change_id']}: does not balance"


def _quarantined(made: Any, code: str) -> set[str]:
    return {finding.record for finding in made.findings if finding.code == code}


def _pieces(made: Any, wanted: Reference, tables: Mapping[str, Any]) -> Iterator[str]:
    passed = wanted.unproven | _quarantined(made, "outside")
    found = {key: row for key, row in pieces_of(made).items() if key[0] not in passed}
    asked = {key: area for key, area in wanted.pieces.items() if key[0] not in passed}
    count = pd.Series([key[0] for key in {*found, *asked}]).value_counts()
    doubtful = {change for change, parts in wanted.parts_of.items() if _is_doubtful(parts)}
    parcels = tables["land_use"].drop_duplicates("parcel_id").set_index("parcel_id")
    for key in sorted({*found, *asked}, key=str):
        row, area = found.get(key), asked.get(key, 0.0)
        within = UNIT_M2 * int(count[key[0]])
        if abs((row["area_m2"] if row else 0.0) - area) > within:
            yield f"{key}: {area:.6f} m², engine {row and row['area_m2']}"
        if row is None or area <= within:
            continue
        if not 0.5 * UNIT_M2 < wanted.suspect[key] <= 2 * UNIT_M2 and (
            row["touches_quarantine"] != (wanted.suspect[key] > UNIT_M2)
        ):
            yield f"{key}: {wanted.suspect[key]} m² suspect, engine {row['touches_quarantine']}"
        for name in _OF_PARCEL if key[3] is not None else ():
            if row[name] != parcels.loc[key[3], name]:
                yield f"{key}: {name} {row[name]}"
        if key[0] not in doubtful:
            yield from _part(key, row, wanted, within)


def _is_doubtful(parts: list[Any]) -> bool:
    """Tell whether parts hang together by a hair, lie a hair apart, or have a hair for a tail."""
    for part in parts:
        inner = shapely.get_parts(part.buffer(-_HAIR_M, join_style="mitre"))
        if sum(one.area > _HAIR_M for one in inner) != 1:
            return True
        round_again = shapely.union_all(inner).buffer(_HAIR_M, join_style="mitre")
        if abs(round_again.length - part.length) > 100 * _HAIR_M:
            return True
    joined = shapely.union_all([part.buffer(_HAIR_M) for part in parts])
    return len(shapely.get_parts(joined)) != len(parts)


def _part(key: Key, row: Mapping[str, Any], wanted: Reference, within: float) -> Iterator[str]:
    area, width = wanted.parts.get(key, (None, None))
    have = _plain(row["unapproved_part_m2"]), _plain(row["unapproved_part_width_m"])
    if have == (None, None):
        # the parts of a change that approvals at best touch are not looked for
        approved = (
            m2 for other, m2 in wanted.pieces.items() if key[0] == other[0] and any(other[6:])
        )
        if area is not None and max(approved, default=0.0) > UNIT_M2:
            yield f"{key}: part {area} m², engine none"
    elif area is None or abs(have[0] - area) > within or abs(have[1] - width) > 1e-2 * width:
        yield f"{key}: part {area} m², {width} m, engine {have}"


def _measures(made: Any, wanted: Reference) -> Iterator[str]:
    tables = (
        (wanted.coverage, made.coverage, ("change_id", "approval_kind", "approval_no")),
        (wanted.constraints, made.constraint_areas, ("change_id", "constraint_name")),
    )
    passed = wanted.unproven | _quarantined(made, "outside")
    for asked, frame, names in tables:
        found = frame.groupby(list(names))["area_m2"].sum().to_dict()
        for key in sorted({*asked, *found}):
            area, have = asked.get(key, 0.0), found.get(key, 0.0)
            if key[0] not in passed and abs(have - area) > 2 * UNIT_M2:
                yield f"{key}: {area} m², engine {have}"


# Told a change at a time, and of a union all together: tests of their own look at these.
_UNKEYED = "changes", "permanent_farmland"


def _overlaps(made: Any, wanted: Reference) -> Iterator[str]:
    """Compare what records share: of townships the worst change, of others all together."""
    if wanted.unproven:
        return
    asked: dict[Key, list[float]] = {}
    for (_, layer, one, other), area in wanted.overlaps.items():
        asked.setdefault((layer, str(one), str(other)), []).append(area)
    found = {
        (finding.layer, *finding.record.split("、")): finding
        for finding in made.findings
        if finding.code == "overlap" and finding.layer not in _UNKEYED
    }
    for key in sorted({*asked, *found} - {key for key in asked if key[0] in _UNKEYED}):
        areas = [area for area in asked.get(key, []) if area > UNIT_M2 / 2]
        area = max(areas, default=0) if key[0] == "townships" else sum(areas)
        have = found[key].area_m2 if key in found else 0.0
        if abs(have - area) > UNIT_M2 * (1 + len(asked.get(key, []))):
            yield f"overlap {key}: {area} m², engine {have}"
