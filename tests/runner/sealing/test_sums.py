import hashlib
import subprocess

import pytest

from pipeline.runner.sealing.sums import NAME, read_sums, sums_text

A, B = (hashlib.sha256(letter).hexdigest() for letter in (b"a", b"b"))


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "work").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "榜 一.csv").write_bytes(b"a")
    (tmp_path / "work" / "b.parquet").write_bytes(b"b")
    text = sums_text({"榜 一.csv": A, "../work/b.parquet": B})
    (tmp_path / "out" / NAME).write_bytes(text.encode())
    return tmp_path / "out"


def test_a_list_is_sorted_and_ends_with_its_own_sum(folder):
    lines = (folder / NAME).read_text(encoding="utf-8").splitlines()
    assert lines[:2] == [f"{B}  ../work/b.parquet", f"{A}  榜 一.csv"]
    above = f"{B}  ../work/b.parquet\n{A}  榜 一.csv\n"
    digest = hashlib.sha256(above.encode()).hexdigest()
    assert lines[2:] == [f"# sha256 of the lines above: {digest}"]
    assert read_sums(folder / NAME) == {"../work/b.parquet": B, "榜 一.csv": A}


def test_sha256sum_reads_it(folder):
    def checked():
        return subprocess.run(
            ["sha256sum", "-c", "--strict", NAME], cwd=folder, capture_output=True, check=False
        )

    assert checked().returncode == 0
    (folder / "榜 一.csv").write_bytes(b"c")
    assert checked().returncode == 1


def test_any_bit_of_a_list_tells(folder):
    path = folder / NAME
    good = path.read_bytes()
    read = []
    for bit in range(0, len(good) * 8, 7):
        touched = bytearray(good)
        touched[bit // 8] ^= 1 << bit % 8
        path.write_bytes(touched)
        read.append(read_sums(path))
    assert set(map(str, read)) == {"None"}


@pytest.mark.parametrize("content", [b"", b"\n", b"no list", b"\xff\xfe"])
def test_what_is_no_list(tmp_path, content):
    (tmp_path / NAME).write_bytes(content)
    assert read_sums(tmp_path / NAME) is None
    assert read_sums(tmp_path / "nowhere") is None
