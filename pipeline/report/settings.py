"""Which products are made (成果设置)."""

from typing import Literal

from pydantic import Field

from pipeline.schema.settings import Settings


class ReportSettings(Settings):
    """``[report]`` (成果)."""

    sheets: Literal["flagged", "all", "none"] = Field(
        "flagged",
        description="图斑核查单:flagged 有疑似违法或存疑的图斑,all 全部图斑,none 不出",
    )
    compare_with: str | None = Field(
        None,
        min_length=1,
        description="一页通与哪次成果对比:上次检查的工作区文件夹;不写则不比",
    )
    # 17 ms a change as PDF, 72 ms and half a megabyte more as PNG: only where it is asked for.
    sheet_pictures: bool = Field(
        default=False, description="核查单另存 PNG(每图斑一张);PDF 总是有的"
    )
    gis: bool = Field(
        default=True,
        description="QGIS、ArcGIS 成果:GeoPackage 与工程、FileGDB、shapefile(out/gis/)",
    )
