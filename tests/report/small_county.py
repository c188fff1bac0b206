"""Three townships with numbers for counting by hand, ranked by the real ranking.

township   illegal   legal    reclaimed   ratio (net)
甲镇        9,000   91,000        0       9/100        over 8 %
乙镇        6,000   94,000        0       6/100
丙镇        8,000   92,000        0       8/100        on the line, not over it
county     23,000  277,000        0       23/300
"""

from datetime import date
from decimal import Decimal

import pandas as pd

from pipeline.report.inspection_result import InspectionResult
from pipeline.rules.settings import AccountabilitySettings, Line
from pipeline.schema.derived import SUMS
from pipeline.stages.rank import rank
from tests.report import county

ILLEGAL = {"甲镇": 9_000, "乙镇": 6_000, "丙镇": 8_000}


def result(illegal=None, reclaimed=None, doubtful=None, **heading):
    """A finished inspection; areas in m², 100,000 m² of new farmland in every township."""
    illegal, reclaimed, doubtful = illegal or ILLEGAL, reclaimed or {}, doubtful or {}
    rows = [
        _sums(illegal[name], 100_000, reclaimed.get(name, 0), doubtful.get(name, 0))
        for name in illegal
    ]
    names = list(illegal)
    townships = pd.DataFrame(rows).assign(
        township_code=[f"990101{i + 1:03d}" for i in range(len(names))],
        township_name=names,
        office_name="东所",
    )
    whole = pd.DataFrame([{name: sum(row[name] for row in rows) for name in rows[0]}])
    told = county.heading(**heading)
    ranked = rank(
        townships,
        whole.assign(office_name="东所"),
        whole,
        county_code="990101",
        county_name="示例县",
        accountability=AccountabilitySettings(
            denominator=told.denominator,
            official=told.official,
            township=told.township,
            county=told.county,
            as_of=told.as_of,
        ),
    )
    return InspectionResult(told, ranked.townships, ranked.county)


def _sums(illegal, new, reclaimed, doubtful):
    values = dict.fromkeys((column.name for column in SUMS), 0.0)
    return values | {
        "quarantined_count": 0,
        "change_count": 10,
        "illegal_count": 2,
        "area_m2": new * 2.0,
        "new_construction_m2": new * 1.5,
        "legal_farmland_m2": float(new - illegal),
        "illegal_farmland_m2": float(illegal),
        "new_farmland_m2": float(new),
        "reclaimed_farmland_m2": float(reclaimed),
        "doubtful_farmland_m2": float(doubtful),
    }


def earlier(year=2023, **changes):
    """The same county a year before."""
    settings = {"inspection": f"demo-{year}", "year": year, "as_of": date(year + 1, 3, 31)}
    return result(**{**settings, **changes})


def line(ratio, comparison=">"):
    return Line(ratio=Decimal(ratio), comparison=comparison, basis="责任状")
