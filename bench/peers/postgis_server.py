"""A PostGIS server of our own (临时数据库), in a temporary folder, gone afterwards."""

import os
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
import psycopg

_SETTINGS = {
    "listen_addresses": "",
    "shared_buffers": "1GB",
    "work_mem": "256MB",
    "maintenance_work_mem": "512MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "jit": "off",
    "parallel_setup_cost": "100",
    "parallel_tuple_cost": "0.001",
    "min_parallel_table_scan_size": "0",
}
_ACCOUNT = "postgres"  # the server refuses to run as root


def programs() -> Path | None:
    """Return the folder of a server that has PostGIS, null where there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    on_path = shutil.which("pg_config")
    for folder in [*folders, *([Path(on_path).parent] if on_path else [])]:
        if (folder / "initdb").exists() and (
            _shared(folder) / "extension/postgis.control"
        ).exists():
            return folder
    return None


def _shared(folder: Path) -> Path:
    asked = [str(folder / "pg_config"), "--sharedir"]
    return Path(
        subprocess.run(asked, check=True, capture_output=True, text=True).stdout.strip()
    )


class Server:
    """A server listening on a socket in its own folder."""

    def __init__(self, workers: int) -> None:
        folder = programs()
        if folder is None:
            raise FileNotFoundError("postgis")
        self.account = _ACCOUNT if os.geteuid() == 0 else None
        self.folder = Path(tempfile.mkdtemp(prefix="bench-postgis-"))
        if self.account is not None:
            shutil.chown(self.folder, self.account)
        data = self.folder / "data"
        self._run([str(folder / "initdb"), "-D", str(data), "-A", "trust", "-U", _ACCOUNT])
        settings = _SETTINGS | {
            "unix_socket_directories": str(self.folder),
            "max_parallel_workers": str(workers),
            "max_parallel_workers_per_gather": str(workers - 1),  # the leader works too
            "max_parallel_maintenance_workers": str(workers - 1),
        }
        options = [x for name, value in settings.items() for x in ("-c", f"{name}={value}")]
        self.process = subprocess.Popen(
            [str(folder / "postgres"), "-D", str(data), *options],
            user=self.account,
            group=self.account,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self.address = f"host={self.folder} user={_ACCOUNT} dbname=postgres"
        with self.connected() as connection:
            connection.execute("create extension postgis")

    def _run(self, command: list[str]) -> None:
        subprocess.run(
            command,
            check=True,
            capture_output=True,
            user=self.account,
            group=self.account,
            cwd=self.folder,
        )

    def connected(self) -> psycopg.Connection:
        """Return a connection, once the server answers."""
        for _ in range(100):
            try:
                return psycopg.connect(self.address, autocommit=True)
            except psycopg.OperationalError:
                time.sleep(0.1)
        raise TimeoutError(self.address)

    def cpu_s(self) -> float:
        """Return the CPU seconds of the server, the connections that ended included."""
        time.sleep(0.3)  # until those have been counted
        times = psutil.Process(self.process.pid).cpu_times()
        return float(times.user + times.system + times.children_user + times.children_system)

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        self.process.terminate()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
