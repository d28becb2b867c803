"""Keys in their turn: what is typed ahead waits until all that the key before it has led to is done.

Textual gives a key to the widget in focus, and looks for a binding only when the key has come back up to the app, by
way of one queue for each widget between. A letter is in the line at once; an Enter or a Backspace before it would be
late. On a slow line many keys arrive in one piece.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

from textual import events
from textual.app import ScreenStackError, UnknownModeError
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump

from cnn_tutor.tui.widgets.answer import AnswerLine

if TYPE_CHECKING:
    from cnn_tutor.tui.frame import Frame

LEAST, MOST = 3, 20
"""Rounds through all queues: a key comes back up, a binding's message does, and a screen's; more while any waits."""
PATIENCE = 0.5
"""Seconds after which a queue that nobody empties is not waited for."""
MOMENT, LONGEST = 0.01, 5.0
"""Seconds between two looks at a screen that leads on to another by itself; and after which it is not waited for."""

EDITING = ("enter", "backspace")
"""Keys that are typed ahead as letters are."""


class Turns:
    """Hands ``process`` one message of the keyboard or mouse after the other."""

    def __init__(self, app: Frame, process: Callable[[Message], object]) -> None:
        self._app = app
        self._process = process
        self._waiting: deque[Message] = deque()
        self._last: Message | None = None
        self._settling: asyncio.Task[None] | None = None

    def __len__(self) -> int:
        """How many wait."""
        return len(self._waiting)

    def take(self, messages: Iterable[Message]) -> None:
        """Hand these on, when it is their turn."""
        self._waiting.extend(messages)
        if self._settling is None:
            self._go_on()

    def stop(self) -> None:
        """Forget what waits."""
        self._waiting.clear()
        if self._settling is not None:
            self._settling.cancel()

    def _go_on(self) -> None:
        while self._waiting:
            if self._last is not None and not self._may_follow(self._last, self._waiting[0]):
                self._settling = asyncio.get_running_loop().create_task(self._then_go_on())
                return
            self._last = self._waiting.popleft()
            self._process(self._last)

    def _may_follow(self, one: Message, other: Message) -> bool:
        """Whether the order is kept without waiting: for letters of one text, and where the mouse goes."""
        if isinstance(one, events.MouseEvent):
            return isinstance(other, events.MouseEvent)
        return self._is_text(one) and self._is_text(other)

    def _is_text(self, message: Message) -> bool:
        line = self._in_front
        return isinstance(message, events.Key) and isinstance(line, AnswerLine) and line.is_text(message)

    @property
    def _in_front(self) -> DOMNode:
        """What a key goes to; the app itself while it has no screen yet."""
        try:
            return self._app.focused or self._app.screen
        except (ScreenStackError, UnknownModeError):
            return self._app

    @property
    def _is_early(self) -> bool:
        """Whether what is typed next is for a screen that is not there yet. Keys that lead away are for this one."""
        if not any(getattr(node, "leads_on", False) for node in self._in_front.ancestors_with_self):
            return False
        following = self._waiting[0] if self._waiting else None
        return not isinstance(following, events.Key) or following.is_printable or following.key in EDITING

    async def _then_go_on(self) -> None:
        try:
            await self._settle()
        finally:
            self._settling = self._last = None
        self._go_on()

    async def _settle(self) -> None:
        """Return when what was sent until now is handled, and what that led to."""
        await self._handled()
        with suppress(TimeoutError):
            async with asyncio.timeout(LONGEST):
                while self._is_early:
                    await asyncio.sleep(MOMENT)
                    await self._handled()

    async def _handled(self) -> None:
        """Return when all queues on the way of a key are empty, as far as they are emptied."""
        for number in range(MOST):
            await _reached(self._app)
            way = self._in_front.ancestors_with_self
            for node in way:
                await _reached(node)
            if number + 1 >= LEAST and not any(node.message_queue_size for node in way):
                return


async def _reached(node: MessagePump) -> None:
    """Return when a node has handled all that waits for it."""
    reached = asyncio.Event()

    def here() -> None:
        reached.set()

    if node.post_message(events.Callback(callback=here)):
        with suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                await reached.wait()
