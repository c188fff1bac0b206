"""Land-class code systems (地类编码体系): which class is farmland, which is construction land.

The same code means different things in different systems, so a layer declares its own.
"""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Literal

from pydantic import Field

from pipeline.errors import Refused, refusal
from pipeline.rules.toml_file import find, read
from pipeline.schema.settings import Settings

Group = Literal["farm", "construction", "unused"]

# A shorter prefix is a first-level class, too coarse to tell the group.
_SHORTEST_PREFIX = 4


@dataclass(frozen=True)
class LandClass:
    """A class of land (地类); ``exact`` is false where only a prefix of the code is known."""

    code: str
    name: str
    group: Group
    is_farmland: bool
    exact: bool = True


class CodeSystem(Settings):
    """A land-class code system (地类编码体系)."""

    name: str = Field(min_length=1, description="名称,与文件名相同")
    title: str = Field(min_length=1, description="全称")
    farmland: tuple[str, ...] = Field(min_length=1, description="计入耕地的地类编码")
    groups: dict[Group, dict[str, str]] = Field(description="三大类:编码 = 名称")

    @cached_property
    def classes(self) -> dict[str, LandClass]:
        """Every class by its code."""
        return {
            code: LandClass(code, name, group, code in self.farmland)
            for group, members in self.groups.items()
            for code, name in members.items()
        }

    def classify(self, code: str | None) -> LandClass | None:
        """Return the class of a code, null where the code is blank or unknown.

        An unknown suffix counts as the longest class it continues (0602C is 0602).
        """
        key = unicodedata.normalize("NFKC", code or "").strip().upper()
        for length in range(len(key), _SHORTEST_PREFIX - 1, -1):
            if (found := self.classes.get(key[:length])) is not None:
                exact = length == len(key)
                return LandClass(found.code, found.name, found.group, found.is_farmland, exact)
        return self.classes.get(key)


def find_code_system(name: str, folders: Iterable[Path]) -> Path:
    """Return the system's file in the first of the ``configs`` folders that has it."""
    return find(
        name,
        [folder / "rules" / "codes" for folder in folders],
        what="地类编码体系(code_system)",
    )


def load_code_system(path: Path) -> CodeSystem:
    """Read a code system; raise ``Refused`` with every mistake at once."""
    system = read(path, CodeSystem)
    codes = [code for members in system.groups.values() for code in members]
    wrong = {code: "编码在两个大类里" for code in codes if codes.count(code) > 1}
    wrong |= {
        code: "耕地编码不在农用地里"
        for code in system.farmland
        if code not in system.groups.get("farm", {})
    }
    if wrong:
        place = f"{path.name} → "
        raise Refused(
            refusal("config", place + code, "bad-land-class", f"{what}:{code}", "改正编码表")
            for code, what in wrong.items()
        )
    return system
