"""Parts of files that were just read (行组缓存): neighbouring blocks ask for the same ones."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any


class Kept:
    """What was read last, up to so many bytes, shared by the threads of this process.

    Two threads that ask for the same thing at once read it once: the second waits.
    """

    def __init__(self, most_bytes: int) -> None:
        self.most_bytes, self.bytes = most_bytes, 0
        self.asked, self.read = 0, 0
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Future[Any]] = OrderedDict()

    def get(self, key: Hashable, read: Callable[[], Any]) -> Any:
        """Return what ``read`` gives (anything with ``nbytes``), from memory if it is there."""
        with self._lock:
            self.asked += 1
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            else:
                self.read += 1
                mine: Future[Any] = Future()
                self._kept[key] = mine
        if found is not None:
            return found.result()
        try:
            content = read()
        except BaseException as error:
            with self._lock:
                del self._kept[key]
            mine.set_exception(error)
            raise
        mine.set_result(content)
        self._make_room(content.nbytes)
        return content

    def _make_room(self, added: int) -> None:
        with self._lock:
            self.bytes += added
            while self.bytes > self.most_bytes:
                oldest = next((key for key, one in self._kept.items() if one.done()), None)
                if oldest is None:
                    return
                self.bytes -= self._kept.pop(oldest).result().nbytes
