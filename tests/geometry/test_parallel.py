"""Blocks come back in their order, here, in threads, and from a scheduler."""

import dask
import pytest
from distributed import LocalCluster

from pipeline.errors import Refused
from pipeline.geometry.parallel import map_blocks
from pipeline.geometry.settings import OverlaySettings


def square(number):
    return number * number


def broken(_):
    raise ValueError("no such block")


@pytest.mark.parametrize("workers", [0, 1, 2, 5])
def test_results_stand_in_the_order_of_the_blocks(workers):
    seen = []
    settings = OverlaySettings(workers=workers)
    made = map_blocks(
        square, [3, 1, 2], settings, lambda done, total: seen.append((done, total))
    )
    assert made == [9, 1, 4]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert map_blocks(square, [], settings) == []


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_block_raises_is_raised(workers):
    with pytest.raises(ValueError, match="no such block"):
        map_blocks(broken, [1, 2], OverlaySettings(workers=workers))


def test_a_scheduler_gives_the_same_results():
    seen = []
    with LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None,
        protocol="tcp", host="127.0.0.1",
    ) as cluster:  # fmt: skip
        settings = OverlaySettings(scheduler=cluster.scheduler_address)
        made = map_blocks(square, [3, 1, 2], settings, lambda *state: seen.append(state))
    assert made == [9, 1, 4]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_a_scheduler_that_does_not_answer_is_refused():
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "200ms"}),
        pytest.raises(Refused, match="连不上 dask 调度器"),
    ):
        map_blocks(square, [1, 2], OverlaySettings(scheduler="tcp://127.0.0.1:1"))
