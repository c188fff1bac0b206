import pytest

from pipeline.errors import Refused
from pipeline.io.settings import ApprovalLayer
from pipeline.io.source import read_source
from tests.io.deliveries import codes, section

HEAD = "[属性描述]\n坐标系=2000国家大地坐标系\n几度分带=3\n带号=40\n[地块坐标]\n"
CORNERS = [(0, 0), (100, 0), (100, 100), (0, 100), (0, 0)]


def text(*blocks):
    points = "".join(f"J,1,{3193000 + x}.0,{611000 + y}.0\n" for x, y in CORNERS)
    return HEAD + "".join(f"5,1.0,{number},{name},面,,,,@\n{points}" for number, name in blocks)


def read(tmp_path, ledger, key, **files):
    for name, content in files.items():
        (tmp_path / f"{name}.txt").write_text(content)
    (tmp_path / "台账.csv").write_text(ledger)
    approvals = ApprovalLayer(
        path="*.txt",
        kind="conversion",
        fields={"approval_no": "批准文号", "approved_on": "批准日期"},
        ledger="台账.csv",
        ledger_key=key,
    )
    paths = sorted(tmp_path.glob("*.txt"))
    return read_source(approvals, paths, label="approvals", ledger=tmp_path / "台账.csv")


HEADER = "序号,文件,地块,批准文号,批准日期\n"
FILE, BLOCK = {"file": "文件"}, {"block": "地块"}


@pytest.mark.parametrize("name", ["a.txt", "a", "A.TXT", " a.txt "])
def test_a_row_claims_its_file(tmp_path, name):
    source = read(
        tmp_path,
        HEADER + f"1,{name},,甲〔2024〕1号,2024-3-15\n",
        FILE,
        a=text((1, "一"), (2, "二")),
    )
    assert source.frame["批准文号"].tolist() == ["甲〔2024〕1号"] * 2
    assert source.frame["批准日期"].tolist() == ["2024-3-15"] * 2
    assert source.frame["地块编号"].tolist() == ["1", "2"]
    assert source.findings == []


@pytest.mark.parametrize(
    "rows", ["1,,1,甲,2024\n2,,2,乙,2023\n", "1,,一,甲,2024\n2,,二,乙,2023\n"]
)
def test_a_row_claims_its_block_by_number_or_name(tmp_path, rows):
    source = read(tmp_path, HEADER + rows, BLOCK, a=text((1, "一"), (2, "二")))
    assert source.frame["批准文号"].tolist() == ["甲", "乙"]


def test_file_and_block_together(tmp_path):
    rows = "1,a,1,甲,2024\n2,b,1,乙,2023\n"
    source = read(
        tmp_path, HEADER + rows, {**FILE, **BLOCK}, a=text((1, "一")), b=text((1, "一"))
    )
    assert source.frame["批准文号"].tolist() == ["甲", "乙"]


def test_a_block_without_a_row_is_kept_a_row_without_a_block_noted(tmp_path):
    rows = "1,a,,甲,2024\n2,c,,丙,2022\n3,,,丁,2021\n"
    source = read(tmp_path, HEADER + rows, FILE, a=text((1, "一")), b=text((1, "一")))
    assert source.frame["批准文号"].tolist() == ["甲", None]
    assert len(source.geometry) == 2
    found = {finding.code: finding.record for finding in source.findings}
    assert found == {
        "ledger-missing": "b.txt 地块 1",
        "ledger-unclaimed": "台账.csv 第 3 行",
        "ledger-no-key": "台账.csv 第 4 行",
    }
    assert {finding.severity for finding in source.findings} == {"noted"}


def test_a_key_with_two_contents_is_refused(tmp_path):
    rows = "1,a,1,甲,2024\n2,a,2,乙,2024\n"
    with pytest.raises(Refused, match="有两行,内容不同") as refused:
        read(tmp_path, HEADER + rows, FILE, a=text((1, "一"), (2, "二")))
    assert "台账.csv 第 3 行" in str(refused.value)


def test_a_row_twice_is_one_row(tmp_path):
    rows = "1,a,1,甲,2024\n2,a,1,甲,2024\n"
    source = read(tmp_path, HEADER + rows, FILE, a=text((1, "一")))
    assert source.frame["批准文号"].tolist() == ["甲"]
    assert codes(source.findings) == [("ledger-duplicate", "noted")]


def test_one_row_for_blocks_of_several_files_is_refused(tmp_path):
    with pytest.raises(Refused, match=r"被 2 个文件里编号相同的地块认领:a.txt、b.txt"):
        read(tmp_path, HEADER + "1,,1,甲,2024\n", BLOCK, a=text((1, "一")), b=text((1, "一")))


def test_the_ledgers_value_stands_where_both_have_the_name(tmp_path):
    ledger = "文件,用途,批准文号,批准日期\na,学校,甲,2024\n"
    source = read(tmp_path, ledger, FILE, a=text((1, "一")))
    assert source.frame["用途"].tolist() == ["学校"]


def test_a_ledger_without_the_key_column_is_refused(tmp_path):
    with pytest.raises(Refused, match="没有列"):
        read(tmp_path, "批准文号,批准日期\n甲,2024\n", FILE, a=text((1, "一")))


def test_a_ledger_needs_a_key_and_coordinate_texts(tmp_path):
    with pytest.raises(Refused, match="ledger_key"):
        read(tmp_path, HEADER, None, a=text((1, "一")))
    (tmp_path / "b.txt").write_text(text((1, "一")))
    with pytest.raises(Refused, match="认领不了"):
        read_source(
            section(), [tmp_path / "b.txt"], label="changes", ledger=tmp_path / "台账.csv"
        )
