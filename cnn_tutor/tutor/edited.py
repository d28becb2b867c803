"""A lesson file that somebody is writing, and the way back to the same question after every change."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from cnn_tutor.errors import LessonError, UsageError
from cnn_tutor.language import _
from cnn_tutor.lesson.load import load
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.lint import lint
from cnn_tutor.tutor.log import replay
from cnn_tutor.tutor.session import Session, go_to, start
from cnn_tutor.tutor.variant import variant


class Edited:
    """``file`` as it is now. What was answered is kept in ``attempts``, and written nowhere."""

    def __init__(self, file: Path, *, fast: bool = False, seed: int | None = None) -> None:
        self.file = file
        self.attempts: list[Attempt] = []
        self._fast = fast
        self._seed = seed
        self._seen = self._signature()

    def keep(self, attempts: Sequence[Attempt]) -> None:
        """Remember what was done, for the next time the file is read."""
        self.attempts += attempts

    def has_changed(self) -> bool:
        """Whether the file was written since the last time this was asked."""
        before, self._seen = self._seen, self._signature()
        return self._seen != before

    def _signature(self) -> tuple[int, int]:
        try:
            status = self.file.stat()
        except OSError:
            return (0, 0)
        return (status.st_mtime_ns, status.st_size)

    def session(self, key: str | None = None) -> Session:
        """The lesson as it stands in the file, at the question ``key`` or, where there is none, the first open one.

        Raises LessonError with the first fault of the file.
        """
        try:
            lesson = load(self.file)
            if self._seed is not None:
                lesson = variant(lesson, self._seed)
            session = replay(start(lesson, fast=self._fast, seed=self._seed), self.attempts)
        except (LessonError, ValueError) as error:
            raise LessonError(next(iter(lint(self.file)), str(error))) from None
        try:
            return session if key is None else go_to(session, key)
        except KeyError:
            return session


def edited(name: str, *, fast: bool, seed: int | None) -> Edited:
    """The file called ``name``. Raises UsageError where there is none."""
    if not Path(name).is_file():
        raise UsageError(_("--watch needs the file of a lesson, not {name}").format(name=repr(name)))
    return Edited(Path(name), fast=fast, seed=seed)
