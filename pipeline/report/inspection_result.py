"""A finished inspection as other products see it (一次检查的成果)."""

from dataclasses import dataclass

import pandas as pd

from pipeline.report.heading import Heading


@dataclass(frozen=True)
class InspectionResult:
    """A result to hold beside another (一次检查的成果): heading, ranking, the county's one row.

    ``ranking``: ``schema.derived.TOWNSHIP_RANKING``; ``county``: ``COUNTY_RESULT``.
    """

    heading: Heading
    ranking: pd.DataFrame
    county: pd.DataFrame
