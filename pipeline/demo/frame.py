"""The ground a case stands on (用地框): a four-sided plot with its own axes, in whole mm.

Lines of constant ``u`` or ``v`` are straight on the ground, so every block between two such
lines is a simple four-sided field, and two blocks share the corners on their common line.
"""

from dataclasses import dataclass

import numpy as np
import shapely

from pipeline.demo.terrain import Floats


@dataclass(frozen=True)
class Frame:
    """A plot of about ``width`` × ``height`` metres; corners turn counter-clockwise."""

    corners: Floats  # 4 × 2, EPSG:4549
    width: float
    height: float

    def point(self, u: float, v: float) -> tuple[float, float]:
        """Return the point ``u`` metres along and ``v`` metres up the plot, to the mm."""
        s, t = u / self.width, v / self.height
        weight = np.array([(1 - s) * (1 - t), s * (1 - t), s * t, (1 - s) * t])
        x, y = (weight @ self.corners).tolist()
        return round(x, 3), round(y, 3)

    def ring(self, corners: list[tuple[float, float]]) -> shapely.Polygon:
        """Return a polygon from plot coordinates."""
        return shapely.Polygon([self.point(u, v) for u, v in corners])

    def around(self, margin_m: float) -> shapely.Polygon:
        """Return the plot widened on all sides."""
        u, v, m = self.width, self.height, margin_m
        return self.ring([(-m, -m), (u + m, -m), (u + m, v + m), (-m, v + m)])

    def patch(self, rng: np.random.Generator) -> shapely.Polygon:
        """Return a building site of natural outline that lies inside the plot."""
        u, v = self.width, self.height
        a, b, c, d = (rng.uniform(0.02, 0.3, 4)).tolist()
        outlines = [
            [(0, 0), (u, 0), (u, v), (0, v)],
            [(0, b * v), (a * u, 0), (u, 0), (u, v * (1 - c)), (u * (1 - d), v), (0, v)],
            [
                (0, 0),
                (u, 0),
                (u, v * (0.4 + c)),
                (u * (0.5 + a), v * (0.4 + c)),
                (u * (0.5 + a), v),
                (0, v),
            ],
            [(0, 0), (u * (1 - a), b * v), (u, v), (c * u, v * (1 - d))],
            [
                (0, v * b),
                (u * a, 0),
                (u * (1 - b), 0),
                (u, v * c),
                (u, v * (1 - a)),
                (u * (1 - d), v),
                (u * c, v),
                (0, v * (1 - d)),
            ],
        ]
        return self.ring(outlines[int(rng.integers(len(outlines)))])


@dataclass(frozen=True)
class Grid:
    """Cut lines across a frame: blocks between any two pairs of them share their corners."""

    frame: Frame
    us: list[float]
    vs: list[float]

    def block(self, left: int, low: int, right: int, high: int) -> shapely.Polygon:
        """Return the block between cut lines, with a corner wherever a cut line meets it."""
        bottom = [(self.us[i], self.vs[low]) for i in range(left, right)]
        east = [(self.us[right], self.vs[j]) for j in range(low, high)]
        top = [(self.us[i], self.vs[high]) for i in range(right, left, -1)]
        west = [(self.us[left], self.vs[j]) for j in range(high, low, -1)]
        return self.frame.ring(bottom + east + top + west)


def make_frame(
    rng: np.random.Generator, centre: Floats, angle: float, width: float, height: float
) -> Frame:
    """Return a plot around a point, turned by ``angle`` and slightly out of square."""
    u, v = width / 2, height / 2
    square = np.array([[-u, -v], [u, -v], [u, v], [-u, v]])
    square += rng.uniform(-0.06, 0.06, (4, 2)) * (width, height)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    return Frame(np.round(centre + square @ turn, 3), width, height)
