"""From records to the engine's block (分块组装): rings, codes, days and origins."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import shapely

from pipeline.geometry.area import Density, density, shifted
from pipeline.geometry.crs import parsed
from pipeline.geometry.layers import Block, Layer
from pipeline.geometry.precedence import after_days, codes_of, terms
from pipeline.geometry.settings import AreaSettings
from pipeline.geometry.source import GEOMETRY
from pipeline.geometry.sweep.areas import ground_of, swept
from pipeline.geometry.sweep.rings import Flags, Indices, Rings, Wkb, rings_of_wkb
from pipeline.stages.overlay.nearby import Nearby, approval_answers
from pipeline.terms import ApprovalKind
from pipeline.units import to_units

OWNERS, TOWNSHIPS, LAND_USE = "changes", "townships", "land_use"
PERMANENT_FARMLAND, PLAN_ZONES, SUSPECT = "permanent_farmland", "plan_zones", "quarantine"


def block_of(near: Nearby, crs: str, area: AreaSettings) -> Block:
    """Return the block of some changes; the order of its layers is that of the pieces' codes."""
    changes = rings_of_wkb(_wkb(near.changes))
    shapes = shapely.from_wkb(near.changes[GEOMETRY].to_numpy(object))
    origins = np.floor(changes.box[:, :2])
    fitted = density(parsed(crs), origins, changes.box, area)
    whole = np.arange(len(shapes))
    local = shifted(shapes, -origins, whole)
    is_plane = area.kind == "plane"
    townships = _layer(TOWNSHIPS, near.townships, list(near.townships["township_code"]))
    owners, until = _owners(near, townships)
    return Block(
        changes,
        shapes,
        until,
        after_days(near.changes),
        origins,
        None if is_plane else fitted.coefficients,
        Density(fitted.coefficients).areas_m2(local, whole),
        [
            owners,
            townships,
            _layer(LAND_USE, near.land_use, list(near.land_use["parcel_id"])),
            _union(PERMANENT_FARMLAND, near.permanent_farmland),
            _layer(PLAN_ZONES, near.plan_zones, list(near.plan_zones["zone"])),
            *(_approvals(kind, frame) for kind, frame in near.approvals.items()),
        ],
        [_union(name, frame) for name, frame in near.constraints.items()],
        _union(SUSPECT, near.suspect),
    )


def _owners(near: Nearby, townships: Layer) -> tuple[Layer, Indices]:
    """Return the changes that may claim ground, and before which of them each change stands.

    A change is cut by those only that come before it, and that count: what lies outside every
    township is in quarantine and has no ground.
    """
    claims = _is_inside(rings_of_wkb(_wkb(near.owners)), townships)
    ids = near.owners["change_id"].tolist()
    before = dict(zip(ids, (np.cumsum(claims) - claims).tolist(), strict=True))
    until = [before[one] for one in near.changes["change_id"]]
    layer = Layer(OWNERS, _wkb(near.owners[claims]), np.flatnonzero(claims))
    return layer, np.array(until, dtype=np.int64)


def _is_inside(owners: Rings, townships: Layer) -> Flags:
    """Tell which changes have ground in a township."""
    found = swept(owners, ground_of([townships.cover()]))
    inside = np.where(found.polygon[:, 0] >= 0, found.area, 0.0)
    total = np.zeros(len(owners.box))
    np.add.at(total, found.change, inside)
    return np.asarray(to_units(total) > 0)


def _approvals(kind: ApprovalKind, frame: pd.DataFrame) -> Layer:
    codes = codes_of(approval_answers(frame))
    return Layer(kind.value, _wkb(frame), codes, terms(frame), is_approval=True)


def _layer(name: str, frame: pd.DataFrame, answers: Sequence[object]) -> Layer:
    return Layer(name, _wkb(frame), codes_of(answers))


def _union(name: str, frame: pd.DataFrame) -> Layer:
    """Return a layer of which only being in or out matters."""
    return Layer(name, _wkb(frame), np.zeros(len(frame), dtype=np.int64), is_union=True)


def _wkb(frame: pd.DataFrame) -> Wkb:
    return Wkb(pa.array(frame[GEOMETRY].tolist(), pa.large_binary()))
