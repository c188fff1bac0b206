"""What the workbook is made of (工作簿的数据)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from pipeline.report.heading import Heading
from pipeline.rules.pack import RulePack
from pipeline.terms import ApprovalKind


@dataclass(frozen=True, kw_only=True)
class BookData:
    """The tables of a run that the workbook shows (工作簿的数据), by ``pipeline.schema``.

    ``received`` are the changes as received; ``sources`` is what the manifest says of versions,
    config and inputs; ``constraint_names`` are the configured constraint layers; ``sheet_links``
    tell where a change's evidence sheet is, relative to the workbook. Areas in m².
    """

    heading: Heading
    pack: RulePack
    kinds: tuple[ApprovalKind, ...]
    ranking: pd.DataFrame
    offices: pd.DataFrame
    county: pd.DataFrame
    changes: pd.DataFrame
    judged: pd.DataFrame
    rectified: pd.DataFrame
    coverage: pd.DataFrame
    constraint_areas: pd.DataFrame
    constraint_names: Sequence[str]
    received: pd.DataFrame
    approvals: pd.DataFrame
    quarantine: pd.DataFrame
    rulings: pd.DataFrame
    defects: pd.DataFrame
    sources: Mapping[str, Any]
    sheet_links: Mapping[str, str] = field(default_factory=dict)

    @property
    def township_names(self) -> dict[str, str]:
        """The townships' names by code, the code itself where there is no name."""
        return {
            str(code): str(code) if pd.isna(name) else str(name)
            for code, name in zip(
                self.ranking["township_code"], self.ranking["township_name"], strict=True
            )
        }

    @property
    def has_permanent_farmland(self) -> bool:
        """Whether the layer of permanent farmland was there to measure against."""
        return bool(self.changes["illegal_permanent_farmland_m2"].notna().any())
