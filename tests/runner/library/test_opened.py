"""A finished inspection opened in a notebook: the county of squares, every figure by hand."""

import dataclasses
import json
import shutil
from decimal import Decimal

import pytest

import pipeline
from pipeline.errors import PipelineError, Refused
from tests.county import write_clean
from tests.squares import BING, JIA, SQUARES, YI

RULED = {"change_id": "C11", "township_code": None, "verdict": "legal", "reason": "补交<批文>"}
RULED |= {"ruled_by": "示例审核员", "ruled_on": "2025-01-08"}


@pytest.fixture(scope="module")
def config(tmp_path_factory):
    return write_clean(SQUARES, tmp_path_factory.mktemp("opened"))


@pytest.fixture(scope="module")
def inspection(config):
    return pipeline.run(config, until="rank", quiet=True)


@pytest.fixture(scope="module")
def ruled(tmp_path_factory):
    hand = SQUARES.hand | {"rulings": [RULED]}
    county = dataclasses.replace(SQUARES, hand=hand)
    config = write_clean(county, tmp_path_factory.mktemp("ruled"))
    return pipeline.run(config, until="rank", quiet=True)


@pytest.fixture
def workspace(inspection, tmp_path):
    """The workspace alone, somewhere else, without the config and the inputs."""
    shutil.copytree(inspection.workspace, tmp_path / "搬走的 workspace")
    return tmp_path / "搬走的 workspace"


def test_the_tables_have_their_shapes(inspection):
    assert len(inspection.changes) == 13
    assert inspection.changes.crs.to_epsg() == 4549
    c01 = inspection.changes.set_index("change_id").loc["C01"]
    assert (c01["verdict"], c01["illegal_m2"], c01["stated_area_m2"]) == ("illegal", 500, 2000)
    assert c01["geometry"].area == pytest.approx(2000)
    assert list(inspection.townships["township_code"]) == [YI, JIA, BING]
    assert list(inspection.townships.geometry.area) == pytest.approx([1e6] * 3)
    assert inspection.pieces["area_m2"].sum() == 50_000
    assert len(inspection.approvals) == 12
    assert list(inspection.county["illegal_farmland_m2"]) == [6_400]


@pytest.mark.parametrize("name", list(pipeline.load.__globals__["VIEWS"]))
def test_every_table_is_described_and_labelled(inspection, name):
    frame = inspection.table(name)
    told = inspection.describe(name)
    assert set(told["列名"]) <= set(frame.columns)
    shown = inspection.labelled(name)
    assert shown.shape == frame.drop(columns="geometry", errors="ignore").shape


def test_labels_say_mu_and_percent(inspection):
    table = inspection.labelled("townships").set_index("乡镇（街道）")
    assert table.loc["甲镇", "违法占用耕地（亩）"] == 5.10  # 3,400 m²
    assert table.loc["甲镇", "占耕比（分子分母同减）"] == "12.24%"  # 3,000 / 24,500
    assert table.loc["丙镇", "占耕比（分子分母同减）"] == "无"
    assert table.loc["乙镇", "触线"] == "是"
    metres = inspection.labelled("townships", mu=False).set_index("乡镇（街道）")
    assert metres.loc["甲镇", "违法占用耕地（㎡）"] == 3400.0
    changes = inspection.labelled("changes").set_index("图斑编号")
    assert changes.loc["C02", "认定结论"] == "疑似违法"
    assert changes.loc["C02", "规则"] == "未见有效批准手续"


def test_what_is_changed_in_a_table_changes_nothing(inspection):
    inspection.changes["verdict"] = "legal"
    inspection.townships["rank"] = 0
    assert set(inspection.changes["verdict"]) == {"illegal", "legal", "other", "doubtful"}
    assert list(inspection.townships["rank"].dropna()) == [1, 2]


def test_nothing_is_written(workspace):
    def content():
        return {path: path.read_bytes() for path in workspace.rglob("*") if path.is_file()}

    before = content()
    opened = pipeline.load(workspace)
    opened.map(), opened.explain("C01"), opened.near_line(), str(opened.compare(opened))
    assert content() == before


