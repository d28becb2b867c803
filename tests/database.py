"""A PostgreSQL server of our own, on a free port of this machine, that is stopped and started as a test likes."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from pathlib import Path

import psycopg

NOBODY = 65534


class Server:
    """A server, and the way to its latest database."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="cnn-tutor-pg-"))
        # PostgreSQL refuses to run as root.
        self._as = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.geteuid() == 0 else {}
        if self._as:
            os.chown(self._folder, NOBODY, NOBODY)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self._count = 0
        self._process: subprocess.Popen[bytes] | None = None
        make = ("-N", "-A", "trust", "-U", "tutor", "--no-locale", "-E", "UTF8", "-D", self._folder / "data")
        self._run("initdb", *make)

    @property
    def address(self) -> str:
        """Of the latest database."""
        name = f"class{self._count}" if self._count else "postgres"
        return f"postgresql://tutor:secret@127.0.0.1:{self.port}/{name}"

    def renew(self) -> None:
        """A database with nothing in it; whoever still pushes to the one before does no harm."""
        with psycopg.connect(self.address, autocommit=True) as database:
            database.execute(f"CREATE DATABASE class{self._count + 1}")
        self._count += 1

    def _run(self, program: str, *arguments: object) -> None:
        command = [str(self._programs / program), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, cwd=self._folder, check=False, **self._as)
        assert done.returncode == 0, done.stderr.decode()

    def start(self) -> None:
        """Start, and wait until it answers."""
        command = [self._programs / "postgres", "-D", self._folder / "data", "-F", "-h", "127.0.0.1"]
        command += ["-p", str(self.port), "-k", self._folder, "-c", "shared_buffers=16MB", "-c", "max_connections=20"]
        log = (self._folder / "log").open("ab")
        with log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd=self._folder, **self._as)
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            try:
                psycopg.connect(self.address, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                assert self._process.poll() is None, (self._folder / "log").read_text()
                time.sleep(0.05)
        raise AssertionError("PostgreSQL does not answer")

    def stop(self, how: int = signal.SIGINT) -> None:
        """Stop, and let connections fall; nothing is written any more after SIGQUIT."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=60)
            self._process = None

    def query(self, text: str) -> list[tuple[object, ...]]:
        """What the server says."""
        with psycopg.connect(self.address) as database:
            found = database.execute(text)
            return found.fetchall() if found.description else []

    def close(self) -> None:
        """Stop for good and leave nothing behind."""
        self.stop(signal.SIGQUIT)
        shutil.rmtree(self._folder, ignore_errors=True)
