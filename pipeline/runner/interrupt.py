"""Ctrl-C and a request to end (中断): both end the run soon, whatever it is doing.

A signal becomes ``KeyboardInterrupt`` in the main thread as soon as Python has a say there. A
long step outside Python, or other threads in the middle of one, could keep it waiting: after a
few seconds the process ends by itself. What was published is whole at every moment, so nothing
is lost by that.
"""

import os
import signal
import sys
import threading
from contextlib import suppress
from types import FrameType

STATUS = 130
MESSAGE = "已中断,原有成果未动;再运行一次即可,不用清理"
_PATIENCE_S = 3.0
_SIGNALS = (signal.SIGINT, signal.SIGTERM)
_heard = threading.Event()


def listen() -> None:
    """Turn SIGINT and SIGTERM into ``KeyboardInterrupt``, and end the process if that hangs."""
    for one in _SIGNALS:
        signal.signal(one, _interrupt)
    if os.name != "nt":  # a signal is told to sockets alone there, and we open none
        _watch()


def was_heard() -> bool:
    """Whether a signal came: libraries (DuckDB) raise an error of their own in its place."""
    return _heard.is_set()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    _heard.set()
    raise KeyboardInterrupt


def _watch() -> None:
    """Have a thread wait for the signal itself: it hears of it although the main thread is busy."""
    heard, told = os.pipe()
    os.set_blocking(told, False)
    signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    threading.Thread(target=_end_after, args=(heard,), daemon=True).start()


def _end_after(heard: int) -> None:
    while os.read(heard, 1)[0] not in _SIGNALS:
        pass
    threading.Event().wait(_PATIENCE_S)
    with suppress(OSError, ValueError):
        sys.stderr.write(f"{MESSAGE}\n")
        sys.stderr.flush()
    os._exit(STATUS)
