"""Blocks on the workers of a dask scheduler (调度器).

A worker takes a span of neighbouring blocks at a time: they lie side by side on the ground and
read the same row groups, which a worker's memory keeps from one to the next::

    blocks   0 1 2 3 4 | 5 6 7 8 9 | 10 11 12 13 14 | …
    spans        0           1              2
"""

import time
import uuid
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.errors import PipelineError, Refused, refusal
from pipeline.geometry.parallel.allocator import keep_freed_memory
from pipeline.geometry.parallel.deadly import DeadlyBlock, deadly
from pipeline.geometry.parallel.turns import in_turn

if TYPE_CHECKING:
    from distributed import Client

Work = TypeVar("Work")
Done = TypeVar("Done")

_RETRIES = 3
_LOOK_S, _PATIENCE_S = 1.0, 60.0  # how often we look for workers, how long we wait for one
_ON_THIS_MACHINE = 'scheduler = "" 用本机'
# Spans long enough to read little twice, short enough that all workers end at about one time.
_SPANS_A_WORKER, _MOST_BLOCKS = 4, 8


def on_scheduler(
    function: Callable[[Work], Done], blocks: Sequence[Work], address: str
) -> Generator[Done, None, None]:
    """Yield ``function`` of each block, in their order, done by the workers of a scheduler.

    A span whose worker is lost is done again by another. Raises ``Refused`` where nobody
    answers at the address, ``PipelineError`` where the scheduler or all workers go away, where
    a worker does not see the files, or where a span has brought down worker after worker:
    ``DeadlyBlock`` with the smallest part of a block that kills a process here as well.
    """
    name = f"block-{uuid.uuid4().hex}"  # a scheduler keeps what has the same name
    killed, most = None, 0
    with _connected(address) as client:
        most = sum(_threads(client).values())
        spans = _spans(len(blocks), most)

        def begin(number: int) -> Any:
            return client.submit(
                _span_done,
                function,
                [blocks[block] for block in spans[number]],
                key=(name, number),
                priority=-number,
                retries=_RETRIES,
                pure=False,
            )

        try:
            for results in in_turn(
                len(spans),
                begin=begin,
                result=lambda begun, number: _result(client, begun, spans[number], len(blocks)),
                workers=lambda: sum(_threads(client).values()),
            ):
                yield from results
        except _Killed as error:
            killed = error
    if killed is not None:
        raise _guilty(function, blocks, killed.span, most) from killed


class _Killed(Exception):
    """A span whose workers died one after the other, itself or one beside it the cause."""

    def __init__(self, span: range) -> None:
        self.span = span
        super().__init__(_named(span))


def _guilty(
    function: Callable[[Work], Done], blocks: Sequence[Work], span: range, workers: int
) -> PipelineError:
    """Return who it was: the span that was waited for, or another that was under way."""
    under_way = len(span) * (2 * max(workers, 1) + 2)
    found = deadly(function, blocks[span.start : span.start + under_way])
    what = f"第 {_named(span)} 块(共 {len(blocks)} 块)使 dask 的 worker 接连退出"
    if found is None:
        fix = f"看 worker 的日志,多半是内存不够:加内存或减少每台的线程;{_ON_THIS_MACHINE}"
        return PipelineError(
            f"{what};在本机单独算没有问题", where="overlay.scheduler", remedy=fix
        )
    fix = "把它从图层里取出再运行,并把它发给维护人员"
    return DeadlyBlock(found, f"{what};在本机算 {found} 也退出", where="overlay", remedy=fix)


def _spans(count: int, workers: int) -> list[range]:
    """Return so many blocks as spans of neighbours."""
    size = min(max(count // (_SPANS_A_WORKER * max(workers, 1)), 1), _MOST_BLOCKS)
    return [range(first, min(first + size, count)) for first in range(0, count, size)]


def _span_done(function: Callable[[Work], Done], blocks: list[Work]) -> list[Done]:
    """Do a span of blocks; this runs on the worker."""
    keep_freed_memory()
    return [function(block) for block in blocks]


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    import dask
    from distributed import Client  # slow to import, rarely used

    try:
        # Nothing of ours listens on the network: the client only calls out to the scheduler. Nor
        # does it run the code that a file in somebody's home may name.
        with dask.config.set({"distributed.client.preload": []}):
            client = Client(address)  # type: ignore[no-untyped-call]
    except OSError as error:
        what = f"连不上 dask 调度器(scheduler){address}"
        fix = f"启动调度器,或改正地址;{_ON_THIS_MACHINE}"
        raise Refused(
            [refusal("config", "overlay.scheduler", "no-scheduler", what, fix)]
        ) from error
    with client:
        yield client


def _threads(client: "Client") -> dict[str, int]:
    """Return the threads of each worker that the scheduler has just now."""
    try:
        return dict(client.nthreads())  # type: ignore[no-untyped-call]
    except OSError as error:
        raise _lost() from error


def _result(client: "Client", begun: Any, span: range, total: int) -> Any:
    """Wait for a span; the scheduler gives it to another worker when one is lost."""
    from distributed import CancelledError, wait
    from distributed.scheduler import KilledWorker

    seen = time.monotonic()
    try:
        while True:
            try:
                wait([begun], timeout=_LOOK_S)  # type: ignore[no-untyped-call]
                return begun.result(timeout=_PATIENCE_S)
            except TimeoutError:
                if begun.status == "error":  # the span's own
                    raise
            if _threads(client):
                seen = time.monotonic()
            elif time.monotonic() - seen > _PATIENCE_S:
                raise _nobody(span, total)
    except CancelledError as error:
        raise _lost() from error
    except FileNotFoundError as error:
        what = f"dask 的 worker 看不到文件 {error.filename or error}"
        fix = f"让每台机器以同样的路径看到工作区(共享文件夹);{_ON_THIS_MACHINE}"
        raise PipelineError(what, where="overlay.scheduler", remedy=fix) from error
    except KilledWorker as error:
        raise _Killed(span) from error


def _nobody(span: range, total: int) -> PipelineError:
    what = f"dask 调度器没有 worker,等了 {_PATIENCE_S:.0f} 秒,停在第 {span.start + 1} 块(共 {total} 块)"
    fix = f"启动 worker;若是刚刚退出的,看它的日志;{_ON_THIS_MACHINE}"
    return PipelineError(what, where="overlay.scheduler", remedy=fix)


def _named(span: range) -> str:
    return f"{span.start + 1}" if len(span) == 1 else f"{span.start + 1} 至 {span.stop}"


def _lost() -> PipelineError:
    fix = f"看调度器的日志,再运行一次;{_ON_THIS_MACHINE}"
    return PipelineError("与 dask 调度器的连接断了", where="overlay.scheduler", remedy=fix)
