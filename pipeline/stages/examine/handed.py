"""What was handed in (送检数据), as the doctor gets to see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import pandas as pd
from pyproj import CRS

from pipeline.geometry.area import areas_m2
from pipeline.geometry.settings import AreaSettings
from pipeline.rules.land_classes import CodeSystem
from pipeline.rules.pack import RulePack

Shapes = npt.NDArray[Any]


@dataclass(frozen=True)
class Delivery:
    """The records of one section of the config (一次提供), those in quarantine too.

    ``fields`` are the file's own columns, ``shapes`` as received (null: none that can be
    used), ``area_m2`` what they measure.
    """

    layer: str
    file: str
    records: Sequence[str]
    fields: pd.DataFrame
    shapes: Shapes
    area_m2: npt.NDArray[np.float64]
    is_counted: npt.NDArray[np.bool_]
    table: gpd.GeoDataFrame  # of those that count, as received
    land_class: Sequence[Any] = ()  # as written, before anything was put right


@dataclass(frozen=True)
class Handed:
    """Everything the doctor looks at (送检): tables as in ``schema.received``, by name."""

    tables: Mapping[str, gpd.GeoDataFrame]
    deliveries: Sequence[Delivery]
    crs: CRS
    area: AreaSettings
    county_code: str
    year: int
    as_of: date
    pack: RulePack
    codes: CodeSystem
    set_aside: Shapes = field(default_factory=lambda: np.zeros(0, dtype=object))

    def measure(self, shapes: Sequence[Any] | Shapes) -> npt.NDArray[np.float64]:
        """Return the areas of shapes in m², measured as the run measures them."""
        return areas_m2(np.asarray(shapes, dtype=object), self.crs, self.area)

    def of(self, layer: str) -> list[Delivery]:
        """Return the deliveries of a layer."""
        return [one for one in self.deliveries if one.layer == layer]
