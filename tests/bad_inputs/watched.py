"""What the program does beside its work: sockets opened, time taken, memory grown.

The hook sees what Python opens; what the libraries would open by themselves, ``listening``
sees: an address of this machine that counts who calls.
"""

import os
import resource
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

_KIB = 1024


@dataclass
class Watch:
    """What was seen during one run; of a link that was opened, where it leads."""

    sockets: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    seconds: float = 0.0
    grown_mib: float = 0.0


_watching: list[Watch] = []


def _hook(event: str, arguments: tuple[object, ...]) -> None:
    if not _watching:
        return
    if event in {"socket.connect", "socket.getaddrinfo", "socket.sendto", "socket.bind"}:
        _watching[-1].sockets.append(f"{event} {arguments[1:]}")
    elif event == "open" and isinstance(arguments[0], str):
        _watching[-1].opened.append(os.path.realpath(arguments[0]))


sys.addaudithook(_hook)  # for good: hooks cannot be taken off


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch what happens inside; the figures are there once it is over."""
    watch, began, peak = Watch(), time.monotonic(), _peak()
    _watching.append(watch)
    try:
        yield watch
    finally:
        _watching.remove(watch)
        watch.seconds = time.monotonic() - began
        watch.grown_mib = (_peak() - peak) / _KIB


def _peak() -> int:
    """Return the most memory this process ever had, in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


@contextmanager
def listening() -> Iterator[tuple[str, list[bytes]]]:
    """Give an address of this machine and the list of what called there."""
    calls: list[bytes] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.1)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                caller, _ = server.accept()
            except TimeoutError:
                continue
            with caller:
                calls.append(b"called")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.getsockname()[1]}", calls
    finally:
        over.set()
        thread.join()
        server.close()
