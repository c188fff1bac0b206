"""The records of a layer that meet given shapes (相交记录): what is worth taking along."""

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from pipeline.geometry.source import GEOMETRY, Source


def records_meeting(source: Source, shapes: gpd.GeoSeries) -> gpd.GeoDataFrame:
    """Return the records of a layer that share a point with any of ``shapes`` (相交记录).

    Every column of the layer, whole shapes, in the order of the layer. Only rows whose box is
    near are read.
    """
    known = shapes[shapes.notna() & ~shapes.is_empty]
    # (shapely.bounds, not the frame's: rows lie together in memory, as the compiled code wants)
    table = source.near(shapely.bounds(known.to_numpy()), source.columns)
    wkb = table[GEOMETRY].to_numpy(zero_copy_only=False)
    found = shapely.make_valid(shapely.from_wkb(wkb))
    met = np.unique(shapely.STRtree(known.to_numpy()).query(found, predicate="intersects")[0])
    plain = table.drop_columns([GEOMETRY]).to_pandas(types_mapper=pd.ArrowDtype)
    frame = gpd.GeoDataFrame(plain, geometry=shapely.from_wkb(wkb), crs=shapes.crs)
    return frame.iloc[met].reset_index(drop=True)
