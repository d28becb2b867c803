"""The driver: the terminal read and written on the event loop's own thread, and every way in which a run can end.

Textual's own driver polls in a thread, asks the terminal questions, and leaves its modes on when a signal ends it.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import termios
from collections.abc import Callable
from types import FrameType
from typing import TYPE_CHECKING, Any

from textual import constants, events
from textual.driver import Driver
from textual.geometry import Size
from textual.message import Message

from cnn_tutor.tui.terminal.line import Line
from cnn_tutor.tui.terminal.typed import Typed

if TYPE_CHECKING:
    from textual.app import App

CHUNK = 4096
CROWD = 200
"""Messages waiting to be handled, above which nothing more is read for a moment."""
MOMENT = 0.01
PATIENCE = 1.0
"""Seconds that a terminal has to take the last bytes; one that hung up has a tenth."""
ENDING = (signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT, signal.SIGINT)

Handler = Callable[[int, FrameType | None], Any]


class TerminalDriver(Driver):
    """Draws on stdout, reads stdin; ends the program by itself when the terminal goes or a signal says so."""

    def __init__(
        self, app: App[Any], *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._line = Line(sys.__stdin__.fileno(), sys.__stdout__.fileno(), mouse=mouse)  # type: ignore[union-attr]
        self._typed = Typed()
        self._pending: list[str] = []
        self._before: dict[int, Any] = {}
        self._ticking: asyncio.TimerHandle | None = None

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
        handlers: dict[int, Handler] = {
            **dict.fromkeys(ENDING, self._end),
            signal.SIGTSTP: self._suspend,
            signal.SIGCONT: self._resume,
            signal.SIGWINCH: self._resized,
        }
        for number, handler in handlers.items():
            previous = signal.signal(number, handler)
            self._before.setdefault(number, previous)
        self._enter()
        self._send_size()

    def disable_input(self) -> None:
        self._loop.remove_reader(self._line.reads)
        if self._ticking is not None:
            self._ticking.cancel()

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

    def _enter(self) -> None:
        try:
            self._line.enter()
        except (OSError, termios.error):
            self._hung_up()
        self._listen()

    def _listen(self) -> None:
        self._loop.add_reader(self._line.reads, self._read)

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
        for event in self._typed.feed(data):
            self.process_message(event)
        if self._ticking is not None:
            self._ticking.cancel()
        self._ticking = self._loop.call_later(constants.ESCAPE_DELAY + MOMENT, self._tick)
        self._wait_for_the_crowd()

    def _wait_for_the_crowd(self) -> None:
        if self._app.message_queue_size > CROWD:
            self._loop.remove_reader(self._line.reads)
            self._loop.call_later(MOMENT, self._wait_for_the_crowd)
        elif self._line.entered:
            self._listen()

    def _tick(self) -> None:
        for event in self._typed.tick():
            self.process_message(event)

    def _send_size(self) -> None:
        size = Size(*self._line.size)
        self.send_message(events.Resize(size, size))

    def _resized(self, number: int, frame: FrameType | None) -> None:
        self._loop.call_soon_threadsafe(self._changed)

    def _changed(self) -> None:
        """The window has another size, or someone else has drawn in it."""
        self._send_size()
        self._app.repaint()  # type: ignore[attr-defined]

    def _suspend(self, number: int, frame: FrameType | None) -> None:
        """Stop as any program does; where nobody could wake it again, the system does not let it stop."""
        self._line.leave_within(PATIENCE)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, self._suspend)
        self._resume(number, frame)

    def _resume(self, number: int, frame: FrameType | None) -> None:
        if not self._line.entered:
            self._line.enter()
        self._loop.call_soon_threadsafe(self._changed)

    def _hung_up(self) -> None:
        self._end(signal.SIGHUP, None)

    def _end(self, number: int, frame: FrameType | None) -> None:
        """Keep what is typed, give the terminal back, and be gone, whatever the event loop is doing."""
        try:
            self._app.keep_draft()  # type: ignore[attr-defined]
        finally:
            self._line.leave_within(PATIENCE / 10 if number == signal.SIGHUP else PATIENCE)
            os._exit(128 + number)
