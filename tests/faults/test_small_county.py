"""A county of thirteen changes whose runs are killed, starved, interrupted and crossed.

``make torture`` does the same to the whole demo county, and lets every call of every library fail.
"""

import hashlib
import random
import shutil
import signal
import time

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

    def __init__(self, folder, server, *until):
        self.server, self.until = server, until
        self.config = write_clean(SQUARES, folder / "county", rest=PLAIN)
        self.workspace = folder / "county" / "workspace"
        self.rulings = folder / "county" / "hand" / "rulings.csv"
        self.results = {}
        for verdict in ("legal", "other"):
            self.rule(verdict)
            done = self.run()
            assert done.status == 0, done.text
            self.results[verdict] = self.state()

    @property
    def verb(self):
        return ("run", self.config, *self.until)

    def run(self, fault=None):
        return self.server.run(*self.verb, fault=fault)

    def rule(self, verdict):
        self.rulings.write_text(RULING.format(verdict), encoding="utf-8-sig")

    def state(self):
        files = sorted(path for path in self.workspace.rglob("*") if path.is_file())
        return {
            path.relative_to(self.workspace).as_posix(): hashlib.sha256(
                path.read_bytes()
            ).hexdigest()
            for path in files
            if path.name != ".lock" and ".next" not in path.parts
        }

    def other(self):
        """Rule otherwise than the published result; return the old verdict and the new one."""
        old, new = ("legal", "other")
        if self.state() != self.results["legal"]:
            old, new = new, old
        self.rule(new)
        return old, new

    def mend(self, new):
        """Run once more: every byte is then as it should be."""
        done = self.run()
        assert done.status == 0, done.text
        assert self.state() == self.results[new]

    def is_whole(self):
        """Whether what is published is one run; the program is asked, and finishes what it must."""
        said = self.server.run("verify", self.config)
        wrong = [line for line in said.text.splitlines() if "不符:" in line]
        # the ruling in the inputs is newer than a result that stood
        return not [line for line in wrong if "hand/" not in line]


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with Started(tmp_path_factory.mktemp("server")) as server:
        yield server


@pytest.fixture(scope="module")
def county(tmp_path_factory, server):
    """A county up to its ranking: a run takes half a second."""
    return Hurt(tmp_path_factory.mktemp("hurt"), server, "--until", "rank")


@pytest.fixture(scope="module")
def whole(tmp_path_factory, server):
    """The same with its products."""
    return Hurt(tmp_path_factory.mktemp("whole"), server)


def test_killed_at_any_moment_the_published_state_is_whole_and_the_next_run_mends_it(whole):
    seconds = whole.run().seconds
    for share in (0.2, 0.6, 0.9, 0.98):
        _, new = whole.other()
        done = whole.server.killed(*whole.verb, after=share * seconds)
        assert done.status in {0, -signal.SIGKILL}, done.text
        assert whole.is_whole(), share
        whole.mend(new)


def test_killed_again_and_again_nothing_is_in_the_next_ones_way(county):
    seconds = county.run().seconds
    dice = random.Random(5)
    _, new = county.other()
    for _ in range(14):
        done = county.server.killed(*county.verb, after=dice.uniform(0, seconds))
        assert done.status in {0, -signal.SIGKILL}, done.text
        if (county.workspace / ".next" / "COMPLETE").is_file() or done.status == 0:
            county.mend(new)
            _, new = county.other()
    county.mend(new)


def _counts(county):
    _, new = county.other()
    done = county.run({"by": "calls"})
    assert done.status == 0, done.text
    assert county.state() == county.results[new]
    return county.server.counts()


def _hurt(county, fault):
    """Run with a fault; the old result or the new one stands, and is said to."""
    old, new = county.other()
    done = county.run(fault)
    if done.status == 0:
        assert county.state() == county.results[new], fault
        return done
    assert done.status == 1, (fault, done.text)
    assert "Traceback" not in done.text, (fault, done.text)
    assert "  办法:" in done.text, (fault, done.text)
    assert county.state() == county.results[old], (fault, done.text)
    if (county.workspace / ".next" / "COMPLETE").is_file():  # computed, but not yet published
        county.mend(new)
    return done


@pytest.mark.parametrize(("kind", "error"), [("fsync", "EIO"), ("rename", "EACCES"), ("make", "ENOSPC")])  # fmt: skip
def test_whichever_call_fails_the_old_result_stands_and_the_run_says_so(county, kind, error):
    count = _counts(county)[kind]
    assert count >= 2
    for n in range(count, 0, -max(1, count // 8)):
        _hurt(county, {"by": "calls", "kind": kind, "n": n, "error": error})
    _, new = county.other()
    county.mend(new)


def test_killed_at_each_rename_the_next_run_mends_it(county):
    for n in range(1, _counts(county)["rename"] + 1):
        _, new = county.other()
        done = county.run({"by": "calls", "kind": "rename", "n": n, "kill": True})
        assert done.status == -signal.SIGKILL
        county.mend(new)


@pytest.mark.parametrize("most", [2_000, 4_000, 9_000])
def test_where_no_file_may_grow_the_old_result_stands_and_the_run_says_why(county, most):
    done = _hurt(county, {"by": "file size", "most": most})
    assert done.status == 1
    assert "【磁盘读写失败】" in done.text
    assert "限额" in done.text


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("share", [0.3, 0.8])
def test_an_interrupt_ends_the_run_soon_and_leaves_the_old_result(county, number, share):
    seconds = county.run().seconds
    old, new = county.other()
    done = county.server.killed(*county.verb, after=share * seconds, by=number)
    assert county.state() in (county.results[old], county.results[new])
    if done.status != 0:
        assert done.status == 130
        assert "已中断,原有成果未动" in done.text
        assert done.seconds < share * seconds + 5


def _wait(until):
    for _ in range(3_000):
        if until():
            return
        time.sleep(0.005)
    raise TimeoutError


def test_a_second_run_is_sent_away_and_the_first_is_unharmed(county, tmp_path):
    _, new = county.other()
    with Started(tmp_path) as second:
        second.run("verify", county.config)  # from here on it has imported everything
        pid = county.server.begin(*county.verb)
        _wait(lambda: (county.workspace / ".lock").read_text(encoding="utf-8"))
        away = second.run(*county.verb)
        done = county.server.end()
    assert away.status == 3, away.text
    assert f"进程 {pid},主机" in away.text
    assert away.cpu_seconds < 1
    assert done.status == 0, done.text
    assert county.state() == county.results[new]


def test_links_in_the_workspace_are_refused_and_what_they_name_is_kept(county, tmp_path):
    precious = tmp_path / "precious"
    precious.write_text("kept", encoding="utf-8")
    before = county.state()
    for name in ("work/judged.parquet", "refused.csv", ".next"):
        place = county.workspace / name
        kept = place.read_bytes() if place.is_file() else None
        place.unlink(missing_ok=True)
        place.symlink_to(precious)
        done = county.run()
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
    county.server.begin(*county.verb)
    _wait((county.workspace / ".next" / "work").exists)
    county.rulings.write_bytes(county.rulings.read_bytes() + b"\n")
    done = county.server.end()
    copy.replace(county.rulings)
    assert done.status == 1, done.text
    assert "运行期间输入文件被改动:hand/rulings.csv" in done.text
    assert county.state() == county.results[old]
