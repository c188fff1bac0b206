"""A table with Chinese heads: units in the heads, needs rounded up."""

import pandas as pd
import pytest

from pipeline.report.labelled import labelled
from pipeline.schema.derived import TOWNSHIP_RANKING
from tests.report import county

KNOWN = {column.name: column for column in TOWNSHIP_RANKING.columns}


def shown(*, mu, **columns):
    return labelled(pd.DataFrame(columns), KNOWN, county.heading(), mu=mu)


@pytest.mark.parametrize(
    ("area_m2", "in_m2", "in_mu"),
    [
        (0.0, 0.0, 0.0),
        (0.0001, 0.01, 0.01),
        (12.34, 12.34, 0.02),  # 0.01851 mu
        (12.3401, 12.35, 0.02),
        (666.6667, 666.67, 1.01),  # a hair over one mu
        (20_000.0, 20_000.0, 30.0),
    ],
)
def test_what_must_be_reclaimed_is_never_shown_too_small(area_m2, in_m2, in_mu):
    for mu, expected, unit in ((False, in_m2, "㎡"), (True, in_mu, "亩")):
        table = shown(mu=mu, reclaim_to_line_m2=[area_m2, None])
        [head] = table.columns
        assert head.endswith(f"（{unit}）")
        assert table[head][0] == expected
        assert pd.isna(table[head][1])


def test_other_areas_are_rounded_half_up_in_either_unit():
    areas = [12.345, 1000.0]
    assert shown(mu=False, area_m2=areas)["图斑面积（㎡）"].tolist() == [12.35, 1000.0]
    assert shown(mu=True, area_m2=areas)["图斑面积（亩）"].tolist() == [0.02, 1.5]
