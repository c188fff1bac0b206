"""A setting in the home folder does not make the client load code."""

import dask
import distributed

from pipeline.geometry.parallel import scheduler


class Listening:
    """A client that only says what it would have loaded."""

    def __init__(self, address):
        self.address = address
        self.loads = dask.config.get("distributed.client.preload")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None


def test_what_a_setting_names_is_not_loaded(monkeypatch):
    monkeypatch.setattr(distributed, "Client", Listening)
    with (
        dask.config.set({"distributed.client.preload": ["evil_preload"]}),
        scheduler._connected("tcp://127.0.0.1:1") as client,
    ):
        assert client.loads == []
