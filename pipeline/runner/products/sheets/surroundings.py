"""What lies around a change on the received layers (图斑周边), read without the whole layer."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import shapely

from pipeline.io.layer_file import LayerFile
from pipeline.report.sheets.map import Surroundings
from pipeline.report.sheets.svg import Box
from pipeline.runner.tables import Tables
from pipeline.schema.received import APPROVALS


class Neighbourhood:
    """The layers of a workspace, asked for what lies in a box (周边查询)."""

    def __init__(self, tables: Tables, township_names: Mapping[str, str]) -> None:
        """Look into the received layers of ``tables``."""
        layers = ("land_use", "permanent_farmland", "townships", "approvals")
        self._layers = {name: LayerFile(str(tables.path(name))) for name in layers}
        self._names = township_names

    def around(self, box: Box, coverage: pd.DataFrame) -> Surroundings:
        """Return what lies in a box; of the approvals those in ``coverage``, largest first."""
        land = self._near("land_use", box, ["is_farmland"])
        towns = self._near("townships", box, ["township_code"])
        return Surroundings(
            farmland=np.array(
                [one["geometry"] for one in land if one["is_farmland"]], dtype=object
            ),
            permanent=np.array(
                [one["geometry"] for one in self._near("permanent_farmland", box, [])],
                dtype=object,
            ),
            townships=[
                (
                    self._names.get(str(one["township_code"]), str(one["township_code"])),
                    one["geometry"],
                )
                for one in sorted(towns, key=lambda one: str(one["township_code"]))
            ],
            approvals=self._approvals(box, coverage),
        )

    def _approvals(self, box: Box, coverage: pd.DataFrame) -> Sequence[Mapping[Any, Any]]:
        order = {
            (str(row["approval_kind"]), str(row["approval_no"])): place
            for place, row in enumerate(
                coverage.sort_values(
                    ["area_m2", "approval_no"], ascending=[False, True]
                ).to_dict("records")
            )
        }
        if not order:
            return []
        met = self._near("approvals", box, list(APPROVALS.names))
        keyed = [((str(one["approval_kind"]), str(one["approval_no"])), one) for one in met]
        return [
            one
            for key, one in sorted(
                ((order[key], one) for key, one in keyed if key in order),
                key=lambda pair: pair[0],
            )
        ]

    def _near(self, name: str, box: Box, columns: list[str]) -> list[dict[str, Any]]:
        rows: list[dict[str, Any]] = (
            self._layers[name].near(np.array([box], dtype=float), columns).to_pylist()
        )
        rows.sort(key=lambda row: bytes(row["geometry"]))  # whatever the order they came in
        west, south, east, north = box
        for row in rows:
            shape = shapely.from_wkb(row["geometry"])
            row["geometry"] = (
                shapely.clip_by_rect(shape, west, south, east, north)
                if name == "land_use"
                else shape
            )
        return rows
