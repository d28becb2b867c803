"""Between a pseudo-terminal and whoever watches it: bytes both ways, never more in memory than a limit."""

from __future__ import annotations

import asyncio
import errno
import fcntl
import os
import struct
import termios
from collections.abc import Callable

CHUNK = 32 * 1024
LEAVE = b"\x1b[m\x1b[?2004l\x1b[?1006l\x1b[?1003l\x1b[?1000l\x1b[?25h\x1b[?1049l\r"
"""Gives a terminal back that a session did not: plain text, no mouse, the cursor, the first screen."""


class Bridge:
    """The server's end of a session's terminal. ``shown`` gets what the session draws, ``closed`` is called once."""

    def __init__(self, columns: int, lines: int, unread: int) -> None:
        """A new terminal; ``terminal`` is the session's end. Raises OSError."""
        self._loop = asyncio.get_running_loop()
        self._end, self.terminal = os.openpty()
        self._unread = unread
        self._waiting = bytearray()
        self._open = True
        self._reading = False
        os.set_blocking(self._end, False)
        self.resize(columns, lines)

    def begin(self, shown: Callable[[bytes], None], closed: Callable[[], None]) -> None:
        """Start to carry bytes."""
        self._shown, self._closed = shown, closed
        self.resume()

    def resize(self, columns: int, lines: int) -> None:
        """Tell the session how large the terminal is."""
        if self._open:
            fcntl.ioctl(self._end, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, 0, 0))

    def type(self, data: bytes) -> bool:
        """Hand on what was typed; False if the session leaves too much unread."""
        if not self._open:
            return True
        if len(self._waiting) + len(data) > self._unread:
            return False
        if not self._waiting:
            self._loop.add_writer(self._end, self._write)
        self._waiting += data
        self._write()
        return True

    def pause(self) -> None:
        """Whoever watches is slow: let the session wait."""
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._end)

    def resume(self) -> None:
        """Go on."""
        if self._open and not self._reading:
            self._reading = True
            self._loop.add_reader(self._end, self._read)

    def close(self) -> None:
        """Hang up: the session gets SIGHUP. Doing it again changes nothing."""
        if not self._open:
            return
        self.pause()
        self._open = False
        self._loop.remove_writer(self._end)
        os.close(self._end)

    def _read(self) -> None:
        try:
            data = os.read(self._end, CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            if error.errno != errno.EIO:
                raise
            data = b""
        if data:
            self._shown(data)
        else:
            self.close()
            self._closed()

    def _write(self) -> None:
        try:
            while self._waiting:
                del self._waiting[: os.write(self._end, self._waiting)]
        except BlockingIOError:
            return
        except OSError:
            self._waiting.clear()
        self._loop.remove_writer(self._end)
