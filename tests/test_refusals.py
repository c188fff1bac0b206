"""What a run refuses: one clear message each, exit status 2, earlier results untouched."""

import hashlib
import re
import shutil

import geopandas as gpd
import pyogrio
import pytest
import shapely

from pipeline.cli import main
from tests.county import PREFIXED, frame
from tests.squares import SQUARES


@pytest.fixture
def published(inspected_squares, tmp_path):
    """A county whose inspection was published, and the hashes of what was published."""
    shutil.copytree(inspected_squares.parent, tmp_path / "county")
    config = tmp_path / "county" / inspected_squares.name
    return config, _hashes(config)


def _hashes(config):
    out = config.parent / "workspace" / "out"
    return {
        path.relative_to(out): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in out.rglob("*")
        if path.is_file()
    }


def _refused(config, capsys):
    capsys.readouterr()
    assert main(["run", str(config)]) == 2
    text = capsys.readouterr().err
    assert "Traceback" not in text
    return text


def _edit(config, old, new):
    text = config.read_text(encoding="utf-8")
    assert old in text
    config.write_text(text.replace(old, new), encoding="utf-8")


def _rewrite_changes(config, layer, **options):
    path = config.parent / "raw" / "changes.gpkg"
    path.unlink()
    pyogrio.write_dataframe(layer, path, driver="GPKG", **options)


def _without_crs(layer):
    return gpd.GeoDataFrame(layer.drop(columns="geometry"), geometry=layer.geometry.to_numpy())


def test_a_typo_in_a_key(published, capsys):
    config, before = published
    _edit(config, "as_of =", "as_off =")

    text = _refused(config, capsys)

    assert "没有名为 as_off 的设置" in text
    assert "是不是 as_of" in text
    assert _hashes(config) == before


def test_a_missing_file(published, capsys):
    config, before = published
    (config.parent / "raw" / "land_use.gpkg").unlink()

    assert "land_use.gpkg" in _refused(config, capsys)
    assert _hashes(config) == before


def test_a_layer_without_crs(published, capsys):
    config, before = published
    with pytest.warns(UserWarning, match="crs"):
        _rewrite_changes(config, _without_crs(frame(SQUARES.changes)))

    text = _refused(config, capsys)

    assert "没有坐标系" in text
    assert 'crs = "EPSG:4549"' in text
    assert _hashes(config) == before
    assert "missing-crs" in (config.parent / "workspace" / "refused.csv").read_text("utf-8-sig")


def test_a_xian_80_layer(published, capsys):
    config, before = published
    _rewrite_changes(config, frame(SQUARES.changes).set_crs("EPSG:2385", allow_override=True))

    text = _refused(config, capsys)

    assert re.search("西安|Xian", text)
    assert "transform" in text
    assert _hashes(config) == before


def test_a_wrong_zone(published, capsys):
    config, before = published
    _rewrite_changes(config, frame(SQUARES.changes).set_crs("EPSG:4548", allow_override=True))

    text = _refused(config, capsys)

    assert 'crs = "EPSG:4549"' in text
    assert _hashes(config) == before


def test_townships_in_a_wrong_zone_are_blamed_alone(published, capsys):
    config, before = published
    path = config.parent / "raw" / "townships.gpkg"
    path.unlink()
    wrong = frame(SQUARES.townships).set_crs("EPSG:4548", allow_override=True)
    pyogrio.write_dataframe(wrong, path, driver="GPKG")

    text = _refused(config, capsys)

    assert text.count("【") == 1
    assert '[layers.townships] 里写 crs = "EPSG:4549"' in text
    assert _hashes(config) == before


def test_a_prefix_that_the_crs_does_not_have(published, capsys):
    config, before = published
    prefixed = frame(SQUARES.changes).to_crs(PREFIXED)
    _rewrite_changes(config, prefixed.set_crs("EPSG:4549", allow_override=True))

    text = _refused(config, capsys)

    assert "带号" in text
    assert 'crs = "EPSG:4528"' in text
    assert _hashes(config) == before


def test_swapped_axes(published, capsys):
    config, before = published
    layer = frame(SQUARES.changes)
    swapped = layer.set_geometry(layer.geometry.map(_swapped), crs="EPSG:4549")
    _rewrite_changes(config, swapped)

    assert "轴" in _refused(config, capsys)
    assert _hashes(config) == before


