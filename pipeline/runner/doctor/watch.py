"""Over the shoulder of receiving (旁观入库): what was handed in, kept for the doctor."""

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.errors import Finding
from pipeline.geometry.crs import parsed
from pipeline.geometry.repair import on_earth
from pipeline.project import Project
from pipeline.rules.land_classes import find_code_system, load_code_system
from pipeline.rules.pack import find_pack, load_pack
from pipeline.runner.receiving.layer import Layer
from pipeline.schema.examined import Observation
from pipeline.stages.examine import Delivery, Handed
from pipeline.units import UNITS_PER_M2


class Watch:
    """Keeps every layer that receiving takes in, also where it refuses in the end."""

    def __init__(self) -> None:
        """Start with nothing."""
        self.deliveries: list[Delivery] = []
        self.balances: list[dict[str, Any]] = []
        self._layers: list[Layer] = []
        self._tables: dict[str, list[gpd.GeoDataFrame]] = {}

    def __call__(self, layer: Layer, table: pd.DataFrame) -> None:
        """Keep a layer with its table."""
        frame = gpd.GeoDataFrame(table, geometry="geometry", crs=layer.place.working)
        self._layers.append(layer)
        self._tables.setdefault(layer.name, []).append(frame)
        self.balances.append(layer.balance())
        written = layer.columns.frame.get("land_class")
        self.deliveries.append(
            Delivery(
                layer=layer.name,
                file=layer.file,
                records=_names(layer),
                fields=layer.original,
                shapes=layer.geometry,
                area_m2=layer.units / UNITS_PER_M2,
                is_counted=layer.counted,
                table=frame,
                land_class=() if written is None else written.tolist(),
            )
        )

    def handed(self, project: Project) -> Handed:
        """Return what was handed in; layers that were refused are not in it."""
        config = project.config
        return Handed(
            tables={
                name: frames[0] if len(frames) == 1 else pd.concat(frames, ignore_index=True)
                for name, frames in self._tables.items()
            },
            deliveries=self.deliveries,
            crs=parsed(config.inspection.crs),
            area=config.area,
            county_code=config.inspection.county_code,
            year=config.inspection.year,
            as_of=config.accountability.as_of,
            pack=load_pack(find_pack(config.rules.pack, project.config_folders)),
            codes=load_code_system(
                find_code_system(config.layers.land_use.code_system, project.config_folders)
            ),
            set_aside=self._set_aside(),
        )

    def placed(self, findings: Iterable[Finding]) -> list[Observation]:
        """Return findings with the shapes of the records that they name, as they came."""
        findings = list(findings)
        wanted = {(found.layer, found.record) for found in findings}
        shapes: dict[tuple[str, str], list[Any]] = {}
        for layer, delivery in zip(self._layers, self.deliveries, strict=True):
            for row, record in enumerate(delivery.records):
                if (layer.name, record) in wanted:
                    shapes.setdefault((layer.name, record), []).append(layer.shapes[row])
        return [
            Observation(found, _place(shapes.get((found.layer, found.record), [])))
            for found in findings
        ]

    def _set_aside(self) -> Any:
        """Return the land use in quarantine that has a shape: handed in, though not counted."""
        shapes = [
            layer.geometry[~layer.counted] for layer in self._layers if layer.name == "land_use"
        ]
        return np.array(
            [
                one
                for some in shapes
                for one in some
                if one is not None and shapely.is_valid(one) and shapely.area(one) > 0
            ],
            dtype=object,
        )


def _names(layer: Layer) -> list[str]:
    """Return the name of every record: its key, else its place in the file."""
    keys = layer.columns.keys
    if keys is None:
        return list(layer.columns.places)
    pairs = zip(keys, layer.columns.places, strict=True)
    return [place if key is None else key for key, place in pairs]


def _place(shapes: list[Any]) -> Any:
    """Return the shapes as polygons: what is none, or not on earth, as its box or not at all."""
    parts = []
    for shape in shapes:
        if shape is None or shapely.is_empty(shape):
            continue
        flat = shapely.force_2d(shape)
        if on_earth(shapely.get_coordinates(flat)).all() and flat.geom_type.endswith("Polygon"):
            parts.extend(shapely.get_parts(flat))
            continue
        xy = shapely.get_coordinates(flat)
        xy = xy[on_earth(xy)]
        if len(xy):
            parts.append(shapely.box(*(xy.min(axis=0) - 0.5), *(xy.max(axis=0) + 0.5)))
    return shapely.multipolygons(parts) if parts else None
