"""All lessons at a glance: how much of each is done, and what to do next. Needs no NumPy where files give counts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.attempt import recurring, under_way
from cnn_tutor.tutor.clock import ahead
from cnn_tutor.tutor.mastery import mastery, standing
from cnn_tutor.tutor.progress import Progress
from cnn_tutor.tutor.review import due, schedule, seconds_each, seconds_spent


@dataclass(frozen=True, slots=True)
class Entry:
    """One lesson and where the student is in it."""

    lesson: Lesson
    questions: int
    done: int
    mastered: bool

    def document(self) -> dict[str, Any]:
        """The entry as plain data."""
        return {
            "id": self.lesson.id,
            "title": self.lesson.title,
            "section": self.lesson.section,
            "exercises": len(self.lesson.exercise),
            "questions": self.questions,
            "done": self.done,
            "mastered": self.mastered,
        }


def overview(lessons: Iterable[Lesson], progress: Progress | None) -> list[Entry]:
    """One entry a lesson, in the order given. Raises ProgressError when the log cannot be read."""
    entries = []
    for lesson in lessons:
        questions = lesson.questions if lesson.questions is not None else _count(lesson)
        now = standing(progress.attempts(lesson.id) if progress is not None else [], questions)
        entries.append(Entry(lesson, questions, now.done, now.mastered))
    return entries


def _count(lesson: Lesson) -> int:
    """How many guided questions a lesson asks that does not say so itself; 0 if it does not fit together."""
    from cnn_tutor.tutor.question import questions

    try:
        return len(questions(lesson))
    except ValueError:
        return 0


def next_lesson(entries: Sequence[Entry]) -> Entry | None:
    """The lesson begun and not finished, else the first not finished; None at the end of the course."""
    unfinished = [entry for entry in entries if entry.done < entry.questions]
    return next((entry for entry in unfinished if entry.done), unfinished[0] if unfinished else None)


def report(entries: Sequence[Entry], progress: Progress | None, now: float) -> dict[str, Any]:
    """Everything known about the student's progress at ``now``, as plain data. Times are seconds since 1970.

    By ``ahead`` seconds the log is ahead of the clock; 0 where both may be right.
    """
    rows = progress.rows() if progress is not None else []
    attempts = [row.attempt for row in rows]
    answers = [attempt for attempt in attempts if attempt.action == "answer"]
    running = under_way(attempts)
    told = (attempt for attempt in answers if attempt.run not in running)
    following = next_lesson(entries)
    later = [one for one in schedule(rows) if one.at > now]
    return {
        "lessons": [entry.document() for entry in entries],
        "skills": [
            {"skill": skill, "mastered": one.mastered, "word": one.word, "bar": one.bar}
            for skill, one in mastery(attempts).items()
        ],
        "misconceptions": [{"id": idea, "questions": count} for idea, count in recurring(told).items()],
        "drills_under_way": len(running),
        "answers": len(answers),
        "seconds": round(seconds_spent(rows)),
        "seconds_each": round(seconds_each(rows), 1),
        "first": min((row.at for row in rows), default=None),
        "last": max((row.at for row in rows), default=None),
        "ahead": round(ahead(rows, now)),
        "due": [one.skill for one in due(rows, now)],
        "next_due": later[0].at if later else None,
        "next": following.lesson.id if following else None,
    }
