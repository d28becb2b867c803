"""A host that runs in a process of its own, and students who log in to it by SSH. No test waits for a fixed time."""

import asyncio
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import Any

import asyncssh

from cnn_tutor.host.premises import Premises
from cnn_tutor.tutor.drill import Drill, begin
from cnn_tutor.tutor.progress import Progress, Row
from tests.course import LESSONS, ROOT

PATIENCE = 60.0
ESCAPES = re.compile(rb"\x1b(?:\[[0-?]*[ -/]*[@-~]|[ -/]*[0-~])")
FEW, MANY = ("--students", "20"), ("--students", "250")
"""A host for few students is ready sooner; one for many lets them share more."""
DRILL = ("drill", "conv1d", "--seed", "7", "--minutes", "600")


async def until(condition: Callable[[], Any], what: str = "", seconds: float = PATIENCE) -> Any:
    """Wait until ``condition`` holds; what it gave."""
    end = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited in vain for {what or condition}")
        await asyncio.sleep(0.02)
    return found


@dataclass
class Host:
    """A host and its folder. ``keys`` are the private keys of the students who have one."""

    data: Path
    roster: Path
    keys: dict[str, asyncssh.SSHKey]
    process: subprocess.Popen[str]
    port: int
    said: list[str]

    @property
    def premises(self) -> Premises:
        return Premises(self.data / "host")

    def rows(self, name: str) -> list[Row]:
        """What is on disk of a student."""
        folder = self.premises.student(name)
        if not folder.exists():
            return []
        progress = Progress(folder)
        try:
            return progress.rows()
        finally:
            progress.close()

    def answers(self, name: str) -> list[str]:
        """The answers on disk of a student."""
        return [row.attempt.text for row in self.rows(name) if row.attempt.action == "answer"]

    def enrol(self, name: str) -> str:
        """Another student with a key, called something like ``name``; the roster is read again by itself."""
        name = f"{name}{len(self.keys)}"
        self.keys[name] = asyncssh.generate_private_key("ssh-ed25519")
        with self.roster.open("a", encoding="utf-8") as file:
            file.write(f"{name} {self.keys[name].export_public_key().decode().strip()}\n")
        return name

    @property
    def warm(self) -> int:
        """The warm process."""
        (pid,) = children(self.process.pid)
        return pid

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it; its exit code."""
        self.process.send_signal(number)
        return self.process.wait(PATIENCE)


def children(pid: int) -> list[int]:
    """The processes that ``pid`` started and that still run."""
    try:
        return [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def write_roster(path: Path, names: Iterable[str], keys: dict[str, asyncssh.SSHKey]) -> None:
    """A roster with the key of everybody who has one."""
    lines = [f"{name} {keys[name].export_public_key().decode().strip()}" if name in keys else name for name in names]
    path.write_text("\n".join([*lines, ""]), encoding="utf-8")


def run(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """``cnn-tutor --data …`` to its end."""
    return subprocess.run(
        [sys.executable, "-m", "cnn_tutor", "--data", str(data), *arguments],
        env=environment(),
        cwd=data,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}


def launch(data: Path, roster: Path, *task: str, options: Iterable[str] = (), port: int = 0) -> tuple[Any, int, list]:
    """A host that is started: its process, its port, what it says."""
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "cnn_tutor", "--data", str(data), "host", "--roster", str(roster)),
            *("--port", str(port), "--bind", "127.0.0.1", *FEW, *options, *task),
        ],
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    said: list[str] = []
    for line in process.stdout:
        said.append(line)
        if "Fingerprint" in line:
            break
    found = re.search(r"on port (\d+)", "".join(said))
    assert found, said
    return process, int(found[1]), said


@contextmanager
def hosting(
    data: Path, names: Iterable[str] = ("ada",), task: Iterable[str] = DRILL, *, codes: bool = False, options: Any = ()
) -> Iterator[Host]:
    """A host for students with keys, or without any where ``codes`` are wanted."""
    names = list(names)
    data.mkdir(exist_ok=True)
    keys = {} if codes else {name: asyncssh.generate_private_key("ssh-ed25519") for name in names}
    roster = data / "roster"
    write_roster(roster, names, keys)
    process, port, said = launch(data, roster, *task, options=options)
    reading = Thread(target=lambda: said.extend(process.stdout))
    reading.start()
    try:
        yield Host(data, roster, keys, process, port, said)
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE)
        finally:
            process.kill()
            reading.join()
            process.stdout.close()


class Student:
    """A student's terminal: what was shown, and a keyboard."""

    def __init__(self, connection: asyncssh.SSHClientConnection, process: asyncssh.SSHClientProcess[bytes]) -> None:
        self.connection = connection
        self.process = process
        self.shown = bytearray()
        self.changed = asyncio.Event()
        self.asked = 0.0
        """When the session was asked for."""
        self.first = self.last = 0.0
        """When something was shown first, and last."""
        self._reading = asyncio.ensure_future(self._read())

    async def _read(self) -> None:
        while data := await self.process.stdout.read(65536):
            self.shown += data
            self.last = time.perf_counter()
            self.first = self.first or self.last
            self.changed.set()

    @property
    def text(self) -> str:
        """All that was shown, without control sequences."""
        return ESCAPES.sub(b"", bytes(self.shown)).decode("utf-8", "replace")

    def type(self, text: str) -> None:
        """Type ``text``."""
        self.process.stdin.write(text.encode())

    async def sees(self, text: str) -> None:
        """Wait until ``text`` was shown."""
        try:
            await until(lambda: text in self.text, repr(text))
        except AssertionError as error:
            raise AssertionError(f"{error}; what was shown ends with {self.text[-2000:]!r}") from None

    async def answer(self, text: str, number: int) -> None:
        """In a plain drill, answer and wait until question ``number`` comes, or the end."""
        self.type(f"{text}\n")
        await until(lambda: f"Question {number} of" in self.text or "Every question" in self.text, self.text[-500:])

    async def leaves(self) -> int | None:
        """Wait until the session is over; the exit status."""
        await asyncio.wait_for(asyncio.gather(self._reading, self.process.wait_closed()), PATIENCE)
        return self.process.exit_status

    def cut(self) -> None:
        """The network fails."""
        self.connection.abort()


def connecting(host: Host, name: str, **options: Any) -> Any:
    """A connection as ``name``, with the student's own key unless another is given."""
    if "client_keys" not in options and "password" not in options:
        options["client_keys"] = [host.keys[name]]
    chosen = {"client_keys": None, "agent_path": None, "config": None, **options}
    return asyncssh.connect("127.0.0.1", host.port, known_hosts=None, username=name, **chosen)


@asynccontextmanager
async def sitting(host: Host, name: str = "ada", *, term: str = "dumb", **options: Any) -> AsyncIterator[Student]:
    """A student at work; ``term="dumb"`` gives the plain conversation."""
    async with connecting(host, name, **options) as connection:
        asked = time.perf_counter()
        process = await connection.create_process(term_type=term, term_size=(80, 24), encoding=None, env=ENVIRONMENT)
        student = Student(connection, process)
        student.asked = asked
        try:
            yield student
        finally:
            student._reading.cancel()


ENVIRONMENT = {"LANG": "C.UTF-8"}


def right_answers() -> list[str]:
    """What a perfect student types in ``DRILL``."""
    session = begin(Drill(("conv1d",), 7, 1), LESSONS.__getitem__)
    return [session.questions[place].text for place in session.asked]
