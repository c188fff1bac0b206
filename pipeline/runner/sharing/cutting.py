"""One change and its surroundings, the rest of the county left out (只取一个图斑)."""

from difflib import get_close_matches

import numpy as np
import shapely

from pipeline.errors import Refused, refusal
from pipeline.geometry.polygonal import polygonal
from pipeline.runner.receiving.columns import code
from pipeline.runner.sharing.gathering import Case, Handed

_AROUND_M = 100.0


def cut_out(case: Case, change_id: str) -> Case:
    """Return the case of one change: with the changes that meet it and the ground around it.

    Reference records are cut at a box 100 m around, invalid ones are kept whole. Raises
    ``Refused`` with the nearest ids for an unknown one.
    """
    (changes,) = case.named("changes")
    ids = [code(value) for value in changes.fields["change_id"]]
    if change_id not in ids:
        near = "、".join(get_close_matches(change_id, [one for one in ids if one], 5, 0.3))
        fix = f"相近的编号:{near}" if near else "编号见 out/changes.csv"
        what = f"没有编号为 {change_id} 的图斑"
        raise Refused([refusal("changes", change_id, "unknown-change", what, fix)])
    chosen = np.array([one == change_id for one in ids])
    mine = changes.shapes[chosen & ~shapely.is_missing(changes.shapes)]
    bounds = shapely.total_bounds(mine)
    if not np.isfinite(bounds).all():
        what = f"图斑 {change_id} 没有图形,周围没有可取的"
        raise Refused(
            [refusal("changes", change_id, "no-shape", what, "不写 --change,取整个县")]
        )
    meets = chosen | shapely.intersects(shapely.box(*bounds), changes.shapes)
    window = shapely.box(*bounds + np.array([-1, -1, 1, 1]) * _AROUND_M)
    layers = [
        _rows(layer, meets, whole=True)
        if layer is changes
        else _rows(layer, shapely.intersects(window, layer.shapes), window)
        for layer in case.layers
    ]
    return Case(case.project, layers, case.hand)


def _rows(
    layer: Handed,
    wanted: np.ndarray,
    window: shapely.Polygon | None = None,
    *,
    whole: bool = False,
) -> Handed:
    rows = np.flatnonzero(wanted)
    shapes = layer.shapes[rows]
    if not whole and window is not None:
        valid = shapely.is_valid(shapes)
        shapes[valid] = [
            polygonal(shape) for shape in shapely.intersection(shapes[valid], window)
        ]
    return layer.taken(rows, shapes)