def _swapped(shape):
    return shapely.transform(shape, lambda at: at[:, ::-1])


def test_all_reasons_at_once(published, capsys):
    config, before = published
    _edit(config, 'land_class = "DLBM"', 'land_class = "DLMB"')
    _edit(config, 'township_name = "XZQMC"', 'township_name = "NAME"')
    (config.parent / "raw" / "supply.gpkg").unlink()
    rulings = "change_id,verdict,reason,ruled_by,ruled_on\nC11,没事,看过,甲,2025-01-05\n"
    (config.parent / "hand" / "rulings.csv").write_text(rulings, encoding="utf-8")

    text = _refused(config, capsys)

    assert "DLMB" in text
    assert "DLBM" in text
    assert "NAME" in text
    assert text.count("没有文件 raw/supply.gpkg") == 1
    assert "没事" in text
    assert _hashes(config) == before


def test_a_link_that_leads_out_of_the_project(published, tmp_path, capsys):
    config, before = published
    layer = config.parent / "raw" / "land_use.gpkg"
    layer.rename(tmp_path / "elsewhere.gpkg")
    layer.symlink_to(tmp_path / "elsewhere.gpkg")

    assert "link" in _refused(config, capsys)
    assert _hashes(config) == before


def test_a_workspace_with_a_link_that_leads_out(published, tmp_path, capsys):
    config, _ = published
    precious = tmp_path / "precious.csv"
    precious.write_text("mine", encoding="utf-8")
    changes = config.parent / "workspace" / "out" / "changes.csv"
    changes.unlink()
    changes.symlink_to(precious)

    assert "链接" in _refused(config, capsys)
    assert precious.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize(
    ("path", "word"),
    [("http://127.0.0.1:9/x.gpkg", "网络"), ("/vsicurl/x.gpkg", "虚拟"), ("../x.gpkg", "之外")],
)
def test_a_path_that_is_no_file_of_the_project(published, capsys, path, word):
    config, before = published
    _edit(config, "raw/land_use.gpkg", path)

    assert word in _refused(config, capsys)
    assert _hashes(config) == before


def test_a_workspace_that_another_run_holds(published, capsys):
    from pipeline.runner.workspace import Workspace

    config, before = published
    with Workspace(config.parent / "workspace").held():
        assert main(["run", str(config)]) == 3
    assert "正在使用工作区" in capsys.readouterr().err
    assert _hashes(config) == before


def test_an_unknown_change_is_answered_with_the_nearest(published, capsys):
    config, _ = published

    assert main(["explain", str(config), "C011"]) == 2
    assert "C01" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("as_of = 2025-03-31", "as_of = " + "[" * 5_000, ["TOML"]),
        ("as_of = 2025-03-31", "as_of = 2025-02-30", ["TOML", "as_of"]),
        ("year = 2024", "year = " + "9" * 6_000, ["TOML"]),
        ("year = 2024", "year = 2024\nyear = 2023", ["year = 2023", "line"]),
        ("raw/changes.gpkg", r"raw/x\u0000.gpkg", ["layers.changes.path"]),
        ("raw/changes.gpkg", f"raw/{'x' * 5_000}.gpkg", ["layers.changes.path"]),
        ('workspace = "workspace"', 'workspace = "squares.toml"', ["workspace"]),
        ("[layers.land_use]", '[layers.land_use]\ncode_system = "../x"', ["code_system"]),
        ("year = 2024", 'year = 2024\nallow_paths = ["\\u0000"]', ["allow_paths"]),
    ],
)
def test_a_config_that_nobody_can_mean(published, capsys, old, new, words):
    config, before = published
    _edit(config, old, new)

    text = _refused(config, capsys)

    assert [word for word in words if word not in text] == []
    assert _hashes(config) == before


def test_an_exempt_act_that_no_rule_knows(published, capsys):
    config, before = published
    _edit(config, "[accountability]", '[accountability]\nexempt_acts = ["未供后用"]')

    assert "是不是 未供先用" in _refused(config, capsys)
    assert _hashes(config) == before


def test_a_basis_that_was_never_filled_in(published, capsys):
    config, before = published
    _edit(config, "年度考核责任状", "(填写文号)责任状")

    assert "依据还没有填" in _refused(config, capsys)
    assert _hashes(config) == before
