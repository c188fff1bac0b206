"""Results of earlier inspections: the leader's page and the trend hold them beside the new ones."""

import shutil

import pytest
from pypdf import PdfReader

from pipeline.cli import main
from pipeline.errors import Refused
from pipeline.project import load
from pipeline.runner.line import run
from tests.county import write_clean
from tests.report.pages import text_of
from tests.squares import SQUARES

QUICK = '[report]\nsheets = "none"\ngis = false\n'


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A county of a year ago, its workspace kept as ``earlier``, and the same county now."""
    config = write_clean(SQUARES, tmp_path_factory.mktemp("county"))
    now = config.read_text(encoding="utf-8")
    before = now.replace('name = "squares"', 'name = "squares-2023"')
    before = before.replace("year = 2024", "year = 2023").replace("2025-03-31", "2024-03-31")
    config.write_text(before + QUICK, encoding="utf-8")
    ran(config)
    shutil.copytree(config.parent / "workspace", config.parent / "earlier")
    config.write_text(now + QUICK, encoding="utf-8")
    ran(config)
    return config


@pytest.fixture
def county(finished, tmp_path):
    shutil.copytree(finished.parent, tmp_path / "county")
    return tmp_path / "county" / finished.name


def ran(config):
    return run(load(config), say=lambda _line: None).ran


def name_earlier(config, folder):
    text = config.read_text(encoding="utf-8")
    config.write_text(f'{text}compare_with = "{folder}"\n', encoding="utf-8")


def test_without_a_named_result_a_second_run_has_nothing_to_compare(county):
    page = county.parent / "workspace/out/county_page.pdf"
    assert "未指定对比的上次成果" in text_of(page)
    assert ran(county) == []


def test_a_named_result_is_compared_and_its_change_makes_the_page_anew(county):
    name_earlier(county, "earlier")
    page = county.parent / "workspace/out/county_page.pdf"
    assert ran(county) == ["report"]
    first = page.read_bytes()
    assert "与上次相比（squares-2023，2023年度，截止2024-03-31）" in text_of(page)
    assert len(PdfReader(page).pages) == 1
    assert ran(county) == []
    assert main(["verify", str(county)]) == 0

    state = county.parent / "earlier/work/state.json"
    state.write_text(state.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    assert ran(county) == ["report"]
    assert page.read_bytes() == first


def test_a_named_result_that_is_not_there_is_refused_before_anything_runs(county):
    name_earlier(county, "nothing")
    with pytest.raises(Refused, match=r"nothing/work/state\.json"):
        ran(county)


def test_the_result_that_is_being_made_is_no_earlier_one(county):
    name_earlier(county, "workspace")
    with pytest.raises(Refused, match="工作区"):
        load(county)


def test_the_trend_of_two_finished_inspections(county, tmp_path, capsys):
    out = tmp_path / "图" / "trend.pdf"
    places = [str(county), str(county.parent / "earlier")]
    assert main(["trend", *places, "--out", str(out)]) == 0
    assert "趋势图已写到" in capsys.readouterr().out
    assert "方格县2023–2024年度卫片执法检查乡镇违法占用耕地比例趋势（疑似）" in text_of(out)


@pytest.mark.parametrize(
    ("places", "out", "said"),
    [
        (["county.toml"], "t.pdf", "至少要两次检查"),
        (["county.toml", "nowhere"], "t.pdf", "没有这个文件夹或配置文件"),
        (["county.toml", "earlier"], "t.jpg", "以 .png、.pdf 或 .svg 结尾"),
    ],
)
def test_a_trend_that_cannot_be_drawn_says_why(county, capsys, places, out, said):
    given = [county if place.endswith(".toml") else county.parent / place for place in places]
    target = county.parent / out
    assert main(["trend", *map(str, given), "--out", str(target)]) == 1
    assert said in capsys.readouterr().err
    assert not target.exists()
