"""Errors are messages; they say the same wherever they were raised."""

import pickle

import pytest

from pipeline.errors import ConservationError, PipelineError, Refused, WorkspaceBusy, refusal


@pytest.mark.parametrize(
    "error",
    [
        PipelineError("磁盘满了", where="workspace", remedy="腾出地方"),
        ConservationError("少了 1 ㎡"),
        WorkspaceBusy("另一个运行"),
        Refused([refusal("changes", "a.shp", "missing-crs", "没有坐标系", "写 crs")]),
    ],
)
def test_an_error_comes_back_from_another_process_as_it_was(error):
    back = pickle.loads(pickle.dumps(error))
    assert (type(back), str(back), vars(back)) == (type(error), str(error), vars(error))
