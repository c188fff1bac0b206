"""Who has the ground: stepping into polygons and out of them again."""

import numpy as np
import pytest

from pipeline.geometry.sweep.inside import NOBODY, holders_for, locals_for, toggle
from pipeline.geometry.sweep.near import number
from pipeline.geometry.sweep.sorting import sort, sort_places
from pipeline.geometry.sweep.table import emptied, row_of_key, table_for

ROW, NONE = np.int64(0), np.int64(0)
EXACT, SCATTERED = True, False


def layers(*answers):
    """The polygons 1, 2, … of layers, given by their answers, numbered as in a tile."""
    layer = np.array([i for i, some in enumerate(answers) for _ in some], dtype=np.int64)
    answer = np.array([one for some in answers for one in some], dtype=np.int64)
    near, held = locals_for(len(layer) + 1), holders_for(np.ones(len(answers), dtype=bool))
    near.polygon[1:] = np.arange(len(layer))
    is_exact = number(len(layer), layer, answer, near, held)
    held.winner[0] = NOBODY
    return near, held, bool(is_exact)


def walk(near, held, steps):
    """The winner of each layer, and how many are crowded, after each step."""
    key, crowds, seen = NONE, NONE, []
    for one in steps:
        key, crowds = toggle(near, held, near.inside, ROW, np.int64(one), key, crowds)
        seen.append((held.winner[0].tolist(), int(crowds), int(key)))
    return seen


def test_polygons_are_numbered_by_layer_and_answer():
    near, held, is_exact = layers([7, 7, 9], [], [4, 5])
    assert is_exact
    assert near.layer[1:].tolist() == [0, 0, 0, 2, 2]
    assert near.answer[1:].tolist() == [1, 1, 2, 1, 2]
    assert held.low.tolist() == [1, 0, 4]
    assert held.high.tolist() == [4, 0, 6]
    assert held.times.tolist() == [1, 0, 3]  # of layer 0 there are three answers with nobody's


def test_the_first_that_one_stands_in_has_the_ground():
    near, held, _ = layers([0, 1, 2], [0])
    seen = walk(near, held, [2, 4, 1, 3, 1, 2, 3, 4])
    assert seen == [
        ([2, -1], 0, 2),
        ([2, 4], 0, 2 + 4),
        ([1, 4], 1, 1 + 4),
        ([1, 4], 1, 1 + 4),
        ([2, 4], 1, 2 + 4),
        ([3, 4], 0, 3 + 4),
        ([-1, 4], 0, 4),
        ([-1, -1], 0, 0),
    ]


def test_a_hole_is_a_step_out_and_in_again():
    near, held, _ = layers([0, 1])
    assert [winner for winner, _, _ in walk(near, held, [1, 2, 1, 1, 2, 1])] == [
        [1], [1], [2], [1], [1], [-1],
    ]  # fmt: skip


def test_polygons_with_one_answer_have_one_key():
    near, held, _ = layers([3, 3])
    assert [key for _, _, key in walk(near, held, [1, 2, 1, 2])] == [1, 1, 1, 0]


def test_keys_that_do_not_fit_are_scattered_and_compared():
    """13 layers of 39 answers each: 40 to the 13th is more than 2 to the 62nd."""
    _, held, is_exact = layers(*([list(range(39))] * 11))
    assert is_exact
    near, held, is_exact = layers(*([list(range(39))] * 13))
    assert not is_exact
    assert len(set(held.times.tolist())) == 13
    table = table_for(16, 13)
    made = []
    for steps in ([1], [2], [1], [40], [41, 1], [1, 41]):
        held.winner[0] = NOBODY
        held.stood[0] = near.inside[:] = 0
        key = walk(near, held, steps)[-1][2]
        made.append(
            int(row_of_key(table, max(made, default=-1) + 1, key, near, held, SCATTERED))
        )
    assert made == [0, 1, 0, 2, 3, 3]
    # another set of answers with the same key has a row of its own
    held.winner[0] = NOBODY
    held.winner[0, 5] = held.low[5]
    assert row_of_key(table, 4, table.key[0], near, held, SCATTERED) == 4
    assert row_of_key(table, 4, table.key[0], near, held, EXACT) == 0


def test_a_table_grows_until_it_is_full_and_is_emptied():
    near, held, _ = layers([0])
    held.winner[0] = NOBODY
    table = table_for(64, 1)
    for _ in range(2):
        rows = [int(row_of_key(table, n, n * 1024, near, held, EXACT)) for n in range(64)]
        assert rows == list(range(64))  # keys a thousand apart: none is lost
        assert row_of_key(table, 64, 999_999_999, near, held, EXACT) == -1
        assert row_of_key(table, 64, 17 * 1024, near, held, EXACT) == 17
        emptied(table, 64)
        assert not table.place.any()


@pytest.mark.parametrize("count", [0, 1, 2, 5, 40, 1000])
def test_sorting(count):
    values = np.random.default_rng(count).integers(0, 50, count + 3).astype(float)
    place = np.empty(count + 3, dtype=np.int64)
    sort_places(values, place, count)
    assert values[place[:count]].tolist() == sorted(values[:count])
    assert sorted(place[:count].tolist()) == list(range(count))
    wanted = [*sorted(values[:count]), *values[count:]]
    sort(values, count)
    assert values.tolist() == wanted
