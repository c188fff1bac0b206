"""Blocks of work on several cores or machines (并行); the only package that knows dask.

    blocks ──┬── one after the other      one worker, or one block
             ├── threads of this process  the usual way
             └── spans ── a scheduler     ``scheduler``: its workers take several blocks at once

Results come in the order of the blocks, and are the same whoever did the work.
"""

import os
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TypeVar

from pipeline.geometry.parallel.deadly import DeadlyBlock
from pipeline.geometry.parallel.scheduler import on_scheduler
from pipeline.geometry.parallel.turns import in_turn
from pipeline.geometry.settings import OverlaySettings

__all__ = ["DeadlyBlock", "map_blocks"]

Work = TypeVar("Work")
Done = TypeVar("Done")
Progress = Callable[[int, int], None]


def map_blocks(
    function: Callable[[Work], Done],
    blocks: Sequence[Work],
    settings: OverlaySettings,
    progress: Progress | None = None,
) -> Iterator[Done]:
    """Yield ``function`` of each block, in the order of the blocks, whoever finished first.

    At most about two blocks (on a scheduler: spans of blocks) a worker and two more are under
    way or wait to be taken. What a block raises is raised in its place (on a scheduler: in the
    place of its span), and the rest is not done; nor is it when the iterator is closed.
    ``progress(done, total)`` is called before each result. Blocks and results travel to a
    ``tcp://`` scheduler by value.
    """
    workers = settings.workers or os.cpu_count() or 1
    if settings.scheduler:
        done = on_scheduler(function, blocks, settings.scheduler)
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
        yield from in_turn(
            len(blocks),
            begin=lambda number: pool.submit(function, blocks[number]),
            result=lambda begun, _: begun.result(),
            workers=lambda: workers,
        )
    finally:
        pool.shutdown(cancel_futures=True)
