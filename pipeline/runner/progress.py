"""A progress bar for long work, on a terminal only (进度)."""

import sys
from collections.abc import Callable


def progress(title: str) -> Callable[[int, int], None]:
    """Return a callback that draws a progress bar on a terminal and nothing elsewhere."""
    if not sys.stderr.isatty():
        return lambda _done, _total: None
    from rich.progress import Progress

    bar = Progress(transient=True)
    task = bar.add_task(title, total=None)

    def advance(done: int, total: int) -> None:
        if not bar.live.is_started:
            bar.start()
        bar.update(task, completed=done, total=total)
        if done >= total:
            bar.stop()

    return advance
