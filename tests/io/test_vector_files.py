import json
import sqlite3
import struct
from datetime import date

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
from shapely import Point, box

from pipeline.errors import Refused
from pipeline.io.settings import LandUseLayer
from pipeline.io.source import files_of, read_source
from tests.io.deliveries import codes, section

ROWS = {"图斑编号": ["0101", "T0101"], "时刻": ["12:30", None], "JCMJ": [1.5, 2.0]}


def layer(**more):
    return gpd.GeoDataFrame(
        {**ROWS, **more}, geometry=[box(0, 0, 10, 10), box(20, 0, 25, 10)], crs=4549
    )


def read(path, **given):
    return read_source(section(**given), [path], label="changes")


def refusal(path, **given):
    with pytest.raises(Refused) as refused:
        read(path, **given)
    return str(refused.value)


FORMATS = {
    "a.gpkg": "GPKG",
    "a.fgb": "FlatGeobuf",
    "a.gdb": "OpenFileGDB",
    "a.geojson": "GeoJSON",
}


@pytest.mark.parametrize("name", [*FORMATS, "a.parquet"])
def test_one_layer_reads_the_same_from_every_format(tmp_path, name):
    path = tmp_path / name
    if name == "a.parquet":
        layer().to_parquet(path)
    else:
        layer().to_file(path, driver=FORMATS[name], layer="图斑")
    source = read(path)
    rows = source.frame.sort_values("图斑编号").to_dict("list")
    assert {field: rows[field] for field in ROWS} == ROWS
    assert sorted(shape.area for shape in source.geometry) == [50, 100]
    assert source.crs.to_epsg() == 4549
    assert source.findings == []
    assert [place.split(" ")[0] for place in source.places] == [name, name]
    assert [place.split(" 第 ")[1] for place in source.places] == ["1 条", "2 条"]


def test_dates_flags_and_long_numbers_with_gaps(tmp_path):
    more = {
        "D": pd.to_datetime(["2024-03-15", None]),
        "F": pd.array([True, None], dtype="boolean"),
        "N": pd.array([2**60 + 1, None], dtype="Int64"),
        "B": ["  ", "x  "],
    }
    layer(**more).to_file(tmp_path / "a.gpkg")
    frame = read(tmp_path / "a.gpkg").frame
    assert frame["D"].tolist() == [date(2024, 3, 15), None]
    assert frame["F"].tolist() == [True, None]
    assert frame["N"].tolist() == [2**60 + 1, None]
    assert frame["B"].tolist() == [None, "x"]


def test_the_name_of_a_file_does_not_matter(tmp_path):
    layer().to_file(tmp_path / "a.gpkg")
    (tmp_path / "a.gpkg").rename(tmp_path / "图斑.csv")
    assert len(read(tmp_path / "图斑.csv").frame) == 2


def test_z_is_dropped(tmp_path):
    frame = layer()
    frame.geometry = shapely.force_3d(frame.geometry.array, 7.0)
    frame.to_file(tmp_path / "a.gpkg")
    assert not read(tmp_path / "a.gpkg").geometry[0].has_z


def test_points_and_collections_are_passed_on(tmp_path):
    shapes = [Point(1, 1), shapely.GeometryCollection([Point(1, 1), box(0, 0, 1, 1)]), None]
    gpd.GeoDataFrame({"a": [1, 2, 3]}, geometry=shapes, crs=4549).to_file(tmp_path / "a.gpkg")
    kinds = [shape and shape.geom_type for shape in read(tmp_path / "a.gpkg").geometry]
    assert kinds == ["Point", "GeometryCollection", None]


def test_several_layers_need_a_name(tmp_path):
    path = tmp_path / "a.gpkg"
    layer().to_file(path, layer="变化图斑")
    layer().iloc[:1].to_file(path, layer="乡镇")
    text = refusal(path)
    assert "2 个图层" in text
    assert "变化图斑" in text
    assert "乡镇" in text
    assert "是不是 变化图斑" in refusal(path, layer="变化图班")
    assert len(read(path, layer="乡镇").frame) == 1


