"""Run the overlay on a small world; layers that are not given are empty."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from pipeline.geometry.settings import AreaSettings, OverlaySettings
from pipeline.stages.overlay import Sources, overlay
from pipeline.terms import ApprovalKind
from tests import worlds
from tests.memory_source import MemorySource
from tests.worlds import CRS, rect, township, townships

KINDS = (ApprovalKind.CONVERSION, ApprovalKind.SUPPLY)
COUNTY = townships(township(rect(-1000, -1000, 1000, 1000)))


@dataclass(frozen=True)
class Made:
    """All that the overlay makes, the pieces in the order of the changes' numbers."""

    pieces: Any
    coverage: Any
    constraint_areas: Any
    balances: Any
    findings: Any


def overlaid(
    changes, *, kinds=KINDS, kind="ellipsoid", workers=1, scheduler="", progress=None, **layers
):
    names = ("land_use", "permanent_farmland", "plan_zones", "approvals", "constraints",
             "quarantine")  # fmt: skip
    tables = {name: getattr(worlds, name)() for name in names}
    tables |= {"changes": changes, "townships": COUNTY}
    unknown = set(layers) - set(tables)
    assert not unknown
    pieces = []
    made = overlay(
        Sources(**{name: MemorySource(table) for name, table in {**tables, **layers}.items()}),
        pieces.append,
        crs=CRS,
        kinds=kinds,
        area=AreaSettings(kind=kind),
        settings=OverlaySettings(workers=workers, scheduler=scheduler),
        has_permanent_farmland="permanent_farmland" in layers,
        progress=progress,
    )
    together = pd.concat(pieces).sort_values("piece_id", ignore_index=True)
    return Made(together, **vars(made))


def areas(frame, *columns):
    """The area of every combination of answers: ``{("A1", "P1"): 50.0}``; None for null."""
    keys = frame[list(columns)].astype(object)
    keys = keys.where(keys.notna(), None)
    found = {}
    for key, area in zip(
        keys.itertuples(index=False, name=None), frame["area_m2"], strict=True
    ):
        found[key] = round(found.get(key, 0.0) + area, 4)
    return {key[0] if len(columns) == 1 else key: area for key, area in found.items()}
