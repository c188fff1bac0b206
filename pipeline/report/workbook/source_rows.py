"""What the run rests on, as the manifest has it, as rows (来源)."""

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from typing import Any

import pandas as pd

from pipeline.schema.table import Column, Kind

SOURCES = (
    Column("what", "类别", Kind.TEXT),
    Column("name", "名称", Kind.TEXT),
    Column("version", "版本", Kind.TEXT),
    Column("rows", "记录数", Kind.COUNT),
    Column("sha256", "SHA-256", Kind.CODE),
)
# Inputs with the same records in another order give the same workbook, to the byte: the hashes
# that tell such files apart are the manifest's.
_IN_MANIFEST = "见 manifest.json"


def source_rows(sources: Mapping[str, Any]) -> pd.DataFrame:
    """Return what ``SOURCES`` names: program, config, rules, inputs, libraries."""
    rows = [*_program(sources), *_inputs(sources), *_libraries(sources)]
    return pd.DataFrame(rows, columns=[column.name for column in SOURCES])


def _program(sources: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    program = sources["program"]
    if sources.get("run_id"):
        yield {"what": "成果编号", "name": sources["run_id"]}
    yield {
        "what": "程序",
        "name": "pipeline",
        "version": program["version"],
        "sha256": program["code_sha256"],
    }
    for key, what in (("config", "配置"), ("rule_pack", "规则包"), ("code_system", "地类编码")):
        entry = sources[key]
        yield {
            "what": what,
            "name": _shown(entry["path"]),
            "version": entry.get("name"),
            "sha256": _IN_MANIFEST if key == "config" else entry["sha256"],
        }


def _inputs(sources: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for entry in sources["inputs"]:
        yield {
            "what": "输入",
            "name": _shown(entry["path"]),
            "rows": entry["rows"],
            "sha256": _IN_MANIFEST,
        }


def _shown(path: str) -> str:
    """Return a path inside the project, of one outside it the name alone."""
    is_outside = path.startswith(("/", "(")) or ":" in path
    return PurePosixPath(path).name if is_outside else path


def _libraries(sources: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    program = sources["program"]
    yield {"what": "程序库", "name": "Python", "version": program["python"]}
    for name, version in sorted(program["libraries"].items()):
        yield {"what": "程序库", "name": name, "version": version}
    for wheel, libraries in sorted(program.get("native_libraries", {}).items()):
        for name, version in sorted(libraries.items()):
            yield {"what": "程序库", "name": f"{name}（{wheel} 内）", "version": version}
