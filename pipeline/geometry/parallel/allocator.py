"""The memory that a worker process keeps between blocks (内存归还)."""

import ctypes
import sys
from functools import cache

_TRIM, _MMAP = -1, -3  # M_TRIM_THRESHOLD and M_MMAP_THRESHOLD of malloc.h
_KEPT_BYTES, _MAPPED_BYTES = 256 << 20, 32 << 20


@cache
def keep_freed_memory() -> None:
    """Let this process keep what it frees, up to 256 MiB, for the next block.

    dask starts its workers so that glibc hands back whatever is free beyond 64 KiB; each block
    then has its pages made anew, which costs a quarter of the work. Only glibc has this switch:
    elsewhere nothing is done.
    """
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_TRIM, _KEPT_BYTES)
        mallopt(_MMAP, _MAPPED_BYTES)
