"""Findings have Chinese names, and what was done about them is said."""

import ast
from pathlib import Path

import pytest

from pipeline.errors import Finding
from pipeline.schema.finding_titles import title_of, treatment_of

PIPELINE = Path(__file__).resolve().parents[2] / "pipeline"
# What makes a finding, and at which place its code stands.
CODE_AT = {"refusal": 2, "noted": 2, "Finding": 2, "note": 1, "mend": 1, "quarantine": 1}


def _codes():
    """Return the codes that stand as such in the calls that make findings."""
    found = set()
    for path in PIPELINE.rglob("*.py"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call):
                continue
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            place = CODE_AT.get(name)
            if place is not None and len(call.args) > place:
                code = call.args[place]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    found.add(code.value)
    return found


def test_every_finding_has_a_chinese_name():
    codes = _codes()
    assert len(codes) > 100
    assert sorted(code for code in codes if title_of(code).isascii()) == []


@pytest.mark.parametrize(
    ("severity", "code", "done"),
    [
        ("refused", "missing-crs", "拒绝,没有运行"),
        ("quarantined", "duplicate-id", "隔离,不计入"),
        ("repaired", "ring-order", "修复后计入"),
        ("noted", "no-date", "只提示,没有改动"),
        ("noted", "duplicate", "只计一次"),
        ("quarantined", "outside", "隔离,不计入"),
    ],
)
def test_what_was_done(severity, code, done):
    assert treatment_of(Finding("changes", "C1", code, severity, "有问题")) == done


def test_a_kind_of_invalid_shape_and_an_unknown_code():
    assert title_of("invalid:self-intersection") == "图形无效"
    assert title_of("new-code") == "new-code"
