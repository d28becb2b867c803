"""Writes attempts to the log as they are made; what could not be written is held and written with the next ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from cnn_tutor.errors import ProgressError
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.progress import Progress, Row


class Keeper:
    """Keeps attempts in ``progress``, or for as long as the program runs where there is none.

    ``rows`` are all that were kept or held, after those that were there ``before``.
    """

    def __init__(self, progress: Progress | None, clock: Callable[[], float], before: Sequence[Row] = ()) -> None:
        self._progress = progress
        self._clock = clock
        self._held: list[Attempt] = []
        self.rows = list(before)

    def everything(self, lesson: str | None = None) -> list[Row]:
        """The rows of the log as it is now, those of other terminals too, and what is held; else ``rows``.

        With a ``lesson`` those about it are enough.
        """
        try:
            kept = self._progress.rows(lesson) if self._progress is not None else []
        except ProgressError:
            kept = []
        return [*kept, *(Row(self._clock(), one) for one in self._held)] if kept else self.rows

    def __call__(self, attempts: Sequence[Attempt]) -> None:
        """Keep ``attempts``. Raises ProgressError; they are then held for the next time."""
        now = self._clock()
        self.rows += [Row(now, one) for one in attempts]
        self._held += attempts
        if self._progress is not None:
            self._progress.add(self._held, now)
        self._held.clear()
