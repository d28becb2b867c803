"""The driver: the terminal read and written on the event loop's own thread, and every way in which a run can end.

Textual's own driver polls in a thread, asks the terminal questions, and leaves its modes on when a signal ends it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
from collections.abc import Callable, Iterable
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual import constants, events
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from cnn_tutor.tui.terminal.line import Line
from cnn_tutor.tui.terminal.turns import Turns
from cnn_tutor.tui.terminal.typed import Typed

if TYPE_CHECKING:
    from cnn_tutor.tui.frame import Frame

CHUNK = 4096
CROWD = 200
"""Messages waiting to be handled, above which nothing more is read for a moment."""
MOMENT = 0.01
PASTE_PAUSE = 3.0
"""Seconds without a byte after which a paste is over, whether or not its end arrived."""
PATIENCE = 1.0
"""Seconds that a terminal has to take the last bytes; one that hung up has a tenth."""
ENDING = (signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)

Handler = Callable[[int, FrameType | None], Any]


class TerminalDriver(Driver):
    """Draws on stdout, reads stdin; ends the program by itself when the terminal goes or a signal says so."""

    _app: Frame

    def __init__(
        self, app: Frame, *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        terminal = app.terminal
        reads, writes = sys.__stdin__, sys.__stdout__
        assert reads is not None and writes is not None
        self._line = Line(
            reads.fileno(), writes.fileno(), mouse=mouse and terminal.mouse, ascii_only=terminal.ascii_only
        )
        super().__init__(app, debug=debug, mouse=mouse, size=size or self._line.size)
        self._typed = Typed(terminal.encoding)
        self._turns = Turns(app, self.process_message)
        self._pending: list[str] = []
        self._before: dict[int, Any] = {}
        self._listens = False
        self._ends = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def can_suspend(self) -> bool:
        return True

    def write(self, data: str) -> None:
        if not self._pending:
            self._loop.call_soon(self.flush)
        self._pending.append(data)

    def flush(self) -> None:
        text = "".join(self._pending)
        self._pending.clear()
        if text and self._line.entered:
            try:
                self._line.write(text)
            except OSError:
                self._hung_up()

    def send_message(self, message: Message) -> None:
        self._app.post_message(message)

    def start_application_mode(self) -> None:
        self._loop.set_exception_handler(self._failed)
        handlers: dict[int, Handler] = {
            **dict.fromkeys(ENDING, self._end),
            signal.SIGTSTP: self._suspend,
            signal.SIGCONT: self._resume,
            signal.SIGWINCH: self._resized,
        }
        for number, handler in handlers.items():
            previous = signal.signal(number, handler)
            self._before.setdefault(number, previous)
        try:
            self._line.enter()
        except (OSError, termios.error):
            self._hung_up()
        self._listen(True)
        if self._line.size != self._size:
            self._send_size()

    def disable_input(self) -> None:
        self._listen(False)
        self._turns.stop()
        self._wake(None)

    def stop_application_mode(self) -> None:
        self.flush()
        self.disable_input()
        try:
            termios.tcflush(self._line.reads, termios.TCIFLUSH)
            self._line.leave()
        except (OSError, termios.error):
            self._hung_up()
        for number, handler in self._before.items():
            signal.signal(number, signal.SIG_DFL if handler is None else handler)
        self._before.clear()

    def _listen(self, listens: bool) -> None:
        if listens != self._listens:
            self._listens = listens
            self._loop.add_reader(self._line.reads, self._read) if listens else self._loop.remove_reader(
                self._line.reads
            )

    def _read(self) -> None:
        """Hand on what was typed. Where more comes than can be handled, the rest waits in the terminal's own buffer."""
        try:
            data = os.read(self._line.reads, CHUNK)
        except (BlockingIOError, InterruptedError):
            return
        except OSError:
            data = b""
        if not data:
            self._hung_up()
        self._hand_on(self._typed.feed(data))
        self._wake(PASTE_PAUSE if self._typed.pasting else constants.ESCAPE_DELAY + MOMENT)
        if self._crowd > CROWD:
            self._listen(False)
            self._loop.call_later(MOMENT, self._wait_for_the_crowd)

    @property
    def _crowd(self) -> int:
        return self._app.message_queue_size + len(self._turns)

    def _wait_for_the_crowd(self) -> None:
        if self._crowd > CROWD:
            self._loop.call_later(MOMENT, self._wait_for_the_crowd)
        elif self._line.entered:
            self._listen(True)

    def _wake(self, seconds: float | None) -> None:
        """Look again after ``seconds`` at what has begun and not ended; typing in the meantime puts it off."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self._loop.call_later(seconds, self._paused)

    def _paused(self) -> None:
        self._hand_on(self._typed.end_paste() if self._typed.pasting else self._typed.tick())

    def _hand_on(self, typed: Iterable[Message]) -> None:
        width, height = self._app.size
        self._turns.take(
            message
            for message in typed
            if not (isinstance(message, events.MouseEvent) and (message.x >= width or message.y >= height))
        )

    def _send_size(self) -> None:
        size = Size(*self._line.size)
        self.send_message(events.Resize(size, size))

    def _resized(self, number: int, frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._changed)

    def _changed(self) -> None:
        """The window has another size, or someone else has drawn in it."""
        self._send_size()
        self._app.repaint()

    def _suspend(self, number: int, frame: FrameType | None) -> None:
        """Stop as any program does; where nobody could wake it again, the system does not let it stop."""
        self._line.leave_within(PATIENCE)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._suspend)
        self._resume(number, frame)

    def _resume(self, number: int, frame: FrameType | None) -> None:
        """Take the terminal again, whoever had it meanwhile."""
        try:
            self._line.enter()
        except (OSError, termios.error):
            self._hung_up()
        self._loop.call_soon_threadsafe(self._changed)

    def _failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """A callback of the event loop has failed: that is an error of the program like any other."""
        error = context.get("exception")
        if isinstance(error, Exception):
            self._app._handle_exception(error)

    def _hung_up(self) -> None:
        self._end(signal.SIGHUP, None)

    def _end(self, number: int, frame: FrameType | None) -> None:
        """Keep what is typed, give the terminal back, and be gone, whatever the event loop is doing."""
        if self._ends:
            return
        self._ends = True
        try:
            self._app.keep_drafts()
        finally:
            self._line.leave_within(PATIENCE / 10 if number == signal.SIGHUP else PATIENCE)
            os._exit(128 + number)
