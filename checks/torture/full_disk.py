"""A disk that is full at twenty sizes (写满磁盘): a small county with all products.

Where we may mount one (root), it is a disk in memory of just that size; elsewhere no file may grow
beyond so many bytes.
"""

import os
import re
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from checks.torture._case import Case

SIZES = 20


def run(sizes: int = SIZES):
    """Run the county on each of them."""
    runs, told = (_disk if os.geteuid() == 0 else _limits)(sizes), []
    for share, case, done in runs:
        assert done.status == 1, (share, done.text)
        assert "【磁盘读写失败】" in done.text, (share, done.text)
        missing = re.search(r"还差 ([\d,]+) MB", done.text)
        assert missing or os.geteuid(), done.text
        assert not case.wrong, case.wrong
        told.append(missing[1] if missing else "-")
    assert len(told) == sizes
    return {
        "sizes": len(told),
        "old result stood": len(told),
        "MB said to miss": " ".join(told),
    }


def _disk(sizes: int) -> Iterator[tuple[float, Case, object]]:
    with _mounted() as place, _closing(Case(place / "case")) as case:
        used = _used(place)
        subprocess.run(["mount", "-o", "remount,size=1G", place], check=True)
        peak = _needed(case, place) - used
        for number in range(sizes):
            share = (number + 0.5) / sizes * 0.9
            size = (used + int(peak * share)) // 4096 * 4096
            subprocess.run(["mount", "-o", f"remount,size={size}", place], check=True)
            done = case.hurt({"by": "file size", "most": 1 << 40})
            subprocess.run(["mount", "-o", "remount,size=1G", place], check=True)
            yield share, case, done
        case.mend()


def _limits(sizes: int) -> Iterator[tuple[float, Case, object]]:
    with (
        tempfile.TemporaryDirectory(prefix="torture-") as base,
        _closing(Case(Path(base))) as case,
    ):
        largest = max(path.stat().st_size for path in case.workspace.rglob("*"))
        for number in range(sizes):
            share = number / sizes
            yield share, case, case.hurt({"by": "file size", "most": int(largest * share)})
        case.mend()


@contextmanager
def _closing(case: Case) -> Iterator[Case]:
    with case.server:
        yield case


@contextmanager
def _mounted() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="torture-") as base:
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1G", "tmpfs", base], check=True)
        try:
            yield Path(base)
        finally:
            subprocess.run(["umount", base], check=True)


def _used(place: Path) -> int:
    told = os.statvfs(place)
    return (told.f_blocks - told.f_bfree) * told.f_frsize


def _needed(case: Case, place: Path) -> int:
    """Return how full the disk gets in a run; measured while it runs."""
    case.server.begin("run", case.config)
    most = 0
    while not case.server.has_ended():
        most = max(most, _used(place))
    assert case.server.end().status == 0
    case.restore()
    return most
