"""Whether the inputs are still those of the run (输入有没有变)."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.errors import Refused
from pipeline.io.inputs import expand, files_of
from pipeline.project import Project, paths
from pipeline.runner.fingerprint import program, shown
from pipeline.runner.manifest import entry_path
from pipeline.runner.sealing.checking import differs

_LAID_DOWN = {"config": "配置", "rule_pack": "规则包", "code_system": "地类编码"}


def inputs_since(project: Project, manifest: Mapping[str, Any]) -> Iterator[str]:
    """Yield every input, config and rule pack that is not as it was when the run was made."""
    listed = [(what, manifest[key]) for key, what in _LAID_DOWN.items()]
    listed += [("输入", entry) for entry in manifest["inputs"]]
    for what, entry in listed:
        file = entry_path(entry["path"], project.root)
        if not file.is_file():
            yield f"{what} {entry['path']} 不见了"
        elif differs(file, entry["sha256"]):
            yield f"{what} {entry['path']} 的内容变了"
    known = {entry["path"] for entry in manifest["inputs"]}
    for file in sorted(_present(project)):
        if (name := shown(file, project.root)) not in known:
            yield f"输入 {name} 是后来添的"


def is_of_this_program(manifest: Mapping[str, Any]) -> bool:
    """Whether this program, in this version of its code and libraries, made the run."""
    return bool(manifest["program"].get("code_sha256") == program())


def _present(project: Project) -> set[Path]:
    found: set[Path] = set()
    for _, text in paths(project.config):
        try:
            found.update(files_of(expand(project.folder, text)))
        except Refused:  # missing: named above
            continue
    return found
