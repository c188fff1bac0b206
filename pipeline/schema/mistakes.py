"""What is wrong with a settings file, every mistake at once, in the words of the analyst."""

import re
from collections.abc import Iterator
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pipeline.errors import Finding, refusal

_LONGEST_SHOWN = 60


def mistakes(
    error: ValidationError, root: type[BaseModel], name: str, *, layer: str
) -> list[Finding]:
    """Return a refusal for every mistake: file and key, what came, what was wanted."""
    return [_finding(detail, root, name, layer) for detail in error.errors()]


def _finding(detail: ErrorDetails, root: type[BaseModel], name: str, layer: str) -> Finding:
    """Return one mistake in the words of the analyst."""
    loc = [part for part in detail["loc"] if part not in {"tuple", "str"}]
    place = f"{name} → {_dotted(loc)}"
    key = str(loc[-1]) if loc else name
    if detail["type"] == "extra_forbidden":
        known = _known_keys(root, loc[:-1])
        near = get_close_matches(key, known, n=1, cutoff=0.6)
        fix = f"是不是 {near[0]}?" if near else f"可用的设置:{'、'.join(known)}"
        return refusal(layer, place, "unknown-key", f"没有名为 {key} 的设置", fix)
    wanted = _description(root, loc)
    if detail["type"] == "missing":
        return refusal(layer, place, "missing-key", f"缺少设置 {key}", f"补上:{wanted or key}")
    came = detail["input"]
    what = f"{key} 的值 {_shown(came)} 不能用:{_complaint(detail)}"
    return refusal(layer, place, "bad-value", what, f"应为:{wanted}" if wanted else "改正此值")


def _dotted(loc: list[int | str]) -> str:
    parts = [f"[第 {part + 1} 个]" if isinstance(part, int) else str(part) for part in loc]
    return ".".join(parts)


def _shown(value: object) -> str:
    text = str(value) if isinstance(value, Decimal | int) else repr(value)
    return text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + "…"


def _complaint(detail: ErrorDetails) -> str:
    context = detail.get("ctx", {})
    phrases = {
        "greater_than": f"要大于 {context.get('gt')}",
        "greater_than_equal": f"不能小于 {context.get('ge')}",
        "less_than": f"要小于 {context.get('lt')}",
        "less_than_equal": f"不能大于 {context.get('le')}",
        "string_type": "应为文字,请加引号",
        "string_pattern_mismatch": "写法不对",
        "string_too_short": "不能为空",
        "too_short": "不能为空",
        "enum": f"可选:{_choices(context)}",
        "literal_error": f"可选:{_choices(context)}",
        "value_error": str(context.get("error", "")),
        "date_type": "应为日期,如 2025-03-31,不加引号",
        "date_from_datetime_parsing": "应为日期,如 2025-03-31",
        "date_parsing": "应为日期,如 2025-03-31",
        "bool_type": "应为 true 或 false",
        "int_type": "应为整数",
        "finite_number": "应为有限的数",
        "model_type": "应为一节设置",
        "tuple_type": "应为列表",
    }
    return phrases.get(detail["type"], "类型不对")


def _choices(context: dict[str, Any]) -> str:
    return "、".join(re.findall("'([^']*)'", str(context.get("expected", ""))))


def _models_at(root: type[BaseModel], loc: list[int | str]) -> Iterator[type[BaseModel]]:
    """Yield the settings models that a place in the config belongs to."""
    models: list[type[BaseModel]] = [root]
    for part in loc:
        if isinstance(part, str):
            models = [
                inner
                for model in models
                if part in model.model_fields
                for inner in _models_in(model.model_fields[part].annotation)
            ]
    yield from models


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _known_keys(root: type[BaseModel], loc: list[int | str]) -> list[str]:
    return sorted({name for model in _models_at(root, loc) for name in model.model_fields})


def _description(root: type[BaseModel], loc: list[int | str]) -> str:
    names = [part for part in loc if isinstance(part, str)]
    if not names:
        return ""
    for model in _models_at(root, loc[: loc.index(names[-1])]):
        field = model.model_fields.get(names[-1])
        if field is not None:
            return field.description or next(
                (_plain(inner.__doc__ or "") for inner in _models_in(field.annotation)),
                "",
            )
    return ""


def _plain(docstring: str) -> str:
    """Return the first line of a section's docstring without its markup."""
    return docstring.split("\n", maxsplit=1)[0].replace("`", "").rstrip(". ")
