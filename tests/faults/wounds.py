"""Disks that fail: what is put into a process before it runs (故障)."""

import ctypes
import errno
import os
import resource
import signal
from collections import Counter
from collections.abc import Callable
from functools import wraps

KINDS = ("write", "fsync", "rename", "make")
_CALLS = {
    "fsync": ("fsync",),
    "rename": ("rename", "replace"),
    "make": ("mkdir", "link", "open"),
}


def wound(by: str, **how) -> Callable[[], dict[str, int]]:
    """Let the N-th call of a kind fail or kill; return how to ask for the counts."""
    kinds = {
        "calls": _calls,
        "preloaded": _preloaded,
        "file size": _file_size,
        "powerless": _powerless,
    }
    return kinds[by](**how)


def _calls(kind: str = "", n: int = 0, error: str = "ENOSPC", *, kill: bool = False):
    """Replace the functions of ``os`` (and the exchange of folders, which has none there)."""
    from pipeline.runner import publishing

    counts: Counter[str] = Counter()

    def counted(function, its_kind):
        @wraps(function)
        def call(*args, **named):
            counts[its_kind] += 1
            if its_kind == kind and counts[its_kind] == n:
                if kill:
                    os.kill(os.getpid(), signal.SIGKILL)
                number = getattr(errno, error)
                raise OSError(number, os.strerror(number), str(args[0]))
            return function(*args, **named)

        return call

    for its_kind, names in _CALLS.items():
        for name in names:
            setattr(os, name, counted(getattr(os, name), its_kind))
    publishing.exchange = counted(publishing.exchange, "rename")
    return lambda: dict(counts)


def _preloaded(
    under: str,
    kind: str = "",
    n: int = 0,
    error: str = "ENOSPC",
    *,
    for_good: bool = False,
    kill: bool = False,
):
    """Arm the library of ``checks/torture/_faults.c``, which was preloaded."""
    library = ctypes.CDLL(None)
    place = KINDS.index(kind) if kind else -1
    number = getattr(errno, error)
    library.faults_count.restype = ctypes.c_long
    library.faults_arm(
        os.fsencode(under), place, ctypes.c_long(n), number, int(for_good), int(kill)
    )
    return lambda: {name: library.faults_count(at) for at, name in enumerate(KINDS)}


def _file_size(most: int):
    """Let no file grow beyond so many bytes."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))
    return dict


def _powerless():
    """Have root obey permissions as everyone has to: give up the capabilities that say otherwise."""
    library = ctypes.CDLL(None, use_errno=True)
    header, sets = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
    library.capget(header, sets)
    for place in (0, 1):  # effective, permitted
        sets[place] &= ~0b110  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    if library.capset(header, sets) != 0:
        raise OSError(ctypes.get_errno(), "capset")
    return dict
