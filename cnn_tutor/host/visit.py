"""One visit: a student's connection from the welcome to the end, however it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from cnn_tutor.errors import CnnTutorError
from cnn_tutor.host.bridge import LEAVE, Bridge
from cnn_tutor.host.door import fresh
from cnn_tutor.language import _

if TYPE_CHECKING:
    from cnn_tutor.host.house import House

EXPECTED = (0, 1, 2, 130)
"""Exit codes after which the session has said everything itself."""
GRACE = 3.0
"""Seconds that a session has to end after it was hung up."""
MOMENT = 0.2
"""Seconds between two looks at a connection that is slow."""
AGAIN = "what you answered is kept; log in again to go on."


class Visit:
    """A student at the door, then at work. ``over`` is set when nothing of it is left."""

    def __init__(self, house: House, name: str, address: str, code: str) -> None:
        self.name = name
        self.over = asyncio.Event()
        self._house = house
        self.address = address
        self._code = code
        self._channel: Any = None
        self._bridge: Bridge | None = None
        self._size = (80, 24)
        self._closed = asyncio.Event()
        self._read = asyncio.Event()
        self._typed_at = 0.0
        self._is_ending = self._is_slow = False

    def begin(self, channel: Any, settings: Mapping[str, str], size: tuple[int, int], has_terminal: bool) -> None:
        """Let the student in."""
        self._channel, self._size = channel, size
        self._house.run(self._go(settings, has_terminal))

    def typed(self, data: bytes) -> None:
        """What the student typed."""
        self._typed_at = asyncio.get_running_loop().time()
        if self._bridge is not None:
            if not self._bridge.type(data):
                self.end(_("That was more than the tutor can read; {again}").format(again=_(AGAIN)))
        elif self._code:
            if b"\x03" in data or b"\x04" in data:
                self.end("")
            elif b"\r" in data or b"\n" in data:
                self._read.set()

    def resized(self, columns: int, lines: int) -> None:
        """The student's terminal has another size."""
        self._size = (columns, lines)
        if self._bridge is not None:
            self._bridge.resize(columns, lines)

    def pause(self) -> None:
        """The connection is slow."""
        self._is_slow = True
        if self._bridge is not None:
            self._bridge.pause()

    def resume(self) -> None:
        """The connection is free again."""
        self._is_slow = False
        self._wait_until_read()

    def dropped(self) -> None:
        """The connection is gone."""
        self._channel = None
        self.end("")

    def end(self, line: str) -> None:
        """Give the terminal back with a line that says why, and hang up the session."""
        if self._is_ending:
            return
        self._is_ending = True
        if self._bridge is not None:
            self._bridge.close()
        self._say(LEAVE.decode() + line + "\r\n" if line else LEAVE.decode())
        self._exit(0)
        self._closed.set()
        self._read.set()

    async def _go(self, settings: Mapping[str, str], has_terminal: bool) -> None:
        try:
            if not has_terminal:
                self.end(_("A terminal is needed: ssh -t"))
            elif not self._code or await self._welcome():
                await self._work(settings)
        except OSError as error:
            self._house.journal.note(f"{self.name}: no session: {error.strerror}")
            self.end(_("No session can be started just now; please try again."))
        except CnnTutorError as error:
            self._house.journal.note(f"{self.name}: {error}")
            self.end(_("No session can be started just now; please try again."))
        finally:
            self._house.gone(self)
            self.over.set()

    async def _welcome(self) -> bool:
        """Use the code up, once its successor was seen; whether the student may go on."""
        following = fresh()
        text = _(
            "Welcome, {name}. Your code is used up when you go on.\n"
            "Should the connection drop, come back with this one; please write it down:\n\n    {code}\n\n"
            "Enter goes on."
        ).format(name=self.name, code=following)
        self._say(text.replace("\n", "\r\n") + "\r\n")
        with suppress(TimeoutError):
            async with asyncio.timeout(self._house.limits.idle_seconds):
                await self._read.wait()
        if self._is_ending:
            return False
        if self._read.is_set() and self._house.turn(self.name, self._code, following):
            return True
        self.end(_("This code was used meanwhile. Please ask for another one."))
        return False

    async def _work(self, settings: Mapping[str, str]) -> None:
        if not await self._house.admit(self):
            self.end(_("The room is full; please try again in a while."))
            return
        if self._is_ending:
            return
        bridge = Bridge(*self._size, self._house.limits.unread)
        try:
            session = await self._house.seat(self.name, settings, bridge.terminal)
            if not self._is_ending:
                self._bridge = bridge
                bridge.begin(self._show, self._closed.set)
            idle = asyncio.ensure_future(self._watch_for_idleness())
            try:
                await self._closed.wait()
            finally:
                idle.cancel()
        finally:
            bridge.close()
        try:
            code = await asyncio.wait_for(asyncio.shield(session.ended), GRACE)
        except TimeoutError:
            session.kill()
            code = -9
        if not self._is_ending:
            unexpected = _("The tutor stopped unexpectedly; {again}").format(again=_(AGAIN))
            if code in EXPECTED:
                self._is_ending = True
                self._exit(code)
            else:
                self._house.journal.note(f"{self.name}: the session ended with {code}")
                self.end(unexpected)

    async def _watch_for_idleness(self) -> None:
        loop, most = asyncio.get_running_loop(), self._house.limits.idle_seconds
        self._typed_at = loop.time()
        while (left := self._typed_at + most - loop.time()) > 0:
            await asyncio.sleep(left)
        self.end(_("Nothing was typed for a long time; {again}").format(again=_(AGAIN)))

    def _show(self, data: bytes) -> None:
        if self._channel is not None:
            self._channel.write(data)
            self._wait_until_read()

    def _wait_until_read(self) -> None:
        """Let the session wait while too much of what it drew has not been taken by the network yet.

        The channel's own flow control trusts what the client says it has room for.
        """
        if self._channel is None or self._bridge is None:
            return
        if self._channel.get_connection()._transport.get_write_buffer_size() > self._house.limits.unread:
            self._bridge.pause()
            asyncio.get_running_loop().call_later(MOMENT, self._wait_until_read)
        elif not self._is_slow:
            self._bridge.resume()

    def _say(self, text: str) -> None:
        self._show(text.encode())

    def _exit(self, code: int) -> None:
        if self._channel is not None:
            with suppress(OSError):
                self._channel.exit(code)
