"""Working out on a thread, while the student thinks, what every wrong idea would give at a question."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

from textual.screen import Screen
from textual.timer import Timer

from cnn_tutor.tui.lean import give_back
from cnn_tutor.tutor.diagnosis import prepare
from cnn_tutor.tutor.session import Session

STILL = 0.2
"""Seconds on a question after which its wrong answers are worked out: first of all it is drawn."""


class Ahead:
    """What a screen thinks of ahead; of the question before it no longer."""

    def __init__(self, screen: Screen[Any]) -> None:
        self._screen = screen
        self._waits: Timer | None = None

    def of(self, session: Session) -> None:
        """Think of the current question; one with a choice has nothing to work out."""
        if self._waits is not None:
            self._waits.stop()
        if session.current.choice is None:
            self._waits = self._screen.set_timer(STILL, partial(self._think, session))

    def _think(self, session: Session) -> None:
        # A worker that is a thread itself would keep the screen for as long as the thread waits for other work.
        work = asyncio.to_thread(_work_out, session)
        self._screen.run_worker(work, exclusive=True, exit_on_error=False)


def _work_out(session: Session) -> None:
    prepare(session.current, upstream=session.fast)
    give_back()