def test_a_layer_named_in_other_letters_is_the_nearest(tmp_path):
    path = tmp_path / "a.gpkg"
    layer().to_file(path, layer="XZQ")
    layer().to_file(path, layer="BHTB")

    assert "是不是 BHTB" in refusal(path, layer="bhtb")


def test_tables_without_shapes_are_no_layers_to_choose_from(tmp_path):
    path = tmp_path / "a.gpkg"
    layer().to_file(path, layer="图斑")
    add_table(path)
    assert len(read(path).frame) == 2


def add_table(path):
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE styles (fid INTEGER PRIMARY KEY, a TEXT)")
        base.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier) VALUES ('styles', 'attributes', 'styles')"
        )


@pytest.mark.parametrize("name", [*FORMATS, "a.parquet"])
def test_files_cut_in_half_are_refused(tmp_path, name):
    path = tmp_path / name
    if name == "a.gdb":
        layer().to_file(path, driver="OpenFileGDB", layer="图斑")
        part = max(path.glob("a0000000*.gdbtable"))
    else:
        rows = {"a": np.arange(400).astype(str)}
        frame = gpd.GeoDataFrame(
            rows, geometry=[box(i, 0, i + 1, 1) for i in range(400)], crs=4549
        )
        frame.to_parquet(path) if name == "a.parquet" else frame.to_file(
            path, driver=FORMATS[name]
        )
        part = path
    part.write_bytes(part.read_bytes()[: part.stat().st_size // 2])
    text = refusal(path)
    assert name in text
    assert "截断" in text


def test_arcs_are_stroked_and_said(tmp_path):
    path = tmp_path / "a.gpkg"
    layer().to_file(path, layer="a", geometry_type="Unknown")
    # the circle about (2, 0) with radius 2, written as a curve polygon
    arc = struct.pack("<BII6d", 1, 8, 3, 0, 0, 4, 0, 0, 0)
    curve = b"GP\0\1" + struct.pack("<i", 4549) + struct.pack("<BII", 1, 10, 1) + arc
    base = sqlite3.connect(path)
    for (name,) in base.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        base.execute(f'DROP TRIGGER "{name}"')
    base.execute("UPDATE a SET geom = ? WHERE fid = 1", (curve,))
    base.commit()
    base.close()
    source = read(path)
    assert codes(source.findings) == [("curve", "noted")]
    assert source.geometry[0].area == pytest.approx(4 * np.pi, rel=2e-3)
    assert source.geometry[1].area == 50


def test_an_open_ring_in_a_geopackage_is_closed(tmp_path):
    path = tmp_path / "a.gpkg"
    layer().to_file(path, layer="a")
    ring = struct.pack("<BIII8d", 1, 3, 1, 4, 0, 0, 10, 0, 10, 10, 0, 10)
    base = sqlite3.connect(path)
    for (name,) in base.execute(
        "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    ).fetchall():
        base.execute(f'DROP TRIGGER "{name}"')
    base.execute(
        "UPDATE a SET geom = ? WHERE fid = 1", (b"GP\0\1" + struct.pack("<i", 4549) + ring,)
    )
    base.commit()
    base.close()
    source = read(path)
    assert source.geometry[0].area == 100
    assert codes(source.findings) == [("ring-closed", "repaired")]


def test_side_files_of_a_database_belong_to_it(tmp_path):
    layer().to_file(tmp_path / "a.gdb", driver="OpenFileGDB", layer="a")
    (tmp_path / "a.gdb" / "x.lock").touch()
    inside = {file for file in (tmp_path / "a.gdb").rglob("*") if file.suffix != ".lock"}
    assert set(files_of([tmp_path / "a.gdb"])) == inside
    assert len(inside) > 10


# GeoJSON


def write_json(path, crs=..., **feature):
    one = {
        "type": "Feature",
        "properties": {"a": "T0101", "b": "12:30", "c": 1, "d": 1.5, "e": None, "f": [1]},
        "geometry": {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 0]]]},
        **feature,
    }
    document = {"type": "FeatureCollection", "features": [one]}
    if crs is not ...:
        document["crs"] = crs
    path.write_text(json.dumps(document))
    return path


