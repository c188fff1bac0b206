"""What a disk refuses is told as such, whatever library says it; what is our fault is not."""

import errno
import sqlite3

import pytest

from pipeline.errors import PipelineError
from pipeline.io import storage_errors
from pipeline.io.storage_errors import storage_error


def _os_error(name):
    number = getattr(errno, name)
    return OSError(number, "…", "/data/out/changes.csv")


@pytest.fixture
def _full(monkeypatch):
    monkeypatch.setattr(storage_errors, "_free", lambda _: 2_000_000)


@pytest.mark.usefixtures("_full")
@pytest.mark.parametrize(
    ("error", "words"),
    [
        (_os_error("ENOSPC"), ["磁盘满了,空余 2 MB", "还差 3 MB", "腾出空间"]),
        (_os_error("EDQUOT"), ["磁盘满了", "还差 3 MB"]),
        (_os_error("EFBIG"), ["超过了这里允许的大小", "ulimit -f"]),
        (_os_error("EROFS"), ["磁盘是只读的"]),
        (_os_error("EIO"), ["磁盘读写出错"]),
        (_os_error("EACCES"), ["没有权限,或文件正被别的程序打开", "/data/out/changes.csv"]),
        (sqlite3.OperationalError("database or disk is full"), ["磁盘满了"]),
        (sqlite3.OperationalError("disk I/O error"), ["磁盘读写出错"]),
        (sqlite3.OperationalError("attempt to write a readonly database"), ["只读"]),
        (RuntimeError("Error writing bytes: [errno 28] No space left on device"), ["磁盘满了"]),
        (RuntimeError("write failed: File too large"), ["允许的大小"]),
    ],
)
def test_it_says_what_where_and_what_to_do(tmp_path, error, words):
    told = storage_error(error, tmp_path, missing=2_500_000)
    text = str(told)
    assert told.exit_status == 1
    assert [word for word in [*words, "原有成果未动", "  办法:"] if word not in text] == []
    assert len(text.splitlines()) <= 3
    text.encode("gbk")


def test_the_cause_is_found_behind_what_a_library_makes_of_it(tmp_path):
    wrapped = ValueError("could not write")
    wrapped.__cause__ = _os_error("ENOSPC")
    assert "没有空间" in str(storage_error(wrapped, tmp_path))


def test_a_quota_is_guessed_where_there_is_room(tmp_path):
    text = str(storage_error(_os_error("ENOSPC"), tmp_path, missing=2_500_000))
    assert "多半有配额" in text


@pytest.mark.parametrize(
    "error",
    [
        ValueError("a mistake of ours"),
        KeyError("errno 281"),
        OSError(errno.ENOENT, "No such file", "lost.csv"),
        PipelineError("磁盘", remedy="no space left"),
    ],
)
def test_what_is_not_the_disks_fault_is_not_put_on_it(tmp_path, error):
    assert storage_error(error, tmp_path) is None


def test_a_permission_that_a_library_did_without_is_not_the_cause(tmp_path):
    error = ValueError("a mistake of ours")
    error.__context__ = _os_error("EACCES")
    assert storage_error(error, tmp_path) is None


def test_a_full_disk_is_seen_even_where_nobody_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(storage_errors, "_free", lambda _: 4096)
    assert "磁盘满了,空余 1 MB" in str(storage_error(RuntimeError("?"), tmp_path))
