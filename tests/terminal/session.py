"""A program at the other end of a pseudo-terminal: typed at, looked at, resized, hung up."""

import fcntl
import os
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from codecs import getincrementaldecoder
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from types import TracebackType

from tests.conftest import find_program
from tests.terminal.model import Model

ROOT = Path(__file__).parent.parent.parent
TUTOR = (sys.executable, "-m", "cnn_tutor")
PATIENCE = 30.0
"""Seconds until a condition that does not come true is a failure; nothing depends on how fast it does."""

NAMED = (
    "enter \r, tab \t, escape \x1b, backspace \x7f, delete \x1b[3~, up \x1b[A, down \x1b[B, right \x1b[C, left \x1b[D,"
)
NAMED += (
    "home \x1b[H, end \x1b[F, pageup \x1b[5~, pagedown \x1b[6~, f1 \x1bOP, f2 \x1bOQ, f3 \x1bOR, f4 \x1bOS, f8 \x1b[19~"
)
KEYS = {"space": " ", **{f"ctrl+{chr(96 + code)}": chr(code) for code in range(1, 27)}}
KEYS |= dict(one.strip(" ").split(" ") for one in NAMED.split(","))


class Session:
    """``command`` in a pseudo-terminal that is its own; use it as a context, which ends it and all it started.

    ``environment`` is added to a small one of its own (no variable of the developer's gets in); None takes one away.
    """

    def __init__(
        self,
        command: Sequence[str] = TUTOR,
        *,
        size: tuple[int, int] = (80, 24),
        environment: Mapping[str, str | None] | None = None,
        answers: bool = True,
        shows: bool = True,
        encoding: str = "utf-8",
    ) -> None:
        self.model = Model(*(max(1, side) for side in size), answers=answers)
        self.received = bytearray()
        self.reads = 0
        self._shows = shows
        self._decode = getincrementaldecoder(encoding)("replace").decode
        self._end, self._tty = os.openpty()
        self.resize(*size, tell=False)
        self._before = termios.tcgetattr(self._tty)
        self.began = time.perf_counter()
        self.process = subprocess.Popen(
            [str(find_program("setsid")), "--ctty", *command],
            stdin=self._tty,
            stdout=self._tty,
            stderr=self._tty,
            cwd=ROOT,
            env=surroundings(environment or {}),
        )
        self.last = self.began
        """When something came last."""

    def __enter__(self) -> "Session":
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.hang_up()
        try:
            self.process.wait(2)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        if self._tty >= 0:
            os.close(self._tty)
            self._tty = -1

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def text(self) -> str:
        """What is to be read on the screen."""
        return self.model.text

    def read(self, seconds: float) -> int:
        """Take in what comes, waiting at most so long for it; returns how many bytes, -1 at the end."""
        if self._end < 0 or not select.select([self._end], [], [], max(0.0, seconds))[0]:
            return 0 if self._end >= 0 else -1
        try:
            data = os.read(self._end, 1 << 16)
        except OSError:
            data = b""
        if not data:
            return -1
        self.last = time.perf_counter()
        self.received += data
        self.reads += 1
        if self._shows and (answer := self.model.feed(self._decode(data))):
            self.send(answer)
        return len(data)

    def until(self, condition: Callable[[], object], what: str = "", seconds: float = PATIENCE) -> None:
        """Take in what comes until ``condition`` holds; fails, showing the screen, if it never does."""
        end = time.perf_counter() + seconds
        while not condition():
            if time.perf_counter() > end:
                raise AssertionError(f"waited in vain for {what or condition}; the screen:\n{self.text}")
            if self.read(0.05) < 0:
                time.sleep(0.01)

    def wait(self, text: str) -> "Session":
        """Until the screen shows ``text``, a regular expression."""
        wanted = re.compile(text)
        self.until(lambda: wanted.search(self.text), f"{text!r} on the screen")
        return self

    def rest(self, seconds: float = 0.2, most: float = PATIENCE) -> "Session":
        """Until nothing has come for ``seconds``."""
        end = time.perf_counter() + most
        quiet = time.perf_counter()
        while (now := time.perf_counter()) < end and now - quiet < seconds:
            if self.read(seconds - (now - quiet)) > 0:
                quiet = time.perf_counter()
        return self

    def send(self, text: str | bytes) -> "Session":
        """Type ``text`` as it is."""
        data = text.encode() if isinstance(text, str) else text
        while data and self._end >= 0:
            if select.select([], [self._end], [], 0.05)[1]:
                data = data[os.write(self._end, data[:512]) :]
            else:
                self.read(0)
        return self

    def press(self, *keys: str) -> "Session":
        """Press keys by name: ``enter``, ``up``, ``ctrl+q``, ``7``."""
        return self.send("".join(KEYS.get(key, key) for key in keys))

    def resize(self, columns: int, lines: int, *, tell: bool = True) -> "Session":
        """Another size; the program hears of it from the system."""
        fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))
        if tell:
            self.model.cells.resize(max(1, lines), max(1, columns))
        return self

    def signal(self, number: signal.Signals, *, group: bool = False) -> "Session":
        """A signal for the program, or for all in its session."""
        os.killpg(self.pid, number) if group else os.kill(self.pid, number)
        return self

    def hang_up(self) -> "Session":
        """The terminal goes away."""
        if self._tty >= 0:
            os.close(self._tty)
            self._tty = -1
        if self._end >= 0:
            os.close(self._end)
            self._end = -1
        return self

    @property
    def code(self) -> int | None:
        """The exit code, minus the signal's number if one ended it; None while it runs."""
        return self.process.poll()

    def ends(self, seconds: float = PATIENCE) -> int:
        """The exit code, after taking in what comes until then."""
        self.until(lambda: self.code is not None, "the end of the program", seconds)
        while self.read(0.02) > 0:
            pass
        code = self.code
        assert code is not None
        return code

    @property
    def line_is_restored(self) -> bool:
        """Whether echo and all that is as it was before the program."""
        return termios.tcgetattr(self._tty)[:4] == self._before[:4]


def surroundings(more: Mapping[str, str | None]) -> dict[str, str]:
    """A small environment for a program in a terminal, with ``more``; nobody's theme and keys are in it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "CNN_TUTOR_DATA", "TMPDIR") if name in os.environ}
    own = {"TERM": "xterm-256color", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "default"}
    own["CNN_TUTOR_CONFIG"] = str(Path(kept.get("CNN_TUTOR_DATA", ".")) / "config")
    return {name: value for name, value in {**kept, **own, **more}.items() if value is not None}
