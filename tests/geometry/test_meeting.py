import geopandas as gpd

from pipeline.geometry.meeting import records_meeting
from tests.memory_source import MemorySource
from tests.worlds import CRS, approval, approvals, rect


def _met(*shapes):
    source = MemorySource(
        approvals(
            approval(rect(0, 0, 10, 10), "A1"),
            approval(rect(10, 0, 20, 10), "A2"),
            approval(rect(100, 0, 120, 10), "A3", holder="某单位"),
        )
    )
    return records_meeting(source, gpd.GeoSeries(shapes, crs=CRS))


def test_only_what_meets_is_taken_and_whole():
    met = _met(rect(5, 5, 6, 6))
    assert list(met["approval_no"]) == ["A1"]
    assert met.geometry.area.round(6).tolist() == [100.0]
    assert met.crs == CRS


def test_every_column_comes_along_once():
    met = _met(rect(90, 0, 130, 10), rect(110, 0, 111, 1))
    assert list(met["approval_no"]) == ["A3"]
    assert list(met["holder"]) == ["某单位"]


def test_a_shape_that_is_missing_meets_nothing():
    assert len(_met(None)) == 0
    assert len(_met(None, rect(15, 1, 16, 2))) == 1


def test_nothing_near():
    assert len(_met(rect(50, 50, 60, 60))) == 0
