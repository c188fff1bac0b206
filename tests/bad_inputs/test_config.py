"""Bad inputs K: configs that are mistyped, hostile or not what they seem."""

import re
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.bad_inputs.case import Case, township_figures
from tests.bad_inputs.county import CONFIG, FIGURES, change_config
from tests.bad_inputs.watched import listening


def _as(edit):
    """Return a spoiler that writes the config's bytes again."""

    def spoil(folder):
        path = folder / CONFIG
        path.write_bytes(edit(path.read_text(encoding="utf-8")))

    return spoil


def _rest_of_the_file(text):
    return _as(lambda before: (before + text).encode())


def _outside(folder):
    """Have a whole delivery lie beside the project, and the config name it."""
    other = folder.parent / "other"
    other.mkdir()
    for file in (folder / "data").glob("change.*"):
        file.rename(other / file.name)
    change_config(("data/change.shp", "../other/change.shp"))(folder)


def _without_section(name):
    def edit(text):
        return re.sub(rf"\[+{re.escape(name)}\]+.*?\n\n", "", text, flags=re.DOTALL).encode()

    return _as(edit)


LINE = 'township = { ratio = 0.08, comparison = ">"'
DEEP = "x = " + "[" * 100_000
MISTAKES = [
    Case("K01", _rest_of_the_file("x = !!python/object/apply:os.system ['echo PWNED']\n"), "refuse", (CONFIG, "行"), canaries=("PWNED\n",)),
    Case("K02", _rest_of_the_file(DEEP), "refuse", (CONFIG, "太深")),
    Case("K02-dotted", _rest_of_the_file(".".join("a" * 5_000) + " = 1\n"), "refuse", (CONFIG,)),
    Case("K02-large", _as(lambda text: (text + "#" * (64 << 20)).encode()), "refuse", (CONFIG, "太大")),
    Case("K03", change_config((LINE, f"{LINE}, ratio = 0.5")), "refuse", (CONFIG, "ratio")),
    Case("K03-key", change_config(("year = 2024", "year = 2024\nyear = 2023")), "refuse", ("year", "行")),
    Case("K03-table", _rest_of_the_file('\n[area]\nkind = "plane"\n'), "refuse", ("area", "行")),
    Case("K04", change_config(('county_code = "331082"', "county_code = 031082")), "refuse", (CONFIG, "031082|行")),
    Case("K04-number", change_config(('county_code = "331082"', "county_code = 331082")), "refuse", ("county_code", "引号")),
    Case("K05", change_config(("as_of =", "as_off =")), "refuse", ("as_off", "as_of")),
    Case("K05-line", change_config(("ratio = 0.08", "ratoi = 0.08")), "refuse", ("ratoi", "ratio")),
    Case("K06", change_config(("ratio = 0.08", "ratio = 8")), "refuse", ("township.ratio", "8")),
    Case("K06-percent", change_config(("ratio = 0.08", 'ratio = "8%"')), "refuse", ("township.ratio", "8%")),
    Case("K07-negative", change_config(("ratio = 0.08", "ratio = -0.08")), "refuse", ("township.ratio",)),
    Case("K08", change_config(("ratio = 0.08", "ratio = nan")), "refuse", ("township.ratio", "NaN|nan")),
    Case("K08-infinite", change_config(("ratio = 0.08", "ratio = inf")), "refuse", ("township.ratio",)),
    Case("K09", change_config(('workspace = "workspace"', 'workspace = "../../escape"')), "refuse", ("workspace", "之外")),
    Case("K10", change_config(('workspace = "workspace"', 'workspace = "data"')), "refuse", ("workspace", "输入数据")),
    Case("K10-project", change_config(('workspace = "workspace"', 'workspace = "."')), "refuse", ("workspace",)),
    Case("K11", _as(lambda text: text.encode("gbk")), "refuse", (CONFIG, "UTF-8|编码")),
    Case("K11-utf-16", _as(lambda text: text.encode("utf-16")), "refuse", (CONFIG, "UTF-8|编码")),
    Case("K17", change_config(("[hand]", "[hand]\n\tx\ty = 1")), "refuse", (CONFIG, "行")),
    Case("K18", _outside, "refuse", ("changes", "之外")),
    Case("K18-absolute", change_config(("data/change.shp", "/etc/hostname")), "refuse", ("changes", "之外")),
    Case("K19", _without_section("layers.land_use"), "refuse", ("land_use", "缺少")),
    Case("K20", _as(lambda _text: b""), "refuse", (CONFIG, "inspection")),
    Case("K20-blank", _as(lambda _text: b"\xef\xbb\xbf\r\n# \r\n"), "refuse", (CONFIG, "inspection")),
    Case("K20-folder", lambda folder: ((folder / CONFIG).unlink(), (folder / CONFIG).mkdir()), "refuse", (CONFIG,)),
    Case("K21-quote", change_config(('township_code = "XZQDM"', "township_code = \"XZQDM' OR '1'='1\"")), "refuse", ("XZQDM' OR",)),
]  # fmt: skip
HARMLESS = [
    Case(
        "K12", _as(lambda text: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()), "accept"
    ),
    Case("K17-tabs", change_config(("kind = ", "\tkind\t=\t")), "accept"),
]
# id, where the address goes, what the message holds
ADDRESSES = [
    ("K13", ("data/change.shp", "{url}/change.shp"), ("changes", "网络")),
    ("K14", ("data/change.shp", "/vsicurl/{url}/change.shp"), ("changes", "虚拟|网络")),
    ("K14-zip", ("data/change.shp", "/vsizip/vsicurl/{url}/x.zip"), ("changes", "虚拟|网络")),
    ("K14-gpkg", ("data/change.shp", "GPKG:/vsicurl/{url}/x.gpkg"), ("changes", "网络")),
    ("K14-unc", ("data/change.shp", r"\\\\127.0.0.1\\share\\change.shp"), ("changes", "网络")),
    ("K15", ('crs = "EPSG:4549"', 'crs = "{url}/crs"'), ("crs",)),
    ("K15-ledger", ("hand/cases.xlsx", "{url}/cases.xlsx"), ("hand", "网络")),
]


