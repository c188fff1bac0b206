"""The tables of an opened inspection, joined from those that a run left (打开的表)."""

from collections.abc import Callable

import geopandas as gpd
import pandas as pd

from pipeline.errors import PipelineError
from pipeline.runner.library.published import Published
from pipeline.runner.stage import findings_table, sorted_findings
from pipeline.runner.tables import FILES
from pipeline.schema.views import VIEWS

# The others are joined, or have the name of their file.
_CALLED = {"pieces": "judged", "offices": "office_ranking", "county": "county_result"}


class OpenedTables:
    """The tables by the names of ``schema.views``; each is made once, when it is asked for."""

    def __init__(self, published: Published) -> None:
        """Make nothing yet."""
        self._published = published
        self._made: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        """Return a table; what is changed in it changes nothing here (copy on write)."""
        if name not in VIEWS:
            raise PipelineError(f"没有名为 {name} 的表", remedy=f"有:{'、'.join(VIEWS)}")
        if name not in self._made:
            make = _JOINED.get(name)
            called = _CALLED.get(name, name)
            self._made[name] = make(self._published) if make else self._published[called]
        return self._made[name].copy(deep=False)


def _changes(published: Published) -> pd.DataFrame:
    received, results = published["changes"], published["change_results"]
    both = received.columns.intersection(results.columns).drop("change_id")
    return _with_shapes(results, received.drop(columns=both), "change_id")


def _townships(published: Published) -> pd.DataFrame:
    shapes = published["townships"][["township_code", "geometry"]]
    return _with_shapes(published["township_ranking"], shapes, "township_code")


def _with_shapes(results: pd.DataFrame, received: pd.DataFrame, key: str) -> pd.DataFrame:
    joined = results.merge(received, on=key, how="left", validate="1:1")
    layer: pd.DataFrame = gpd.GeoDataFrame(
        joined, geometry="geometry", crs=gpd.GeoSeries(received["geometry"]).crs
    )
    return layer


def _defects(published: Published) -> pd.DataFrame:
    published.check(*(name for name in FILES if name.startswith("findings_")))
    return findings_table(sorted_findings(published.tables))


_JOINED: dict[str, Callable[[Published], pd.DataFrame]] = {
    "changes": _changes,
    "townships": _townships,
    "defects": _defects,
}
