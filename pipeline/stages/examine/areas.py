"""Do stated areas agree with the shapes, and in which unit (填报面积与单位)."""

import re
from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pandas as pd

from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Delivery, Handed
from pipeline.stages.examine.telling import largest, named, noted
from pipeline.units import m2_text

# Fields that state the area of a whole record; parts of it (耕地面积 …) are not compared.
_WHOLE = re.compile(
    r"TBMJ|YJJBNTTBMJ|JSMJ|DCMJ|PZMJ|YDZMJ|JCMJ|MJ|AREA|(?:图斑|批准|用地|地块|宗地|总)?面积.*",
    re.IGNORECASE,
)
# What one m² is in another unit, and the slips of a conversion done twice or upside down.
_UNITS = {
    "平方米(m2)": 1.0,
    "亩(mu)": 0.0015,
    "公顷(ha)": 0.0001,
    "平方公里(km2)": 1e-6,
    "平方米再乘 1500(把平方米当平方公里换成亩)": 1500.0,
    "平方米再乘 15(把平方米当公顷换成亩)": 15.0,
}
# A field may say its unit in its name; what agrees with that is no finding.
_NAMED = {"亩": 0.0015, "公顷": 0.0001, "平方公里": 1e-6}
_NEAR, _SHARE, _FEW = 0.05, 0.2, 3
_MOST = 200


def stated(handed: Handed) -> Iterator[Observation]:
    """Yield fields in another unit, and records whose stated area is off by over 5 %.

    The areas of changes are compared when they are received.
    """
    for delivery in handed.deliveries:
        if delivery.layer == "changes":
            continue
        for name in delivery.fields.columns:
            if _WHOLE.fullmatch(str(name).strip()):
                yield from _field(delivery, str(name))


def _field(delivery: Delivery, name: str) -> Iterator[Observation]:
    given = pd.to_numeric(delivery.fields[name], errors="coerce").to_numpy(dtype=float)
    usable = delivery.is_counted & np.isfinite(given) & (given > 0) & (delivery.area_m2 > 0)
    rows = np.flatnonzero(usable)
    if len(rows) == 0:
        return
    drawn = _by_record(delivery, rows, given)
    said = next((size for word, size in _NAMED.items() if word in name), 1.0)
    ratio = given[rows] / drawn
    size = said
    for unit, factor in _UNITS.items():
        inside = np.abs(ratio / factor - 1) < _NEAR
        if factor != said and inside.sum() >= max(_FEW, _SHARE * len(rows)):
            yield _unit(delivery, name, unit, rows[inside], is_all=bool(inside.all()))
            size = factor
            break
    off = np.flatnonzero(np.abs(ratio / size - 1) > _NEAR)
    off = off[np.abs(ratio[off] / said - 1) > _NEAR]
    yield from largest(
        [_differs(delivery, name, rows[at], given[rows[at]], drawn[at], size) for at in off],
        _MOST,
    )


def _by_record(
    delivery: Delivery, rows: npt.NDArray[np.int64], given: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """Return the drawn area: blocks of one record that state one area are measured together."""
    keys = pd.DataFrame(
        {"record": [delivery.records[row] for row in rows], "given": given[rows]}
    )
    drawn = pd.Series(delivery.area_m2[rows])
    together = drawn.groupby([keys["record"], keys["given"]]).transform("sum").to_numpy()
    alone = drawn.to_numpy()
    off_alone = np.abs(given[rows] / alone - 1)
    return np.where(np.abs(given[rows] / together - 1) < off_alone, together, alone)


def _unit(
    delivery: Delivery, name: str, unit: str, rows: npt.NDArray[np.int64], *, is_all: bool
) -> Observation:
    records = [delivery.records[row] for row in rows[:4]]
    how_many = "全部" if is_all else f"{len(rows)} 条"
    what = (
        f"{delivery.file} 的面积字段 {name}(area)有{how_many}像是以{unit}为单位(unit),"
        f"与字段名或规范不合,例如 {named(records[:1])}"
    )
    fix = "本程序按图形算面积,不用这个字段;用它汇总前先统一换算成平方米"
    area = float(delivery.area_m2[rows].sum())
    return Observation(noted(delivery.layer, delivery.file, "stated-unit", what, fix, area))


def _differs(
    delivery: Delivery, name: str, row: int, given: float, drawn: float, size: float
) -> Observation:
    in_m2 = given / size
    what = (
        f"字段 {name} 填报 {m2_text(in_m2)} ㎡,图形 {m2_text(float(drawn))} ㎡,"
        f"相差 {100 * (in_m2 / drawn - 1):+.1f}%;以图形为准"
    )
    told = noted(
        delivery.layer, delivery.records[row], "stated-area", what, "核对面积或图形",
        abs(in_m2 - float(drawn)),
    )  # fmt: skip
    return Observation(told, delivery.shapes[row])
