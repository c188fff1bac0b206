"""The reason for a change's result (理由): one Chinese sentence that an official can read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipeline.schema.review import RULED_WORDS
from pipeline.terms import VERDICT_PRECEDENCE, ApprovalKind, Verdict
from pipeline.units import UNITS_PER_M2, m2_text

# More approvals than this are counted, not listed.
_LISTED = 3


@dataclass(frozen=True)
class Part:
    """Pieces of one change that share verdict, rule and ruling; areas in booking units.

    ``verdict`` is null outside every township. ``proposed`` is what the machine said.
    """

    verdict: Verdict | None
    proposed: Verdict | None
    rule_name: str
    act: str | None
    area: int
    farmland: int
    approval_kind: ApprovalKind | None = None
    approvals: tuple[str, ...] = ()
    counted_in: tuple[str, ...] = ()
    ruling_reason: str | None = None
    missing_evidence: str | None = None


def reason(parts: Sequence[Part]) -> str:
    """Return what became of every part of a change, the gravest verdict and largest first."""
    ordered = sorted(parts, key=lambda part: (_gravity(part), -part.area, part.rule_name))
    clauses = [_clause(part) for part in ordered]
    lacking = "、".join(_words(part.missing_evidence for part in ordered))
    if lacking:
        clauses.append(f"缺少的证据:{lacking}")
    return ";".join(clauses) + "。"


def _clause(part: Part) -> str:
    what = _verdict(part)
    farmland = f"(其中耕地 {_m2(part.farmland)} ㎡)" if part.farmland else ""
    head = f"{what} {_m2(part.area)} ㎡{farmland}:"
    if part.ruling_reason is None:
        return head + _ground(part)
    machine = part.proposed.label if part.proposed is not None else "无"
    return f"{head}人工认定,理由:{part.ruling_reason}(系统建议{machine}:{_ground(part)})"


def _verdict(part: Part) -> str:
    """Return the word for a part's verdict: what a person signed is no longer 疑似."""
    if part.verdict is None:
        return "不计入"
    is_ruled = part.ruling_reason is not None
    return RULED_WORDS[part.verdict.value] if is_ruled else part.verdict.label


def _ground(part: Part) -> str:
    """Return the rule, the act and the papers that a part rests on."""
    act = f"({part.act})" if part.act and part.act != part.rule_name else ""
    text = part.rule_name + act
    if part.counted_in:
        text += f",见图斑 {_some(part.counted_in, '个')}"
    if part.approvals:
        kind = part.approval_kind.label if part.approval_kind is not None else ""
        text += f",{kind}批文 {_some(part.approvals, '件')}"
    return text


def _some(names: Sequence[str], measure: str) -> str:
    shown = "、".join(names[:_LISTED])
    return f"{shown}等 {len(names)} {measure}" if len(names) > _LISTED else shown


def _words(texts: Iterable[str | None]) -> list[str]:
    """Return the words of lists joined by 、, each once."""
    return list(dict.fromkeys(word for text in texts if text for word in text.split("、")))


def _gravity(part: Part) -> int:
    known = part.verdict is not None
    return VERDICT_PRECEDENCE.index(part.verdict) if known else len(VERDICT_PRECEDENCE)


def _m2(units: int) -> str:
    return m2_text(units / UNITS_PER_M2)
