"""Writes attempts to the log as they are made; what could not be written is held and written with the next ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _, plural
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.progress import Progress, Row

if TYPE_CHECKING:
    from cnn_tutor.tutor.log import Keep


class Keeper:
    """Keeps attempts in ``progress``; without one in the log that ``again`` opens, as soon as it can.

    Without either they last as long as the program, which is no trouble. ``rows`` are all that were kept or held, after
    those that were there ``before``; ``held`` are those that the log does not have, and ``trouble`` says why.
    """

    def __init__(
        self,
        progress: Progress | None,
        clock: Callable[[], float],
        before: Sequence[Row] = (),
        *,
        again: Callable[[], Progress] | None = None,
        held: Sequence[Row] = (),
        trouble: str = "",
    ) -> None:
        self.progress = progress
        self.clock = clock
        self._again = again
        self.held = list(held)
        self.rows = [*before, *held]
        self.trouble = trouble

    def read(self, lesson: str | None = None) -> list[Row]:
        """The rows of the log as it is now, those of other terminals too, and what is held. Raises ProgressError.

        With a ``lesson`` those about it are enough.
        """
        return [*(self.progress.rows(lesson) if self.progress is not None else ()), *self.held]

    def everything(self, lesson: str | None = None) -> list[Row]:
        """What is there to ``read``; where the log has nothing, or nothing that can be read, ``rows``."""
        try:
            found = self.read(lesson)
        except ProgressError:
            return self.rows
        return found if len(found) > len(self.held) else self.rows

    def __call__(self, attempts: Sequence[Attempt]) -> None:
        """Keep ``attempts`` and what is held. Raises ProgressError; all of it is then held for the next time."""
        now = self.clock()
        new = [Row(now, one) for one in attempts]
        self.rows += new
        self.held += new
        if self.held and (self.progress is not None or self._again is not None):
            self._write()
        self.held.clear()

    def _write(self) -> None:
        try:
            if self.progress is None and self._again is not None:
                self.progress = self._again()
            assert self.progress is not None
            self.progress.append((row.at, row.attempt) for row in self.held)
        except ProgressError as error:
            self.trouble = str(error)
            raise
        self.trouble = ""

    @property
    def warning(self) -> str:
        """What to say as long as there is trouble; nothing where there is none."""
        text = _("{error}. You can go on; it is tried again with each answer.")
        return text.format(error=self.trouble) if self.trouble else ""

    @property
    def loss(self) -> str:
        """What is lost if the program ends now, in a sentence; nothing where all is kept."""
        if not self.held:
            return ""
        count = sum(row.attempt.action == "answer" for row in self.held)
        if not count:
            return _("What you did last could not be kept: {error}.").format(error=self.trouble)
        return plural(
            "{count} answer could not be kept: {error}.",
            "{count} answers could not be kept: {error}.",
            count,
            error=self.trouble,
        )


def all_kept(keep: Keep) -> bool:
    """Whether nothing is held any more, after one more try."""
    try:
        keep(())
    except ProgressError:
        return False
    return True
