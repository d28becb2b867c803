"""The server's side of the warm process: starts it, asks it for sessions, starts another when it is gone."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
import subprocess
import tempfile
import termios
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

from cnn_tutor.host.rehearsal import ALL_KEYS, KEYS, watch
from cnn_tutor.host.wire import Ended, Kill, Rehearse, Rehearsed, Seat, Seated, receive, send

COLD_SECONDS = 60.0
"""What a rehearsal may take before sessions are forked without one."""
PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before another warm process is tried, twice as long each time that one does not get ready."""

Result = TypeVar("Result")


class Nursery:
    """Sessions in the making. ``note`` is told what the instructor should know."""

    def __init__(self, command: Sequence[str], folder: Path, note: Callable[[str], None], *, lean: bool = True) -> None:
        """``command`` starts a warm process; ``{socket}`` in it becomes the number of a descriptor.

        ``lean`` sessions share more memory, for more rehearsals.
        """
        self._command = command
        self._folder = folder
        self._note = note
        self._twice = lean
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._ready = asyncio.Event()
        self._rehearsed = asyncio.Event()
        self._ends: dict[int, asyncio.Future[int]] = {}
        self._asked: dict[int, asyncio.Future[bool]] = {}
        """Sessions that are not forked yet; whether they were."""
        self._count = 0
        self._pause = PAUSE
        self._closing = False
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def pid(self) -> int | None:
        """The warm process."""
        return None if self._process is None else self._process.pid

    @property
    def is_ready(self) -> bool:
        """Whether sessions can be forked."""
        return self._ready.is_set()

    async def start(self) -> None:
        """Start the warm process, and return when it can fork sessions."""
        ours, theirs = socket.socketpair()
        with theirs:
            os.set_inheritable(theirs.fileno(), True)
            self._process = subprocess.Popen(
                [word.replace("{socket}", str(theirs.fileno())) for word in self._command],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "MALLOC_ARENA_MAX": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"},
                start_new_session=True,
            )
        self._line = ours
        asyncio.get_running_loop().add_reader(ours, self._hear)
        try:
            folder = Path(tempfile.mkdtemp(dir=self._folder))
            used = str(folder / "used") if self._twice else ""
            if used:
                await self._rehearse(ours, folder / "first")
                await self._rehearse(ours, folder / "second", note=used)
            await self._rehearse(ours, folder / "last", used=used)
        except OSError as error:
            self._note(f"the warm process does not start: {error.strerror}")
        if self._line is ours:
            self._ready.set()
            self._pause = PAUSE

    async def _rehearse(self, line: socket.socket, folder: Path, *, note: str = "", used: str = "") -> None:
        """Have the task run once, in a folder of its own. Raises OSError."""
        ours, terminal = os.openpty()
        termios.tcsetwinsize(ours, (24, 80))
        try:
            environment = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "HOME": str(folder)}
            self._rehearsed.clear()
            send(line, Rehearse(str(folder), environment, note, used), terminal)
            os.close(terminal)
            await watch(ours, self._rehearsed, COLD_SECONDS, ALL_KEYS if note else KEYS)
        finally:
            os.close(ours)

    async def seat(self, name: str, folder: Path, environment: Mapping[str, str], terminal: int) -> Session:
        """A session for ``name`` on ``terminal``, which is closed here. Raises OSError.

        A warm process that is gone before it has forked the session leaves that to the next one.
        """
        loop = asyncio.get_running_loop()
        try:
            while not self._closing:
                await self._ready.wait()
                assert self._line is not None
                self._count += 1
                number = self._count
                forked = self._asked[number] = loop.create_future()
                ended = self._ends[number] = loop.create_future()
                with suppress(ConnectionError):
                    send(self._line, Seat(number, name, str(folder), dict(environment)), terminal)
                if await forked:
                    return Session(self, number, ended)
                del self._ends[number]
            raise ConnectionAbortedError(errno.ECONNABORTED, os.strerror(errno.ECONNABORTED))
        finally:
            os.close(terminal)

    def kill(self, number: int) -> None:
        """End a session's child at once."""
        if self._line is not None:
            with suppress(OSError):
                send(self._line, Kill(number))

    def close(self) -> None:
        """Let the warm process go; it ends when its socket does."""
        self._closing = True
        self._hang_up()
        if self._process is not None:
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(2.0)
            self._process.kill()
            self._process.wait()

    def _hear(self) -> None:
        assert self._line is not None
        try:
            received = receive(self._line)
        except OSError:
            received = None
        if received is None:
            self._lost()
            return
        match received[0]:
            case Rehearsed(fault=fault):
                if fault:
                    self._note(f"the rehearsal failed: {fault}")
                self._rehearsed.set()
            case Ended(session=number, code=code):
                _settle(self._ends.pop(number, None), code)
            case Seated(session=number):
                _settle(self._asked.pop(number, None), True)

    def _lost(self) -> None:
        """The warm process is gone. Its sessions go on; what becomes of them shows at their terminals."""
        self._hang_up()
        if self._process is not None:
            self._process.poll()
        if not self._closing:
            self._note("the warm process is gone; another one starts")
            task = asyncio.get_running_loop().create_task(self._again())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _again(self) -> None:
        pause, self._pause = self._pause, min(2 * self._pause, LONGEST_PAUSE)
        await asyncio.sleep(pause)
        if not self._closing:
            await self.start()

    def _hang_up(self) -> None:
        self._ready.clear()
        self._rehearsed.set()
        while self._asked:
            _settle(self._asked.popitem()[1], False)
        if self._line is not None:
            asyncio.get_running_loop().remove_reader(self._line)
            self._line.close()
            self._line = None


class Session:
    """A session that was forked. ``ended`` is its exit code, once the warm process says so."""

    def __init__(self, nursery: Nursery, number: int, ended: asyncio.Future[int]) -> None:
        self._nursery = nursery
        self._number = number
        self.ended = ended

    def kill(self) -> None:
        """End it at once."""
        self._nursery.kill(self._number)


def _settle(future: asyncio.Future[Result] | None, result: Result) -> None:
    """What became of something, if anybody still waits for it."""
    if future is not None and not future.done():
        future.set_result(result)
