"""The words and the order of a report's questions; each lesson and one sheet of each drill is computed once."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace

from cnn_tutor.errors import UsageError
from cnn_tutor.lesson.catalog import Catalog
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.lesson.twin import twin
from cnn_tutor.tutor.drill import begin
from cnn_tutor.tutor.question import Question as Asked
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.report.student import LESSON, PRACTICE, Place
from cnn_tutor.tutor.report.tally import Question, Report


def worded(report: Report, catalog: Catalog) -> Report:
    """The report with its questions in the order of the course, in the words in which they were asked."""
    prompts = _prompts(report, catalog)
    order = {place: number for number, place in enumerate(prompts)}

    def by_course(one: Question) -> tuple[int, str, str]:
        return order.get(one.place, len(order)), one.where, one.key

    return replace(report, questions=tuple(sorted(report.questions, key=by_course)), prompts=prompts)


def _prompts(report: Report, catalog: Catalog) -> dict[Place, str]:
    """Every question of the report whose lesson is at hand, in order, with its words."""
    wanted = {one.place for one in report.questions}
    lessons = {one.lesson for one in report.questions if one.where in (LESSON, PRACTICE)}
    asked = [(lesson.id, _asked(lesson)) for lesson in catalog.lessons if lesson.id in lessons]
    found = {(where, one.key): one.prompt for where in (LESSON, PRACTICE) for _id, every in asked for one in every}
    for label, drill in sorted(report.drills.items()):
        with suppress(UsageError, ValueError):
            found |= {(label, one.key): one.prompt for one in begin(drill, catalog.get).questions}
    return {place: prompt for place, prompt in found.items() if place in wanted}


def _asked(lesson: Lesson) -> list[Asked]:
    """The questions of a lesson and its twin; none where they do not fit."""
    found: list[Asked] = []
    for one in (lesson, twin(lesson)):
        with suppress(ValueError):
            found += questions(one) if one is not None else ()
    return found