def test_json_values_are_kept_as_they_are(tmp_path):
    source = read(write_json(tmp_path / "a.geojson"))
    assert source.frame.iloc[0].tolist() == ["T0101", "12:30", 1, 1.5, None, "[1]"]
    assert source.crs.to_authority() == ("OGC", "CRS84")


@pytest.mark.parametrize(
    ("name", "epsg"),
    [
        ("urn:ogc:def:crs:EPSG::4549", 4549),
        ("EPSG:4549", 4549),
        ("urn:ogc:def:crs:EPSG:9.8:4490", 4490),
    ],
)
def test_the_crs_of_a_geojson_by_name(tmp_path, name, epsg):
    path = write_json(tmp_path / "a.geojson", {"type": "name", "properties": {"name": name}})
    assert read(path).crs.to_epsg() == epsg


def test_a_null_crs_says_nothing(tmp_path):
    assert read(write_json(tmp_path / "a.geojson", None)).crs is None


@pytest.mark.parametrize(
    "crs",
    [
        {"type": "link", "properties": {"href": "http://127.0.0.1:9/crs", "type": "proj4"}},
        {"type": "name", "properties": {"name": "http://127.0.0.1:9/crs"}},
        {"type": "name", "properties": {"name": "EPSG:999999"}},
        {"type": "name", "properties": {"name": "/vsicurl/http://x"}},
        {"type": "EPSG", "properties": {"code": 4549}},
        "EPSG:4549",
    ],
)
def test_a_crs_that_is_no_known_name_is_refused(tmp_path, crs):
    assert "crs" in refusal(write_json(tmp_path / "a.geojson", crs))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('{"type": "FeatureCollection", "features": [', "截断"),
        ('{"type": "Topology", "objects": {}}', "TopoJSON"),
        ('{"a": 1}', "不是 GeoJSON"),
        ('{"type": "FeatureCollection", "features": [], "features": []}', "写了两次"),
        ("[" * 100_000, "截断或损坏"),
    ],
)
def test_what_is_no_feature_collection_is_refused(tmp_path, text, says):
    (tmp_path / "a.geojson").write_text(text)
    assert says in refusal(tmp_path / "a.geojson")


def test_a_bad_shape_in_json_is_quarantined_an_open_ring_closed(tmp_path):
    bad = write_json(
        tmp_path / "a.geojson", geometry={"type": "Polygon", "coordinates": [[["x", 0]]]}
    )
    source = read(bad)
    assert source.geometry[0] is None
    assert codes(source.findings) == [("unreadable-geometry", "quarantined")]
    ring = {"type": "Polygon", "coordinates": [[[0, 0], [2, 0], [2, 2], [0, 2]]]}
    source = read(write_json(tmp_path / "b.geojson", geometry=ring))
    assert source.geometry[0].area == 4
    assert codes(source.findings) == [("ring-closed", "repaired")]


# GeoParquet


def rewrite(path, change):
    table = pq.read_table(path)
    geo = json.loads(table.schema.metadata[b"geo"])
    change(geo)
    pq.write_table(table.replace_schema_metadata({b"geo": json.dumps(geo).encode()}), path)


def test_the_crs_of_a_geoparquet(tmp_path):
    path = tmp_path / "a.parquet"
    layer().to_parquet(path)
    rewrite(path, lambda geo: geo["columns"]["geometry"].update(crs=None))
    assert read(path).crs is None
    rewrite(path, lambda geo: geo["columns"]["geometry"].pop("crs"))
    assert read(path).crs.to_authority() == ("OGC", "CRS84")


def test_other_encodings_of_shapes_and_boxes(tmp_path):
    path = tmp_path / "a.parquet"
    layer().to_parquet(path, geometry_encoding="geoarrow", write_covering_bbox=True)
    source = read(path)
    assert [shape.area for shape in source.geometry] == [100, 50]
    assert list(source.frame) == list(ROWS)


