"""Hash inputs and results again and hold them against the manifest (核对)."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from pipeline.errors import PipelineError
from pipeline.project import Project, load
from pipeline.runner.fingerprint import file_hash
from pipeline.runner.workspace import Workspace


def verify(path: Path, *, say: Callable[[str], None] = print) -> int:
    """Print each file that differs from the manifest; return 0 where none does, else 1."""
    project = load(path)
    workspace = Workspace(project.workspace)
    manifest = _manifest(workspace.out / "manifest.json")
    wrong = [*_differing(project, workspace, manifest), *_unlisted(workspace, manifest)]
    for line in wrong:
        say(f"不符:{line}")
    count = len(manifest["inputs"]) + len(manifest["results"])
    say(f"核对 {count} 个文件," + (f"{len(wrong)} 个不符" if wrong else "全部相符"))
    return 1 if wrong else 0


def _manifest(path: Path) -> dict[str, Any]:
    try:
        manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        manifest["inputs"], manifest["results"]
    except (OSError, ValueError, KeyError, TypeError):
        raise PipelineError(
            "没有可核对的清单 manifest.json,或清单已损坏",
            where=str(path),
            remedy="先运行 make all",
        ) from None
    return manifest


def _differing(
    project: Project, workspace: Workspace, manifest: dict[str, Any]
) -> Iterator[str]:
    rules = [manifest[name] for name in ("config", "rule_pack", "code_system")]
    for kind, root, entries in (
        ("输入", project.root, [*rules, *manifest["inputs"]]),
        ("成果", workspace.folder, manifest["results"]),
    ):
        for entry in entries:
            file = root / entry["path"]
            if not file.is_file():
                yield f"{kind} {entry['path']} 不见了"
            elif file_hash(file) != entry["sha256"]:
                yield f"{kind} {entry['path']} 的内容变了"


def _unlisted(workspace: Workspace, manifest: dict[str, Any]) -> Iterator[str]:
    listed = {entry["path"] for entry in manifest["results"]} | {"out/manifest.json"}
    for file in sorted(workspace.out.rglob("*")):
        name = file.relative_to(workspace.folder).as_posix()
        if file.is_file() and name not in listed:
            yield f"成果 {name} 不在清单里"
