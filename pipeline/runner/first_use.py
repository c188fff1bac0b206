"""The first use of an environment (首次使用): what takes half a minute is announced."""

from collections.abc import Callable


def prepare(say: Callable[[str], None]) -> None:
    """Compile what measures areas, unless this environment has done so before."""
    from pipeline.geometry.sweep.compiled import READY  # slow to import

    if READY.exists():
        return
    from pipeline.geometry.sweep.warm import warm

    say("  首次使用,正在编译面积内核(约半分钟,每个环境只此一次)……")
    warm()
