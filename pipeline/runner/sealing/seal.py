"""Seal a run (封存): a copy of it that no later run touches, with a sheet to sign.

``sealed/<name>-<number>/`` in the workspace holds ``out/``, ``work/``, ``seal.json``, the
signature sheet and a ``SHA256SUMS`` over all of them. It is built aside, read back, and appears
whole. A seal is never written over.
"""

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError
from pipeline.io.exchange import remove_tree, settle_folder, settle_tree
from pipeline.io.files import READ_ONLY
from pipeline.project import Project, load
from pipeline.report.sheets.files import plain_name
from pipeline.runner.fingerprint import file_hash
from pipeline.runner.sealing.checking import check_results, check_sealed
from pipeline.runner.sealing.inputs_since import inputs_since, is_of_this_program
from pipeline.runner.sealing.manifest_file import MANIFEST
from pipeline.runner.sealing.shelf import (
    FOLDER,
    RECORD,
    SHEET,
    number_of,
    seal_record,
    sealed_runs,
)
from pipeline.runner.sealing.sums import NAME, sums_text
from pipeline.runner.sealing.to_sign import sheet_of, unsettled
from pipeline.runner.workspace import Workspace

_BUILDING = ".next"


def seal(path: Path, *, say: Callable[[str], None] = print) -> int:
    """Seal the published run of a config; return 0.

    Raises ``PipelineError`` where the run is not as it was written, or stale. What no person has
    decided yet is said, and is on the sheet; it is no reason to refuse.
    """
    project = load(path)
    workspace = Workspace(project.workspace)
    if not (workspace.out / MANIFEST).is_file():
        raise PipelineError(
            "还没有可封存的成果", where=str(workspace.out), remedy="先运行 make all"
        )
    with workspace.held(say):
        manifest = _sound(project, workspace)
        for earlier in sealed_runs(workspace.folder):
            if seal_record(earlier).get("sums_sha256") != file_hash(workspace.out / NAME):
                continue
            if not check_sealed(earlier).wrong:
                say(f"这次成果已封存在 {earlier},没有另存")
                return 0
            say(f"  注意:封存 {earlier.name} 被动过,再封存一份")
        folder = _put(project, workspace, manifest)
    told = unsettled(folder)
    for line in told:
        say(f"  注意:{line}")
    say(f"已封存到 {folder}")
    say(f"  {SHEET:<12} 打印、核对校验码、签字")
    say(
        f"  核对:make verify SEALED={number_of(folder)} CONFIG={path};"
        f"或在该文件夹里 sha256sum -c {NAME}"
    )
    return 0


def _sound(project: Project, workspace: Workspace) -> dict[str, Any]:
    """Return the manifest of a run that is as it was written, of today's inputs and program."""
    checked = check_results(workspace.folder)
    wrong = list(checked.wrong)
    if checked.manifest is None:
        raise _not_sealed(workspace, wrong)
    wrong += [f"{line}(在这次运行以后)" for line in inputs_since(project, checked.manifest)]
    if not is_of_this_program(checked.manifest):
        wrong.append("程序或程序库在这次运行以后更新过")
    if wrong:
        raise _not_sealed(workspace, wrong)
    return checked.manifest


def _not_sealed(workspace: Workspace, wrong: list[str]) -> PipelineError:
    more = f" 等 {len(wrong)} 处" if len(wrong) > 1 else ""
    what = f"成果与清单或现在的输入不符,不能封存:{wrong[0]}{more}"
    return PipelineError(
        what, where=str(workspace.folder), remedy="make verify 列出全部;make all 以后再封存"
    )


def _put(project: Project, workspace: Workspace, manifest: dict[str, Any]) -> Path:
    """Build the sealed run aside, read it back, and put it on the shelf."""
    shelf = workspace.folder / FOLDER
    number = max((number_of(run) for run in sealed_runs(workspace.folder)), default=0) + 1
    folder = shelf / f"{plain_name(project.config.inspection.name)}-{number}"
    building = shelf / _BUILDING
    remove_tree(building)  # of one that was killed
    try:
        for part in (workspace.out, workspace.work):
            shutil.copytree(part, building / part.name)
        _write(building / SHEET, sheet_of(building, folder.name, manifest))
        record = _record(building, folder.name, manifest)
        text = json.dumps(record, ensure_ascii=False, indent=2)
        _write(building / RECORD, (text + "\n").encode())
        _write(building / NAME, sums_text(dict(_hashes(building))).encode())
        for file in _files(building):
            file.chmod(READ_ONLY)
        if wrong := check_sealed(building).wrong:
            raise PipelineError(f"封存的副本读回来不对:{wrong[0]}", where=str(building))
        settle_tree(building)
        building.rename(folder)
        settle_folder(shelf)
    finally:
        remove_tree(building)
    return folder


def _record(building: Path, name: str, manifest: dict[str, Any]) -> dict[str, Any]:
    """Return what is written down of the sealing; the clock of this machine is in here alone."""
    return {
        "sealed": name,
        "sealed_at": datetime.now().astimezone().isoformat(timespec="seconds"),
        "run_id": manifest.get("run_id", ""),
        "inspection": manifest["inspection"],
        "program": {key: manifest["program"][key] for key in ("version", "code_sha256")},
        "rule_pack": manifest["rule_pack"],
        "manifest_sha256": file_hash(building / "out" / MANIFEST),
        "sums_sha256": file_hash(building / "out" / NAME),
        "unsettled": unsettled(building),
    }


def _hashes(building: Path) -> Iterator[tuple[str, str]]:
    for file in _files(building):
        yield file.relative_to(building).as_posix(), file_hash(file)


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _write(path: Path, content: bytes) -> None:
    path.write_bytes(content)
