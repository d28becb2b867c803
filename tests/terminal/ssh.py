"""An SSH server of our own on the loopback interface, run by whoever runs the tests, and clients of it."""

import getpass
import os
import shlex
import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.conftest import find_program
from tests.terminal.session import ROOT, TUTOR, Session

CONFIG = """
ListenAddress 127.0.0.1:{port}
ListenAddress 127.0.0.1:{watched}
HostKey {folder}/host
AuthorizedKeysFile {folder}/user.pub
PidFile none
StrictModes no
UsePAM no
PasswordAuthentication no
PermitRootLogin prohibit-password
Match LocalPort {watched}
    ClientAliveInterval 1
    ClientAliveCountMax 2
"""


@dataclass(frozen=True)
class Server:
    """Where it listens and the key that it lets in."""

    port: int
    watched: int
    """The port at which it asks every second whether the client is still there."""
    key: Path

    def client(self, command: str, *options: str, watched: bool = False) -> list[str]:
        """What runs ``command`` there."""
        known = ["-F", "none", "-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"]
        known += ["-o", "LogLevel=ERROR", "-o", "IdentitiesOnly=yes", "-i", str(self.key)]
        known += ["-p", str(self.watched if watched else self.port)]
        return [str(find_program("ssh")), *known, *options, f"{getpass.getuser()}@127.0.0.1", command]

    def session(self, pids: Path, *arguments: str, watched: bool = False) -> Session:
        """The tutor at the other end of a terminal; its process id is written to ``pids``."""
        command = f"echo $$ > {pids}; exec {tutor(arguments)}"
        return Session(self.client(command, "-tt", watched=watched))


def tutor(arguments: Sequence[str]) -> str:
    """A line for a shell that runs the tutor with the tests' own data."""
    own = ["env", f"PYTHONPATH={ROOT}", f"CNN_TUTOR_DATA={os.environ['CNN_TUTOR_DATA']}", "LANG=C.UTF-8"]
    return shlex.join([*own, *TUTOR, *arguments])


@contextmanager
def server(folder: Path) -> Iterator[Server]:
    """A server that is there as long as the context."""
    daemon, keygen = find_program("sshd"), find_program("ssh-keygen")
    for name in ("host", "user"):
        subprocess.run([keygen, "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    with socket.socket() as free, socket.socket() as another:
        free.bind(("127.0.0.1", 0))
        another.bind(("127.0.0.1", 0))
        port, watched = free.getsockname()[1], another.getsockname()[1]
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    config = CONFIG.format(port=port, watched=watched, folder=folder)
    (folder / "config").write_text(config, encoding="utf-8")
    with (folder / "log").open("wb") as log:
        running = subprocess.Popen([daemon, "-D", "-e", "-f", folder / "config"], stdin=subprocess.DEVNULL, stderr=log)
    try:
        _wait_for(port, running, folder / "log")
        yield Server(port, watched, folder / "user")
    finally:
        running.terminate()
        running.wait()


def _wait_for(port: int, running: "subprocess.Popen[bytes]", log: Path) -> None:
    while running.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            continue
        return
    raise AssertionError(f"the SSH server has ended: {log.read_text(encoding='utf-8', errors='replace')}")
