"""The terminal line: raw while the tutor has it, and left as it was found."""

from __future__ import annotations

import os
import select
import termios
from threading import Thread
from typing import Any

from cnn_tutor.render.ascii import to_ascii

ENTER = "\r\x1b[K\x1b[?1049h\x1b[H\x1b[2J\x1b[?7l\x1b[?2004h\x1b[?25l"
"""The splash goes, the alternate screen comes, blank; lines do not wrap; pastes are marked; the cursor is hidden."""
LEAVE = "\x1b[m\x1b[?2004l\x1b[?7h\x1b[H\x1b[2J\x1b[?25h\x1b[?1049l"
"""The reverse; cleared first, for terminals that have no alternate screen."""
MOUSE_ON = "\x1b[?1000h\x1b[?1006h"
MOUSE_OFF = "\x1b[?1006l\x1b[?1000l"


class _OneCell(dict[int, str]):
    """ASCII that takes the place of one character, for what a library draws by itself."""

    def __missing__(self, code: int) -> str:
        spelt = chr(code) if code < 128 else to_ascii(chr(code))
        self[code] = spelt if len(spelt) == 1 else "?"
        return self[code]


_ASCII = _OneCell()


class Line:
    """A terminal by the file descriptors it is read from and written to."""

    def __init__(self, reads: int, writes: int, *, mouse: bool = True, ascii_only: bool = False) -> None:
        self.reads = reads
        self.writes = writes
        self._mouse = mouse
        self._ascii_only = ascii_only
        self._before: list[Any] | None = None
        self.entered = False

    @property
    def size(self) -> tuple[int, int]:
        """Columns and lines; 80 × 24 where the terminal does not say."""
        try:
            columns, lines = os.get_terminal_size(self.writes)
        except OSError:
            columns = lines = 0
        return columns or 80, lines or 24

    def enter(self) -> None:
        """Take the terminal, also again after somebody else had it. Raises OSError or termios.error when it is gone."""
        if self._before is None:
            self._before = termios.tcgetattr(self.reads)
        raw = termios.tcgetattr(self.reads)
        raw[0] &= ~(termios.IXON | termios.IXOFF | termios.ICRNL | termios.INLCR | termios.IGNCR)
        raw[3] &= ~(termios.ECHO | termios.ICANON | termios.IEXTEN | termios.ISIG)
        raw[6][termios.VMIN], raw[6][termios.VTIME] = 1, 0
        termios.tcsetattr(self.reads, termios.TCSANOW, raw)
        self.entered = True
        self.write(ENTER + (MOUSE_ON if self._mouse else ""))

    def leave(self) -> None:
        """Give the terminal back; doing it again changes nothing. Raises OSError or termios.error when it is gone."""
        if not self.entered:
            return
        self.entered = False
        try:
            if self._before is not None:
                termios.tcsetattr(self.reads, termios.TCSANOW, self._before)
        finally:
            self.write((MOUSE_OFF if self._mouse else "") + LEAVE)

    def leave_within(self, seconds: float) -> None:
        """Give the terminal back, but wait no longer than this for one that does not take what is written."""

        def leave() -> None:
            try:
                self.leave()
            except (OSError, termios.error):
                return

        leaving = Thread(target=leave, daemon=True)
        leaving.start()
        leaving.join(seconds)

    def write(self, text: str) -> None:
        """All of ``text``, as UTF-8 or ASCII; waits for a terminal that is slow. Raises OSError when it is gone."""
        data = (text.translate(_ASCII) if self._ascii_only else text).encode("utf-8", "replace")
        while data:
            try:
                data = data[os.write(self.writes, data) :]
            except BlockingIOError:
                select.select([], [self.writes], [])
