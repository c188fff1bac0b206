"""Put a layer's shapes in the working CRS, or refuse a CRS that cannot be true (坐标系核对)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from pipeline.errors import Finding, refusal
from pipeline.geometry.area import areas_m2
from pipeline.geometry.crs import label, needs_parameters, parsed, same_crs, to_working
from pipeline.geometry.place import contradiction, likely_crs, typical_bounds
from pipeline.geometry.settings import AreaSettings
from pipeline.io.settings import LayerSettings
from pipeline.io.source import Source
from pipeline.units import half_up

# Transverse Mercator at the edge of a 6° zone stretches areas by a quarter of this.
_STRETCH = 0.01
_ODD = 0.003  # at the very edge of a 6° zone in the south of China: 0.0025
Geometries = npt.NDArray[Any]


@dataclass(frozen=True)
class Place:
    """Where the county lies: the working CRS and, once known, the box of its townships."""

    working: CRS
    measure: Callable[[Geometries], npt.NDArray[np.float64]]
    near: tuple[float, float, float, float] | None = None


def placed(
    source: Source, section: LayerSettings, name: str, file: str, place: Place
) -> tuple[Geometries, list[Finding]]:
    """Return the geometries in the working CRS; refuse a CRS that is missing or cannot be true."""
    geometry = np.asarray(source.geometry, dtype=object)
    if not np.isfinite(shapely.bounds(geometry)).all(axis=1).any():
        return geometry, []
    bounds = typical_bounds(geometry)

    def paste() -> str:
        return _remedy(likely_crs(bounds, place.near, place.working), name)

    try:
        crs = parsed(section.crs) if section.crs else source.crs
    except CRSError:
        what = f"没有 {section.crs} 这个坐标系(crs)"
        return geometry, [refusal(name, file, "unknown-crs", what, paste())]
    if crs is None:
        what = f"{file} 没有坐标系(CRS):缺少 .prj 或文件里没有写"
        return geometry, [refusal(name, file, "missing-crs", what, paste())]
    why = contradiction(crs, bounds)
    if why:
        return geometry, [refusal(name, file, "crs-contradicted", f"{file}:{why}", paste())]
    if needs_parameters(crs, place.working) and section.transform is None:
        what = f"{file} 的坐标系是 {crs.name}(西安80/北京54 等旧基准,Xian/Beijing),没有转换参数(parameter)就转不准"
        fix = f"在 {section_text(name)} 里写 transform = {{ dx_m = …, dy_m = …, dz_m = …, … }},参数问测绘部门"
        return geometry, [refusal(name, file, "datum", what, fix)]
    moved = to_working(geometry, crs, place.working, section.transform)
    findings = []
    if section.crs and source.crs is not None and not same_crs(source.crs, crs):
        what = f"{file} 自带坐标系 {source.crs.name},按配置改用 {section.crs}"
        findings.append(Finding(name, file, "crs-overruled", "noted", what))
    if place.near is not None and not _meets(moved, place.near):
        what = f"{file} 与乡镇范围(extent)没有重叠:坐标系、带号(zone)或文件不对"
        findings.append(refusal(name, file, "elsewhere", what, paste()))
    return moved, findings


def _remedy(codes: Sequence[str], name: str) -> str:
    """Say which line to paste; no CRS mends swapped axes, so there it is the data to mend."""
    if not codes:
        return "问提供数据的单位它用的坐标系"
    bare = [code.partition(" ")[0] for code in codes[:3]]
    if bare[0] != codes[0]:
        said = "、".join(bare)
        return f"X、Y 两列颠倒(axis swapped):请提供单位对调后重新导出,对调后像是 {said}"
    lines = " 或 ".join(f'crs = "{code}"' for code in bare)
    return f"按坐标值和县的位置,像是:在 {section_text(name)} 里写 {lines}"


def _meets(geometry: Geometries, near: tuple[float, float, float, float]) -> bool:
    boxes = shapely.bounds(geometry)
    x0, y0, x1, y1 = near
    return bool(
        (
            (boxes[:, 0] <= x1)
            & (boxes[:, 2] >= x0)
            & (boxes[:, 1] <= y1)
            & (boxes[:, 3] >= y0)
        ).any()
    )


def distorted(shapes: Geometries, area: AreaSettings, place: Place) -> list[Finding]:
    """Refuse plane areas in a working CRS that stretches the townships by over a hundredth.

    One that stretches them by more than the edge of a 6° zone does is noted in any case: a
    working CRS of another zone was probably not meant.
    """
    plane = float(shapely.area(shapes).sum())
    true = float(areas_m2(shapes, crs=place.working, settings=AreaSettings()).sum())
    stretch = (plane - true) / true
    if abs(stretch) <= _ODD:
        return []
    what = (
        f"工作坐标系(crs){label(place.working)} 在本县变形太大:"
        f"平面面积比椭球面积多 {half_up(100 * stretch)}%"
    )
    fix = "换成本县所在分带的投影坐标系"
    if area.kind == "plane" and abs(stretch) > _STRETCH:
        fix += ',或在 [area] 里写 kind = "ellipsoid"'
        return [refusal("config", "inspection.crs", "working-crs", what, fix)]
    return [Finding("config", "inspection.crs", "working-crs", "noted", what, fix)]


def section_text(name: str) -> str:
    """Return a layer's section as it is written in the config; of some there are several."""
    return f"[[layers.{name}]]" if name in {"approvals", "constraints"} else f"[layers.{name}]"
