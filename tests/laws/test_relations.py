"""What may not matter, and what must follow, on the whole line: from files to the ranking."""

import random

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from tests.laws import relations_of_drawing, relations_of_law, relations_of_records
from tests.laws.calm import calm_world
from tests.laws.inspected import Looking

RELATIONS = {
    relation.__name__: relation
    for room in (relations_of_law, relations_of_drawing, relations_of_records)
    for relation in room.RELATIONS
}


@pytest.fixture(scope="module")
def look(tmp_path_factory):
    return Looking(tmp_path_factory.mktemp("counties"))


@pytest.mark.parametrize("name", RELATIONS)
# a run takes a second: many seeds belong to ``make torture PARTS=relations``
@settings(max_examples=1, deadline=None, derandomize=True, phases=[Phase.generate])
@given(seed=st.integers(0, 10**6))
def test_relation(name, look, seed):
    seed += list(RELATIONS).index(name) % 3  # three counties among them, each inspected once
    RELATIONS[name](look, calm_world(seed), random.Random(f"{name} {seed}"))
