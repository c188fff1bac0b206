"""geopandas: ``overlay(how="identity")``, one layer after the other."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from bench.county.sizes import CHANGE, LAYERS
from bench.job import AREA, KEYS, Engine, Job


class Geopandas(Engine):
    """What most people would write first."""

    title = "geopandas.overlay"

    def areas(self, job: Job) -> None:
        """Overlay layer by layer; the last overlay gives the pieces."""
        pieces = gpd.read_parquet(job.path(CHANGE), columns=[CHANGE, "geometry"])
        layers = {
            name: gpd.read_parquet(
                job.path(name),
                columns=[name, *(["priority"] if name == "approval" else []), "geometry"],
            )
            for name in LAYERS
        }
        job.lap("read")
        layers["approval"] = flattened(layers["approval"])
        job.lap("flatten")
        for name in LAYERS:
            pieces = gpd.overlay(pieces, layers[name], how="identity", keep_geom_type=True)
            job.lap(name)
        answer = pd.DataFrame(pieces[list(KEYS)])
        answer[AREA] = pieces.area
        answer.to_parquet(job.out)
        job.lap("write")


def flattened(approvals: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """Return approvals without the ground that one of lower priority has."""
    ordered = approvals.sort_values("priority").reset_index(drop=True)
    shapes = ordered.geometry.to_numpy()
    later, earlier = ordered.sindex.query(shapes, predicate="intersects")
    is_over = earlier < later
    over = pd.Series(earlier[is_over]).groupby(later[is_over])
    left = shapes.copy()
    for row, rows in over:
        left[row] = shapely.difference(shapes[row], shapely.union_all(shapes[np.asarray(rows)]))
    ordered = ordered.set_geometry(gpd.GeoSeries(left, crs=approvals.crs))
    return ordered[~ordered.is_empty].drop(columns="priority")
