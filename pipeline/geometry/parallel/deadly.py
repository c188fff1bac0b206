"""Which part of the work brings a process down (致命图斑), found by halving.

A crash in a compiled library takes the whole process with it and says nothing. So the suspects
are tried here in processes of their own, one half after the other::

    256 rows ── 128 ✗ ── 64 ✓ 64 ✗ ── 32 ✗ ── … ── the one row
"""

import multiprocessing
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

from pipeline.errors import PipelineError


class DeadlyBlock(PipelineError):
    """A block that brings down whoever works on it (致命分块); ``block`` is its smallest part."""

    def __init__(self, block: object, what: str, *, where: str = "", remedy: str = "") -> None:
        """Carry the part of the work that kills, beside what is said of it."""
        self.block = block
        super().__init__(what, where=where, remedy=remedy)


def deadly(function: Callable[[Any], object], blocks: Iterable[object]) -> object | None:
    """Return the smallest part of the first block that kills its process; None: none does.

    Blocks that are ranges are halved. An exception is no death.
    """
    for block in blocks:
        if _dies(function, block):
            return _smallest(function, block)
    return None


def _smallest(function: Callable[[Any], object], block: object) -> object:
    while isinstance(block, range) and len(block) > 1:
        halves = block[: len(block) // 2], block[len(block) // 2 :]
        dying = [half for half in halves if _dies(function, half)]
        if not dying:  # only together
            break
        block = dying[0]
    return block


def _dies(function: Callable[[Any], object], block: object) -> bool:
    process = _processes(function).Process(target=_tried, args=(function, block))
    process.start()
    process.join()
    return bool(process.exitcode)


def _processes(function: Callable[[Any], object]) -> Any:
    """Return how to start processes: where there is a choice, from one that has all imported."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("spawn")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([getattr(function, "__module__", __name__)])
    return context


def _tried(function: Callable[[Any], object], block: object) -> None:
    """Do a block and forget it; this runs in a process of its own."""
    with suppress(Exception):
        function(block)
