"""The words and the order of a report's questions; each lesson and one sheet of each drill is computed once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from cnn_tutor.errors import UsageError
from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.lesson.twin import SUFFIX, twin
from cnn_tutor.tutor.drill import begin
from cnn_tutor.tutor.question import Question as Asked
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.report.student import LESSON, PRACTICE, Place
from cnn_tutor.tutor.report.tally import Question, Report


def worded(report: Report, catalog: Catalog) -> Report:
    """The report with its questions in the order of the course, in the words in which they were asked."""
    asked = _asked(report, catalog)
    order = {place: number for number, place in enumerate(asked)}

    def by_course(one: Question) -> tuple[int, str, str]:
        return order.get(one.place, len(order)), one.where, one.key

    return replace(report, questions=tuple(sorted(report.questions, key=by_course)), prompts=asked)


def _asked(report: Report, catalog: Catalog) -> dict[Place, str]:
    """Every question that may have been asked, in order, with its words."""
    wanted = {one.place for one in report.questions}
    lessons = {one.lesson for one in report.questions if one.where in (LESSON, PRACTICE)}
    found: dict[Place, str] = {}
    for where in (LESSON, PRACTICE):
        for lesson in catalog.lessons:
            if lesson.id in lessons:
                found |= {(where, one.key): one.prompt for one in _of_lesson(lesson)}
    for label, drill in sorted(report.drills.items()):
        for one in _tried(lambda get: begin(drill, get).questions, catalog.get):  # noqa: B023
            found[label, one.key] = one.prompt
    return {place: prompt for place, prompt in found.items() if place in wanted}


def _of_lesson(lesson: Lesson) -> list[Asked]:
    other = twin(lesson)
    return [one for each in (lesson, other) if each is not None for one in questions(each)]


def _tried(make: Callable[[Callable[[str], Lesson]], tuple[Asked, ...]], get: Callable[[str], Lesson]) -> tuple[Asked, ...]:
    """What ``make`` gives; nothing for lessons that are not here."""
    try:
        return make(get)
    except (UsageError, ValueError):
        return ()
