"""How much memory this process may still take (可用内存): the machine's, or its container's."""

import ctypes
import sys
from pathlib import Path

_MEMINFO = "/proc/meminfo"
# A container's limit and what it uses of it, by the two generations of control groups.
_GROUPS = (
    ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory.current"),
    (
        "/sys/fs/cgroup/memory/memory.limit_in_bytes",
        "/sys/fs/cgroup/memory/memory.usage_in_bytes",
    ),
)


def free_memory(root: Path = Path("/")) -> int | None:
    """Return the bytes that may still be taken, the least of machine and container.

    What the system only keeps for files counts as free. None where the system does not say.
    """
    if sys.platform == "win32":
        return _windows()
    found = [_machine(root), *(_container(root, *group) for group in _GROUPS)]
    return min((one for one in found if one is not None), default=None)


def _machine(root: Path) -> int | None:
    for line in _text(root, _MEMINFO).splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    return None


def _container(root: Path, limit: str, used: str) -> int | None:
    most, now = _text(root, limit).strip(), _text(root, used).strip()
    if not (most.isdigit() and now.isdigit()):  # "max": no limit
        return None
    stat = _text(root, str(Path(limit).with_name("memory.stat"))).split()
    known = dict(zip(stat[::2], stat[1::2], strict=False))
    files = known.get("inactive_file", known.get("total_inactive_file", "0"))
    return max(int(most) - int(now) + int(files), 0)


def _text(root: Path, path: str) -> str:
    try:
        return (root / path.lstrip("/")).read_text(encoding="ascii", errors="replace")
    except OSError:
        return ""


class _Status(ctypes.Structure):
    """MEMORYSTATUSEX of the Windows API."""

    _fields_ = (
        ("length", ctypes.c_ulong),
        ("load", ctypes.c_ulong),
        ("total", ctypes.c_ulonglong),
        ("available", ctypes.c_ulonglong),
        ("rest", ctypes.c_ulonglong * 5),
    )


def _windows() -> int | None:
    status = _Status(length=ctypes.sizeof(_Status))
    kernel = getattr(ctypes, "windll", None)
    if kernel is None or not kernel.kernel32.GlobalMemoryStatusEx(ctypes.byref(status)):
        return None
    return int(status.available)
