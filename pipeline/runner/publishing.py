"""A finished run takes the place of the one before it (换上成果), whole or not at all.

The building folder is settled on the disk, then marked: from then on the run counts. Each of its
folders changes places with the published one. Where the system can do that in one step, no
reader ever misses a folder; on network shares and on Windows there is a moment between two
renames. What goes wrong is taken back; what is killed is finished by whoever comes next.
"""

import json
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.io.exchange import exchange, remove_tree, settle_folder, settle_tree
from pipeline.io.files import write_whole

_MARK = "COMPLETE"
_ASIDE = ".old-"


def publish(folder: Path, building: Path, names: Sequence[str]) -> None:
    """Put the named folders of ``building`` in the place of those of ``folder``.

    Raises what the disk raises, or ``PipelineError`` naming the files that another program has
    open; everything is then as before, and the next run tries again without computing.
    """
    settle_tree(building)
    new = {
        name: (building / name).stat().st_ino for name in names if (building / name).exists()
    }
    write_whole(building / _MARK, json.dumps(new).encode())
    _switch(folder, building, new)


def is_marked(building: Path) -> bool:
    """Whether a building folder holds a finished run."""
    return (building / _MARK).is_file()


def finish(folder: Path, building: Path) -> bool:
    """Finish what a killed run began, drop what it only built; return whether it was finished."""
    marked = is_marked(building)
    if marked:
        new = json.loads((building / _MARK).read_text(encoding="utf-8"))
        _switch(folder, building, new if isinstance(new, dict) else dict.fromkeys(new, 0))
    for aside in folder.glob(f"{_ASIDE}*"):
        place = folder / aside.name.removeprefix(_ASIDE)
        if place.exists():
            remove_tree(aside)
        else:  # the mark was lost between two renames
            aside.rename(place)
    remove_tree(building)
    return marked


def _switch(folder: Path, building: Path, new: dict[str, int]) -> None:
    """Let the new folders take their places, all or none; what is there already stays."""
    with ExitStack() as back:
        for name, number in new.items():
            place = folder / name
            is_there = number and place.exists() and place.stat().st_ino == number
            if (building / name).exists() and not is_there:
                back.callback(_put(building / name, place))
        settle_folder(folder)
        back.pop_all()
    with suppress(OSError):  # the new run stands; the next one clears away
        (building / _MARK).unlink(missing_ok=True)  # first: what is left is no run any more
        for name in new:
            remove_tree(folder / f"{_ASIDE}{name}")
        remove_tree(building)


def _put(new: Path, place: Path) -> Callable[[], object]:
    """Put one folder in its place; return how that is taken back."""
    try:
        if not place.exists():
            new.rename(place)
            return lambda: place.rename(new)
        if exchange(new, place):
            return lambda: exchange(new, place)
        return _put_in_two_steps(new, place)
    except PermissionError as error:
        raise _in_use(place, error) from error


def _put_in_two_steps(new: Path, place: Path) -> Callable[[], object]:
    aside = place.with_name(_ASIDE + place.name)
    remove_tree(aside)

    def back() -> None:
        if aside.exists():
            if place.exists():
                place.rename(new)
            aside.rename(place)

    try:
        place.rename(aside)
        new.rename(place)
    except BaseException:
        back()
        raise
    return back


def _in_use(place: Path, error: PermissionError) -> PipelineError:
    """Return the message for a folder that cannot be moved: Windows holds what is open."""
    held = [file.relative_to(place.parent).as_posix() for file in _held(place)]
    what = f"{'、'.join(held[:3]) or place.name} 正被别的程序打开,或没有权限,新成果没有换上"
    fix = "关闭正在打开它的程序(Excel、QGIS、ArcGIS),确认文件夹可写,再运行一次:已算完的不会重算"
    return PipelineError(what, where=str(error.filename or place), remedy=fix)


def _held(folder: Path) -> list[Path]:
    """Return the files in a folder that cannot be renamed, not even to themselves."""
    held = []
    for file in sorted(folder.rglob("*")):
        try:
            file.rename(file)
        except OSError:
            held.append(file)
    return [file for file in held if not file.is_dir()]
