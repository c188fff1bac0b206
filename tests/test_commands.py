"""The other commands: check, verify, explain, and what their exit status says."""

import dataclasses
import json
import shutil

import pytest

from pipeline.cli import main
from tests.county import write_clean
from tests.squares import SQUARES

# C03 once more, but without an id: this record is quarantined
_CORNERS, _RECORD = SQUARES.changes[2]
NAMELESS = (_CORNERS, _RECORD | {"JCBH": None})
DOUBLED = dataclasses.replace(SQUARES, changes=[*SQUARES.changes, NAMELESS])


@pytest.fixture(scope="module")
def inspected(tmp_path_factory):
    config = write_clean(DOUBLED, tmp_path_factory.mktemp("inspected"))
    assert main(["run", str(config), "--strict"]) == 4
    return config


@pytest.fixture
def county(inspected, tmp_path):
    shutil.copytree(inspected.parent, tmp_path / "county")
    return tmp_path / "county" / inspected.name


def test_no_command_shows_the_help(capsys):
    assert main([]) == 0
    said = capsys.readouterr().out
    assert said.startswith("用法(usage):python -m pipeline")
    assert "重算输入与成果的校验值" in said


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (["rnu", "x.toml"], ["命令", "rnu", "invalid choice", "是不是 run?", "verify"]),
        (
            ["xyzzy"],
            [
                "xyzzy",
                "可以写:demo、check、run、explain、review、rulings、verify、share、trend、seal",
            ],
        ),
        (["run", "x.toml", "--until", "jugde"], ["--until", "是不是 judge?", "ingest"]),
        (["run"], ["缺少 CONFIG(required)", "python -m pipeline run --help"]),
        (["run", "x.toml", "--until"], ["--until 后面要写一个值(expected one argument)"]),
        (["check", "x.toml", "--strict=3"], ["--strict 后面不写值", "'3'"]),
        (["check", "x.toml", "--all"], ["不认识 --all(unrecognized arguments)"]),
    ],
)
def test_a_command_typed_wrong_says_what_to_type(capsys, typed, words):
    with pytest.raises(SystemExit) as ended:
        main(typed)
    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert [word for word in [*words, "用法(usage)", "  办法:"] if word not in said] == []
    said.encode("gbk")


def test_verify_agrees_with_what_was_published(county, capsys):
    assert main(["verify", str(county)]) == 0
    assert "全部相符" in capsys.readouterr().out


@pytest.mark.parametrize(
    "name",
    ["workspace/out/changes.csv", "workspace/work/pieces.parquet", "raw/land_use.gpkg", "squares.toml"],
)  # fmt: skip
def test_verify_names_each_file_that_differs(county, capsys, name):
    path = county.parent / name
    path.write_bytes(path.read_bytes() + b" ")

    assert main(["verify", str(county)]) == 1
    out = capsys.readouterr().out
    assert name.removeprefix("workspace/") in out
    assert "1 个不符" in out


def test_verify_names_what_is_missing_and_what_was_added(county, capsys):
    out = county.parent / "workspace" / "out"
    (out / "offices.csv").unlink()
    (out / "mine.csv").write_text("x", encoding="utf-8")

    assert main(["verify", str(county)]) == 1
    said = capsys.readouterr().out
    assert "offices.csv 不见了" in said
    assert "mine.csv 不在清单里" in said


def test_verify_before_any_run_says_what_to_do(tmp_path, capsys):
    config = write_clean(SQUARES, tmp_path)

    assert main(["verify", str(config)]) == 1
    assert "make all" in capsys.readouterr().err


def test_a_run_that_stops_early_names_no_list_that_is_not_there(tmp_path, capsys):
    config = write_clean(SQUARES, tmp_path)

    assert main(["run", str(config), "--until", "rank"]) == 0
    assert not (tmp_path / "workspace" / "out").exists()
    assert "全部问题由 make all 写在 out/defects.csv" in capsys.readouterr().out


def test_check_writes_the_findings_and_leaves_published_results(county, capsys):
    published = county.parent / "workspace" / "out" / "defects.csv"
    before = published.read_bytes()

    assert main(["check", str(county)]) == 0
    assert "missing id" in capsys.readouterr().out
    assert "missing-id" in (county.parent / "workspace" / "check.csv").read_text("utf-8-sig")
    assert published.read_bytes() == before
    assert main(["check", str(county), "--strict"]) == 4


def test_explain_leads_from_the_record_to_the_ratio(county, capsys):
    assert main(["explain", str(county), "C01"]) == 0
    text = capsys.readouterr().out

    for part in (
        "JCBH = C01",
        "C01-003",
        "转2号",
        "批少占多",
        "甲镇",
        "疑似",
        "500.00",
        "24,900.00",
    ):
        assert part in text, part


def test_explain_before_any_run_says_what_to_do(tmp_path, capsys):
    config = write_clean(SQUARES, tmp_path)

    assert main(["explain", str(config), "C01"]) == 1
    assert "make all" in capsys.readouterr().err


def test_the_manifest_accounts_for_every_layer(county):
    path = county.parent / "workspace" / "out" / "manifest.json"
    manifest = json.loads(path.read_text(encoding="utf-8"))

    changes = next(one for one in manifest["balances"]["layers"] if one["layer"] == "changes")
    assert changes["records"] == {
        "handed_in": 14, "counted": 13, "quarantined": 1, "excluded": 0
    }  # fmt: skip
    assert changes["area"] == {
        "handed_in_m2": 51_000.0,  # 50,000 m² of squares.py, once more the 1,000 m² of C03
        "repaired_m2": 0.0,
        "counted_m2": 50_000.0,
        "quarantined_m2": 1_000.0,
        "excluded_m2": 0.0,
    }
    results = {one["path"]: one["rows"] for one in manifest["results"]}
    assert results["out/changes.csv"] == 13
    assert results["work/judged.parquet"] == 18
    assert all(len(one["sha256"]) == 64 for one in manifest["inputs"])


def test_explain_says_where_the_totals_are_older_than_the_judgement(county, capsys):
    rulings = "change_id,verdict,reason,ruled_by,ruled_on\nC11,legal,补交批文,甲,2025-01-05\n"
    (county.parent / "hand" / "rulings.csv").write_text(rulings, encoding="utf-8-sig")
    assert main(["run", str(county), "--until", "judge"]) == 0
    capsys.readouterr()

    assert main(["explain", str(county), "C11"]) == 0
    assert "汇总和排名还是以前的" in capsys.readouterr().out


def test_check_refuses_rulings_that_contradict_each_other(county, capsys):
    rows = ["change_id,verdict,reason,ruled_by,ruled_on"]
    rows += [f"C11,{verdict},看过,甲,2025-01-05" for verdict in ("legal", "illegal")]
    (county.parent / "hand" / "rulings.csv").write_text("\n".join(rows), encoding="utf-8-sig")

    assert main(["check", str(county)]) == 2
    assert "C11" in capsys.readouterr().err
