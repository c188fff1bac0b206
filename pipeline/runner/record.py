"""What a run writes down of itself (运行记录): ``state.json`` and the lists of sums.

All of it follows from the state, so that it is known without reading a result again.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from pipeline.runner.fingerprint import file_hash
from pipeline.runner.sealing.sums import NAME, names_in, read_sums, sums_text, text_hash
from pipeline.runner.tables import FILES

STATE = "state.json"
INSPECTION = "inspection"  # in it: what the tables are about


def record_of(state: Mapping[str, Any], *, is_whole: bool) -> dict[str, str]:
    """Return the files of the record, path in the workspace → text.

    A run that stopped before the products (not ``is_whole``) makes no statement about ``out/``.
    """
    text = json.dumps(state, ensure_ascii=False, indent=1, sort_keys=True)
    tables = {
        FILES[name][0]: digest
        for stage in state.values()
        for name, digest in stage.get("made", {}).items()
        if name in FILES and digest
    }
    work = sums_text({**tables, STATE: text_hash(text)})
    record = {f"work/{STATE}": text, f"work/{NAME}": work}
    if is_whole:
        beside = {**tables, STATE: text_hash(text), NAME: text_hash(work)}
        every = {f"../work/{name}": digest for name, digest in beside.items()}
        record[f"out/{NAME}"] = sums_text({**every, **state["report"]["made"]})
    return record


def is_recorded(folder: Path, record: Mapping[str, str]) -> bool:
    """Whether a workspace holds just this record, and no table beside those that it lists."""
    work = folder / "work"
    there = {path.relative_to(work).as_posix() for path in work.rglob("*") if not path.is_dir()}
    return there == {*names_in(record[f"work/{NAME}"]), NAME} and all(
        _text(folder / name) == text for name, text in record.items()
    )


def write_record(folder: Path, record: Mapping[str, str]) -> None:
    """Write the record into a building folder; published files that are linked there stay."""
    for name, text in record.items():
        (folder / name).unlink(missing_ok=True)
        (folder / name).write_bytes(text.encode())


def read_state(work: Path) -> dict[str, Any]:
    """Return what a run kept beside its tables, nothing where there is none."""
    try:
        state: dict[str, Any] = json.loads((work / STATE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state


def trusted_state(work: Path) -> dict[str, Any]:
    """Return the state as a run left it; nothing, so that all runs again, where it was touched."""
    listed = (read_sums(work / NAME) or {}).get(STATE)
    path = work / STATE
    return read_state(work) if path.is_file() and file_hash(path) == listed else {}


def _text(path: Path) -> str | None:
    try:
        return path.read_bytes().decode()
    except (OSError, UnicodeDecodeError):
        return None
