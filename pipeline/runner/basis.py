"""What the tables of a run rest on, kept beside them (依据): its rules as set, its files."""

from pathlib import PurePosixPath
from typing import Any

from pipeline.runner.fingerprint import file_hash
from pipeline.runner.stage import Run

_SHORT = 8  # of a hash, to tell one content from another


def basis_record(run: Run) -> dict[str, Any]:
    """Return the rules and the input files of a run by content, in words people compare."""
    rules = run.project.config.rules
    sliver = f"宽不足 {rules.sliver_width_m} 米且面积不足 {rules.sliver_area_m2} ㎡"
    return {
        "rules": {
            "规则包": f"{rules.pack}（内容 {file_hash(run.inputs.pack)[:_SHORT]}）",
            "边角细缝": sliver if rules.sliver_width_m and rules.sliver_area_m2 else "不用",
        },
        "files": _named(run.inputs.all()),
    }


def _named(files: dict[str, str]) -> dict[str, str]:
    """Return the contents by file name alone: the same county may lie somewhere else."""
    named: dict[str, str] = {}
    for path, digest in sorted(files.items()):
        parts = PurePosixPath(path).parts
        name = parts[-1]
        within = next((part for part in parts if part.lower().endswith(".gdb")), None)
        key = f"{within}/{name}" if within and within != name else name
        while key in named:  # two files of one name
            key = f"{key}'"
        named[key] = digest[:_SHORT]
    return named
