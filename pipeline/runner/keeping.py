"""What people left among the results is kept aside before a new run takes their place (留存)."""

import shutil
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

from pipeline.report.safe_text import safe
from pipeline.runner.fingerprint import file_hash
from pipeline.runner.sealing.checking import not_ours

_NAMED = 3


def keep_aside(folder: Path, kept: Path, say: Callable[[str], None]) -> None:
    """Copy what no run wrote, or somebody changed since, from ``out/`` of a workspace.

    Into ``kept/1``, ``kept/2`` … under the names it has; what already lies there is not copied
    again. A GeoPackage that was only opened is as it was, and is left.
    """
    names = [name for name in not_ours(folder) if not _is_kept(folder / name, name, kept)]
    if not names:
        return
    place = next(one for one in _places(kept) if not one.exists())
    for name in names:
        target = place / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(folder / name, target)
    told = "、".join(names[:_NAMED]) + (" 等" if len(names) > _NAMED else "")
    say(
        safe(
            f"  out/ 里有 {len(names)} 个文件不是程序写的,或写出后被改过:{told};"
            f"换上新成果前已留存在 {place}"
        )
    )


def _is_kept(file: Path, name: str, kept: Path) -> bool:
    digest = file_hash(file)
    return any(
        (one / name).is_file() and file_hash(one / name) == digest for one in kept.glob("*")
    )


def _places(kept: Path) -> Iterator[Path]:
    return (kept / str(number) for number in count(1))
