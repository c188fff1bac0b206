"""One run at a time, and whoever died is no obstacle."""

import fcntl
import json
import os
import re
import socket
import subprocess
import sys

import pytest

from pipeline.errors import WorkspaceBusy
from pipeline.runner import lock
from pipeline.runner.lock import alone, refuse_if_held

HERE = socket.gethostname()
_HOLD = """
import sys, time
from pathlib import Path
from pipeline.runner.lock import alone
with alone(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / ".lock"


@pytest.fixture
def holder(path):
    """Another process that holds the lock."""
    with subprocess.Popen([sys.executable, "-c", _HOLD, path], stdout=subprocess.PIPE) as one:
        assert one.stdout.readline() == b"held\n"
        yield one
        one.kill()


def test_the_second_is_told_who_where_and_since_when(path, holder):
    expected = rf"进程 {holder.pid},主机 {re.escape(HERE)},自 \d{{4}}-\d\d-\d\d \d\d:\d\d:\d\d"
    with pytest.raises(WorkspaceBusy, match=expected), alone(path):
        pass
    with pytest.raises(WorkspaceBusy, match=expected):
        refuse_if_held(path)
    assert WorkspaceBusy.exit_status == 3


def test_a_dead_owner_is_named_and_no_obstacle(path, holder):
    holder.kill()
    holder.wait()
    refuse_if_held(path)
    with alone(path) as died:
        assert died.startswith(f"进程 {holder.pid},主机 {HERE}")
    with alone(path) as died:
        assert died == ""


def test_who_looks_is_in_nobodys_way(path):
    path.touch()
    with path.open("rb+") as looker:
        fcntl.flock(looker, fcntl.LOCK_SH)
        refuse_if_held(path)
    with alone(path):
        assert json.loads(path.read_text(encoding="utf-8"))["pid"] == os.getpid()
    assert path.read_text(encoding="utf-8") == ""


def test_a_file_left_over_by_another_machine_is_no_obstacle(path):
    path.write_text('{"pid": 1, "host": "另一台", "since": "2024-01-01 08:00:00"}', "utf-8")
    with alone(path) as died:
        assert died == "进程 1,主机 另一台,自 2024-01-01 08:00:00 起"


def test_what_is_not_ours_in_the_file_is_shown_as_it_is(path):
    path.write_text("进程 4711", "utf-8")
    with alone(path) as died:
        assert "4711" in died


@pytest.fixture
def share(monkeypatch):
    """A network share that knows no locks: what is written is all there is to go by."""
    monkeypatch.setattr(lock, "_lock", lambda *_, **__: None)


def _written(path, pid, host):
    path.write_text(json.dumps({"pid": pid, "host": host, "since": "2024-01-01"}), "utf-8")


@pytest.mark.usefixtures("share")
@pytest.mark.parametrize(("pid", "host"), [(os.getpid(), HERE), (1, "另一台")])
def test_on_a_share_without_locks_who_may_live_is_waited_for(path, pid, host):
    _written(path, pid, host)
    with pytest.raises(WorkspaceBusy, match=r"删除 \.lock 再来"), alone(path):
        pass


@pytest.mark.usefixtures("share")
def test_on_a_share_without_locks_who_is_dead_is_not(path, holder):
    holder.kill()
    holder.wait()
    _written(path, holder.pid, HERE)
    with alone(path) as died:
        assert str(holder.pid) in died


def test_a_lock_that_is_a_link_is_not_followed(path, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("kept", encoding="utf-8")
    path.symlink_to(precious)
    refuse_if_held(path)
    with pytest.raises(OSError, match="symbolic"), alone(path):
        pass
    assert precious.read_text(encoding="utf-8") == "kept"
