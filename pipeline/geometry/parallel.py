"""Blocks of work on several cores or machines (并行); the only module that knows dask.

Results come in the order of the blocks. Few blocks are under way at once, so that neither work
nor results pile up::

    blocks   0 1 2 3 | 4 5 6 7 8 9 | 10 11 …
             handed      under way    not begun
             over     (some done)
"""

import os
import time
import uuid
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.errors import PipelineError, Refused, refusal
from pipeline.geometry.settings import OverlaySettings

if TYPE_CHECKING:
    from distributed import Client

Work = TypeVar("Work")
Done = TypeVar("Done")
Begun = TypeVar("Begun")
Progress = Callable[[int, int], None]

_RETRIES = 3
_LOOK_S, _PATIENCE_S = 1.0, 60.0  # how often we look for workers, how long we wait for one
_ON_THIS_MACHINE = 'scheduler = "" 用本机'


def map_blocks(
    function: Callable[[Work], Done],
    blocks: Sequence[Work],
    settings: OverlaySettings,
    progress: Progress | None = None,
) -> Iterator[Done]:
    """Yield ``function`` of each block, in the order of the blocks, whoever finished first.

    At most about two blocks a worker and two more are under way or wait to be taken. What a
    block raises is raised in its place, and the rest is not done; nor is it when the iterator
    is closed. ``progress(done, total)`` is called before each result. Blocks and results
    travel to a ``tcp://`` scheduler by value; the results are the same as here.
    """
    workers = settings.workers or os.cpu_count() or 1
    if settings.scheduler:
        done = _elsewhere(function, blocks, settings.scheduler)
    elif workers == 1 or len(blocks) <= 1:
        done = (function(block) for block in blocks)
    else:
        done = _in_threads(function, blocks, workers)
    with closing(done):
        for number, result in enumerate(done, start=1):
            if progress is not None:
                progress(number, len(blocks))
            yield result


def _in_threads(
    function: Callable[[Work], Done], blocks: Sequence[Work], workers: int
) -> Generator[Done, None, None]:
    pool = ThreadPoolExecutor(workers)
    try:
        yield from _in_turn(
            len(blocks),
            begin=lambda number: pool.submit(function, blocks[number]),
            result=lambda begun, _: begun.result(),
            workers=lambda: workers,
        )
    finally:
        pool.shutdown(cancel_futures=True)


def _in_turn(
    count: int,
    begin: Callable[[int], Begun],
    result: Callable[[Begun, int], Done],
    workers: Callable[[], int],
) -> Iterator[Done]:
    """Yield the result of each of ``count`` blocks, a few begun ahead of the one waited for."""
    under_way: deque[Begun] = deque()
    begun = 0
    for number in range(count):
        until = min(number + 2 * workers() + 2, count)
        under_way.extend(begin(other) for other in range(begun, until))
        begun = max(begun, until)
        yield result(under_way.popleft(), number)


def _elsewhere(
    function: Callable[[Work], Done], blocks: Sequence[Work], address: str
) -> Generator[Done, None, None]:
    name = f"block-{uuid.uuid4().hex}"  # a scheduler keeps what has the same name
    with _connected(address) as client:

        def begin(number: int) -> Any:
            return client.submit(
                function,
                blocks[number],
                key=(name, number),
                priority=-number,
                retries=_RETRIES,
                pure=False,
            )

        yield from _in_turn(
            len(blocks),
            begin=begin,
            result=lambda begun, number: _result(client, begun, number, len(blocks)),
            workers=lambda: sum(_threads(client).values()),
        )


@contextmanager
def _connected(address: str) -> Iterator["Client"]:
    from distributed import Client  # slow to import, rarely used

    try:
        # Nothing of ours listens on the network: the client only calls out to the scheduler.
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


def _result(client: "Client", begun: Any, number: int, total: int) -> Any:
    """Wait for a block; the scheduler gives it to another worker when one is lost."""
    from distributed import CancelledError, wait
    from distributed.scheduler import KilledWorker

    seen = time.monotonic()
    try:
        while True:
            try:
                wait([begun], timeout=_LOOK_S)  # type: ignore[no-untyped-call]
                return begun.result(timeout=_PATIENCE_S)
            except TimeoutError:
                if begun.status == "error":  # the block's own
                    raise
            if _threads(client):
                seen = time.monotonic()
            elif time.monotonic() - seen > _PATIENCE_S:
                raise _nobody(number, total)
    except CancelledError as error:
        raise _lost() from error
    except FileNotFoundError as error:
        what = f"dask 的 worker 看不到文件 {error.filename or error}"
        fix = f"让每台机器以同样的路径看到工作区(共享文件夹);{_ON_THIS_MACHINE}"
        raise PipelineError(what, where="overlay.scheduler", remedy=fix) from error
    except KilledWorker as error:
        what = f"第 {number + 1} 块(共 {total} 块)使 dask 的 worker 接连退出"
        fix = f"看 worker 的日志,多半是内存不够:加内存或减少每台的线程;{_ON_THIS_MACHINE}"
        raise PipelineError(what, where="overlay.scheduler", remedy=fix) from error


def _nobody(number: int, total: int) -> PipelineError:
    what = f"dask 调度器没有 worker,等了 {_PATIENCE_S:.0f} 秒,停在第 {number + 1} 块(共 {total} 块)"
    fix = f"启动 worker;若是刚刚退出的,看它的日志;{_ON_THIS_MACHINE}"
    return PipelineError(what, where="overlay.scheduler", remedy=fix)


def _lost() -> PipelineError:
    fix = f"看调度器的日志,再运行一次;{_ON_THIS_MACHINE}"
    return PipelineError("与 dask 调度器的连接断了", where="overlay.scheduler", remedy=fix)
