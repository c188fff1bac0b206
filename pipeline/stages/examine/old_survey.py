"""Is the land use of the survey before (二调数据): its fields, or its code system."""

from collections.abc import Iterator

import numpy as np

from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Delivery, Handed
from pipeline.stages.examine.telling import named, noted

# Fields that the third survey no longer has, and what took their place.
_FIELDS = {
    "TKXS": "KCXS", "TKMJ": "KCMJ", "XZDWMJ": "", "LXDWMJ": "", "GDPDJ": "GDPDJB",
    "XXTBKD": "XZDWKD",
}  # fmt: skip
# Codes that only the second survey writes with three digits and a nought; as numbers, two.
_CODES = frozenset(f"0{head}{tail}" for head in "1234" for tail in "123")
_SHARE, _FEW, _SURE = 0.2, 2, 2


def old_codes(handed: Handed) -> Iterator[Observation]:
    """Yield land use whose codes are of the second survey while the config says the third."""
    if not handed.codes.name.startswith("sandiao"):
        return
    for delivery in handed.of("land_use"):
        written = np.array([_written(one) for one in delivery.land_class], dtype=object)
        rows = np.flatnonzero([one in _CODES for one in written])
        if len(rows) < max(_FEW, _SHARE * len(written)):
            continue
        seen = named(sorted(set(written[rows])))
        what = (
            f"{delivery.file} 有 {len(rows)} 条地类编码是二调的写法({seen}),配置写的是"
            f" {handed.codes.name}:二调的 101 是铁路用地,会被读成三调的 0101 水田"
        )
        fix = "换成三调的地类图斑,或在 configs/rules/codes/ 写一份二调编码表并改 code_system"
        area = float(delivery.area_m2[rows].sum())
        yield Observation(noted("land_use", delivery.file, "old-code-system", what, fix, area))


def old_fields(handed: Handed) -> Iterator[Observation]:
    """Yield land use with fields that only the second survey has."""
    for delivery in handed.of("land_use"):
        found = [name for name in _FIELDS if name in _names(delivery)]
        if len(found) < _SURE:
            continue
        now = "、".join(f"{name}→{_FIELDS[name]}" for name in found if _FIELDS[name])
        what = f"{delivery.file} 有二调的字段 {'、'.join(found)}(field):像是二调的地类图斑"
        fix = f"换成三调的地类图斑;三调的字段名:{now}" if now else "换成三调的地类图斑"
        yield Observation(noted("land_use", delivery.file, "old-fields", what, fix))


def _names(delivery: Delivery) -> set[str]:
    return {str(name).strip().upper() for name in delivery.fields.columns}


def _written(value: object) -> str:
    """Return a code as text; a number lost the nought before it."""
    text = str(value).strip().removesuffix(".0")
    return f"0{text}" if len(text) == 2 and text.isdigit() else text  # noqa: PLR2004