def test_parquet_without_shapes_is_refused(tmp_path):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a.parquet")
    assert "没有 GeoParquet 的图形说明" in refusal(tmp_path / "a.parquet")


def test_a_bomb_of_nested_collections_does_no_harm(tmp_path):
    path = tmp_path / "a.parquet"
    layer().to_parquet(path)
    table = pq.read_table(path)
    bomb = struct.pack("<BII", 1, 7, 1) * 100_000 + shapely.to_wkb(Point(0, 0))
    place = table.column_names.index("geometry")
    wkb = pa.array([bomb, shapely.to_wkb(box(0, 0, 1, 1))], pa.binary())
    pq.write_table(table.set_column(place, table.schema.field(place), wkb), path)
    source = read(path)
    assert source.geometry[0] is None
    assert codes(source.findings) == [("unreadable-geometry", "quarantined")]


# Several files of one layer


def test_files_of_one_crs_become_one_layer(tmp_path):
    layer().to_file(tmp_path / "a.gpkg")
    layer().rename(columns={"JCMJ": "jcmj"}).to_file(tmp_path / "b.gpkg")
    source = read_source(section(), [tmp_path / "a.gpkg", tmp_path / "b.gpkg"], label="x")
    assert len(source.frame) == len(source.geometry) == len(source.places) == 4
    assert source.frame["JCMJ"].tolist() == [1.5, 2.0, None, None]


def _land_use(tmp_path, *names):
    """Write one parcel a file, its fields under these names; return the section and the files."""
    files = []
    for number, fields in enumerate(names):
        values = dict(zip(fields, [f"P{number}", "0101", 0.1], strict=False))
        parcel = gpd.GeoDataFrame(
            {k: [v] for k, v in values.items()}, geometry=[box(0, 0, 1, 1)]
        )
        parcel.set_crs(4549).to_file(tmp_path / f"{number}.gpkg")
        files.append(tmp_path / f"{number}.gpkg")
    fields = {"parcel_id": "BSM", "land_class": "DLBM", "ridge_coefficient": "KCXS"}
    wanted = LandUseLayer(path="x", code_system="sandiao-2020", fields=fields)
    return wanted, files


def test_a_field_that_one_of_several_files_lacks_is_asked_for(tmp_path):
    """Else its ridge coefficients would be null, and null is 0."""
    wanted, files = _land_use(tmp_path, ("BSM", "DLBM", "KCXS"), ("BSM", "DLBM", "TKXS"))
    with pytest.raises(Refused, match=r"1.gpkg 里没有字段 KCXS.*同一图层的其他文件有"):
        read_source(wanted, files, label="land_use")


def test_fields_of_several_files_are_one_whatever_their_case(tmp_path):
    wanted, files = _land_use(tmp_path, ("BSM", "DLBM", "KCXS"), ("bsm", "DLBM", "Kcxs"))
    frame = read_source(wanted, files, label="land_use").frame
    assert frame["BSM"].tolist() == ["P0", "P1"]
    assert frame["KCXS"].tolist() == [0.1, 0.1]


def test_files_of_several_crs_are_refused(tmp_path):
    layer().to_file(tmp_path / "a.gpkg")
    layer().to_crs(4490).to_file(tmp_path / "b.gpkg")
    paths = [tmp_path / "a.gpkg", tmp_path / "b.gpkg"]
    with pytest.raises(Refused, match=r"坐标系.CRS.不同:EPSG:4549:a.gpkg等 1 个;EPSG:4490"):
        read_source(section(), paths, label="x")
    assert len(read_source(section(crs="EPSG:4549"), paths, label="x").frame) == 4


def test_the_reasons_of_all_files_are_given_together(tmp_path):
    for name in ("a.gpkg", "b.gpkg"):
        (tmp_path / name).write_text("version https://git-lfs.github.com/spec/v1\n")
    with pytest.raises(Refused) as refused:
        read_source(section(), [tmp_path / "a.gpkg", tmp_path / "b.gpkg"], label="x")
    assert len(refused.value.findings) == 2
    assert "b.gpkg" in str(refused.value)
