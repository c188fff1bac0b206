"""Run, edit, kill and run again in any order: only whole results ever stand published."""

from hypothesis import Phase, settings

from tests.laws.life_of_a_county import Life

TestLife = Life.TestCase
TestLife.settings = settings(
    max_examples=4, stateful_step_count=7, deadline=None, derandomize=True,
    phases=[Phase.generate],
)  # fmt: skip
