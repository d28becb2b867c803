"""The course as the screens see it: lessons, where the student is in each, and the log that keeps it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from cnn_tutor.errors import ProgressError
from cnn_tutor.language import _
from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.lesson.twin import SUFFIX
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.beginning import begin
from cnn_tutor.tutor.keeper import Keeper
from cnn_tutor.tutor.mastery import Standing, standing
from cnn_tutor.tutor.progress import Progress

if TYPE_CHECKING:
    from cnn_tutor.tutor.session import Session


class Course:
    """The lessons and the student's attempts at them. Without ``progress`` attempts last as long as the program.

    ``keep`` holds those that could not be written and writes them with the next ones. ``begin`` makes a session of a
    lesson.
    """

    def __init__(
        self,
        catalog: Catalog,
        progress: Progress | None,
        clock: Callable[[], float],
        *,
        fast: bool = False,
        seed: int | None = None,
        begin: Callable[[Lesson, bool, int | None], Session] = begin,
        keep: Keeper | None = None,
    ) -> None:
        self.catalog = catalog
        self.seed = seed
        self._progress = progress
        self._keep = Keeper(progress, clock) if keep is None else keep
        self.notice = self._keep.warning if progress is None else progress.notice
        self._clock = clock
        self._fast = fast
        self._begin = begin
        self.due: tuple[str, ...] = ()
        """Skills that are due for review, once they were looked for."""
        self._due_lessons: frozenset[str] = frozenset()
        self._attempts: dict[str, list[Attempt]] = {}
        self._standings: dict[str, tuple[int, Standing]] = {}
        """By lesson, after so many attempts: the list asks for every lesson several times."""

    def attempts(self, lesson: Lesson) -> list[Attempt]:
        """What the student has done in ``lesson``. Raises ProgressError when the log cannot be read."""
        if lesson.id not in self._attempts:
            kept = [] if self._progress is None else self._progress.attempts(lesson.id)
            held = [row.attempt for row in self._keep.held if row.attempt.lesson == lesson.id]
            self._attempts[lesson.id] = kept + held
        return self._attempts[lesson.id]

    def standing(self, lesson: Lesson) -> Standing:
        """How far the student is; nothing done when the log cannot be read."""
        try:
            attempts = self.attempts(lesson)
            known = self._standings.get(lesson.id)
            if known is None or known[0] != len(attempts):
                known = self._standings[lesson.id] = len(attempts), standing(attempts, lesson.questions)
            return known[1]
        except ProgressError as error:
            self.notice = str(error)
            return Standing(0, mastered=False)

    @property
    def next(self) -> Lesson | None:
        """The lesson begun and not finished, else the first not finished; None at the end of the course."""
        still = [one for one in self.catalog.lessons if not self.done(one)]
        return next((one for one in still if self.standing(one).done), still[0] if still else None)

    def look_for_due(self) -> bool:
        """Read the whole log for what is due for review; whether that is news."""
        from cnn_tutor.tutor.review import due

        before = self.due
        try:
            rows = [] if self._progress is None else self._progress.rows()
        except ProgressError as error:
            self.notice = str(error)
            return True
        self.due = tuple(one.skill for one in due(rows, self._clock()))
        asked = {row.attempt.lesson.removesuffix(SUFFIX) for row in rows if row.attempt.skill in self.due}
        self._due_lessons = frozenset(asked)
        return self.due != before

    def is_due(self, lesson: Lesson) -> bool:
        """Whether something in ``lesson`` is due for review and it was finished."""
        return lesson.id in self._due_lessons and self.done(lesson)

    def report(self) -> list[str]:
        """How far everything is, in lines. Loads and computes much, so it belongs on a thread."""
        from cnn_tutor.render.standing import lines
        from cnn_tutor.tutor.overview import overview, report

        entries = overview(self.catalog.lessons, self._progress)
        return list(lines(entries, report(entries, self._progress, self._clock())))

    def begin(self, lesson: Lesson, attempts: Sequence[Attempt], key: str | None = None) -> Session:
        """The session after ``attempts``, in the mode of the last one; at ``key`` if given, else at an open question.

        With a seed the lesson has fresh numbers. Loads NumPy and computes the lesson, so it belongs on a thread.
        Raises ValueError for numbers that do not fit and KeyError for an unknown key.
        """
        from cnn_tutor.tutor.log import replay
        from cnn_tutor.tutor.session import go_to

        last = [one for one in attempts if one.seed == self.seed]
        fast = self._fast or (bool(last) and last[-1].fast)
        session = replay(self._begin(lesson, fast, self.seed), attempts)
        return session if key is None else go_to(session, key)

    def twin(self, session: Session) -> Session | None:
        """The twin of a printed lesson where the student left it; None where there is none or it is finished.

        Computes it, so it belongs on a thread. Raises ProgressError when the log cannot be read.
        """
        from cnn_tutor.tutor.log import replay
        from cnn_tutor.tutor.session import start_twin

        other = start_twin(session.lesson, fast=session.fast) if session.seed is None else None
        if other is None:
            return None
        other = replay(other, self.attempts(other.lesson))
        return None if other.finished else other

    def keep(self, rows: Sequence[Attempt]) -> None:
        """Write ``rows`` to the log. Raises ProgressError; the rows are then held for the next time."""
        for row in rows:
            self._attempts.setdefault(row.lesson, []).append(row)
        self._keep(rows)

    def done(self, lesson: Lesson) -> bool:
        """Whether every question of ``lesson`` is settled."""
        return lesson.questions is not None and self.standing(lesson).done >= lesson.questions

    def place(self, lesson: Lesson) -> str:
        """``lesson 3 of 13``; a twin has the place of its lesson."""
        number = self._number(lesson)
        count = len(self.catalog.lessons)
        return _("lesson {number} of {count}").format(number=number, count=count) if number else ""

    def printed(self, lesson: Lesson) -> Lesson:
        """The lesson of the course that this is, or is the twin or a variant of; itself for another one."""
        number = self._number(lesson)
        return self.catalog.lessons[number - 1] if number else lesson

    def _number(self, lesson: Lesson) -> int:
        """Which lesson of the course this is, or the twin of, counting from 1; 0 for another one."""
        ids = [one.id for one in self.catalog.lessons]
        own = next((one for one in (lesson.id, lesson.id.removesuffix(SUFFIX)) if one in ids), None)
        return 0 if own is None else ids.index(own) + 1
