import re
from decimal import Decimal

import numpy as np
import pytest

from pipeline.report.palette import BELOW, GHOST, OVER, VERDICTS, class_of, ratio_classes
from pipeline.report.typesetting import TEMPLATES
from pipeline.rules.settings import Line


def line(ratio, comparison=">"):
    return Line(ratio=Decimal(ratio), comparison=comparison, basis="x")


def labels(township, county):
    return [level.label for level in ratio_classes(township, county)]


def test_the_line_is_a_break_and_over_it_means_strictly_over():
    assert labels(line("0.08"), line("0.15", ">=")) == [
        "不足 2%",
        "2% 至不足 4%",
        "4% 至 8%（含）",
        "超过 8% 至不足 15%",
        "15% 及以上",
    ]


def test_classes_follow_the_configured_line():
    assert labels(line("0.10", ">="), line("0.10", ">=")) == [
        "不足 2.5%",
        "2.5% 至不足 5%",
        "5% 至不足 10%",
        "10% 至不足 20%",
        "20% 及以上",
    ]


def test_classes_stay_below_100_percent():
    assert labels(line("0.6"), line("0.15"))[-1] == "80% 及以上"


@pytest.mark.parametrize(
    ("ratio", "is_accountable", "level"),
    [
        (0.0, False, 0),
        (0.0199999, False, 0),
        (0.02, False, 1),
        (0.04, False, 2),
        (0.08, False, 2),  # exactly on the line is not over it
        (0.0800000001, True, 3),
        (0.1499999, True, 3),
        (0.15, True, 4),
        (1.0, True, 4),
    ],
)
def test_the_side_of_the_line_is_the_rankings_answer(ratio, is_accountable, level):
    assert class_of(ratio, is_accountable, line("0.08"), line("0.15", ">=")) == level


def test_only_classes_over_the_line_have_warm_colours():
    classes = ratio_classes(line("0.08"), line("0.15", ">="))
    assert [level.is_over for level in classes] == [False, False, False, True, True]
    for level in classes:
        red, blue = int(level.fill[1:3], 16), int(level.fill[5:7], 16)
        assert (red > blue) == level.is_over


# Machado, Oliveira and Fernandes 2009, severity 1.0, on linear RGB.
SIGHTS = {
    "everybody": np.eye(3),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
}


def linear(colour):
    parts = np.array([int(colour[start : start + 2], 16) for start in (1, 3, 5)]) / 255
    return np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)


def lightness(colour, sight="everybody"):
    """Return L*, 0 black to 100 white: what is left of a colour in grey print."""
    luminance = np.clip(SIGHTS[sight] @ linear(colour), 0, 1) @ [0.2126, 0.7152, 0.0722]
    return 116 * np.cbrt(luminance) - 16


def test_lightness_of_known_greys():
    assert lightness("#ffffff") == pytest.approx(100)
    assert lightness("#777777") == pytest.approx(50, abs=0.3)
    assert lightness("#777777", "protanopia") == pytest.approx(50, abs=0.3)


@pytest.mark.parametrize(
    ("sight", "least"), [("everybody", 11), ("deuteranopia", 6), ("protanopia", 6)]
)
def test_a_higher_class_is_darker_for_every_eye_and_in_grey(sight, least):
    classes = ratio_classes(line("0.08"), line("0.15", ">="))
    light = [lightness(level.fill, sight) for level in classes]
    steps = -np.diff(light)
    assert steps.min() > least


@pytest.mark.parametrize("sight", SIGHTS)
def test_verdicts_are_told_apart_by_lightness(sight):
    light = sorted(lightness(colour, sight) for colour in VERDICTS.values())
    assert np.diff(light).min() > 7


def test_type_can_be_read_on_every_class():
    for level in ratio_classes(line("0.08"), line("0.15", ">=")):
        dark, bright = sorted(
            linear(colour) @ [0.2126, 0.7152, 0.0722] for colour in (level.fill, level.ink)
        )
        assert (bright + 0.05) / (dark + 0.05) > 4.5


def test_no_template_has_colours_of_its_own_for_the_line_or_the_verdicts():
    said = {BELOW, OVER, GHOST, *VERDICTS.values()}
    for template in TEMPLATES.glob("*.typ"):
        assert not said & set(re.findall(r"#[0-9a-f]{6}", template.read_text("utf-8")))