@pytest.mark.parametrize("case", [*MISTAKES, *HARMLESS], ids=lambda case: case.id)
def test_case(case, tried):
    tried(case)


@pytest.mark.parametrize(
    ("case_id", "pair", "says"), ADDRESSES, ids=[one[0] for one in ADDRESSES]
)
def test_an_address_where_a_file_belongs(case_id, pair, says, tried):
    with listening() as (url, calls):
        spoil = change_config((pair[0], pair[1].replace("{url}", url)))
        tried(Case(case_id, spoil, "refuse", says))
    assert calls == []


def test_no_path_to_a_layer_is_refused_with_the_key(tried):
    def spoil(folder):
        path = folder / CONFIG
        text = path.read_text(encoding="utf-8").replace('path = "data/approved.shp"\n', "")
        assert "path" not in tomllib.loads(text)["layers"]["approvals"][0]
        path.write_text(text, encoding="utf-8")

    tried(Case("K19-path", spoil, "refuse", ("approvals", "path", "缺少")))


SHADOWED = Case("K22", lambda _folder: None, "accept")
SHADOWS = (
    "sitecustomize.py",
    "usercustomize.py",
    "yaml.py",
    "numpy.py",
    "json.py",
    "fiona.py",
)


def test_code_that_lies_in_the_project_does_not_run(clean, tmp_path):
    """The run starts where the files lie, as ``python -m pipeline`` is called by hand."""
    county = tmp_path / "county"
    shutil.copytree(clean, county)
    for name in SHADOWS:
        (county / name).write_text("open('PWNED', 'w').close()\n", encoding="utf-8")
    (county / "matplotlibrc").write_text("backend: module://yaml\n", encoding="utf-8")
    called = [sys.executable, "-m", "pipeline", "run", CONFIG, "--until", "rank"]

    ran = subprocess.run(called, cwd=county, capture_output=True, text=True, check=False)

    assert (ran.returncode, "PWNED" in ran.stdout + ran.stderr) == (0, False), ran.stderr
    assert not (county / "PWNED").exists()
    assert township_figures(county / "workspace") == FIGURES | SHADOWED.figures
