"""Do approvals of one kind overlap each other (批文重叠)."""

from collections.abc import Iterator

import geopandas as gpd
import numpy as np

from pipeline.geometry.survey import Sheet, Surveyed
from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Handed
from pipeline.stages.examine.shapes import overlap_shape
from pipeline.stages.examine.telling import LEAST_M2, kind_label, noted
from pipeline.units import m2_text


def sheets(handed: Handed) -> dict[str, Sheet]:
    """Return the approvals of each kind as a layer; blocks of one number are one approval."""
    made = {}
    for kind, ordered in _by_kind(handed):
        answers = np.unique(ordered["approval_no"].to_numpy(dtype=str), return_inverse=True)[1]
        made[f"approvals {kind}"] = Sheet(
            ordered.geometry.to_numpy(), answers.reshape(-1).astype(np.int64)
        )
    return made


def overlaps(handed: Handed, survey: Surveyed) -> Iterator[Observation]:
    """Yield the pairs of approvals of one kind on the same ground."""
    for kind, ordered in _by_kind(handed):
        numbers = ordered["approval_no"].to_numpy(dtype=str)
        shapes = ordered.geometry.to_numpy()
        pairs: dict[tuple[str, str], list[tuple[float, int, int]]] = {}
        for one, other, area in zip(*survey.overlaps(f"approvals {kind}"), strict=True):
            first, second = sorted((numbers[one], numbers[other]))
            if first != second:
                pairs.setdefault((first, second), []).append((float(area), one, other))
        label = kind_label(kind)
        for (first, second), found in sorted(pairs.items()):
            total = sum(area for area, _, _ in found)
            _, one, other = max(found)
            if total <= LEAST_M2 or shapes[one].equals(shapes[other]):  # told as the same shape
                continue
            what = (
                f"{label} {first} 与 {second} 重叠(overlap){m2_text(total)} ㎡;"
                "只计一次,先看时效,再看批准先后"
            )
            yield Observation(
                noted(
                    "approvals", f"{first}、{second}", "approvals-overlap", what,
                    "核对是不是重复批准、调整后重批,或坐标有误", total,
                ),
                overlap_shape(shapes[one], shapes[other]),
                (shapes[one], shapes[other]),
            )  # fmt: skip


def _by_kind(handed: Handed) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    approvals = handed.tables.get("approvals")
    if approvals is not None:
        for kind, rows in approvals.groupby("approval_kind", sort=True):
            yield str(kind), rows.sort_values("approval_no", kind="stable")
