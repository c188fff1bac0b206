"""The layouts that a county hands up (上报表式): headers, widths and checks as data.

A column that the program has no figure for is there all the same, empty, to be filled in by
hand. Areas are held in m² and shown in mu (亩), as the forms ask.
"""

from dataclasses import dataclass, replace

from pipeline.schema.table import Kind

# Characters of a sheet's column where the layout names no other width.
_WIDTHS = {
    Kind.CODE: 18.0,
    Kind.TEXT: 13.0,
    Kind.AREA_M2: 10.5,
    Kind.RATIO: 9.5,
    Kind.NUMBER: 9.5,
    Kind.COUNT: 7.5,
    Kind.FLAG: 6.5,
    Kind.DATE: 11.5,
}
TOLERANCE_MU = 0.01


@dataclass(frozen=True)
class Field:
    """One column of a form (一栏): its name in code, its header, what it holds, how wide."""

    name: str
    label: str
    kind: Kind = Kind.TEXT
    width: float = 0
    is_box: bool = False  # a flag that is ticked, instead of 是 or 否
    is_open: bool = False  # the program knows some of it; what is empty is to be filled in

    @property
    def characters(self) -> float:
        """The width of the column in characters."""
        return self.width or _WIDTHS[self.kind]


@dataclass(frozen=True)
class Check:
    """A column that must be nought (核对栏): the whole less its parts; red where it is not."""

    whole: str
    parts: tuple[str, ...]
    label: str = "核对"
    width: float = 7.5

    @property
    def name(self) -> str:
        """The name of the column."""
        return f"check_{self.whole}"

    @property
    def characters(self) -> float:
        """The width of the column in characters."""
        return self.width


@dataclass(frozen=True)
class Group:
    """Columns under one header (一组栏目)."""

    label: str
    columns: tuple[Field | Check, ...]


@dataclass(frozen=True)
class Form:
    """One layout (一张表): its letter, title, groups of columns, how many of them are frozen."""

    code: str
    sheet: str
    title: str
    groups: tuple[Group, ...]
    note: str
    frozen: int

    @property
    def columns(self) -> tuple[Field | Check, ...]:
        """Every column, left to right."""
        return tuple(column for group in self.groups for column in group.columns)

    @property
    def checks(self) -> tuple[Check, ...]:
        """The columns that must be nought."""
        return tuple(column for column in self.columns if isinstance(column, Check))


def plain(*columns: Field | Check) -> Group:
    """Return columns that stand under no common header."""
    return Group("", columns)


def code(name: str, label: str, width: float = 0) -> Field:
    """Return a column of codes."""
    return Field(name, label, Kind.CODE, width)


def text(name: str, label: str, width: float = 0) -> Field:
    """Return a column of text."""
    return Field(name, label, Kind.TEXT, width)


def partly(field: Field) -> Field:
    """Return a column of which the program knows some: what is empty is to be filled in."""
    return replace(field, is_open=True)


def area(name: str, label: str) -> Field:
    """Return a column of areas, m² in code, mu on the form."""
    return Field(name, label, Kind.AREA_M2)


def count(name: str, label: str) -> Field:
    """Return a column of counts."""
    return Field(name, label, Kind.COUNT)


def box(name: str, label: str, width: float = 0) -> Field:
    """Return a column of boxes to tick."""
    return Field(name, label, Kind.FLAG, width, is_box=True)


def flag(name: str, label: str, width: float = 0) -> Field:
    """Return a column of 是 and 否."""
    return Field(name, label, Kind.FLAG, width)


def ratio(name: str, label: str) -> Field:
    """Return a column of ratios."""
    return Field(name, label, Kind.RATIO)


def day(name: str, label: str) -> Field:
    """Return a column of dates."""
    return Field(name, label, Kind.DATE)
