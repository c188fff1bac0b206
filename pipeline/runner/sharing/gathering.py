"""The case as it was handed in (案例汇集): records with their mapped fields, before any repair."""

from dataclasses import dataclass, field

import geopandas as gpd
import numpy as np
import pandas as pd

from pipeline.project import Project
from pipeline.runner.receiving import Receiver
from pipeline.runner.receiving.hand import Hand, receive_hand
from pipeline.runner.receiving.layer import Layer
from pipeline.runner.receiving.placing import Geometries


@dataclass
class Handed:
    """The records of one layer (一个图层): mapped fields as they were written, raw shapes.

    ``rest`` tells records apart that share a key: all their fields as one text.
    """

    name: str
    fields: pd.DataFrame
    shapes: Geometries
    rest: list[str]

    def taken(self, rows: np.ndarray, shapes: Geometries) -> "Handed":
        """Return some of the records, with other shapes."""
        rest = [self.rest[int(row)] for row in rows]
        return Handed(self.name, self.fields.iloc[rows].reset_index(drop=True), shapes, rest)


@dataclass
class Case:
    """The layers in the order of the config, and the ledgers that people keep (案例)."""

    project: Project
    layers: list[Handed] = field(default_factory=list)
    hand: Hand | None = None

    def named(self, name: str) -> list[Handed]:
        """Return the layers of one kind, in the order of the config."""
        return [layer for layer in self.layers if layer.name == name]


def gather(project: Project) -> Case:
    """Return the whole case; raise ``Refused`` where a run would be."""
    case = Case(project)

    def look(layer: Layer, _: gpd.GeoDataFrame) -> None:
        fields = layer.columns.frame.reset_index(drop=True)
        rest = ["\x1f".join(map(str, row)) for row in layer.original.to_numpy(dtype=object)]
        case.layers.append(Handed(layer.name, fields, layer.shapes, rest))

    Receiver(project, look).receive()
    case.hand = receive_hand(project)
    return case
