"""Files of one layer must all have the fields that the config names (同一图层的各个文件字段一致).

Put one under another, a field that only some have would be empty in the others: an empty ridge
coefficient counts as 0, and nobody would be told.
"""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import Finding, Refused, refusal
from pipeline.io.delivery import Source
from pipeline.io.settings import LayerSettings

_SHOWN = 30


def with_like_fields(
    sources: Sequence[Source], paths: Sequence[Path], section: LayerSettings, label: str
) -> list[Source]:
    """Return the files with a field under one name whatever its case; refuse those without it.

    A field that no file has is left to whoever maps the fields of the whole layer.
    """
    fields = getattr(section, "fields", None)
    wanted: dict[str, str] = fields.mapped() if fields is not None else {}
    alike = [_by_name(source, wanted) for source in sources]
    reasons: list[Finding] = []
    for column, name in wanted.items():
        lacking = [
            (source, path)
            for source, path in zip(alike, paths, strict=True)
            if name not in source.frame and source.frame.shape != (0, 0)
        ]
        if len(lacking) < len(alike):
            reasons += [_lacks(source, path, column, name, label) for source, path in lacking]
    if reasons:
        raise Refused(reasons)
    return alike


def _by_name(source: Source, wanted: dict[str, str]) -> Source:
    """Rename the fields that differ from the config's only by case or blanks around them."""
    names = [str(name) for name in source.frame.columns]
    renamed = {}
    for name in wanted.values():
        folded = [
            other for other in names if other.strip().casefold() == name.strip().casefold()
        ]
        if name not in names and len(folded) == 1:
            renamed[folded[0]] = name
    return replace(source, frame=source.frame.rename(columns=renamed)) if renamed else source


def _lacks(source: Source, path: Path, column: str, name: str, label: str) -> Finding:
    shown = "、".join(str(field) for field in source.frame.columns[:_SHOWN]) or "没有字段"
    what = f"{path.name} 里没有字段 {name}(配置 fields.{column}),同一图层的其他文件有"
    fix = f"统一各文件的字段名,或分成几个图层写配置;这个文件里的字段:{shown}"
    return refusal(label, path.name, "missing-field", what, fix)
