"""Work begun in order, a little ahead of what is waited for (先后次序).

Few blocks are under way at once, so that neither work nor results pile up::

    blocks   0 1 2 3 | 4 5 6 7 8 9 | 10 11 …
             handed      under way    not begun
             over     (some done)
"""

from collections import deque
from collections.abc import Callable, Iterator
from typing import TypeVar

Begun = TypeVar("Begun")
Done = TypeVar("Done")


def in_turn(
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
