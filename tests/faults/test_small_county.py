"""A county of thirteen changes whose runs are killed, starved, interrupted and crossed.

``make torture`` does the same to the whole demo county, and lets every call of every library fail.
"""

import hashlib
import json
import random
import shutil
import signal

import pytest

from tests.county import write_clean
from tests.faults.started import Started
from tests.squares import SQUARES

PLAIN = '[report]\nsheets = "none"\ngis = false\n'
RULING = (
    "change_id,township_code,verdict,reason,ruled_by,ruled_on\nC11,,{},看过现场,甲,2025-01-05\n"
)


class Hurt:
    """A county with an old result, and a ruling that every further run has to follow."""

    def __init__(self, folder, server):
        self.server = server
        self.config = write_clean(SQUARES, folder / "county", rest=PLAIN)
        self.workspace = folder / "county" / "workspace"
        self.rulings = folder / "county" / "hand" / "rulings.csv"
        self.results = {}
        for verdict in ("legal", "other"):
            self.rule(verdict)
            done = self.server.run("run", self.config)
            assert done.status == 0, done.text
            self.results[verdict] = self.state()

    def rule(self, verdict):
        self.rulings.write_text(RULING.format(verdict), encoding="utf-8-sig")

    def state(self):
        files = sorted(path for path in self.workspace.rglob("*") if path.is_file())
        return {
            path.relative_to(self.workspace).as_posix(): hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
            for path in files
            if path.name != ".lock"
        }

    def other(self):
        """Rule otherwise than the published result; return the old verdict and the new one."""
        old, new = ("legal", "other")
        if self.state() != self.results["legal"]:
            old, new = new, old
        self.rule(new)
        return old, new

    def is_whole(self):
        """Ask the program itself whether what is published is one run, whole."""
        said = self.server.run("verify", self.config)
        # the ruling in the inputs is newer than the published result: that alone may differ
        return not [
            line for line in said.text.splitlines() if "不符:" in line and "hand/" not in line
        ]


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("hurt")
    with Started(folder / "server") as server:
        yield Hurt(folder, server)


def test_killed_at_twenty_moments_the_published_state_is_whole_and_the_next_run_mends_it(
    county,
):
    county.other()
    seconds = county.server.run("run", county.config).seconds
    dice = random.Random(5)
    for _ in range(20):
        old, new = county.other()
        done = county.server.killed("run", county.config, after=dice.uniform(0, seconds))
        assert done.status in {0, -signal.SIGKILL}, done.text
        assert county.is_whole()
        if dice.random() < 0.4:  # the next kill often meets what the last one left
            done = county.server.run("run", county.config)
            assert done.status == 0, done.text
            assert county.state() == county.results[new], (old, new)


def _counts(county):
    county.other()
    done = county.server.run("run", county.config, fault={"by": "calls"})
    assert done.status == 0, done.text
    return county.server.counts()


def _hurt(county, fault):
    """Run with a fault; the old result or the new one stands, and is said to."""
    old, new = county.other()
    done = county.server.run("run", county.config, fault=fault)
    state = county.state()
    if done.status == 0:
        assert state == county.results[new], fault
        return done
    if done.status > 0:
        assert "Traceback" not in done.text, (fault, done.text)
        assert "  办法:" in done.text, (fault, done.text)
    if state != county.results[old]:
        assert county.is_whole(), (fault, done.text)
    return done


@pytest.mark.parametrize(("kind", "error"), [("fsync", "EIO"), ("rename", "EACCES"), ("make", "ENOSPC")])  # fmt: skip
def test_whichever_call_fails_the_old_result_stands_and_the_run_says_so(county, kind, error):
    count = _counts(county)[kind]
    assert count > 5
    for n in range(1, count + 1, max(1, count // 12)):
        _hurt(county, {"by": "calls", "kind": kind, "n": n, "error": error})
    county.other()
    assert county.server.run("run", county.config).status == 0


def test_killed_at_every_rename_the_next_run_mends_it(county):
    for n in range(1, _counts(county)["rename"] + 1):
        old, new = county.other()
        fault = {"by": "calls", "kind": "rename", "n": n, "kill": True}
        done = county.server.run("run", county.config, fault=fault)
        assert done.status in {0, -signal.SIGKILL}
        assert county.is_whole(), n
        done = county.server.run("run", county.config)
        assert done.status == 0, done.text
        assert county.state() == county.results[new], (n, old)


@pytest.mark.parametrize("most", [0, 3_000, 9_000, 20_000, 60_000, 150_000])
def test_where_no_file_may_grow_the_old_result_stands_and_the_run_says_why(county, most):
    done = _hurt(county, {"by": "file size", "most": most})
    assert done.status == 1
    assert "【磁盘读写失败】" in done.text
    assert "限额" in done.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_an_interrupt_ends_the_run_soon_and_leaves_the_old_result(county, number, share):
    county.other()
    seconds = county.server.run("run", county.config).seconds
    old, new = county.other()
    done = county.server.killed("run", county.config, after=share * seconds, by=number)
    assert county.state() in (county.results[old], county.results[new])
    if done.status != 0:
        assert done.status == 130
        assert "已中断,原有成果未动" in done.text
        assert done.seconds < share * seconds + 5


def test_a_second_run_is_sent_away_and_the_first_is_unharmed(county, tmp_path):
    _, new = county.other()
    with Started(tmp_path) as second:
        assert second.run("verify", county.config).status in {
            0,
            1,
        }  # it has imported everything
        pid = county.server.begin("run", county.config)
        lock = county.workspace / ".lock"
        while not lock.read_text(encoding="utf-8"):
            pass
        away = second.run("run", county.config)
        done = county.server.end()
    assert away.status == 3, away.text
    assert f"进程 {pid},主机" in away.text
    assert away.seconds < 2
    assert done.status == 0, done.text
    assert county.state() == county.results[new]


def test_links_in_the_workspace_are_refused_and_what_they_name_is_kept(county, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("kept", encoding="utf-8")
    before = county.state()
    for name in ("out/changes.csv", "refused.csv", ".next"):
        place = county.workspace / name
        kept = place.read_bytes() if place.is_file() else None
        place.unlink(missing_ok=True)
        place.symlink_to(precious)
        done = county.server.run("run", county.config)
        assert done.status == 2, done.text
        assert "链接(symlink)" in done.text
        assert precious.read_text(encoding="utf-8") == "kept"
        place.unlink(missing_ok=True)
        if kept is not None:
            place.write_bytes(kept)
        (county.workspace / "refused.csv").unlink(missing_ok=True)
    assert county.state() == before


def test_an_input_that_changes_during_the_run_is_not_published(county):
    old, _ = county.other()
    copy = county.rulings.with_name("kept.csv")
    shutil.copy(county.rulings, copy)
    county.server.begin("run", county.config)
    lock = county.workspace / ".lock"
    while not lock.read_text(encoding="utf-8"):
        pass
    while not (county.workspace / ".next" / "out").exists():
        pass
    county.rulings.write_bytes(county.rulings.read_bytes() + b"\n")
    done = county.server.end()
    copy.replace(county.rulings)
    assert done.status == 1, done.text
    assert "运行期间输入文件被改动:hand/rulings.csv" in done.text
    assert county.state() == county.results[old]
    assert json.loads((county.workspace / "out" / "manifest.json").read_text("utf-8"))
