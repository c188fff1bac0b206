"""Blocks come back in their order, here, in threads, and from a scheduler."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import dask
import psutil
import pytest
from distributed import LocalCluster

from pipeline.errors import PipelineError, Refused
from pipeline.geometry.parallel import DeadlyBlock, map_blocks, scheduler
from pipeline.geometry.parallel.deadly import deadly as deadly_part
from pipeline.geometry.settings import OverlaySettings


def square(number):
    return number * number


def slow_square(number):
    time.sleep(0.1)
    return number * number


def slower_first(number):
    time.sleep(0.2 / number)
    return number


def broken(number):
    if number == 2:
        raise ValueError("no such block")
    return number


def deadly(number):
    if number == 2:
        os._exit(1)
    return number


def deadly_row(rows):
    if 77 in rows:
        os.kill(os.getpid(), signal.SIGSEGV)
    if 120 in rows:
        raise ValueError("no death")


def too_late(_):
    raise TimeoutError("the disk does not answer")


@contextmanager
def cluster(workers, *, processes=False):
    with LocalCluster(
        n_workers=workers, threads_per_worker=1, processes=processes, dashboard_address=None,
        protocol="tcp", host="127.0.0.1", silence_logs=60,
    ) as made:  # fmt: skip
        yield made, OverlaySettings(scheduler=made.scheduler_address)


@pytest.mark.parametrize("workers", [0, 1, 2, 5])
def test_results_stand_in_the_order_of_the_blocks(workers):
    seen = []
    settings = OverlaySettings(workers=workers)
    made = map_blocks(
        square, [3, 1, 2], settings, lambda done, total: seen.append((done, total))
    )
    assert list(made) == [9, 1, 4]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    assert list(map_blocks(square, [], settings)) == []


def test_whoever_finishes_first_waits_for_its_turn():
    settings = OverlaySettings(workers=3)
    assert list(map_blocks(slower_first, [1, 2, 5, 9], settings)) == [1, 2, 5, 9]


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_block_raises_is_raised_in_its_place(workers):
    done = map_blocks(broken, [1, 2, 3], OverlaySettings(workers=workers))
    assert next(done) == 1
    with pytest.raises(ValueError, match="no such block"):
        next(done)


@pytest.mark.parametrize(("workers", "most"), [(1, 1), (2, 6), (3, 8)])
def test_few_blocks_are_under_way_at_once(workers, most):
    begun, counting = [], threading.Lock()

    def counted(number):
        with counting:
            begun.append(number)
        return number

    ahead = []
    for taken, number in enumerate(
        map_blocks(counted, range(40), OverlaySettings(workers=workers))
    ):
        assert number == taken
        time.sleep(0.005)  # so that whoever may begin has begun
        ahead.append(len(begun) - taken)
    assert max(ahead) == most
    assert begun[-1] == 39


@pytest.mark.parametrize("workers", [1, 2])
def test_nothing_more_is_done_once_nobody_asks(workers):
    begun = []
    done = map_blocks(begun.append, range(1000), OverlaySettings(workers=workers))
    next(done)
    done.close()
    assert len(begun) <= 6
    assert threading.active_count() == 1 or not [
        thread for thread in threading.enumerate() if "ThreadPool" in thread.name
    ]


def test_a_scheduler_gives_the_same_results():
    seen = []
    with cluster(1) as (_, settings):
        made = map_blocks(square, [3, 1, 2], settings, lambda *state: seen.append(state))
        assert isinstance(made, Iterator)
        assert list(made) == [9, 1, 4]
        assert seen == [(1, 3), (2, 3), (3, 3)]
        with pytest.raises(ValueError, match="no such block"):
            list(map_blocks(broken, range(9), settings))
        with pytest.raises(TimeoutError, match="the disk does not answer"):
            list(map_blocks(too_late, [1], settings))


@pytest.mark.parametrize(
    ("count", "workers", "sizes"),
    [
        (40, 2, [5] * 8),
        (11, 1, [2, 2, 2, 2, 2, 1]),
        (3, 2, [1, 1, 1]),  # fewer than could be shared: one each
        (1000, 2, [8] * 125),  # never more than eight at once
        (5, 0, [1] * 5),  # nobody is there yet
        (0, 2, []),
    ],
)
def test_a_worker_takes_neighbouring_blocks(count, workers, sizes):
    spans = scheduler._spans(count, workers)
    assert [len(span) for span in spans] == sizes
    assert [block for span in spans for block in span] == list(range(count))


def test_results_of_spans_stand_in_the_order_of_the_blocks():
    with cluster(1) as (_, settings):
        assert list(map_blocks(square, range(21), settings)) == [n * n for n in range(21)]


def test_nothing_of_ours_listens():
    def listening():
        links = psutil.Process().net_connections(kind="inet")
        return {link.laddr for link in links if link.status == psutil.CONN_LISTEN}

    with cluster(1) as (_, settings):  # which listens in this process as well
        before = listening()
        during = [listening() for _ in map_blocks(square, range(3), settings)]
    assert before
    assert all(each == before for each in during)


def test_a_scheduler_has_few_blocks_at_once():
    with cluster(1) as (made, settings):
        ahead = []
        for taken, _ in enumerate(map_blocks(square, range(20), settings)):
            names = [str(key) for key in made.scheduler.tasks if "block-" in str(key)]
            ahead.append((taken, len(names)))
    assert max(count for _, count in ahead) <= 5  # 2 × 1 + 2, and the one being let go


def test_a_lost_worker_loses_nothing():
    with cluster(2, processes=True) as (made, settings):
        squares = []
        for number, result in enumerate(map_blocks(slow_square, range(20), settings)):
            squares.append(result)
            if number == 3:
                os.kill(made.workers[0].pid, signal.SIGKILL)
    assert squares == [number * number for number in range(20)]


def test_a_block_that_kills_its_workers_is_named():
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        cluster(1, processes=True) as (_, settings),
        pytest.raises(DeadlyBlock, match="接连退出;在本机算 2 也退出") as told,
    ):
        # who is beside it dies with it, and may be waited for first: all under way are tried
        list(map_blocks(deadly, [1, 2, 3], settings))
    assert told.value.block == 2


def test_of_a_block_that_kills_the_row_is_named():
    assert deadly_part(deadly_row, [range(40), range(40, 300)]) == range(77, 78)
    assert deadly_part(deadly_row, [range(40), range(100, 300)]) is None


def test_workers_that_die_of_something_else_are_said_to(monkeypatch):
    monkeypatch.setattr(scheduler, "deadly", lambda *_: None)
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 0}),
        cluster(1, processes=True) as (_, settings),
        pytest.raises(PipelineError, match="在本机单独算没有问题"),
    ):
        list(map_blocks(deadly, [2], settings))


def test_a_file_that_a_worker_cannot_see_is_named():
    with (
        cluster(1) as (_, settings),
        pytest.raises(PipelineError, match=r"worker 看不到文件 /nowhere/changes\.parquet"),
    ):
        list(map_blocks(os.stat, ["/nowhere/changes.parquet"], settings))


def test_a_scheduler_without_workers_is_not_waited_for_forever(monkeypatch):
    monkeypatch.setattr(scheduler, "_LOOK_S", 0.05)
    monkeypatch.setattr(scheduler, "_PATIENCE_S", 0.2)
    with (
        cluster(0) as (_, settings),
        pytest.raises(PipelineError, match="没有 worker"),
    ):
        list(map_blocks(square, [1, 2], settings))


def test_a_scheduler_that_goes_away_is_missed():
    at_once = {"distributed.comm.timeouts.connect": "300ms"}
    with dask.config.set(at_once), cluster(1) as (made, settings):
        done = map_blocks(slow_square, range(50), settings)
        assert next(done) == 0
        made.close()
        with pytest.raises(PipelineError, match="连接断了"):
            list(done)


def test_a_scheduler_that_does_not_answer_is_refused():
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "200ms"}),
        pytest.raises(Refused, match="连不上 dask 调度器"),
    ):
        list(map_blocks(square, [1, 2], OverlaySettings(scheduler="tcp://127.0.0.1:1")))
