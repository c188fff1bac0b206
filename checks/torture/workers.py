"""Workers of a dask scheduler: killed 20 times at random, and a change that kills each of them."""

import hashlib
import os
import random
import signal
import tempfile
import threading
import time
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import parent_process
from pathlib import Path

import dask
import pandas as pd
import psutil
import pytest
from distributed import LocalCluster

from checks.torture._quiet import run_quietly
from checks.torture.memory import write
from pipeline.errors import PipelineError
from pipeline.geometry.settings import AreaSettings, OverlaySettings
from pipeline.io.layer_file import LayerFile
from pipeline.runner.acts import RECEIVED
from pipeline.stages.overlay import Sources, overlay
from pipeline.terms import ApprovalKind

KILLS = 20
DEADLY = "C000000077"


class DeadlyLayer(LayerFile):
    """A layer in which one change kills every process but the first that reads it."""

    def __reduce__(self):
        return DeadlyLayer, (self.path,)

    def block(self, rows, columns):
        found = super().block(rows, columns)
        is_here = DEADLY in super().block(rows, ["change_id"])["change_id"].to_pylist()
        if is_here and parent_process() is not None:
            os.kill(os.getpid(), signal.SIGSEGV)
        return found


def run():
    with tempfile.TemporaryDirectory() as folder:
        config = write(0.2, Path(folder))
        assert run_quietly(config, until="ingest") == 0
        received = Path(folder) / "workspace" / "work" / "received"
        sources = Sources(
            **{name: LayerFile(str(received / f"{name}.parquet")) for name in RECEIVED}
        )
        here = _bytes(sources, "")
        with _cluster() as (address, workers):
            began = time.monotonic()
            assert _bytes(sources, address) == here
            usual = time.monotonic() - began
            listening = _listening(os.getpid())
            for number in range(KILLS):
                killer = threading.Timer(
                    random.Random(number).uniform(0, usual), _kill, [workers]
                )
                killer.start()
                assert _bytes(sources, address) == here, number
                killer.join()
            named, took = _named(
                replace(sources, changes=DeadlyLayer(sources.changes.path)), address
            )
    assert not listening, listening
    return {"kills": KILLS, "same bytes": KILLS, "named": named, "in": f"{took:.0f} s"}


def _named(sources, address):
    began = time.monotonic()
    with pytest.raises(PipelineError, match=DEADLY) as told:
        _bytes(sources, address)
    print(told.value, flush=True)
    return DEADLY, time.monotonic() - began


@contextmanager
def _cluster():
    """Start two workers of one thread; like the defaults, but nobody waits for a dashboard."""
    with (
        dask.config.set({"distributed.scheduler.allowed-failures": 3}),
        LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, host="127.0.0.1",
            silence_logs=60,
        ) as cluster,
    ):  # fmt: skip
        yield cluster.scheduler_address, cluster.workers


def _kill(workers):
    running = [nanny.pid for nanny in workers.values() if nanny.pid]
    if running:
        psutil.Process(random.choice(running)).kill()


def _listening(process):
    """Return where a process listens beyond loopback."""
    return [
        f"{link.laddr.ip}:{link.laddr.port}"
        for link in psutil.Process(process).net_connections()
        if link.status == psutil.CONN_LISTEN and not link.laddr.ip.startswith("127.")
    ]


def _bytes(sources, address):
    pieces = []
    overlay(
        sources,
        pieces.append,
        crs="EPSG:4549",
        kinds=(ApprovalKind.CONVERSION,),
        area=AreaSettings(),
        settings=OverlaySettings(scheduler=address, workers=2),
        has_permanent_farmland=True,
    )
    table = pd.concat(pieces).to_wkb(hex=True)
    rows = pd.util.hash_pandas_object(table.astype(str), index=False).to_numpy()
    return hashlib.sha256(rows.tobytes()).hexdigest()
