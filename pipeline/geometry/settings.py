"""How areas are measured and how the overlay runs."""

from typing import Literal

from pydantic import Field

from pipeline.schema.settings import Settings


class AreaSettings(Settings):
    """``[area]`` (面积口径)."""

    kind: Literal["ellipsoid", "plane"] = Field(
        "ellipsoid", description="面积口径:ellipsoid 椭球面积,plane 平面面积"
    )


class OverlaySettings(Settings):
    """``[overlay]`` (套合)."""

    geometry: Literal["all", "flagged", "none"] = Field(
        "all", description="碎片是否保存图形:all 全部,flagged 只存非合法的,none 不存"
    )
    workers: int = Field(0, ge=0, le=1024, description="并行线程数;0 为本机全部核")
    scheduler: str = Field(
        "", pattern=r"^(tcp://[^\s]+)?$", description="dask 调度器地址 tcp://…;空为本机"
    )


class DatumShift(Settings):
    """Seven parameters from the layer's datum to the working CRS's (七参数)."""

    dx_m: float = Field(ge=-10_000, le=10_000, description="X 平移(米)")
    dy_m: float = Field(ge=-10_000, le=10_000, description="Y 平移(米)")
    dz_m: float = Field(ge=-10_000, le=10_000, description="Z 平移(米)")
    rx_arcsec: float = Field(0.0, ge=-100, le=100, description="X 旋转(秒)")
    ry_arcsec: float = Field(0.0, ge=-100, le=100, description="Y 旋转(秒)")
    rz_arcsec: float = Field(0.0, ge=-100, le=100, description="Z 旋转(秒)")
    scale_ppm: float = Field(0.0, ge=-1_000, le=1_000, description="尺度(百万分之一)")