def test_a_moved_workspace_needs_no_config(workspace, inspection):
    moved = pipeline.load(workspace)
    assert moved.heading == inspection.heading
    assert list(moved.heading.rule_names) == list(inspection.heading.rule_names)
    assert "超出批准范围" in str(moved.explain("C01"))
    assert repr(moved) == (
        "方格县 2024 年度卫片执法检查（疑似）：图斑 13 个（疑似违法 6，其他 4，合法 2，存疑 1），"
        "乡镇 3 个，超过 8%的 2 个"
    )


def test_it_opens_by_config_by_folder_and_by_workspace(config, inspection):
    for place in (config, config.parent, inspection.workspace, str(config)):
        assert pipeline.load(place).workspace == inspection.workspace


def test_near_the_line(inspection):
    table = inspection.near_line()
    assert list(table["乡镇（街道）"]) == ["乙镇", "甲镇"]
    assert list(table["超过 8%"]) == ["是", "是"]
    assert list(table["还需复耕（亩）"]) == ["2.29", "1.70"]  # 2.2826088 and 1.6956522, up
    assert list(table["存疑能翻"]) == ["", ""]  # 3,000 / 21,000 is over the line too


@pytest.mark.parametrize(
    ("amounts", "ratio", "over"),
    [
        # 1,130.4348 m² are 1.6956522 mu: just enough; a unit less is not
        ({"reclaimed_mu": 1.6956522}, "7.9999999%", "否"),
        ({"reclaimed_mu": 1.695652}, "8.00", "是"),
        ({"illegal_mu": 1.5}, "15.69%", "是"),  # 4,000 / 25,500
        ({"legal_mu": 19.5}, "8.0000%", "否"),  # 3,000 / 37,500 is the line itself
        ({"reclaimed_mu": 100}, "0.00%", "否"),  # no more than there is
    ],
)
def test_what_if(inspection, amounts, ratio, over):
    table = inspection.what_if("甲镇", **amounts)
    assert table.loc["现在", "整改后（分子分母同减）"] == "12.24%"
    assert table.loc["假如", "整改后（分子分母同减）"].startswith(ratio)
    assert table.loc["假如", "超过 8%"] == over


def test_the_amounts_told_keep_to_the_right_side_of_the_line(inspection):
    now = inspection.what_if("乙镇").loc["现在"]
    need = Decimal(now["还需复耕（亩）"])
    then = inspection.what_if("乙镇", reclaimed_mu=need).loc["假如"]
    assert then["超过 8%"] == "否"
    before = inspection.what_if("甲镇", legal_mu=20).loc["假如"]
    room = Decimal(before["余量（亩）"])  # 3,000 / 37,833.3333: 28.9855 m² are 0.0434 mu
    assert str(room) == "0.04"
    then = inspection.what_if("甲镇", legal_mu=20, illegal_mu=room).loc["假如"]
    assert then["超过 8%"] == "否"
    tight = inspection.what_if("甲镇", legal_mu=19.55).loc["假如"]["余量（亩）"]
    assert tight.endswith("㎡")  # 0.0043 mu


def test_maps_are_pictures_of_the_same_bytes(inspection, tmp_path):
    for wanted in ({}, {"township": "甲镇"}, {"township": YI}, {"change": "C01"}):
        one, other = (inspection.map(**wanted)._repr_png_() for _ in range(2))
        assert one.startswith(b"\x89PNG")
        assert one == other
    inspection.map().save(tmp_path / "图.pdf")
    assert (tmp_path / "图.pdf").stat().st_size > 10_000


def test_an_explanation_says_the_verdict_and_all_of_the_way(inspection):
    explanation = inspection.explain("C01")
    html = explanation._repr_html_()
    assert "疑似违法" in html
    assert "500.00 ㎡" in html
    assert "程序建议，待人工确认" in html
    assert "<script" not in html
    assert str(explanation).splitlines()[0].startswith("图斑 C01")


def test_a_ruling_is_told_and_its_text_stays_text(ruled):
    html = ruled.explain("C11")._repr_html_()
    assert "人工认定" in html
    assert "补交&lt;批文&gt;" in html
    assert "<批文>" not in html


