"""The whole invented county, made from a seed (示例县)."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.demo.defects import plant_defects
from pipeline.demo.ground import FIELDS, Ground, NoRoomError
from pipeline.demo.land import Land, make_land
from pipeline.demo.measure import Piece, Survey
from pipeline.demo.names import AT_THE_LINE, INDEX_OF, TOWNS
from pipeline.demo.network import make_network
from pipeline.demo.permanent import (
    ecological_red_line,
    permanent_farmland,
    plan_zones,
    protected,
)
from pipeline.demo.plain import Planter
from pipeline.demo.population import populate
from pipeline.demo.reclaimed import plant_rectifications
from pipeline.demo.record import Answer, Planting
from pipeline.demo.rulings import plant_rulings
from pipeline.demo.special import astride, estate, far_outside, on_parcel, over_the_edge
from pipeline.demo.terrain import Terrain, bands, make_terrain
from pipeline.demo.towns import outline, seats, town_polygons
from pipeline.terms import ApprovalKind as Kind
from pipeline.terms import Verdict

_TRIES, _NEXT_SEED = 8, 100_003
_UNBUILT = 36  # conversions with nothing built on them yet (批而未用)


@dataclass(frozen=True)
class Layers:
    """The reference layers drawn over the land."""

    permanent: npt.NDArray[np.object_]
    zones: npt.NDArray[np.object_]
    zone_names: list[str]
    zone_towns: list[str]
    red_line: npt.NDArray[np.object_]


@dataclass(frozen=True)
class Flaws:
    """Parcels with planted defects: rows of the land."""

    bad_ridge: int
    unknown_class: int
    doubled: int


@dataclass(frozen=True)
class County:
    """Everything that is delivered, and what was planted in it."""

    terrain: Terrain
    towns: list[shapely.Geometry]
    land: Land
    layers: Layers
    flaws: Flaws
    planting: Planting
    pieces: list[Piece]


def make_county(seed: int) -> County:
    """Return the county of a seed; where its ground has no room for a case, of a further one."""
    for further in range(_TRIES - 1):
        try:
            return _make_county(seed + further * _NEXT_SEED)
        except NoRoomError:
            continue
    return _make_county(seed + (_TRIES - 1) * _NEXT_SEED)


def _make_county(seed: int) -> County:
    # a stream of chance for each part, so that a change in one leaves the others as they were
    relief, borders, works, fields, rng = (
        np.random.default_rng([seed, part]) for part in range(5)
    )
    terrain = make_terrain(relief)
    whole = outline(borders)
    seat = seats(borders, whole)
    drawn = town_polygons(borders, whole, seat)
    land = make_land(fields, drawn, make_network(works, terrain, whole, seat), bands(terrain))
    towns = [
        shapely.coverage_union_all(land.shape[land.town == number])
        for number in range(len(TOWNS))
    ]
    chosen = protected(rng, land)
    permanent = permanent_farmland(rng, land, chosen)
    survey = Survey(land, permanent)
    planter = Planter(rng, Ground(rng, land))
    flaws = _plant_flaws(planter, survey)
    estate(planter, INDEX_OF[AT_THE_LINE])
    _plant_borders(planter, towns)
    populate(planter, survey)
    plant_defects(planter, [INDEX_OF[code] for code in ("990101003", "990101108", "990101109")])
    _plant_unbuilt(planter)
    planting = planter.planting
    pieces = [piece for change in planting.changes for piece in survey.pieces(change)]
    plant_rulings(planting, pieces)
    plant_rectifications(planting, pieces)
    layers = Layers(permanent, *plan_zones(land, chosen), ecological_red_line(rng, land))
    return County(terrain, towns, land, layers, flaws, planting, pieces)


def _plant_flaws(planter: Planter, survey: Survey) -> Flaws:
    """Spoil three parcels and build on each (地类数据问题)."""
    ground = planter.ground
    land = ground.land
    area = shapely.area(land.shape)
    roomy = (land.land_class == "0101") & (area > 14_000) & (area < 26_000) & (land.level == 0)
    rows = [
        int(planter.rng.choice(np.flatnonzero(roomy & (land.town == INDEX_OF[code]))))
        for code in ("990101002", "990101110", "990101109")
    ]
    flaws = Flaws(*rows)
    doubtful = Answer(Verdict.DOUBTFUL, "evidence-quarantined")
    survey.unclassed |= {flaws.bad_ridge, flaws.unknown_class}
    on_parcel(planter, flaws.bad_ridge, doubtful)
    on_parcel(planter, flaws.unknown_class, doubtful)
    on_parcel(planter, flaws.doubled, Answer(Verdict.ILLEGAL, "unapproved"))
    for row in rows:
        ground.special |= set(ground.hit(land.shape[row]).tolist())
    return flaws


def _plant_borders(planter: Planter, towns: list[shapely.Geometry]) -> None:
    """Plant changes astride two towns, over the county's edge and beyond it."""
    land = planter.ground.land
    ring = ("990101100", "990101101", "990101102", "990101104", "990101105", "990101107")
    made = 0
    for one, two in pairwise(INDEX_OF[code] for code in (*ring, "990101113", "990101100")):
        border = shapely.intersection(towns[one].boundary, towns[two].boundary)
        if shapely.length(border) > 500 and made < 3:
            astride(planter, border, (one, two))
            made += 1
    county = shapely.coverage_union_all(land.shape)
    over_the_edge(planter, county, INDEX_OF["990101100"])
    far_outside(planter, county)


def _plant_unbuilt(planter: Planter) -> None:
    """Add conversions on which nothing is built: they enter no figure."""
    for _ in range(_UNBUILT):
        town = int(planter.rng.integers(len(TOWNS)))
        frame = planter.ground.find(town, FIELDS, (80.0, 55.0))
        if frame is not None:
            after = planter.papers.after_image()
            paper = planter.papers.approve(Kind.CONVERSION, "before", after, frame.around(2.0))
            planter.planting.approvals.append(paper)
