"""The relief of the invented county (地形): hills, a plain, contour lines (等高线)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]

CENTRE = (600_300.0, 3_190_200.0)  # EPSG:4549, metres
HALF_WIDTH, HALF_HEIGHT = 12_600.0, 9_600.0
BOX = (
    CENTRE[0] - HALF_WIDTH * 1.25,
    CENTRE[1] - HALF_HEIGHT * 1.25,
    CENTRE[0] + HALF_WIDTH * 1.25,
    CENTRE[1] + HALF_HEIGHT * 1.25,
)
# Heights (metres above the plain) between which the land is worked alike.
LEVELS = (25.0, 42.0, 60.0, 80.0, 110.0, 160.0, 230.0)
_GRID_M = 120.0


@dataclass(frozen=True)
class Waves:
    """Smooth noise (起伏): a sum of plane waves with random directions and phases."""

    kx: Floats
    ky: Floats
    phase: Floats
    amplitude: Floats

    def at(self, x: Floats, y: Floats) -> Floats:
        """Return the noise at points; about -1 to 1."""
        total = np.zeros(np.broadcast(x, y).shape)
        for kx, ky, phase, amplitude in zip(
            self.kx, self.ky, self.phase, self.amplitude, strict=True
        ):
            total += amplitude * np.cos(kx * x + ky * y + phase)
        return total


def waves(rng: np.random.Generator, longest_m: float, count: int = 24) -> Waves:
    """Return noise whose longest wave is ``longest_m``; shorter waves are weaker."""
    length = longest_m * 0.12 ** rng.random(count)
    angle = rng.uniform(0, 2 * np.pi, count)
    weight = length / np.sqrt((length**2).sum() / 2) / 1.6
    k = 2 * np.pi / length
    return Waves(k * np.cos(angle), k * np.sin(angle), rng.uniform(0, 6.28, count), weight)


@dataclass(frozen=True)
class Terrain:
    """Height over the county: low along the river and its brooks (河谷), high far from both."""

    river: shapely.LineString
    brooks: shapely.MultiLineString
    relief: Waves

    def height(self, x: Floats, y: Floats) -> Floats:
        """Return metres above the plain."""
        points = shapely.points(x, y)
        away = shapely.distance(points, self.river.simplify(25.0))
        rising = 260.0 / (1 + np.exp(-(away - 5200.0) / 1100.0))
        bumps = np.maximum(self.relief.at(x, y) + 0.15, 0) * 150.0
        hills = rising * 0.8 + bumps * np.clip((away - 900.0) / 2500.0, 0, 1)
        valley = shapely.distance(points, self.brooks.simplify(25.0)) / 1_050.0
        return np.asarray(hills * (1 - np.exp(-(valley**2))))


def make_terrain(rng: np.random.Generator) -> Terrain:
    """Return the relief around a river that winds from west to east (河流)."""
    x = np.arange(BOX[0] - 2_000, BOX[2] + 2_000, 90.0)
    along = (x - CENTRE[0]) / 1000.0
    p1, p2, p3 = rng.uniform(0, 6.28, 3)
    y = (
        CENTRE[1]
        + 1400 * np.sin(along / 4.1 + p1)
        + 560 * np.sin(along / 1.15 + p2)
        + 210 * np.sin(along / 0.43 + p3)
        - 500
    )
    river = shapely.LineString(np.column_stack([x, y]))
    return Terrain(river, shapely.MultiLineString(_brooks(rng, river)), waves(rng, 7_000.0))


def _brooks(rng: np.random.Generator, river: shapely.LineString) -> list[shapely.LineString]:
    """Return brooks that come down from both edges of the box to the river."""
    lines = []
    for edge, first in ((BOX[1], 1_700.0), (BOX[3], 3_400.0)):
        for x in np.arange(BOX[0] + first, BOX[2], 4_600.0):
            spring = np.array([x + rng.uniform(-900, 900), edge + (CENTRE[1] - edge) * 0.24])
            along = river.project(shapely.Point(spring)) + rng.uniform(-600, 1_900)
            mouth = shapely.get_coordinates(river.interpolate(along))[0]
            lines.append(smooth(jagged(rng, np.array([spring, mouth]), 0.14, 330.0)))
    return lines


def jagged(
    rng: np.random.Generator, path: Floats, roughness: float, step_m: float
) -> shapely.LineString:
    """Return a line through the same ends, displaced midpoint by midpoint (分形)."""
    while np.hypot(*np.diff(path, axis=0).T).max() > step_m:
        across = np.diff(path, axis=0)[:, ::-1] * (-1, 1)
        shift = rng.normal(0, roughness, len(across)).clip(-2 * roughness, 2 * roughness)
        middle = (path[:-1] + path[1:]) / 2 + across * shift[:, None]
        out = np.empty((2 * len(path) - 1, 2))
        out[::2], out[1::2] = path, middle
        path = out
    return shapely.LineString(path)


def smooth(line: shapely.LineString) -> shapely.LineString:
    """Round the corners of a line by cutting them twice (Chaikin)."""
    path = shapely.get_coordinates(line)
    for _ in range(2):
        early = path[:-1] * 0.75 + path[1:] * 0.25
        late = path[:-1] * 0.25 + path[1:] * 0.75
        cut = np.stack([early, late], axis=1).reshape(-1, 2)
        path = np.concatenate([path[:1], cut, path[-1:]])
    return shapely.LineString(path)


def bands(terrain: Terrain) -> list[tuple[shapely.Polygon, int]]:
    """Return the land between contour lines: each polygon with its number of levels below."""
    xs = np.arange(BOX[0], BOX[2], _GRID_M)
    ys = np.arange(BOX[1], BOX[3], _GRID_M)
    grid_x, grid_y = np.meshgrid(xs, ys)
    height = terrain.height(grid_x, grid_y)
    lines = [_contour(xs, ys, height, level) for level in LEVELS]
    frame = shapely.box(xs[0], ys[0], xs[-1], ys[-1]).exterior
    faces = shapely.get_parts(
        shapely.polygonize([shapely.union_all([*lines, frame], grid_size=0.001)])
    )
    inside = shapely.get_coordinates(shapely.point_on_surface(faces))
    number = np.searchsorted(LEVELS, terrain.height(inside[:, 0], inside[:, 1]))
    return list(zip(faces, number.tolist(), strict=True))


def _contour(xs: Floats, ys: Floats, height: Floats, level: float) -> shapely.MultiLineString:
    """Return one contour line by marching over the two triangles of every grid cell."""
    x, y = np.meshgrid(xs, ys)
    nodes = np.dstack([x, y, height - level])
    corners = nodes[:-1, :-1], nodes[:-1, 1:], nodes[1:, 1:], nodes[1:, :-1]
    pieces = []
    for a, b, c in ((0, 1, 2), (0, 2, 3)):
        triangle = np.stack([corners[a], corners[b], corners[c]], axis=2).reshape(-1, 3, 3)
        above = triangle[:, :, 2] > 0
        cut = above.any(axis=1) & ~above.all(axis=1)
        triangle, above = triangle[cut], above[cut]
        # the corner that is alone on its side of the level, and the other two
        lone = np.where(above.sum(axis=1) == 1, above.argmax(axis=1), (~above).argmax(axis=1))
        row = np.arange(len(triangle))
        apex = triangle[row, lone]
        ends = [_crossing(apex, triangle[row, (lone + turn) % 3]) for turn in (1, 2)]
        pieces.append(np.stack(ends, axis=1))
    return shapely.multilinestrings(shapely.linestrings(np.concatenate(pieces)))


def _crossing(one: Floats, other: Floats) -> Floats:
    share = one[:, 2] / (one[:, 2] - other[:, 2])
    return np.asarray(one[:, :2] + share[:, None] * (other[:, :2] - one[:, :2]))
