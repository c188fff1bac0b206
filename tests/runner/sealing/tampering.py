"""Somebody touches published files: one bit, one file less, one file more."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Touched:
    """A file that was touched (``name`` as seen from the folder), and how."""

    name: str
    how: str
    before: bytes | None

    def undo(self, folder: Path) -> None:
        """Put the folder back as it was."""
        path = folder / self.name
        if self.before is None:
            path.unlink()
        else:
            path.unlink(missing_ok=True)
            path.write_bytes(self.before)


def files_of(folder: Path, parts: tuple[str, ...] = ("out", "work")) -> list[str]:
    """Return the files of some parts of a folder, by their paths in it."""
    return sorted(
        path.relative_to(folder).as_posix()
        for part in parts
        for path in (folder / part).rglob("*")
        if path.is_file()
    )


def touches(folder: Path, names: list[str], count: int, seed: int) -> Iterator[Touched]:
    """Touch a file, yield what was done, and undo it; every file gets its turn."""
    dice = random.Random(seed)
    turns: list[str] = []
    for _ in range(count):
        if not turns:
            turns = dice.sample(names, len(names))
        name = turns.pop()
        how = dice.choices(("flipped", "deleted", "added"), (8, 1, 1))[0]
        touched = _touch(folder, name, how, dice)
        yield touched
        touched.undo(folder)


def _touch(folder: Path, name: str, how: str, dice: random.Random) -> Touched:
    path = folder / name
    if how == "added":
        extra = path.with_name(f"新{dice.randrange(1000)}-{path.name}")
        extra.write_bytes(path.read_bytes()[: dice.randrange(100)])
        return Touched(extra.relative_to(folder).as_posix(), how, None)
    before = path.read_bytes()
    path.unlink()  # it may be read-only, or have a second name elsewhere
    if how == "flipped":
        bit = dice.randrange(len(before) * 8)
        changed = bytearray(before)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
    return Touched(name, how, before)
