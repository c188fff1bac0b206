"""Where the sealed runs of a workspace stand (封存架): ``sealed/<name>-<number>/``."""

import json
import re
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError

FOLDER, RECORD, SHEET = "sealed", "seal.json", "签认页.pdf"
LAST = "last"
_NUMBERED = re.compile(r".+-([1-9][0-9]*)$")


def sealed_runs(workspace: Path) -> list[Path]:
    """Return the sealed runs of a workspace, the first to be sealed first."""
    folders = (workspace / FOLDER).iterdir() if (workspace / FOLDER).is_dir() else ()
    numbered = [folder for folder in folders if folder.is_dir() and number_of(folder)]
    return sorted(numbered, key=lambda folder: (number_of(folder), folder.name))


def number_of(folder: Path) -> int:
    """Return the number of a sealed run, 0 where the folder is none."""
    found = _NUMBERED.fullmatch(folder.name)
    return int(found[1]) if found and not folder.name.startswith(".") else 0


def find_sealed(workspace: Path, wanted: str) -> Path:
    """Return a sealed run by its number, its folder's name or path, or ``last``."""
    runs = sealed_runs(workspace)
    if wanted == LAST and runs:
        return runs[-1]
    for run in runs:
        if wanted in {run.name, str(number_of(run))} or Path(wanted).resolve() == run.resolve():
            return run
    there = f"已有的:{'、'.join(run.name for run in runs)};" if runs else "一个也没有,先"
    raise PipelineError(
        f"没有封存 {wanted}",
        where=str(workspace / FOLDER),
        remedy=f"{there}封存:make seal",
    )


def seal_record(folder: Path) -> dict[str, Any]:
    """Return what was written down when a run was sealed, nothing where it cannot be read."""
    try:
        record: dict[str, Any] = json.loads((folder / RECORD).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return record
