"""Rounded parts that add up, counted by hand."""

from decimal import Decimal

import pytest

from pipeline.report.sheets.closing_parts import closing, m2_of, mu_of


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ([], []),
        (["1.234"], ["1.23"]),
        # 0.004 + 0.004 + 0.004 = 0.012 → 0.01: the first keeps its own rounding, the second gets it
        (["0.004", "0.004", "0.004"], ["0.00", "0.01", "0.00"]),
        # 1.005 + 1.005 = 2.010: the first is rounded half up as everywhere, the other gives way
        (["1.005", "1.005"], ["1.01", "1.00"]),
        # 10.004 + 0.009 + 0.002 = 10.015 → 10.02: the larger remainder first
        (["10.004", "0.002", "0.009"], ["10.00", "0.01", "0.01"]),
        (["0", "0", "5"], ["0.00", "0.00", "5.00"]),
    ],
)
def test_parts_close(parts, expected):
    assert closing([Decimal(part) for part in parts]) == [Decimal(one) for one in expected]


def test_units_are_exact():
    assert m2_of(1_234_567) == Decimal("123.4567")
    assert mu_of(10_000 * 2000) == Decimal(3)
