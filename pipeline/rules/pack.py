"""Rule packs (规则包): an ordered decision table as data, one TOML file each.

The rules are walked in order and the first that is true decides. What a condition
may say is in ``pipeline.rules.vocabulary``; how it is evaluated, in ``pipeline.rules.evaluation``.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path

from pydantic import Field

from pipeline.errors import Finding, Refused, refusal
from pipeline.rules.toml_file import find, read
from pipeline.schema.settings import Settings
from pipeline.terms import (
    RULE_COUNTED_ELSEWHERE,
    RULE_EVIDENCE_QUARANTINED,
    RULE_OUTSIDE,
    RULE_UNDATED,
    ApprovalKind,
    Verdict,
)

# Rules that no pack holds, with the names people read.
BUILT_IN_RULES = {
    RULE_OUTSIDE: "各乡镇界外",
    RULE_COUNTED_ELSEWHERE: "已计入另一图斑",
    RULE_UNDATED: "日期不全,待核",
    RULE_EVIDENCE_QUARANTINED: "压盖隔离的参考数据,待核",
}


class Dated(Settings):
    """What holds from one day to another (有期限的内容), both included."""

    valid_from: date | None = Field(None, description="施行日期")
    valid_until: date | None = Field(None, description="最后有效日期")

    def in_force(self, earliest: date, latest: date) -> bool:
        """Tell whether it is in force on any day of an interval."""
        begun = self.valid_from is None or self.valid_from <= latest
        return begun and (self.valid_until is None or self.valid_until >= earliest)


class Basis(Dated):
    """An article of law and the days it is in force (依据条文)."""

    article: str = Field(min_length=1, description="条文,如《土地管理法》第七十七条")


class Referral(Basis):
    """From which areas on a case may be one for the courts (移送数量标准), in mu of farmland."""

    permanent_farmland_mu: Decimal = Field(gt=0, description="永久基本农田达到多少亩")
    other_farmland_mu: Decimal = Field(gt=0, description="其他耕地达到多少亩")

    def is_reached(self, permanent_mu: Decimal, other_mu: Decimal) -> bool:
        """Tell whether either area reaches what the article lists."""
        return permanent_mu >= self.permanent_farmland_mu or other_mu >= self.other_farmland_mu


class FirstStep(Dated):
    """What to look into first for an act (处理建议); without an act, for every other one."""

    act: str | None = Field(None, min_length=1, description="行为;不写为其余行为")
    step: str = Field(min_length=1, description="建议先做什么,印在立案建议清单里")


class Rule(Settings):
    """One rule (认定规则): a condition and what it decides."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$", description="规则编号:小写英文、数字与连字符")
    name: str = Field(min_length=1, description="规则名称(中文)")
    name_without: dict[ApprovalKind, str] = Field(
        {}, description="没有配置某种批准图层时的规则名称:批准类型 = 名称"
    )
    when: str = Field(min_length=1, description="条件(SQL 表达式)")
    dated: str = Field("TRUE", min_length=1, description="条件中取决于日期的部分(SQL 表达式)")
    verdict: Verdict = Field(description="结论:legal illegal other doubtful")
    act: str | None = Field(None, min_length=1, description="行为,如 未批先建")
    rests_on: ApprovalKind | None = Field(None, description="所依据的批准类型")
    regularised: str = Field("FALSE", min_length=1, description="何时算补办(SQL 表达式)")
    needs: dict[str, str] = Field({}, description="要看的证据:列名 = 中文名")
    legal_basis: tuple[Basis, ...] = Field((), description="依据条文及其有效期")

    def basis_on(self, earliest: date, latest: date) -> str | None:
        """Return the articles in force between two days, null where there is none."""
        articles = [
            basis.article for basis in self.legal_basis if basis.in_force(earliest, latest)
        ]
        return "、".join(articles) or None


class RulePack(Settings):
    """A rule pack (规则包)."""

    name: str = Field(min_length=1, description="规则包名称,与文件名相同")
    title: str = Field(min_length=1, description="说明,印在成果上")
    valid_from: date | None = Field(None, description="自何日起使用")
    valid_until: date | None = Field(None, description="用到何日")
    change_types: dict[str, str] = Field(min_length=1, description="图斑类型:代码 = 名称")
    rules: tuple[Rule, ...] = Field(min_length=1, description="规则,从上到下逐条看")
    referrals: tuple[Referral, ...] = Field((), description="移送的数量标准,只用来提示")
    first_steps: tuple[FirstStep, ...] = Field((), description="处理建议,按行为,只用来提示")

    def read_with(self, kinds: Collection[ApprovalKind]) -> "RulePack":
        """Return the pack with its rules named as they read where these layers are configured."""
        named = [
            rule.model_copy(update={"name": name})
            for rule in self.rules
            for name in [_name_with(rule, kinds)]
        ]
        return self.model_copy(update={"rules": tuple(named)})

    def first_step(self, act: str, day: date) -> str | None:
        """Return what to look into first for an act on a day, null where nothing is laid down."""
        found = {
            one.act: one.step for one in reversed(self.first_steps) if one.in_force(day, day)
        }
        return found.get(act, found.get(None))

    def rule_name(self, rule_id: str) -> str:
        """Return the Chinese name of a rule of this pack or of a built-in one."""
        names = {rule.id: rule.name for rule in self.rules} | BUILT_IN_RULES
        return names.get(rule_id, rule_id)


def find_pack(name: str, folders: Iterable[Path]) -> Path:
    """Return the pack's file in the first of the ``configs`` folders that has it."""
    return find(name, [folder / "rules" for folder in folders], what="规则包(pack)")


def load_pack(path: Path) -> RulePack:
    """Read a rule pack; raise ``Refused`` with every mistake at once.

    Conditions are only read here: ``pipeline.rules.evaluation.check_pack`` understands them.
    """
    pack = read(path, RulePack)
    findings = list(_inconsistencies(pack, path))
    if findings:
        raise Refused(findings)
    return pack


def _name_with(rule: Rule, kinds: Collection[ApprovalKind]) -> str:
    """Return a rule's name; the first of its other names whose layer is missing, if any."""
    others = (name for kind, name in rule.name_without.items() if kind not in kinds)
    return next(others, rule.name)


def _inconsistencies(pack: RulePack, path: Path) -> Iterator[Finding]:
    """Yield what is well formed but cannot be right."""
    if pack.name != path.stem:
        yield _mistake(path, "name", f"名称 {pack.name} 与文件名不同", f"写成 {path.stem}")
    for rule_id, count in Counter(rule.id for rule in pack.rules).items():
        if count > 1:
            yield _mistake(path, rule_id, f"规则编号 {rule_id} 用了 {count} 次", "换一个编号")
        if rule_id in BUILT_IN_RULES:
            yield _mistake(path, rule_id, f"规则编号 {rule_id} 由程序保留", "换一个编号")
    acts = {rule.act for rule in pack.rules if rule.act}
    for step in pack.first_steps:
        if step.act is not None and step.act not in acts:
            what = f"行为 {step.act} 没有规则使用"
            yield _mistake(path, "first_steps", what, f"可用:{'、'.join(sorted(acts))}")
    last = pack.rules[-1]
    if (last.when.strip().upper(), last.dated.strip().upper()) != ("TRUE", "TRUE"):
        what = f"最后一条规则的条件是 {last.when},可能有图斑没有规则可用"
        yield _mistake(path, last.id, what, 'when = "TRUE",不写 dated')


def _mistake(path: Path, place: str, what: str, fix: str) -> Finding:
    return refusal("config", f"{path.name} → {place}", "bad-rule", what, fix)
