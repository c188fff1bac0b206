"""What is said of damaged files and of what was recovered from them (损坏恢复的说明)."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import shapely

from pipeline.errors import Finding

# Codes of refusals that ``recover = true`` may turn into a recovery.
DAMAGE = {"damaged-file", "missing-part"}


def offered(findings: Sequence[Finding], label: str) -> list[Finding]:
    """Return refusals for damage with the way out that the config has for it."""
    way = f";要不来完整的,可在 {label} 图层一节写 recover = true,只取读得出的记录"
    return [replace(one, remedy=one.remedy + way) for one in findings]


def beyond_recovery(findings: Sequence[Finding]) -> list[Finding]:
    """Return refusals for damage that even ``recover = true`` cannot help."""
    way = ";recover = true 也恢复不了:各文件写的条数对不上,不知道应有多少条"
    return [replace(one, remedy=one.remedy + way) for one in findings]


def recovered(
    reasons: Sequence[Finding], file: str, declared: int, lost: int, label: str
) -> Finding:
    """Return the finding about a recovered file: its damage, how many records, how many lost."""
    why = ";".join(one.message for one in reasons)
    what = f"{why}。按 recover = true 逐条恢复:应有 {declared} 条,完整 {declared - lost} 条,有损失 {lost} 条(已隔离,逐条列出)"
    return Finding(label, file, "recovered-file", "repaired", what, "请提供单位重新导出")


def somewhere_in(box: Sequence[float] | npt.NDArray[np.float64]) -> shapely.LineString | None:
    """Return what stands for a lost shape of which only the box is known: its diagonal.

    It covers no ground, so no area is invented, and has the box's bounds, so ground that the
    lost record may have covered is known. None where the box is not.
    """
    if not np.isfinite(box).all():
        return None
    return shapely.LineString([box[:2], box[2:]])
