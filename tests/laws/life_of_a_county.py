"""A county that is run, edited, killed half-way and run again, in any order (一个县的一生).

What stands published is at any time the whole result of inputs that were once there, as a run
in a fresh folder makes it; after a run that ends it is that of the inputs as they are.
"""

import contextlib
import io
import tempfile
from pathlib import Path
from unittest import mock

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from pipeline.cli import main
from pipeline.runner import publishing
from pipeline.runner.tables import Tables
from tests.county import write_clean
from tests.laws.inspected import Seen
from tests.squares import SQUARES

LINES = ("0.08", "0.05", "0.5")
RULED = ("", "C11,,legal,补交了批文,甲,2025-01-05\n", "C09,,illegal,现场核查,乙,2025-01-06\n")
_HEAD = "change_id,township_code,verdict,reason,ruled_by,ruled_on\n"
# Where a run can be cut off: before and after each of these is called.
_STEPS = (
    (Tables, "__setitem__"),
    (publishing, "settle_tree"),
    (publishing, "write_whole"),
    (publishing, "exchange"),
    (publishing, "settle_folder"),
    (publishing, "remove_tree"),
)
_FRESH: dict[tuple[str, str, str], dict[str, str]] = {}


class Killed(BaseException):
    """Nothing that a program would catch."""


class Life(RuleBasedStateMachine):
    """Runs to the ranking; see ``until``."""

    until = "rank"

    @initialize()
    def born(self):
        self._folder = tempfile.TemporaryDirectory()
        self.config = write_clean(SQUARES, Path(self._folder.name) / "county")
        self.line, self.ruled = LINES[0], RULED[0]
        self.published = None

    @rule(line=st.sampled_from(LINES))
    def draw_the_line_elsewhere(self, line):
        text = self.config.read_text(encoding="utf-8")
        self.config.write_text(
            text.replace(f"ratio = {self.line}, comparison", f"ratio = {line}, comparison"),
            encoding="utf-8",
        )
        self.line = line

    @rule(ruled=st.sampled_from(RULED))
    def rule_otherwise(self, ruled):
        _write_ruling(self.config, ruled)
        self.ruled = ruled

    @rule()
    def run(self):
        assert quietly("run", self.config, "--until", self.until) == 0
        self.published = self._inputs
        assert self._hashes() == self._fresh(self._inputs)

    @rule(step=st.integers(1, 45), is_after=st.booleans())
    def killed_half_way(self, step, is_after):
        before, now = self.published, self._inputs
        with _cut_off(step, is_after=is_after):
            quietly("run", self.config, "--until", self.until)
        found = self._hashes()
        if found != (before and self._fresh(before)):
            assert found == self._fresh(now)
            self.published = now

    @invariant()
    def what_is_published_is_whole(self):
        if getattr(self, "published", None) is not None:
            assert self._hashes() == self._fresh(self.published)

    def teardown(self):
        if hasattr(self, "_folder"):
            self._folder.cleanup()

    @property
    def _inputs(self):
        return self.line, self.ruled, self.until

    def _hashes(self):
        seen = Seen(self.config)
        return seen.hashes if seen.work.exists() else None

    def _fresh(self, inputs):
        if inputs not in _FRESH:
            line, ruled, until = inputs
            with tempfile.TemporaryDirectory() as folder:
                config = write_clean(SQUARES, Path(folder) / "county")
                text = config.read_text(encoding="utf-8")
                config.write_text(text.replace(f"= {LINES[0]},", f"= {line},"), "utf-8")
                _write_ruling(config, ruled)
                assert quietly("run", config, "--until", until) == 0
                _FRESH[inputs] = Seen(config).hashes
        return _FRESH[inputs]


def _write_ruling(config, ruled):
    rulings = config.parent / "hand" / "rulings.csv"
    rulings.write_text(_HEAD + ruled, encoding="utf-8-sig")


def quietly(verb, config, *more):
    """Run a verb in this process; return its status."""
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        return main([verb, str(config), *more])


@contextlib.contextmanager
def _cut_off(step, *, is_after):
    """Raise ``Killed`` at the so-manieth step of a run."""
    count = 0

    def cutting(original):
        def call(*given, **named):
            nonlocal count
            count += 1
            here = count
            if here == step and not is_after:
                raise Killed
            made = original(*given, **named)
            if here == step:
                raise Killed
            return made

        return call

    with contextlib.ExitStack() as stack:
        for owner, name in _STEPS:
            stack.enter_context(mock.patch.object(owner, name, cutting(getattr(owner, name))))
        stack.enter_context(contextlib.suppress(Killed))
        yield
