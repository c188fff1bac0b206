"""Writes a county (生成): ``python -m bench.county.generate M``."""

import argparse
import contextlib
import time
from collections.abc import Iterator

import geopandas as gpd
import numpy as np

from bench.county.cells import Floats
from bench.county.ground import PARCEL_M2, ground_of
from bench.county.layer_writer import LayerWriter
from bench.county.papers import papers_on
from bench.county.sizes import CHANGE, EAST_M, LAYERS, NORTH_M, SIZES, Size
from bench.county.zones import zones_on

_SEED, _GAP_M, _MISSING = 20260611, 1_000.0, 0.004
_NUMBERED = ("township", "supply", "approval", "priority", "parcel", "change")


def generate(size: Size) -> None:
    """Write all layers of a county; those of another that it shares are written if missing."""
    if size.ground:
        if not SIZES[size.ground].is_there():
            generate(SIZES[size.ground])
        _take_every(size)
        return
    began = time.perf_counter()
    with contextlib.ExitStack() as stack:
        names = (*LAYERS, CHANGE)
        writers = {name: stack.enter_context(LayerWriter(size.path(name))) for name in names}
        for tile in range(size.tiles):
            for name, frame in _tile(size, tile):
                for column in set(_NUMBERED) & set(frame.columns):
                    frame[column] += tile * 10_000_000  # numbers are never used twice
                writers[name].write(frame)
            print(
                f"  tile {tile + 1}/{size.tiles}: {time.perf_counter() - began:.0f} s",
                flush=True,
            )
    for name, writer in writers.items():
        print(
            f"  {name:9} {writer.rows:>9,} rows {writer.corners:>11,} corners"
            f" (largest {writer.most:,}), {size.path(name).stat().st_size / 1e6:,.0f} MB"
        )


def _tile(size: Size, tile: int) -> Iterator[tuple[str, gpd.GeoDataFrame]]:
    rng = np.random.default_rng([_SEED, tile])
    parcels = size.parcels // size.tiles
    ground = ground_of(parcels, _origin(parcels, tile), rng)
    shapes = ground.parcels()
    kept = np.flatnonzero(rng.random(len(shapes)) >= _MISSING)  # gaps, as surveys have
    yield "parcel", gpd.GeoDataFrame({"parcel": kept}, geometry=shapes[kept])
    del shapes
    yield from zones_on(ground, rng)
    yield from papers_on(ground, size.changes // size.tiles, rng)


def _origin(parcels: int, tile: int) -> Floats:
    """Return the south-west corner of a tile; three lie side by side."""
    step = np.sqrt(parcels * PARCEL_M2) + _GAP_M
    row, column = divmod(tile, 3)
    return np.array([EAST_M + column * step, NORTH_M + row * step])


def _take_every(size: Size) -> None:
    frame = gpd.read_parquet(SIZES[size.ground].path(CHANGE))
    with LayerWriter(size.path(CHANGE)) as writer:
        writer.write(frame.iloc[:: size.every])


def main() -> None:
    """Write the counties named on the command line."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("size", nargs="+", choices=list(SIZES))
    for name in parser.parse_args().size:
        print(f"county {name} -> {SIZES[name].path(CHANGE).parent}", flush=True)
        generate(SIZES[name])


if __name__ == "__main__":
    main()
