"""Look at a layer before it is trusted (看图层): encoding, CRS, shapes, areas, fields.

The file is read as a run would read it, and nothing is decided for it: what a run would infer,
mend or refuse is told.
"""

from collections import Counter
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from pyproj import CRS

from pipeline.geometry.area import areas_m2
from pipeline.geometry.crs import label, parsed, to_working
from pipeline.geometry.place import contradiction, likely_crs, typical_bounds
from pipeline.geometry.repair import gate
from pipeline.geometry.settings import AreaSettings
from pipeline.io.inputs import expand
from pipeline.io.settings import LayerSettings
from pipeline.io.sniff import sniff
from pipeline.io.source import Source, read_source
from pipeline.report.safe_text import safe, shorten
from pipeline.report.shown import show
from pipeline.runner.receiving.personal import without_persons
from pipeline.terms import SEVERITY_LABELS

_EXAMPLES, _LONGEST = 3, 24


def look(
    file: str | Path,
    *,
    layer: str | None = None,
    encoding: str | None = None,
    crs: str | None = None,
    working: str | None = None,
) -> "Look":
    """Read one layer and tell what it is (看图层), as ``make check`` would take it.

    ``layer``, ``encoding`` and ``crs`` are what the config may say; ``working`` is the working
    CRS, in which the county lies. Raises ``Refused`` for a file that cannot be read.
    """
    section = LayerSettings(path=(str(file),), layer=layer, encoding=encoding, crs=crs)
    paths = expand(Path(), str(file))
    source = read_source(section, paths, label=Path(file).stem)
    known = parsed(crs) if crs else source.crs
    return Look(paths, source, known, parsed(working) if working else None)


class Look:
    """What one layer is (一个图层的样子); shown in Jupyter as a table of what was found.

    ``shapes``: the records as handed in with their shapes, in the layer's own CRS.
    """

    def __init__(
        self, paths: list[Path], source: Source, crs: CRS | None, working: CRS | None
    ) -> None:
        """Keep what was read."""
        self._paths, self._source, self._crs, self._working = paths, source, crs, working
        # A notebook is passed on: what is about persons is not shown in it.
        frame, _ = without_persons(source.frame, (), county="", file="")
        self.shapes = gpd.GeoDataFrame(frame, geometry=source.geometry, crs=crs)

    @property
    def summary(self) -> pd.DataFrame:
        """What the layer is, line by line: 项目, 内容."""
        bounds = typical_bounds(self._source.geometry)
        kinds = sorted({str(sniff(path)) for path in self._paths})
        lines = [
            ("文件", "、".join(path.name for path in self._paths[:3])),
            ("格式（按内容认）", "、".join(kinds)),
            ("记录", f"{len(self._source.frame)} 条"),
            ("编码", self._said("encoding-inferred") or "文件写明的，或没有汉字"),
            ("坐标系", label(self._crs) if self._crs else "没有写"),
            ("坐标范围", "x {:.2f} 至 {:.2f}，y {:.2f} 至 {:.2f}".format(*_xxyy(bounds))),
            ("坐标对不对", self._place(bounds)),
            *_shape_lines(self._source.geometry),
        ]
        return pd.DataFrame(lines, columns=["项目", "内容"])

    @property
    def findings(self) -> pd.DataFrame:
        """What a run would say about the file: 处理, 记录, 问题, 办法."""
        rows = [
            (SEVERITY_LABELS[one.severity], one.record, one.message, one.remedy)
            for one in self._source.findings
        ]
        return pd.DataFrame(rows, columns=["处理", "记录", "问题", "办法"])

    @property
    def fields(self) -> pd.DataFrame:
        """The fields as handed in: 字段, 类型, 空值, 不同的值, 例."""
        rows = []
        for name in self._source.frame.columns:
            values = self._source.frame[name].dropna()
            kinds = "、".join(sorted({type(value).__name__ for value in values}))
            examples = self._examples(name)
            rows.append(
                (
                    name,
                    kinds,
                    len(self._source.frame) - len(values),
                    values.nunique(),
                    "、".join(examples[:_EXAMPLES]),
                )
            )
        return pd.DataFrame(rows, columns=["字段", "类型", "空值", "不同的值", "例"])

    def _examples(self, field: Any) -> list[str]:
        if field not in self.shapes:
            return ["〔个人信息〕"]
        values = self.shapes[field].dropna()
        return list(dict.fromkeys(shorten(safe(value), _LONGEST) for value in values))

    @property
    def invalid(self) -> pd.DataFrame:
        """The records whose shape a run mends or quarantines: 记录, 处理, 说明."""
        gated = [gate(shape) for shape in self._source.geometry]
        rows = [
            (place, SEVERITY_LABELS[found.severity or "noted"], found.note)
            for place, found in zip(self._source.places, gated, strict=True)
            if found.code
        ]
        return pd.DataFrame(rows, columns=["记录", "处理", "说明"])

    def areas(self, working: str | None = None) -> pd.DataFrame:
        """Return the area of each record in m²: on the working plane and on the ellipsoid."""
        crs = parsed(working) if working else self._working or self._crs
        if crs is None or self._crs is None:
            raise ValueError("没有坐标系,面积无从量起:写 crs=… 和 working=…")
        shapes = to_working(self._source.geometry, self._crs, crs, None)
        true = areas_m2(shapes, crs=crs, settings=AreaSettings())
        return pd.DataFrame({"plane_m2": shapely.area(shapes), "ellipsoid_m2": true})

    def _repr_html_(self) -> str:
        return str(show(self.summary).to_html())

    def __repr__(self) -> str:
        return str(self.summary.to_string(index=False))

    def _said(self, code: str) -> str:
        return "、".join(one.message for one in self._source.findings if one.code == code)

    def _place(self, bounds: Any) -> str:
        if self._crs is not None:
            return contradiction(self._crs, bounds) or "与坐标系不矛盾"
        if self._working is None:
            return "没有坐标系:写 working=… 可按县的位置推测"
        return f"按县的位置,像是 {'、'.join(likely_crs(bounds, None, self._working)[:3])}"


def _xxyy(bounds: Any) -> tuple[float, float, float, float]:
    x0, y0, x1, y1 = bounds
    return x0, x1, y0, y1


def _shape_lines(geometry: npt.NDArray[Any]) -> list[tuple[str, str]]:
    """Return how many shapes of which type there are, and how many are not sound."""
    types = Counter("没有图形" if shape is None else shape.geom_type for shape in geometry)
    told = "，".join(f"{kind} {count} 个" for kind, count in sorted(types.items()))
    there = np.array([shape is not None and not shape.is_empty for shape in geometry])
    bad = int((~shapely.is_valid(geometry[there])).sum())
    return [
        ("图形类型", told),
        ("图形无效", f"{bad} 个" + ("，见 .invalid" if bad else "")),
        ("界址点", f"{int(shapely.get_num_coordinates(geometry).sum()):,} 个"),
    ]
