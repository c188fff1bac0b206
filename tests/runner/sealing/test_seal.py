"""A sealed run: a copy that stays as it is, a sheet to sign, and what later runs say of it."""

import json
import stat
import subprocess

from pypdf import PdfReader

from pipeline.runner.sealing.sums import NAME
from tests.report.pages import text_of
from tests.runner.sealing.tampering import files_of, touches

LEGAL = "change_id,verdict,reason,ruled_by,ruled_on\nC11,legal,补交批文,甲,2025-01-05\n"


def _rule(county):
    (county.parent / "hand" / "rulings.csv").write_text(LEGAL, encoding="utf-8-sig")


def test_a_seal_is_a_whole_read_only_copy_that_sha256sum_checks(county, said):
    workspace = county.parent / "workspace"
    status, told = said("seal", county)
    assert status == 0
    assert "没有人工认定" in told
    assert f"make verify SEALED=1 CONFIG={county}" in told
    sealed = workspace / "sealed" / "squares-1"
    names = files_of(sealed, (".",))
    assert {*names} == {*files_of(workspace), NAME, "seal.json", "签认页.pdf"}
    assert not any((sealed / name).stat().st_mode & stat.S_IWUSR for name in names)
    done = subprocess.run(
        ["sha256sum", "-c", "--strict", NAME], cwd=sealed, capture_output=True, check=False
    )
    assert done.returncode == 0
    assert said("verify", county, "--sealed")[0] == 0
    assert said("verify", county)[0] == 0
    again = said("seal", county)
    assert again[0] == 0
    assert "没有另存" in again[1]
    assert [one.name for one in (workspace / "sealed").iterdir()] == ["squares-1"]


def test_the_sheet_says_what_is_signed_and_the_sum_to_read_aloud(county, said):
    said("seal", county)
    sealed = county.parent / "workspace" / "sealed" / "squares-1"
    record = json.loads((sealed / "seal.json").read_text(encoding="utf-8"))
    page = sealed / "签认页.pdf"
    assert len(PdfReader(page).pages) == 1
    text = text_of(page)
    for part in (
        "签认页（疑似）",
        "squares-1",
        record["manifest_sha256"],
        record["sums_sha256"],
        record["run_id"],
        "经办人",
        "审核人",
        "分管领导",
        "交来13个",  # the changes of squares.py
        "不防伪造",
    ):
        assert part in text, part
    manifest = json.loads((sealed / "out/manifest.json").read_text(encoding="utf-8"))
    assert manifest["run_id"] == record["run_id"]


def test_what_is_touched_in_a_seal_is_named(county, said):
    said("seal", county)
    sealed = county.parent / "workspace" / "sealed" / "squares-1"
    names = [NAME, "seal.json", "签认页.pdf", f"out/{NAME}", "work/judged.parquet"]
    missed = []
    for touched in touches(sealed, names, 2 * len(names), seed=3):
        status, told = said("verify", county, "--sealed", "1")
        wrong = [line for line in told.splitlines() if line.startswith("不符:")]
        assert "make all" not in told  # it does not mend a seal
        assert "归档的那一份" in told
        if status != 1 or len(wrong) != 1 or f" {touched.name} " not in wrong[0]:
            missed.append((touched.name, touched.how, told))
    assert missed == []


def test_a_later_run_says_what_differs_and_the_seal_stays(county, said):
    workspace = county.parent / "workspace"
    said("seal", county)
    sealed = workspace / "sealed" / "squares-1"
    before = {name: (sealed / name).read_bytes() for name in files_of(sealed, (".",))}
    assert "结论、占耕比、名次都没有变" in said("run", county)[1]

    _rule(county)
    status, told = said("run", county)
    assert status == 0
    assert "与封存 squares-1 相比：结论变了的图斑 1 个" in told
    assert "图斑 C11 甲镇：疑似违法 → 合法" in told
    rows = (workspace / "since_seal.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rows[0] == "unit_kind,unit_code,township,measure,sealed,now"
    assert "图斑,C11,甲镇,结论,疑似违法,合法" in rows
    assert {name: (sealed / name).read_bytes() for name in before} == before
    assert said("verify", county)[0] == 0

    assert said("seal", county)[0] == 0
    assert sorted(one.name for one in sealed.parent.iterdir()) == ["squares-1", "squares-2"]


def test_a_seal_that_was_touched_is_not_compared_with(county, said):
    said("seal", county)
    state = county.parent / "workspace/sealed/squares-1/work/state.json"
    state.chmod(0o644)
    state.write_bytes(state.read_bytes() + b" ")
    assert "没有与封存 squares-1 比较:封存被改动过" in said("run", county)[1]


def test_a_seal_that_was_touched_is_no_reason_not_to_seal_again(county, said):
    said("seal", county)
    touched = county.parent / "workspace/sealed/squares-1/out/county.csv"
    touched.chmod(0o644)
    touched.write_bytes(b"x")
    status, told = said("seal", county)
    assert status == 0
    assert "squares-1 被动过" in told
    assert (touched.parents[2] / "squares-2").is_dir()
    assert touched.read_bytes() == b"x"


def test_stale_and_touched_runs_are_not_sealed(county, said):
    _rule(county)
    status, told = said("seal", county)
    assert status == 1
    assert "hand/rulings.csv" in told
    said("run", county)
    (county.parent / "workspace/out/county.csv").write_bytes(b"x")
    status, told = said("seal", county)
    assert status == 1
    assert "out/county.csv" in told
    assert not (county.parent / "workspace" / "sealed").exists()


def test_a_seal_that_is_not_there(county, said):
    status, told = said("verify", county, "--sealed", "7")
    assert status == 1
    assert "没有封存 7" in told
    assert "办法:一个也没有,先封存:make seal" in told
