"""Whole runs, edited, killed and run again in any order, and verified (一个县的一生)."""

import os

from hypothesis import Phase, settings
from hypothesis.stateful import rule, run_state_machine_as_test

from tests.laws.life_of_a_county import Life, quietly

LIVES, STEPS = int(os.environ.get("LIVES", "12")), 10


class WholeLife(Life):
    """Runs to the products, which verify at any time after the first."""

    until = "report"

    @rule()
    def verified(self):
        if self.published is not None:
            since = self.published != self._inputs
            assert quietly("verify", self.config) == int(since)


def run():
    how = settings(
        max_examples=LIVES, stateful_step_count=STEPS, deadline=None, phases=[Phase.generate]
    )
    run_state_machine_as_test(WholeLife, settings=how)
    return {"lives": LIVES, "steps each": STEPS, "broken": 0}
