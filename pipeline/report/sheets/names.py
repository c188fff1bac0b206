"""Words for the codes on a sheet (代码的名称)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.report.figures import is_null

NONE = "—"


@dataclass(frozen=True)
class SheetNames:
    """What codes are called (代码名称): change types, land classes, townships, code → name."""

    change_types: Mapping[str, str] = field(default_factory=dict)
    land_classes: Mapping[str, str] = field(default_factory=dict)
    townships: Mapping[str, str] = field(default_factory=dict)

    def change_type(self, code: object) -> str:
        """Return ``20 建/构筑物``."""
        return _with_name(code, self.change_types)

    def land_class(self, code: object) -> str:
        """Return ``0101 水田``; a longer code takes the name of the class it continues."""
        text = "" if is_null(code) else str(code)
        known = next(
            (text[:n] for n in range(len(text), 3, -1) if text[:n] in self.land_classes), ""
        )
        return f"{text} {self.land_classes[known]}" if known else text or NONE

    def township(self, code: object) -> str:
        """Return the name of a township, its code where it has none, 县界外 for null."""
        return "县界外" if is_null(code) else self.townships.get(str(code)) or str(code)


def _with_name(code: object, names: Mapping[str, str]) -> str:
    if is_null(code):
        return NONE
    name = names.get(str(code).strip().upper(), "")
    return f"{code} {name}".strip()
