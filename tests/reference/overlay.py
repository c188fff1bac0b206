"""The whole overlay by cutting, from received tables to areas by key (参照套合)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import shapely

from pipeline.geometry.settings import AreaSettings
from pipeline.terms import ApprovalKind
from tests.reference.cut import EMPTY, Flags, cut, tolerance_m2
from tests.reference.fragments import Fragments, laid_over, uncut
from tests.reference.ground import Ground, ground_of
from tests.reference.layers import NOTHING, Asked, Indices
from tests.reference.references import References, approval_answers, distinct, references
from tests.reference.share import Shared
from tests.reference.sound import Shapes, sound
from tests.reference.unapproved import Parts, mean_width_m, part_of, unapproved_parts

Key = tuple[Any, ...]
# change_id, counted_in, township_code, parcel_id, is_permanent_farmland, plan_zone, and the
# number of the deciding approval of each kind
PIECE_KEY = 6


@dataclass(frozen=True)
class Reference:
    """What the overlay must find; areas are square metres before booking, by key.

    ``pieces`` as ``PIECE_KEY`` says; ``suspect`` is what of a piece records in quarantine
    cover, ``parts`` area and mean width of the part without approval that holds it.
    ``coverage`` is by change, kind and number, ``constraints`` by change and name, ``overlaps``
    by change, layer, first and second code. Changes in ``unproven`` could not be cut: nothing
    said of them counts. ``parts_of`` holds the shapes of all parts without approval, by change.
    """

    wholes: dict[str, float]
    pieces: dict[Key, float]
    suspect: dict[Key, float]
    parts: dict[Key, tuple[float, float]]
    parts_of: dict[str, list[Any]]
    coverage: dict[Key, float]
    constraints: dict[Key, float]
    overlaps: dict[Key, float]
    unproven: set[str]


def reference_overlay(
    tables: Mapping[str, gpd.GeoDataFrame],
    kinds: tuple[ApprovalKind, ...],
    area: AreaSettings,
    crs: str,
) -> Reference:
    """Cut the changes along all layers; ``tables`` are all received ones, by name."""
    layers = references(tables, kinds)
    ground = ground_of(np.asarray(layers.changes.geometry.to_numpy(), dtype=object), crs, area)
    cutting = [ground.asked(met) for met in layers.cutting()]
    measured = [ground.asked(met) for met in layers.measured()]
    suspect = ground.asked(layers.suspected())
    fragments, proven = _fragments(ground, [shared for _, shared in [*cutting, suspect]])
    parts = _parts(ground, cutting)
    proven &= parts.proven
    for _, shared in [*cutting, *measured, suspect]:
        proven &= shared.proven
    ids = layers.changes["change_id"].tolist()
    keys = _keys(layers, fragments)
    m2 = ground.areas_m2(fragments.shape, fragments.change)
    suspected = np.where(fragments.codes[:, -1] != NOTHING, m2, 0.0)
    coverage, overlaps, sure = _alone(layers, ground, cutting)
    return Reference(
        dict(zip(ids, ground.areas_m2(ground.wholes, np.arange(len(ids))), strict=True)),
        _added(keys, m2),
        _added(keys, suspected),
        _held(ground, keys, fragments, parts, [asked.is_approval for asked, _ in cutting]),
        _by_change(ids, parts),
        coverage,
        _together(ids, ground, measured),
        overlaps,
        {ids[i] for i in np.flatnonzero(~(proven & sure))},
    )


def _fragments(ground: Ground, shares: list[Shared]) -> tuple[Fragments, Flags]:
    """Lay all layers over each other; tell which changes are proven."""
    fragments = uncut(ground.wholes)
    proven = np.ones(len(ground.wholes), dtype=bool)
    for shared in shares:
        change = fragments.change
        fragments, right = laid_over(fragments, shared)
        proven[change[~right]] = False
    area = shapely.area(ground.wholes)
    found = np.bincount(fragments.change, shapely.area(fragments.shape), len(area))
    return fragments, proven & (np.abs(found - area) <= tolerance_m2(area))


def _parts(ground: Ground, cutting: list[tuple[Asked, Shared]]) -> Parts:
    """Return the parts of the changes that no approval of any kind covers."""
    approved = [(asked.change, shared.alone) for asked, shared in cutting if asked.is_approval]
    return unapproved_parts(
        ground.wholes,
        np.concatenate([np.zeros(0, dtype=np.int64), *(change for change, _ in approved)]),
        np.concatenate([np.zeros(0, dtype=object), *(shapes for _, shapes in approved)]),
    )


def _names(layers: References) -> list[list[Any]]:
    """Return what the codes of each cutting layer stand for."""
    coded = (("townships", "township_code"), ("land_use", "parcel_id"), ("plan_zones", "zone"))
    township, parcel, zone = (
        distinct(frame, list(frame[column]))[column].tolist()
        for frame, column in ((getattr(layers, name), column) for name, column in coded)
    )
    numbers = [
        distinct(frame, approval_answers(frame))["approval_no"].tolist()
        for frame in layers.approvals.values()
    ]
    return [layers.changes["change_id"].tolist(), township, parcel, [True], zone, *numbers]


def _keys(layers: References, fragments: Fragments) -> list[Key]:
    names = _names(layers)
    ids = names[0]
    keys = []
    for change, row in zip(fragments.change, fragments.codes[:, :-1], strict=True):
        told = [
            None if code == NOTHING else known[code]
            for code, known in zip(row.tolist(), names, strict=True)
        ]
        told[3] = bool(told[3])
        keys.append((ids[change], *told))
    return keys


def _added(keys: list[Key], m2: Iterator[float] | Any) -> dict[Key, float]:
    found: dict[Key, float] = {}
    for key, area in zip(keys, m2, strict=True):
        found[key] = found.get(key, 0.0) + float(area)
    return found


def _held(
    ground: Ground,
    keys: list[Key],
    fragments: Fragments,
    parts: Parts,
    is_approval: list[bool],
) -> dict[Key, tuple[float, float]]:
    """Return area and mean width of the part that holds each piece without approval."""
    bare = (fragments.codes[:, :-1][:, np.array(is_approval)] == NOTHING).all(axis=1)
    rows: dict[Key, list[int]] = {}
    for i in np.flatnonzero(bare):
        rows.setdefault(keys[i], []).append(i)
    shapes = [
        shapely.multipolygons(shapely.get_parts(fragments.shape[i])) for i in rows.values()
    ]
    change = np.array([fragments.change[i[0]] for i in rows.values()], dtype=np.int64)
    holder = part_of(np.array([*shapes, None], dtype=object)[:-1], change, parts)
    m2, width = ground.areas_m2(parts.shape, parts.change), mean_width_m(parts.shape)
    return {
        key: (float(m2[part]), float(width[part]))
        for key, part in zip(rows, holder, strict=True)
        if part >= 0
    }


def _by_change(ids: list[str], parts: Parts) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for change, shape in zip(parts.change, parts.shape, strict=True):
        found.setdefault(ids[change], []).append(shape)
    return found


def _alone(
    layers: References, ground: Ground, cutting: list[tuple[Asked, Shared]]
) -> tuple[dict[Key, float], dict[Key, float], Flags]:
    """Measure each answer by itself, and what two answers of a layer share."""
    names, kinds = _names(layers), list(layers.approvals)
    coverage: dict[Key, float] = {}
    overlaps: dict[Key, float] = {}
    sure = np.ones(len(ground.wholes), dtype=bool)
    for number, (asked, shared) in enumerate(cutting):
        change, code, shape = _answers(asked, shared)
        one = [names[number][i] for i in code]
        ids = [names[0][i] for i in change]
        if asked.is_approval:
            kind = kinds[number - PIECE_KEY + 1]
            m2 = ground.areas_m2(shape, change)
            keys = [(i, kind.value, no) for i, no in zip(ids, one, strict=True)]
            coverage |= {
                key: area + coverage.get(key, 0) for key, area in _added(keys, m2).items()
            }
            continue
        first, second = np.triu_indices(len(change), 1)
        same = change[first] == change[second]
        first, second = first[same], second[same]
        made = cut(shape[first], shape[second])
        sure[change[first[~made.proven]]] = False
        m2 = ground.areas_m2(made.parts, change[first])
        pairs = zip(first, second, strict=True)
        overlaps |= _added([(ids[a], asked.name, one[a], one[b]) for a, b in pairs], m2)
    return coverage, overlaps, sure


def _answers(asked: Asked, shared: Shared) -> tuple[Indices, Indices, Shapes]:
    """Return the ground of each answer in each change; its shapes are put together."""
    table = np.column_stack([asked.change, asked.code])
    found, member = np.unique(table, axis=0, return_inverse=True)
    shapes = np.full(len(found), EMPTY, dtype=object)
    for i in range(len(found)):
        shapes[i] = sound(shapely.union_all(shared.alone[member.reshape(-1) == i]))
    return found[:, 0], found[:, 1], shapes


def _together(
    ids: list[str], ground: Ground, measured: list[tuple[Asked, Shared]]
) -> dict[Key, float]:
    """Measure what each layer covers of each change, every square metre once."""
    found: dict[Key, float] = {}
    for asked, shared in measured:
        covered = shared.code != NOTHING
        m2 = ground.areas_m2(shared.cell[covered], shared.change[covered])
        found |= _added([(ids[i], asked.name) for i in shared.change[covered]], m2)
    return found
