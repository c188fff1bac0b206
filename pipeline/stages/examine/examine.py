"""Ask every question about what was handed in (体检): nothing is changed, all is noted."""

from collections.abc import Iterable, Iterator

import numpy as np

from pipeline.geometry.survey import Sheet, Surveyed, surveyed
from pipeline.schema.examined import Observation
from pipeline.stages.examine import (
    approvals,
    areas,
    built,
    changes_place,
    codes,
    coverage,
    dates,
    given_twice,
    old_survey,
    permanent,
    shift,
    township_borders,
)
from pipeline.stages.examine.handed import Handed
from pipeline.stages.examine.telling import largest

_MOST = 1000  # of one kind in one layer; the rest is counted


def examine(handed: Handed) -> list[Observation]:
    """Return everything that deserves a look, by layer, code and area.

    Where a layer is missing, because it was refused, the questions about it are not asked.
    """
    kinds: dict[tuple[str, str], list[Observation]] = {}
    for one in _asked(handed):
        kinds.setdefault((one.finding.layer, one.finding.code), []).append(one)
    return [one for _, found in sorted(kinds.items()) for one in largest(found, _MOST)]


def _asked(handed: Handed) -> Iterator[Observation]:
    for found in _of_records(handed):
        yield from found
    if "townships" not in handed.tables or len(handed.tables["townships"]) == 0:
        return
    yield from codes.townships(handed)
    yield from township_borders.holes(handed)
    yield from changes_place.towns(handed)
    for found in _of_ground(handed, _survey(handed)):
        yield from found


def _of_records(handed: Handed) -> Iterable[Iterable[Observation]]:
    return (
        given_twice.same_changes(handed),
        given_twice.same_approvals(handed),
        given_twice.same_number(handed),
        given_twice.same_layer(handed),
        shift.shifted(handed),
        dates.approvals(handed),
        dates.changes(handed),
        areas.stated(handed),
        codes.stated_townships(handed),
        codes.change_types(handed),
        codes.places(handed),
        codes.class_names(handed),
        built.along_changes(handed),
        built.survey_year(handed),
        old_survey.old_codes(handed),
        old_survey.old_fields(handed),
    )


def _of_ground(handed: Handed, survey: Surveyed) -> Iterable[Iterable[Observation]]:
    return (
        township_borders.overlaps(handed, survey),
        changes_place.overlaps(handed, survey),
        coverage.gaps(handed, survey),
        coverage.overlaps(handed, survey),
        permanent.outside_farmland(handed, survey),
        approvals.overlaps(handed, survey),
    )


def _survey(handed: Handed) -> Surveyed:
    tables = handed.tables
    towns = tables["townships"].geometry.to_numpy()
    sheets = {"townships": Sheet(towns)}
    if "land_use" in tables:
        parcels = tables["land_use"].geometry.to_numpy()
        sheets["land_use"] = Sheet(np.concatenate([parcels, handed.set_aside]))
    if "permanent_farmland" in tables:
        kept = tables["permanent_farmland"].geometry.to_numpy()
        sheets["permanent_farmland"] = Sheet(kept, np.zeros(len(kept), dtype=np.int64))
    if "changes" in tables:
        sheets["changes"] = Sheet(tables["changes"].geometry.to_numpy())
    sheets |= approvals.sheets(handed)
    return surveyed(towns, sheets, crs=handed.crs, area=handed.area)
