"""A table's contract: its columns, its key, its geometry."""

from dataclasses import dataclass
from enum import StrEnum

import pandas as pd

from pipeline.errors import PipelineError


class Kind(StrEnum):
    """What a column holds; the unit is part of the kind."""

    CODE = "编号"  # text, leading zeros kept
    TEXT = "文字"
    AREA_M2 = "面积(平方米)"
    RATIO = "比例"
    NUMBER = "数"
    COUNT = "个数"
    FLAG = "是否"
    DATE = "日期"


@dataclass(frozen=True)
class Column:
    """One column: its name in code, its Chinese label in outputs, what it holds."""

    name: str
    label: str
    kind: Kind
    required: bool = True  # no nulls


@dataclass(frozen=True)
class Table:
    """One table: a name, its columns in reading order, the key that tells rows apart."""

    name: str
    label: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    geometry: bool = False

    @property
    def names(self) -> list[str]:
        """The names of the columns, in reading order."""
        return [column.name for column in self.columns]

    def check(self, frame: pd.DataFrame) -> None:
        """Raise ``TableError`` with every promise that ``frame`` breaks."""
        broken = [f"缺少列 {name}" for name in self.names if name not in frame]
        for column in self.columns:
            if column.name not in frame:
                continue
            values = frame[column.name]
            if column.required and values.isna().any():
                broken.append(f"{column.name} 有 {int(values.isna().sum())} 行为空")
            if column.kind is Kind.AREA_M2 and (values.dropna() < 0).any():
                broken.append(f"{column.name} 出现负值")
        if not broken and self.key and frame.duplicated(list(self.key)).any():
            twice = frame.loc[frame.duplicated(list(self.key)), self.key[0]]
            broken.append(f"主键重复:{'、'.join(map(str, twice.head(3)))}")
        if self.geometry and "geometry" not in frame:
            broken.append("缺少图形")
        if broken:
            raise TableError(f"{self.label}不合约定:{';'.join(broken)}", where=self.name)


class TableError(PipelineError):
    """A table that a stage made does not keep its contract: our fault."""

    title = "表不合约定"