def test_two_inspections_compared(inspection, ruled):
    difference = inspection.compare(ruled)
    (change,) = difference.changes.to_dict("records")
    assert (change["change_id"], change["verdict_before"], change["verdict_after"]) == (
        "C11",
        "illegal",
        "legal",
    )
    (move,) = difference.moves.to_dict("records")
    assert (move["change_count"], move["illegal_farmland_m2_before"]) == (1, 1000)
    (town,) = difference.townships.to_dict("records")
    assert town["township_code"] == JIA
    assert town["official_before"] == 3000 / 24_500
    assert town["official_after"] == 2400 / 24_900  # nothing is left to reclaim there
    verdicts = difference.labelled("verdicts").set_index("认定结论")
    assert verdicts.loc["合法", "面积（亩，前）"] == 57.75  # 38,500 m²
    assert verdicts.loc["合法", "面积（亩，后）"] == 59.25
    assert list(difference.basis["类"]) == ["数据"]
    assert list(difference.basis["项目"]) == ["rulings.csv"]
    told = str(difference)
    assert told.startswith("规则相同\n口径相同\n数据不同：rulings.csv")
    assert "疑似违法→合法 1 个" in told


def test_what_is_not_there_is_said(inspection, tmp_path):
    cases = [
        (lambda: pipeline.load(tmp_path / "nowhere"), "没有这个文件夹或配置文件"),
        (lambda: pipeline.load(tmp_path), "这里还没有检查结果"),
        (lambda: inspection.table("judged"), "没有名为 judged 的表"),
        (lambda: inspection.map(township="丁镇"), "没有叫 丁镇 的乡镇"),
    ]
    for ask, words in cases:
        with pytest.raises(PipelineError) as said:
            ask()
        assert words in str(said.value)
        assert "办法:" in str(said.value)
    with pytest.raises(Refused, match="没有编号为 C99 的图斑"):
        inspection.map(change="C99")


@pytest.mark.usefixtures("inspection")
def test_half_a_workspace_is_not_opened(config, tmp_path):
    folder = tmp_path / "county"
    shutil.copytree(config.parent, folder)
    half = folder / config.name
    text = half.read_text(encoding="utf-8")
    half.write_text(text.replace("as_of = 2025-03-31", "as_of = 2025-03-30"), encoding="utf-8")
    with pytest.raises(PipelineError, match="只算了一半"):
        pipeline.run(half, until="judge", quiet=True)
    with pytest.raises(PipelineError, match="只算了一半"):
        pipeline.load(folder)
    whole = pipeline.run(half, until="rank", quiet=True)
    assert str(whole.heading.as_of) == "2025-03-30"


def test_a_run_that_finds_nothing_to_do_leaves_it_open(config, inspection):
    pipeline.run(config, until="judge", quiet=True)
    assert pipeline.load(config).heading == inspection.heading


def test_a_table_made_anew_since_is_not_mixed_in(workspace):
    opened = pipeline.load(workspace)
    table = workspace / "work" / "judged.parquet"
    table.write_bytes(table.read_bytes() + b" ")
    with pytest.raises(PipelineError, match="与打开时不同"):
        opened.pieces  # noqa: B018
    table.unlink()
    with pytest.raises(PipelineError, match="不见了"):
        opened.explain("C01")


def test_a_workspace_of_an_older_program_says_so(workspace):
    path = workspace / "work" / "state.json"
    state = json.loads(path.read_text(encoding="utf-8"))
    del state["inspection"]
    path.write_text(json.dumps(state), encoding="utf-8")
    with pytest.raises(PipelineError, match="旧版程序"):
        pipeline.load(workspace)


@pytest.mark.parametrize("kept", ["flagged", "none"])
def test_pieces_without_shapes_are_only_not_drawn(tmp_path, kept):
    config = write_clean(SQUARES, tmp_path, rest=f'[overlay]\ngeometry = "{kept}"\n')
    opened = pipeline.run(config, until="rank", quiet=True)
    assert opened.map(change="C01")._repr_png_().startswith(b"\x89PNG")
    assert len(opened.labelled("pieces")) == len(opened.pieces)
