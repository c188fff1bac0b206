"""What the doctor's products show (体检单的内容): findings in groups, worst first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pipeline.errors import SEVERITIES, Finding, Severity
from pipeline.schema import received
from pipeline.schema.examined import REST, Observation
from pipeline.schema.finding_titles import title_of
from pipeline.terms import SEVERITY_LABELS

_LAYERS = {table.name: table.label for table in (*received.LAYERS, *received.LEDGERS)} | {
    "config": "配置",
    "workspace": "工作区",
    "imagery": "影像",
    "hand": "人工台账",
}


def layer_label(name: str) -> str:
    """Return the Chinese name of a layer, its own where it has none."""
    return _LAYERS.get(name, name).replace("(", "（").replace(")", "）")


@dataclass(frozen=True)
class Group:
    """Findings of one severity, layer and code (一类问题), largest area first."""

    observations: tuple[Observation, ...]

    @property
    def first(self) -> Finding:
        """One of them, to tell what all have in common."""
        return self.observations[0].finding

    @property
    def label(self) -> str:
        """The severity in Chinese."""
        return SEVERITY_LABELS[self.first.severity]

    @property
    def layer(self) -> str:
        """The layer in Chinese."""
        return layer_label(self.first.layer)

    @property
    def title(self) -> str:
        """What is wrong, in a word or two."""
        return title_of(self.first.code)

    @property
    def area_m2(self) -> float | None:
        """The area of all of them, null where none has one."""
        known = [
            one.finding.area_m2 for one in self.observations if one.finding.area_m2 is not None
        ]
        return sum(known) if known else None

    def shared(self, name: str) -> str:
        """Return a text that all of them have in common, empty where they differ."""
        texts = {str(getattr(one.finding, name)) for one in self.observations}
        return texts.pop() if len(texts) == 1 else ""


@dataclass(frozen=True)
class Checkup:
    """One check-up (一次体检): which inspection, the account of each layer, what was found.

    ``balances`` as receiving gives them. ``unasked`` tells why questions were not asked.
    """

    county_name: str
    year: int
    inspection: str
    notice: str
    crs: str
    balances: Sequence[Mapping[str, Any]]
    observations: Sequence[Observation]
    unasked: str = ""

    @property
    def subject(self) -> str:
        """The county, the year, what this is."""
        return f"{self.county_name} {self.year} 年度卫片执法检查 输入体检"

    @cached_property
    def groups(self) -> list[Group]:
        """The findings in groups, worst first, then by area and number."""
        kinds: dict[tuple[str, str, str], list[Observation]] = {}
        for one in sorted(self.observations, key=_place):
            found = one.finding
            kinds.setdefault((found.severity, found.layer, found.code), []).append(one)
        groups = [Group(tuple(found)) for found in kinds.values()]
        return sorted(
            groups,
            key=lambda group: (
                SEVERITIES.index(group.first.severity),
                -(group.area_m2 or 0.0),
                -len(group.observations),
                group.first.layer,
                group.first.code,
            ),
        )

    def groups_of(self, severity: Severity) -> list[Group]:
        """Return the groups of one severity."""
        return [group for group in self.groups if group.first.severity == severity]

    def count(self, severity: Severity) -> int:
        """Return how many findings are of one severity."""
        return sum(len(group.observations) for group in self.groups_of(severity))


def _place(one: Observation) -> tuple[bool, float, str, str, str]:
    found = one.finding
    return (
        found.record == REST,
        -(found.area_m2 or 0.0),
        found.record,
        found.code,
        found.message,
    )
