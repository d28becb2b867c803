"""When the student does nothing for a moment: no thread is left, and what others want done then is done."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

SOON, CALM = 0.2, 1.0
"""Seconds without anything drawn after which the first rest comes, and each later one."""

_wanted: list[Callable[[], object]] = []


def want(work: Callable[[], object]) -> None:
    """Have ``work`` done at each rest, from now on, while the process has one thread."""
    if work not in _wanted:
        _wanted.append(work)


class Hands(ThreadPoolExecutor):
    """Threads for what takes long; ``busy`` is what they have not done yet."""

    def __init__(self) -> None:
        super().__init__(thread_name_prefix="hand")
        self.busy: set[Future[Any]] = set()

    def submit(self, *work: Any, **named: Any) -> Future[Any]:
        future = super().submit(*work, **named)
        self.busy.add(future)
        future.add_done_callback(self.busy.discard)
        return future


class Rest:
    """The rests of one app. Unless somebody wants something done, there are none, and nothing wakes up for them."""

    def __init__(self, tidy: Callable[[], object]) -> None:
        """``tidy`` is done first of all."""
        self._tidy = tidy
        self._hands: Hands | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._calm = SOON

    def put_off(self) -> None:
        """Something happens: the next rest is a moment from now."""
        if not _wanted:
            return
        if self._hands is None:
            self._take_hands()
        if self._timer is not None:
            self._timer.cancel()
        self._timer = asyncio.get_running_loop().call_later(self._calm, self._begin)

    def _begin(self) -> None:
        self._timer = None
        assert self._hands is not None
        if self._hands.busy:
            self.put_off()
            return
        self._calm = CALM
        self._hands.shutdown()
        self._take_hands()
        self._tidy()
        for work in _wanted:
            work()

    def _take_hands(self) -> None:
        self._hands = Hands()
        asyncio.get_running_loop().set_default_executor(self._hands)
