"""A check-up with one finding of each kind, some of them with hostile texts."""

from shapely import box

from pipeline.errors import Finding
from pipeline.report.checkup.data import Checkup
from pipeline.schema.examined import Observation

EVIL = '=1+1<script>alert("x")</script>\u202e&"'
PLOT = box(600_000, 3_190_000, 600_040, 3_190_020)
NEXT = box(600_030, 3_190_000, 600_080, 3_190_020)
BALANCE = {
    "layer": "changes",
    "file": "图斑<b>.shp",
    "records": {"handed_in": 12, "counted": 9, "quarantined": 2, "excluded": 1},
    "units": {
        "handed_in": 80_000_000, "repaired": 0, "counted": 66_666_667,
        "quarantined": 13_333_333, "excluded": 0,
    },
}  # fmt: skip


def finding(
    severity="noted", code="land-use-overlap", record="P1", area=None, layer="land_use"
):
    """Return one finding."""
    return Finding(layer, record, code, severity, f"{record} 有问题,共一处", "改正界线", area)


NOTED = Observation(
    finding(area=200.0), box(600_030, 3_190_000, 600_040, 3_190_020), (PLOT, NEXT)
)
SMALLER = Observation(finding(record="P2", area=100.0), PLOT)
PLACELESS = Observation(finding("repaired", "encoding-inferred", "x.dbf", layer="changes"))
QUARANTINED = Observation(
    finding("quarantined", "invalid:self-intersection", EVIL, 2_000.0, "changes"), PLOT
)
REFUSED = Observation(finding("refused", "missing-crs", "x.shp", layer="approvals"))


def checkup(*observations, **more):
    """Return a check-up of some observations."""
    settings = {
        "county_name": "示例县", "year": 2024, "inspection": "demo", "notice": "示例数据,非真实结果",
        "crs": "EPSG:4549", "balances": [BALANCE], "observations": observations,
    }  # fmt: skip
    return Checkup(**(settings | more))
