"""One small layer with every kind of column, for the writers of GIS formats."""

from datetime import date

import geopandas as gpd
from shapely import MultiPolygon, box

from pipeline.schema.conform import conform
from pipeline.schema.gis import GisLayer
from pipeline.schema.table import Column, Kind, Table

VERDICTS = {"illegal": "疑似违法", "legal": "合法"}
TABLE = Table(
    name="changes",
    label="变化图斑(试)",
    columns=(
        Column("change_id", "图斑编号", Kind.CODE),
        Column("verdict", "认定结论", Kind.CODE, required=False),
        Column("reason", "理由", Kind.TEXT, required=False),
        Column("area_m2", "图斑面积", Kind.AREA_M2, required=False),
        Column("ratio_net", "占耕比", Kind.RATIO, required=False),
        Column("change_count", "图斑数", Kind.COUNT, required=False),
        Column("is_farmland", "是否耕地", Kind.FLAG, required=False),
        Column("approved_on", "批准日期", Kind.DATE, required=False),
    ),
    key=("change_id",),
    geometry=True,
)


def layer(name="changes", **columns):
    """Return two records: one full, one whose optional columns are null."""
    rows = {
        "change_id": ["007", "008"],
        "verdict": ["illegal", None],
        "reason": ["未见批准<手续>&\"'", None],
        "area_m2": [233.946, None],
        "ratio_net": [0.08, None],
        "change_count": [3, None],
        "is_farmland": [True, None],
        "approved_on": [date(2024, 3, 15), None],
        **columns,
    }
    shapes = [box(500_000, 3_190_000, 500_020, 3_190_010), MultiPolygon([box(0, 0, 1, 1)])]
    frame = conform(gpd.GeoDataFrame(rows, geometry=shapes, crs=4549), TABLE)
    label = TABLE.label if name == TABLE.name else name
    table = Table(name, label, TABLE.columns, TABLE.key, geometry=True)
    return GisLayer(table, frame, {"verdict": VERDICTS})
