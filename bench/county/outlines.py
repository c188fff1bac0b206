"""Outlines drawn by people and by rasters (轮廓): blobs, stairs, rectangles."""

import numpy as np
import shapely

from bench.county.cells import Floats, Indices, Polygons

_PIXEL_M = 2.0


def blobs(centre: Floats, area: Floats, corners: Indices, rng: np.random.Generator) -> Polygons:
    """Return noisy star-shaped outlines with so many corners."""
    count = len(centre)
    start = np.concatenate([[0], np.cumsum(corners)])
    of = np.repeat(np.arange(count), corners)
    number = np.arange(start[-1]) - start[of]
    angle = 2 * np.pi * (number + rng.uniform(-0.3, 0.3, len(of))) / corners[of]
    radius = 1 + rng.uniform(-0.05, 0.05, len(of))
    for waves in range(2, 6):
        height, phase = rng.uniform(0, 0.176, count), rng.uniform(0, 2 * np.pi, count)
        radius += height[of] * np.sin(waves * angle + phase[of])
    radius = np.maximum(radius, 0.15) * np.sqrt(area / np.pi)[of]
    stretch = np.exp(rng.normal(0, 0.45, count))[of]
    x, y = radius * np.cos(angle) * stretch, radius * np.sin(angle) / stretch
    turned = _turned(x, y, rng.uniform(0, np.pi, count)[of])
    return _outlined((centre[of] + turned).round(3), of)


def stairs(centre: Floats, area: Floats, rng: np.random.Generator) -> Polygons:
    """Return outlines along pixel edges, as a raster change detector gives them."""
    shapes = np.empty(len(centre), dtype=object)
    for i, (place, size) in enumerate(zip(centre // _PIXEL_M, area, strict=True)):
        low, high = _columns(max(3, int(np.sqrt(size) / _PIXEL_M)), rng)
        x = np.repeat(np.arange(len(low) + 1), 2)[1:-1]
        y = np.concatenate([np.repeat(low, 2), np.repeat(high, 2)[::-1]])
        corners = np.column_stack([np.concatenate([x, x[::-1]]), y])
        shapes[i] = shapely.Polygon((place + corners) * _PIXEL_M)
    return np.asarray(shapely.simplify(shapes, 0), dtype=object)


def rectangles(centre: Floats, half: Floats, angle: Floats) -> Polygons:
    """Return rectangles of half sizes (n × 2), turned by so much."""
    corner = np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    of = np.repeat(np.arange(len(centre)), 4)
    x, y = (half[of] * np.tile(corner, (len(centre), 1))).T
    return _outlined((centre[of] + _turned(x, y, angle[of])).round(3), of)


def _columns(count: int, rng: np.random.Generator) -> tuple[Indices, Indices]:
    """Return the lower and upper end of each column of pixels; neighbours touch."""
    bulge = np.sin(np.linspace(0, np.pi, count + 2)[1:-1])
    half = np.maximum(1, (count / 2 * bulge * rng.uniform(0.7, 1.3, count)).astype(np.int64))
    middle = np.cumsum(rng.integers(-1, 2, count))
    low, high = middle - half, middle + half
    for i in range(1, count):
        low[i] = min(low[i], high[i - 1] - 1)
        high[i] = max(high[i], low[i - 1] + 1)
    return low, high


def _turned(x: Floats, y: Floats, angle: Floats) -> Floats:
    cos, sin = np.cos(angle), np.sin(angle)
    return np.column_stack([x * cos - y * sin, x * sin + y * cos])


def _outlined(xy: Floats, of: Indices) -> Polygons:
    rings = shapely.linearrings(xy, indices=of)
    return np.asarray(shapely.polygons(rings), dtype=object)
