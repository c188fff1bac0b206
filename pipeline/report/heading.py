"""What every product says about the run it shows (题头)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from pipeline.report.figures import label_text, percent_text
from pipeline.rules.settings import Line
from pipeline.terms import Denominator, OfficialRatio

DEFAULT_RULES = "本软件默认规则，非部颁文件"
CLUE = "图斑是线索，不是结论"

_AREA_KINDS = {"ellipsoid": "椭球面积", "plane": "平面面积"}
_FORMULAS = {
    OfficialRatio.GROSS: "违法占用耕地 ÷ {whole}",
    OfficialRatio.NUMERATOR: "（违法占用耕地 － 拆除复耕）÷ {whole}",
    OfficialRatio.NET: "（违法占用耕地 － 拆除复耕）÷（{whole} － 拆除复耕）",
}


@dataclass(frozen=True)
class Origin:
    """What a product was made by (来源): enough to find the run that a lone file belongs to.

    ``run_id`` (成果编号) is the same in every product of a run and in its manifest, and another
    where a figure is another. Inputs and config are in the manifest alone: the same records in
    another order give the same product, to the byte.
    """

    program: str
    code_sha256: str
    pack: str
    pack_sha256: str
    run_id: str = ""

    def told(self) -> list[tuple[str, str]]:
        """Return pairs of name and text, hashes in full."""
        return [
            ("成果编号", self.run_id),
            ("程序", f"pipeline {self.program}"),
            ("代码 SHA-256", self.code_sha256),
            ("规则包", self.pack),
            ("规则包 SHA-256", self.pack_sha256),
        ]


@dataclass(frozen=True)
class Heading:
    """What every product says about the run (题头): which county and year, measured how.

    ``township`` and ``county`` are the lines of accountability; ``pack_title`` names the rule
    pack, ``rule_names`` its rules (id → Chinese); ``notice`` is printed on every product where
    it is not empty (示例数据，非真实结果). Until a person has signed, every title says 疑似.
    """

    inspection: str
    county_name: str
    year: int
    crs: str
    area_kind: str
    denominator: Denominator
    official: OfficialRatio
    township: Line
    county: Line
    as_of: date
    pack_title: str = DEFAULT_RULES
    notice: str = ""
    exempt_acts: tuple[str, ...] = ()
    rule_names: Mapping[str, str] = field(default_factory=dict)
    is_signed: bool = False
    origin: Origin | None = None

    @property
    def subject(self) -> str:
        """The county, the year, the inspection."""
        return f"{self.county_name} {self.year} 年度卫片执法检查"

    @property
    def title(self) -> str:
        """The title of the ranking."""
        return f"{self.subject} 乡镇违法占用耕地比例排名{self.mark}"

    @property
    def mark(self) -> str:
        """What the end of a title says until the run is signed."""
        return "" if self.is_signed else "（疑似）"

    @property
    def formula(self) -> str:
        """How the official ratio is computed."""
        return _FORMULAS[self.official].format(whole=self.denominator.label)

    @property
    def gross_formula(self) -> str:
        """How the ratio before rectification is computed."""
        return _FORMULAS[OfficialRatio.GROSS].format(whole=self.denominator.label)

    @property
    def official_label(self) -> str:
        """The name of the official ratio."""
        return label_text(self.official.label)

    @property
    def short_label(self) -> str:
        """The official ratio in three characters, for the head of a column."""
        return self.official_label.split("（")[0]

    @property
    def area_label(self) -> str:
        """The kind of area."""
        return _AREA_KINDS.get(self.area_kind, self.area_kind)

    @property
    def no_denominator(self) -> str:
        """What is printed for a township without a ratio."""
        return f"无{self.denominator.label}"

    def story(self) -> list[tuple[str, str]]:
        """Return what a file says of where it comes from, as pairs of name and text."""
        pairs = [
            ("检查", self.inspection),
            ("截止日", self.as_of.isoformat()),
            ("说明", self.notice),
            *(self.origin.told() if self.origin else ()),
        ]
        return [(name, text) for name, text in pairs if text]

    def story_text(self) -> str:
        """Return the story in one line."""
        return "；".join(f"{name}：{text}" for name, text in self.story())

    def rule_name(self, rule_id: str) -> str:
        """Return the Chinese name of a rule, its id where the pack does not tell."""
        return self.rule_names.get(rule_id, rule_id)

    def basis(self) -> list[tuple[str, str]]:
        """Return what the figures rest on, as pairs of name and text."""
        exempt = "、".join(self.exempt_acts) or "无"
        return [
            ("考核口径", f"{self.official_label}：{self.formula}"),
            ("整改前占耕比", self.gross_formula),
            ("分母", self.denominator.label),
            ("乡镇问责线", f"{line_text(self.township)}（依据：{self.township.basis}）"),
            ("县级问责线", f"{line_text(self.county)}（依据：{self.county.basis}）"),
            ("截止日", f"{self.as_of.isoformat()}（此日及以前验收的整改、批准的手续才计入）"),
            ("不计入分子的行为", exempt),
            ("面积口径", self.area_label),
            ("坐标系", self.crs),
            ("认定规则", self.pack_title),
        ]


def line_text(line: Line) -> str:
    """Return a line in words: 超过 8% (strictly over) or 达到 15% (the line itself counts)."""
    return f"{'超过' if line.comparison == '>' else '达到'} {percent_text(line.ratio)}"


def is_over(ratio: Decimal, line: Line) -> bool:
    """Tell whether a ratio is over a line."""
    return ratio > line.ratio if line.comparison == ">" else ratio >= line.ratio
