import pytest

from pipeline.report.maps.bar_scale import bar_scale


def test_usual_ratios_have_a_straight_axis():
    scale = bar_scale([0.16, 0.09, 0.04, 0.01], 0.08)
    assert not scale.is_bent
    assert float(scale.position(0.08)) == pytest.approx(2 * float(scale.position(0.04)))


def test_one_ratio_of_100_percent_does_not_squash_the_others():
    scale = bar_scale([1.0, 0.09, 0.06, 0.04, 0.03, 0.02, 0.01], 0.08)
    assert scale.is_bent
    assert float(scale.position(0.08)) > 0.3
    assert 0.75 < float(scale.position(0.5)) < float(scale.position(1.0)) <= 1.0


def test_the_axis_always_reaches_beyond_the_line():
    for ratios in ([], [0.0], [0.001]):
        assert float(bar_scale(ratios, 0.08).position(0.08)) < 0.9


def test_ticks_begin_at_zero_and_stay_on_the_axis():
    for ratios in ([1.0, 0.01, 0.01, 0.01], [0.2], [0.61, 0.03, 0.02, 0.02, 0.01]):
        scale = bar_scale(ratios, 0.08)
        ticks = scale.ticks()
        assert ticks[0] == 0
        assert len(ticks) > 1
        assert all(0 <= float(scale.position(tick)) <= 1 for tick in ticks)
