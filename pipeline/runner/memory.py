"""How much memory a run takes, said before it takes it (内存).

::

    receiving   libraries + all layers, as read and as shapes
    overlay     libraries + what is kept of the layers + a block for each worker: not the county
    after it    libraries + all pieces

The figures are measured (``make torture PARTS=memory``) and rounded up.
"""

import os
from collections.abc import Callable

from pipeline.geometry.settings import OverlaySettings
from pipeline.io.free_memory import free_memory

_MB = 1 << 20
_LIBRARIES = 384 * _MB  # with the compiled kernel
_KEPT = 224 * _MB  # row groups read (a larger county fills them), results on their way
_WORKER = 48 * _MB  # a block, the records near it, its pieces
_OF_AN_INPUT_BYTE = 10
_OF_A_CHANGE = 16_000  # its pieces with their columns and shapes, twice over
_WORTH_SAYING = 1024 * _MB


def receiving_bytes(input_bytes: int) -> int:
    """Return what receiving takes of so many bytes of input files."""
    return _LIBRARIES + _OF_AN_INPUT_BYTE * input_bytes


def overlay_bytes(workers: int) -> int:
    """Return what the overlay takes with so many workers in this process."""
    return _LIBRARIES + _KEPT + workers * _WORKER


def judging_bytes(changes: int) -> int:
    """Return what judging and adding up take of so many changes."""
    return _LIBRARIES + _OF_A_CHANGE * changes


def affordable(settings: OverlaySettings) -> OverlaySettings:
    """Return the settings with as many threads as cores and free memory allow.

    A number that the config names stays as it is, and so does a scheduler.
    """
    free = free_memory()
    if settings.workers or settings.scheduler or free is None:
        return settings
    cores = os.cpu_count() or 1
    workers = max(min(cores, (free - overlay_bytes(0)) // _WORKER), 1)
    return settings.model_copy(update={"workers": workers})


def say_memory(say: Callable[[str], None], need: int, remedy: str = "") -> None:
    """Say how much memory the next stage takes, where that is much, or more than there is."""
    free = free_memory()
    if free is not None and need > free:
        fix = "".join(f",{one}" for one in [remedy] if one)
        say(f"  内存可能不够:约需 {_gb(need)},可用 {_gb(free)};办法:关闭别的程序{fix}")
    elif need >= _WORTH_SAYING:
        say(f"  约需内存 {_gb(need)}" + (f",可用 {_gb(free)}" if free is not None else ""))


def _gb(size: int) -> str:
    return f"{size / 1e9:.1f} GB"
