"""The course as the screens see it: lessons, where the student is in each, and the log that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cnn_tutor.errors import ProgressError
from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.attempt import Attempt, Standing, standing
from cnn_tutor.tutor.progress import Progress

if TYPE_CHECKING:
    from cnn_tutor.tutor.session import Session

NOT_KEPT = "Nothing can be kept this time: what you answer now is forgotten when you leave."


class Course:
    """The lessons and the student's attempts at them. Without ``progress`` attempts last as long as the program.

    Attempts that could not be written are held and written with the next ones.
    """

    def __init__(
        self,
        catalog: Catalog,
        progress: Progress | None,
        clock: Callable[[], float],
        *,
        fast: bool = False,
        seed: int | None = None,
    ) -> None:
        self.catalog = catalog
        self.seed = seed
        self.notice = NOT_KEPT if progress is None else progress.notice
        self._progress = progress
        self._clock = clock
        self._fast = fast
        self._pending: list[Attempt] = []
        self._attempts: dict[str, list[Attempt]] = {}

    def attempts(self, lesson: Lesson) -> list[Attempt]:
        """What the student has done in ``lesson``. Raises ProgressError when the log cannot be read."""
        if lesson.id not in self._attempts:
            self._attempts[lesson.id] = [] if self._progress is None else self._progress.attempts(lesson.id)
        return self._attempts[lesson.id]

    def standing(self, lesson: Lesson) -> Standing:
        """How far the student is; nothing done when the log cannot be read."""
        try:
            return standing(self.attempts(lesson), lesson.questions)
        except ProgressError as error:
            self.notice = str(error)
            return Standing(0, mastered=False)

    def begin(self, lesson: Lesson, attempts: Sequence[Attempt], key: str | None = None) -> Session:
        """The session after ``attempts``, in the mode of the last one; at ``key`` if given, else at an open question.

        With a seed the lesson has fresh numbers. Loads NumPy and computes the lesson, so it belongs on a thread.
        Raises ValueError for numbers that do not fit and KeyError for an unknown key.
        """
        from cnn_tutor.tutor.log import replay
        from cnn_tutor.tutor.session import go_to, start

        last = [one for one in attempts if one.seed == self.seed]
        fast = self._fast or (bool(last) and last[-1].fast)
        if self.seed is not None:
            from cnn_tutor.tutor.variant import variant

            lesson = variant(lesson, self.seed)
        session = replay(start(lesson, fast=fast, seed=self.seed), attempts)
        return session if key is None else go_to(session, key)

    def keep(self, rows: Sequence[Attempt]) -> None:
        """Write ``rows`` to the log. Raises ProgressError; the rows are then held for the next time."""
        for row in rows:
            self._attempts.setdefault(row.lesson, []).append(row)
        self._pending += rows
        if self._progress is not None:
            self._progress.add(self._pending, self._clock())
        self._pending.clear()

    def done(self, lesson: Lesson) -> bool:
        """Whether every question of ``lesson`` is settled."""
        return lesson.questions is not None and self.standing(lesson).done >= lesson.questions

    def place(self, lesson: Lesson) -> str:
        """``lesson 3 of 13``."""
        ids = [one.id for one in self.catalog.lessons]
        return f"lesson {ids.index(lesson.id) + 1} of {len(ids)}" if lesson.id in ids else ""

    def after(self, lesson: Lesson) -> Lesson | None:
        """The lesson that follows in the course."""
        ids = [one.id for one in self.catalog.lessons]
        place = ids.index(lesson.id) + 1 if lesson.id in ids else len(ids)
        return self.catalog.lessons[place] if place < len(ids) else None
