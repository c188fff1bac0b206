"""The template and the settings models stay in step: every key in both, or in neither."""

import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import pytest
from pydantic import BaseModel

from pipeline.geometry.settings import AreaSettings, OverlaySettings
from pipeline.project import ConfigFile, load
from pipeline.report.settings import ReportSettings
from pipeline.rules.settings import RuleSettings

TEMPLATE = Path(__file__).parents[1] / "configs" / "template.toml"

# A line that is switched off: `# key = value`, `# [section]` or `# [[section]]`.
SWITCHED_OFF = re.compile(r"^# (?=[a-z_]+ = |\[+[a-z_.]+\]+\s*(?:#|$))", re.MULTILINE)

Key = tuple[str, str]


def parse(text: str) -> dict[str, Any]:
    return tomllib.loads(text, parse_float=Decimal)


@pytest.fixture(scope="module")
def live() -> dict[str, Any]:
    return parse(TEMPLATE.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def everything() -> dict[str, Any]:
    return parse(SWITCHED_OFF.sub("", TEMPLATE.read_text(encoding="utf-8")))


def models_in(annotation: object) -> Iterator[type[BaseModel]]:
    """The settings models that a value of this type is made of."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) in (Union, UnionType, Annotated, tuple):
        for part in get_args(annotation):
            yield from models_in(part)


def owner(model: type[BaseModel], field: str) -> str:
    """The class that declares the field: what all layers share is explained once."""
    bases = [base for base in model.__mro__ if field in vars(base).get("__annotations__", {})]
    return bases[-1].__name__


def keys_of_models(model: type[BaseModel]) -> Iterator[Key]:
    for name, info in model.model_fields.items():
        sections = list(models_in(info.annotation))
        if any(section.model_fields for section in sections) or not sections:
            yield owner(model, name), name
        for section in sections:
            yield from keys_of_models(section)


def keys_written(section: dict[str, Any], model: type[BaseModel]) -> Iterator[Key]:
    for name, value in section.items():
        yield owner(model, name), name
        for inner in models_in(model.model_fields[name].annotation):
            for part in value if isinstance(value, list) else [value]:
                yield from keys_written(part, inner)


def test_every_key_of_the_models_is_in_the_template(everything):
    missing = set(keys_of_models(ConfigFile)) - set(keys_written(everything, ConfigFile))
    assert missing == set()


def test_the_template_is_accepted_as_it_stands():
    project = load(TEMPLATE)
    assert str(project.config.accountability.township.ratio) == "0.08"
    assert [kind.value for kind in project.kinds] == ["conversion", "supply"]


def test_the_template_is_accepted_with_everything_switched_on(everything):
    config = ConfigFile.model_validate(everything)
    assert config.layers.changes.transform is not None
    assert config.layers.approvals[2].ledger_key == {"file": "文件名"}
    assert config.layers.constraints[0].name == "生态保护红线"


@pytest.mark.parametrize(
    ("section", "model"),
    [
        ("rules", RuleSettings),
        ("area", AreaSettings),
        ("overlay", OverlaySettings),
        ("report", ReportSettings),
    ],
)
def test_the_template_shows_the_defaults(live, section, model):
    assert model.model_validate(live[section]) == model()
