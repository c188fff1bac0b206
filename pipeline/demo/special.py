"""Changes in special places (特殊位置): astride a border, on bad evidence, at the line."""

from datetime import date

import numpy as np
import shapely

from pipeline.demo.area import square_scale
from pipeline.demo.frame import Frame, make_frame
from pipeline.demo.ground import FARMLAND, FIELDS, NoRoomError
from pipeline.demo.plain import Planter
from pipeline.demo.record import Answer, Cell, Change
from pipeline.demo.terrain import Floats
from pipeline.terms import ApprovalKind as Kind
from pipeline.terms import Verdict

_UNAPPROVED = Answer(Verdict.ILLEGAL, "unapproved")
_LOT_M = (18.0, 13.0)  # one house lot of the estate at the line
_LOT_STEP_M = 19.0
_LOTS, _LOTS_WITHOUT_PAPERS = 25, 2  # 2 / 25 is 8 %


def on_border(
    planter: Planter, border: shapely.Geometry, towns: set[int], size: tuple[float, float]
) -> Frame:
    """Return a free plot on a border line whose parcels are fields of all ``towns``."""
    ground = planter.ground
    corners = shapely.get_coordinates(border)
    for at in planter.rng.permutation(corners):
        frame = make_frame(planter.rng, at, float(planter.rng.uniform(0, 3.1)), *size)
        hit = ground.hit(frame.around(0.5))
        if not np.isin(ground.land.land_class[hit], FIELDS).all():
            continue
        held = shapely.area(shapely.intersection(ground.land.shape[hit], frame.around(0)))
        farmed = np.isin(ground.land.land_class[hit], FARMLAND)
        by_town = [held[farmed & (ground.land.town[hit] == town)].sum() for town in towns]
        fits = set(ground.land.town[hit].tolist()) == towns
        if fits and min(by_town) > 0.2 * size[0] * size[1] and ground.take(frame, hit):
            return frame
    raise NoRoomError(f"no room on the border of {towns}")


def astride(planter: Planter, border: shapely.Geometry, towns: tuple[int, int]) -> Change:
    """A change on the border of two towns: each answers for its own side (跨乡镇)."""
    frame = on_border(planter, border, set(towns), (58.0, 40.0))
    after = planter.papers.after_image()
    shape = frame.around(0)
    return planter.change(towns[0], ("20",), after, shape, _UNAPPROVED)


def over_the_edge(planter: Planter, county: shapely.Polygon, town: int) -> Change:
    """A change partly outside the county: what is outside counts nowhere (跨县界)."""
    mine = shapely.union_all(planter.ground.land.shape[planter.ground.land.town == town])
    edge = shapely.intersection(county.exterior, mine.buffer(1.0))
    frame = on_border(planter, edge, {town}, (64.0, 44.0))
    shape = frame.around(0)
    return planter.change(town, ("20",), planter.papers.after_image(), shape, _UNAPPROVED)


def far_outside(planter: Planter, county: shapely.Polygon) -> Change:
    """A change wholly outside the county: not counted (县界外)."""
    at = np.array([county.bounds[2] + 900.0, county.centroid.y])
    frame = make_frame(planter.rng, at, 0.4, 60.0, 40.0)
    change = planter.add(0, ("20",), date(2024, 6, 11), frame.around(0), [])
    planter.planting.defect("changes", change.change_id, "quarantined", "整个在县界外")
    return change


def on_parcel(planter: Planter, row: int, answer: Answer) -> Change:
    """A change inside one given parcel."""
    ground = planter.ground
    circle = shapely.maximum_inscribed_circle(ground.land.shape[row])
    centre, rim = shapely.get_coordinates(circle)
    radius = float(np.hypot(*(rim - centre)))
    frame = make_frame(planter.rng, centre, 0.3, radius * 1.0, radius * 0.7)
    if not ground.take(frame):
        raise NoRoomError(f"parcel {row} is taken")
    town = int(ground.land.town[row])
    after = planter.papers.after_image()
    return planter.change(town, ("20",), after, frame.patch(planter.rng), answer)


def estate(planter: Planter, town: int) -> list[Change]:
    """House lots of one size on one meridian, 2 of 25 without papers: 8 % to the last unit.

    Lots of the same size at the same easting have the same area on the ellipsoid, so the ratio
    is 2 / 25 however areas are computed and rounded.
    """
    made = []
    for number, (east, north) in enumerate(_lots(planter, town)):
        width, height = _LOT_M
        lot = shapely.box(east, north, round(east + width, 3), round(north + height, 3))
        day = planter.papers.after_image()
        legal = number >= _LOTS_WITHOUT_PAPERS
        answer = Answer(Verdict.LEGAL, "rural-housing") if legal else _UNAPPROVED
        change = planter.add(town, ("20",), day, lot, [Cell(lot, answer)])
        made.append(change)
        if legal:
            yard = shapely.box(east - 2, north - 2, east + width + 2, north + height + 2)
            paper = planter.papers.approve(Kind.RURAL_HOUSING, "before", day, yard)
            planter.planting.approvals.append(paper)
    return made


def _lots(planter: Planter, town: int) -> list[tuple[float, float]]:
    """Return the south-west corners of the estate's lots: one column, each within one field."""
    ground = planter.ground
    land = ground.land
    flat = (land.town == town) & np.isin(land.land_class, FARMLAND) & (land.ridge == 0)
    fields = shapely.STRtree(land.shape[flat])
    low_x, low_y, high_x, high_y = shapely.total_bounds(land.shape[land.town == town])
    width, height = _LOT_M
    for east in planter.rng.permutation(np.arange(np.ceil(low_x), high_x, 25.0)):
        if not _clear_of_rounding(float(east), (low_y + high_y) / 2):
            continue
        norths = np.arange(np.ceil(low_y), high_y, _LOT_STEP_M)
        yards = shapely.box(east - 3, norths - 3, east + width + 3, norths + height + 3)
        inside = np.unique(fields.query(yards, predicate="within")[0])
        if len(inside) < _LOTS:
            continue
        run = int(np.argmin(inside[_LOTS - 1 :] - inside[: len(inside) - _LOTS + 1]))
        chosen = norths[inside[run : run + _LOTS]]
        frames = [_lot_frame(float(east), float(north)) for north in chosen]
        if all(ground.take(frame) for frame in _spread(frames)):
            return [(float(east), float(north)) for north in chosen]
    raise NoRoomError(f"town {town}: no column of {_LOTS} lots")


def _clear_of_rounding(east: float, north: float) -> bool:
    """Whether a lot's area is not near the edge between two booking units of 0.0001 m²."""
    scale = square_scale(np.array([east + _LOT_M[0] / 2]), np.array([north]))
    units = _LOT_M[0] * _LOT_M[1] / scale[0] * 10_000
    return bool(0.15 < abs(units % 1 - 0.5) < 0.4)


def _lot_frame(east: float, north: float) -> Frame:
    width, height = _LOT_M
    corners: Floats = np.array([[0, 0], [width, 0], [width, height], [0, height]]) + np.array(
        [east, north]
    )
    return Frame(corners, width, height)


def _spread(frames: list[Frame]) -> list[Frame]:
    """Return one tall frame over all lots, so that the lots may stand close together."""
    first, last = frames[0].corners, frames[-1].corners
    corners = np.array([first[0], first[1], last[2], last[3]])
    return [Frame(corners, frames[0].width, float(last[2, 1] - first[0, 1]))]
