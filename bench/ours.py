"""This project's engine (本引擎): blocks of changes, the rows near them, one sweep."""

import contextlib
import importlib
from functools import partial
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from bench.county.sizes import CHANGE, LAYERS, SIZES, Size
from bench.job import AREA, Engine, Job, as_table
from pipeline.geometry.parallel import map_blocks
from pipeline.geometry.settings import OverlaySettings
from pipeline.geometry.sweep.areas import Cover, Ground, ground_of, swept
from pipeline.geometry.sweep.rings import Rings, Wkb, rings_of_wkb
from pipeline.io.layer_file import LayerFile

CHANGES_PER_BLOCK = 1250


class Ours(Engine):
    """The sweep, in threads or on a dask scheduler."""

    title = "this project"

    def __init__(self, scheduler: str = "") -> None:
        """Run in threads, or on the workers of a dask scheduler."""
        self.scheduler = scheduler

    def prepare(self, job: Job) -> None:  # noqa: ARG002
        """Compile, or load what was compiled before, on the smallest county."""
        partitioned(SIZES["XS"], range(100))
        if self.scheduler:
            importlib.import_module("distributed")

    def areas(self, job: Job) -> None:
        """Sweep block after block; areas are written as they come."""
        blocks = LayerFile(str(job.path(CHANGE))).blocks(CHANGES_PER_BLOCK)
        settings = OverlaySettings(workers=job.threads, scheduler=self.scheduler)
        with contextlib.ExitStack() as stack:
            writer = None
            for areas in map_blocks(partial(partitioned, job.size), blocks, settings):
                if writer is None:
                    writer = stack.enter_context(pq.ParquetWriter(job.out, areas.schema))
                writer.write_table(areas)


class Loaded(NamedTuple):
    """A block of changes and the ground under it, ready for the sweep."""

    numbers: np.ndarray
    changes: Rings
    ground: Ground
    codes: tuple[np.ndarray, ...]  # of the polygons of each layer


def partitioned(size: Size, rows: range) -> pa.Table:
    """Return the areas of a block of changes."""
    block = loaded(size, rows)
    areas = swept(block.changes, block.ground)
    columns: dict[str, object] = {CHANGE: block.numbers[areas.change], AREA: areas.area}
    for layer, codes, polygon in zip(LAYERS, block.codes, areas.polygon.T, strict=True):
        columns[layer] = np.append(codes, -1)[polygon]  # polygon -1: none of the layer
    return as_table(columns)


def loaded(size: Size, rows: range) -> Loaded:
    """Read a block of changes, and of each layer the rows near them."""
    block = LayerFile(str(size.path(CHANGE))).block(rows, [CHANGE])
    changes = rings_of_wkb(block["geometry"])
    covers, codes = zip(*(_cover(size, layer, changes) for layer in LAYERS), strict=True)
    return Loaded(
        block[CHANGE].to_numpy(), changes, ground_of(list(covers), changes.box), codes
    )


def _cover(size: Size, layer: str, changes: Rings) -> tuple[Cover, np.ndarray]:
    """Return the polygons of a layer near the changes, in order of precedence, and their codes."""
    key = "priority" if layer == "approval" else layer
    near = LayerFile(str(size.path(layer))).near(changes.box, list({layer: 0, key: 0}))
    order = np.argsort(near[key].to_numpy(), kind="stable")  # equal codes stand together
    codes = near[layer].to_numpy()[order]
    return Cover(Wkb(near["geometry"], order), codes), codes
