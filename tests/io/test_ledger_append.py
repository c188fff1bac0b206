"""A ledger grows at its end; every byte that was there stays."""

import pytest

from pipeline.errors import PipelineError, Refused
from pipeline.io.ledger import read_ledger
from pipeline.io.ledger_append import append_rows

LABELS = {"change_id": "图斑编号", "verdict": "认定结论", "reason": "理由"}
ROW = {"change_id": "990101", "verdict": "legal", "reason": '有批文,"原件"'}


def _grown(path, data, rows=(ROW,)):
    path.write_bytes(data)
    append_rows(path, rows, LABELS)
    grown = path.read_bytes()
    assert grown.startswith(data)
    return grown[len(data) :]


@pytest.mark.parametrize(
    ("old", "added"),
    [
        (b"\xef\xbb\xbfchange_id,verdict,reason\n", '990101,legal,"有批文,""原件"""\n'),
        (b"change_id,verdict,reason\r\n", '990101,legal,"有批文,""原件"""\r\n'),
        (b"change_id;reason;verdict\r\nA;b;legal", '\r\n990101;"有批文,""原件""";legal\r\n'),
        ("图斑编号\t备注\t理由\t认定结论\n".encode(), '990101\t\t"有批文,""原件"""\tlegal\n'),
        ("认定台账\n\n 图斑编号 ,认定结论,理由\n".encode(), '990101,legal,"有批文,""原件"""\n'),
    ],
)
def test_it_is_written_as_it_was(tmp_path, old, added):
    assert _grown(tmp_path / "a.csv", old).decode() == added


def test_gbk_stays_gbk(tmp_path):
    added = _grown(tmp_path / "a.csv", "图斑编号,认定结论,理由\r\n".encode("gbk"))
    assert added.decode("gbk") == '990101,legal,"有批文,""原件"""\r\n'


def test_a_character_that_gbk_lacks_is_kept(tmp_path):
    row = ROW | {"reason": "𠮷地"}
    added = _grown(tmp_path / "a.csv", "图斑编号,认定结论,理由\r\n".encode("gbk"), [row])
    assert "𠮷地" in added.decode("gb18030")


def test_a_ledger_that_is_not_there_is_begun(tmp_path):
    path = tmp_path / "new" / "a.csv"
    append_rows(path, [ROW], LABELS)
    assert path.read_bytes().startswith(b"\xef\xbb\xbfchange_id,verdict,reason\n")
    frame = read_ledger(path, label="rulings", wanted=LABELS).frame
    assert frame["reason"].tolist() == ['有批文,"原件"']


def test_a_missing_column_is_named(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"change_id,verdict\n")
    with pytest.raises(Refused, match=r"没有列 reason\(理由\)"):
        append_rows(path, [ROW], LABELS)
    assert path.read_bytes() == b"change_id,verdict\n"


def test_a_link_stays_a_link(tmp_path):
    real = tmp_path / "real.csv"
    real.write_bytes(b"change_id,verdict,reason\n")
    (tmp_path / "a.csv").symlink_to(real)
    append_rows(tmp_path / "a.csv", [ROW], LABELS)
    assert (tmp_path / "a.csv").is_symlink()
    assert b"990101" in real.read_bytes()


def test_nothing_is_left_behind_where_it_cannot_be_written(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_bytes(b"change_id,verdict,reason\n")

    def locked(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.replace", locked)
    with pytest.raises(PipelineError, match="关闭正在打开它的程序"):
        append_rows(path, [ROW], LABELS)
    assert [one.name for one in tmp_path.iterdir()] == ["a.csv"]
    assert path.read_bytes() == b"change_id,verdict,reason\n"
