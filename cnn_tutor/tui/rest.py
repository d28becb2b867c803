"""When the student does nothing for a moment: no thread is left, and what others want done then is done."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

SOON, CALM = 0.05, 1.0
"""Seconds without anything drawn after which there is a rest, when there is much to give back, and otherwise."""
MUCH = 1200
"""Pages of memory that were asked for since the last rest."""

_wanted: list[Callable[[], object]] = []


def want(work: Callable[[], object]) -> None:
    """Have ``work`` done at each rest, from now on, while the process has one thread."""
    if work not in _wanted:
        _wanted.append(work)


def is_wanted() -> bool:
    """Whether anybody wants something done at rests: memory is scarce then."""
    return bool(_wanted)


def faults() -> int:
    """How often this process has asked for a page of memory."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt


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
        self._faults = 0

    def put_off(self) -> None:
        """Something happens: the next rest is a moment from now."""
        if not _wanted:
            return
        if self._hands is None:
            self._take_hands()
        if self._timer is not None:
            self._timer.cancel()
        calm = SOON if faults() - self._faults > MUCH else CALM
        self._timer = asyncio.get_running_loop().call_later(calm, self._begin)

    def now(self) -> None:
        """Rest between two heavy steps, unless something else is being done."""
        if self._hands is not None and not self._hands.busy:
            self._rest()

    def _begin(self) -> None:
        self._timer = None
        assert self._hands is not None
        if self._hands.busy:
            self.put_off()
        else:
            self._rest()

    def _rest(self) -> None:
        assert self._hands is not None
        self._hands.shutdown()
        self._take_hands()
        self._tidy()
        for work in _wanted:
            work()
        self._faults = faults()

    def _take_hands(self) -> None:
        self._hands = Hands()
        asyncio.get_running_loop().set_default_executor(self._hands)
