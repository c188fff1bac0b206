"""What a run says of memory, on machines with as much of it as the test wants."""

import pytest

from pipeline.geometry.settings import OverlaySettings
from pipeline.runner import memory

GB = 1_000_000_000


@pytest.fixture
def machine(monkeypatch):
    def made(free, cores=64):
        monkeypatch.setattr(memory, "free_memory", lambda: free)
        monkeypatch.setattr(memory.os, "cpu_count", lambda: cores)

    return made


def said(need, remedy=""):
    lines = []
    memory.say_memory(lines.append, need, remedy)
    return lines


def test_little_is_not_worth_a_word(machine):
    machine(8 * GB)
    assert said(GB) == []


def test_much_is_said_before_it_is_taken(machine):
    machine(8 * GB)
    assert said(3 * GB) == ["  约需内存 3.0 GB,可用 8.0 GB"]
    machine(None)
    assert said(3 * GB) == ["  约需内存 3.0 GB"]


def test_more_than_there_is_is_said_with_a_remedy(machine):
    machine(GB // 2)
    assert said(GB, "workers 写小一些") == [
        "  内存可能不够:约需 1.0 GB,可用 0.5 GB;办法:关闭别的程序,workers 写小一些"
    ]


def test_the_overlay_takes_no_more_threads_than_memory_allows(machine):
    machine(8 * GB)
    assert memory.affordable(OverlaySettings()).workers == 64
    machine(8 * GB, cores=2)
    assert memory.affordable(OverlaySettings()).workers == 2
    machine(memory.overlay_bytes(3))
    assert memory.affordable(OverlaySettings()).workers == 3
    machine(GB // 10)
    assert memory.affordable(OverlaySettings()).workers == 1


def test_what_the_config_says_stays(machine):
    machine(GB // 10)
    for settings in (OverlaySettings(workers=5), OverlaySettings(scheduler="tcp://h:1")):
        assert memory.affordable(settings) == settings


def test_a_larger_county_needs_more_but_not_for_the_overlay():
    assert memory.receiving_bytes(2 * GB) > memory.receiving_bytes(GB) > GB
    assert memory.judging_bytes(250_000) > memory.judging_bytes(1000)
