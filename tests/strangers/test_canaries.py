"""Fifty invented persons in every input: none of them in anything that comes out."""

import pipeline
from pipeline.cli import main
from tests.strangers.contents import files, occurrences
from tests.strangers.hostile import CANARIES


def test_there_are_fifty_and_each_is_handed_in(inspected):
    assert len(set(CANARIES)) == 50
    handed_in = [*files(inspected.folder / "raw"), *files(inspected.folder / "hand")]
    assert {text for text, _ in occurrences(CANARIES, handed_in)} == set(CANARIES)


def test_none_is_in_the_workspace_or_in_what_the_run_said(inspected):
    workspace = [*files(inspected.folder / "workspace"), ("said", inspected.said.encode())]
    assert occurrences(CANARIES, workspace) == []


def test_none_is_in_what_is_asked_for_afterwards(inspected, capsys):
    config = str(inspected.config)
    assert main(["check", config]) == 0
    assert main(["review", config]) == 0
    for change in pipeline.load(inspected.folder / "workspace").changes["change_id"]:
        assert main(["explain", config, "--", change]) == 0
    said = capsys.readouterr()

    found = [*files(inspected.folder / "workspace"), ("said", (said.out + said.err).encode())]
    assert occurrences(CANARIES, found) == []


def test_none_is_in_a_notebook_that_looks_at_the_layer(inspected):
    seen = pipeline.look(str(inspected.folder / "raw" / "changes.gpkg"))
    shown = (
        seen._repr_html_()
        + seen.fields.to_csv()
        + seen.shapes.drop(columns="geometry").to_csv()
    )
    assert occurrences(CANARIES, [("look", shown.encode())]) == []
    assert "〔个人信息〕" in shown


def test_what_was_left_out_is_said(inspected):
    defects = (inspected.out / "defects.csv").read_text(encoding="utf-8-sig")
    for field in ("联系人", "联系电话", "身份证号"):
        assert f"字段 {field} 像是个人信息,不带入成果" in defects
    for field in ("BZ", "HM", "WZ"):
        assert f"字段 {field} 里有 13 处" in defects
