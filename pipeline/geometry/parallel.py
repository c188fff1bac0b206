"""Blocks of work on several cores or machines (并行); the only module that knows dask."""

import os
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from dask.callbacks import Callback
from dask.threaded import get as threaded_get

from pipeline.errors import Refused, refusal
from pipeline.geometry.settings import OverlaySettings

Work = TypeVar("Work")
Done = TypeVar("Done")
Progress = Callable[[int, int], None]


def map_blocks(
    function: Callable[[Work], Done],
    blocks: Sequence[Work],
    settings: OverlaySettings,
    progress: Progress | None = None,
) -> list[Done]:
    """Return ``function`` of each block, in the order of the blocks, whoever finished first.

    ``progress(done, total)`` is called as blocks finish. Blocks and results travel to a
    ``tcp://`` scheduler by value; the results are the same as here.
    """
    report = _Report(len(blocks), progress)
    if settings.scheduler:
        return _elsewhere(function, blocks, settings.scheduler, report)
    workers = settings.workers or os.cpu_count() or 1
    if workers == 1 or len(blocks) <= 1:
        done = []
        for block in blocks:
            done.append(function(block))
            report.one_more()
        return done
    tasks: dict[Any, Any] = {("block", i): (function, block) for i, block in enumerate(blocks)}
    with _Watch(report):
        return list(threaded_get(tasks, list(tasks), num_workers=workers))


class _Report:
    """Counts finished blocks and tells the listener, if there is one."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self.done, self.total, self.progress = 0, total, progress

    def one_more(self) -> None:
        self.done += 1
        if self.progress is not None:
            self.progress(self.done, self.total)


class _Watch(Callback):
    """Listens to the local scheduler; called in the main thread, one task after another."""

    def __init__(self, report: _Report) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.report = report

    def _posttask(self, *_: object) -> None:
        self.report.one_more()


def _elsewhere(
    function: Callable[[Work], Done], blocks: Sequence[Work], address: str, report: _Report
) -> list[Done]:
    from distributed import Client, as_completed  # slow to import, rarely used

    try:
        # Nothing of ours listens on the network: the client only calls out to the scheduler.
        opened = Client(address)  # type: ignore[no-untyped-call]
    except OSError as error:
        what = f"连不上 dask 调度器(scheduler){address}"
        fix = '启动调度器,或改正地址;scheduler = "" 用本机'
        raise Refused(
            [refusal("config", "overlay.scheduler", "no-scheduler", what, fix)]
        ) from error
    with opened as client:
        # Scattered first: a task that carries its block would travel with the task list.
        futures = client.map(function, client.scatter(list(blocks), hash=False), pure=False)
        for _ in as_completed(futures):  # type: ignore[no-untyped-call]
            report.one_more()
        return list(client.gather(futures))
