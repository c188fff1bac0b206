"""Are codes in their dictionaries (编码核对): townships, change types, names of classes."""

from collections import Counter
from collections.abc import Iterator

import numpy as np
import pandas as pd

from pipeline.rules.change_types import unknown_change_types
from pipeline.schema.examined import Observation
from pipeline.stages.examine.handed import Delivery, Handed
from pipeline.stages.examine.telling import named, noted

_TOWNSHIP_DIGITS = (9, 12)
_PLACE = "ZLDWDM"  # 坐落单位代码
_CLASS_NAME = "DLMC"


def townships(handed: Handed) -> Iterator[Observation]:
    """Yield townships whose code is not one of the county."""
    table = handed.tables["townships"]
    for row in table.itertuples():
        code = str(row.township_code)
        if not code.startswith(handed.county_code):
            what = f"乡镇代码 {code} 不以本县代码 {handed.county_code} 开头"
            told = noted(
                "townships", code, "other-county", what, "核对代码,或是不是混入了邻县的乡镇"
            )
            yield Observation(told, row.geometry)
        elif not code.isdigit() or len(code) not in _TOWNSHIP_DIGITS:
            what = f"乡镇代码 {code} 不是 9 位或 12 位数字"
            yield Observation(
                noted("townships", code, "township-digits", what, "核对代码"), row.geometry
            )


def stated_townships(handed: Handed) -> Iterator[Observation]:
    """Yield changes that state a township which the township layer does not know."""
    changes, known = handed.tables.get("changes"), handed.tables.get("townships")
    if changes is None or known is None:
        return
    stated = changes["stated_township_code"]
    for row in changes[stated.notna() & ~stated.isin(known["township_code"])].itertuples():
        what = f"填报的乡镇代码 {row.stated_township_code} 不在乡镇图层里(unknown township)"
        told = noted("changes", row.change_id, "unknown-township", what, "核对乡镇代码")
        yield Observation(told, row.geometry)


def change_types(handed: Handed) -> Iterator[Observation]:
    """Yield changes whose type the rule pack does not know."""
    changes = handed.tables.get("changes")
    if changes is None:
        return
    shapes = dict(zip(changes["change_id"], changes.geometry, strict=True))
    for found in unknown_change_types(changes, handed.pack):
        yield Observation(found, shapes[found.record])


def places(handed: Handed) -> Iterator[Observation]:
    """Yield land use that says it lies in another county."""
    for delivery in handed.of("land_use"):
        if _PLACE not in delivery.fields:
            continue
        county = delivery.fields[_PLACE].astype("str").str.strip().str[:6]
        other = delivery.is_counted & county.notna() & (county != handed.county_code)
        other &= county.str.fullmatch(r"\d{6}").fillna(value=False).to_numpy(dtype=bool)
        rows = np.flatnonzero(other)
        if len(rows):
            counties = "、".join(sorted(set(county.iloc[rows]))[:3])
            what = (
                f"{delivery.file} 有 {len(rows)} 个地类图斑的坐落单位代码 {_PLACE} 属于别的县"
                f"({counties}):{named(delivery.records[row] for row in rows[:4])}"
            )
            fix = "核对是不是拿错了县的数据;飞入地可以不管"
            area = float(delivery.area_m2[rows].sum())
            yield Observation(noted("land_use", delivery.file, "other-county", what, fix, area))


def class_names(handed: Handed) -> Iterator[Observation]:
    """Yield land classes whose code and name, as handed in, are not of one class."""
    for delivery in handed.of("land_use"):
        if _CLASS_NAME not in delivery.fields:
            continue
        names = {one.name for one in handed.codes.classes.values()}
        for (code, name), count in sorted(_pairs(delivery).items()):
            known = handed.codes.classify(code)
            if known is None or not known.exact or name not in names - {known.name}:
                continue  # a name that no class has says nothing
            what = (
                f"{delivery.file} 有 {count} 个图斑地类编码是 {code}({known.name}),"
                f"名称 {_CLASS_NAME} 却写 {name};以编码为准"
            )
            yield Observation(
                noted("land_use", f"{code} {name}", "class-name", what, "核对编码和名称")
            )


def _pairs(delivery: Delivery) -> Counter[tuple[str, str]]:
    names = delivery.fields[_CLASS_NAME]
    frame = pd.DataFrame({"name": names.to_numpy()})[delivery.is_counted]
    frame["code"] = delivery.table["land_class"].to_numpy()
    frame = frame.dropna()
    return Counter(
        zip(frame["code"].astype(str), frame["name"].astype(str).str.strip(), strict=True)
    )
