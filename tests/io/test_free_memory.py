"""Free memory as the files of a machine and of containers say it, written by hand."""

import pytest

from pipeline.io.free_memory import free_memory

MEMINFO = "MemTotal: 8000 kB\nMemFree: 100 kB\nMemAvailable: 5000 kB\n"


@pytest.fixture
def machine(tmp_path):
    def made(**files):
        for name, text in {"proc/meminfo": MEMINFO, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return free_memory(tmp_path)

    return made


def test_a_machine_says_what_is_available(machine):
    assert machine() == 5000 * 1024


def test_a_container_has_less(machine):
    files = {
        "sys/fs/cgroup/memory.max": "3000000\n",
        "sys/fs/cgroup/memory.current": "1000000\n",
        "sys/fs/cgroup/memory.stat": "anon 5\ninactive_file 250000\nslab 1\n",
    }
    assert machine(**files) == 2_250_000


def test_an_older_container_too(machine):
    folder = "sys/fs/cgroup/memory/memory"
    assert (
        machine(**{f"{folder}.limit_in_bytes": "4000", f"{folder}.usage_in_bytes": "1500"})
        == 2500
    )


def test_a_container_without_limit_is_the_machine(machine):
    files = {"sys/fs/cgroup/memory.max": "max\n", "sys/fs/cgroup/memory.current": "1000000\n"}
    assert machine(**files) == 5000 * 1024


def test_where_nothing_is_said_nothing_is_known(tmp_path):
    assert free_memory(tmp_path) is None


def test_here_it_is_known():
    assert free_memory() > 0
