"""Ask every question about what was handed in (体检): nothing is changed, all is noted."""

from collections.abc import Callable, Iterable, Iterator
from functools import partial

import numpy as np
from shapely.errors import GEOSException

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
from pipeline.stages.examine.telling import largest, noted

_MOST = 1000  # of one kind in one layer; the rest is counted
_OF_RECORDS: tuple[Callable[[Handed], Iterable[Observation]], ...] = (
    given_twice.same_changes,
    given_twice.same_approvals,
    given_twice.same_number,
    given_twice.same_layer,
    shift.shifted,
    dates.approvals,
    dates.changes,
    areas.stated,
    codes.stated_townships,
    codes.change_types,
    codes.places,
    codes.class_names,
    built.along_changes,
    built.survey_year,
    old_survey.old_codes,
    old_survey.old_fields,
)
# These need townships: they say what ground is the county's.
_OF_THE_COUNTY: tuple[Callable[[Handed], Iterable[Observation]], ...] = (
    codes.townships,
    township_borders.holes,
    changes_place.towns,
)
_OF_GROUND: tuple[Callable[[Handed, Surveyed], Iterable[Observation]], ...] = (
    township_borders.overlaps,
    changes_place.overlaps,
    coverage.gaps,
    coverage.overlaps,
    permanent.outside_farmland,
    approvals.overlaps,
)


def examine(handed: Handed) -> list[Observation]:
    """Return everything that deserves a look, by layer, code and area.

    Where a layer is missing, because it was refused, the questions about it are not asked.
    """
    kinds: dict[tuple[str, str], list[Observation]] = {}
    for one in _asked(handed):
        kinds.setdefault((one.finding.layer, one.finding.code), []).append(one)
    return [one for _, found in sorted(kinds.items()) for one in largest(found, _MOST)]


def _asked(handed: Handed) -> Iterator[Observation]:
    for question in _OF_RECORDS:
        yield from _answers(question.__module__, partial(question, handed))
    if "townships" not in handed.tables or len(handed.tables["townships"]) == 0:
        return
    for question in _OF_THE_COUNTY:
        yield from _answers(question.__module__, partial(question, handed))
    survey = _survey(handed)
    for of_ground in _OF_GROUND:
        yield from _answers(of_ground.__module__, partial(of_ground, handed, survey))


def _answers(module: str, ask: Callable[[], Iterable[Observation]]) -> Iterator[Observation]:
    """Yield the answers to a question; shapes that GEOS fails on end that question alone."""
    try:
        yield from ask()
    except GEOSException as error:
        name = module.rsplit(".", maxsplit=1)[-1]
        what = f"这项核对({name})没有做完:图形运算失败({error})"
        fix = "把这份体检单发给维护人员;运行本身不用这些运算,不受影响"
        yield Observation(noted("config", name, "not-examined", what, fix))


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
