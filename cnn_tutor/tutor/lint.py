"""Check a lesson file as a course: well formed, meaningful, and every question one that can be asked and answered."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path as File

from cnn_tutor.errors import LessonError, ShapeError, UsageError
from cnn_tutor.language import _
from cnn_tutor.lesson import check
from cnn_tutor.lesson.assignment import Assignment, is_assignment, unknown_lessons
from cnn_tutor.lesson.assignment import parse as parse_assignment
from cnn_tutor.lesson.load import fault, load, read
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.schema import Exercise, Lesson
from cnn_tutor.tutor.ask import Ask, kinds
from cnn_tutor.tutor.drill import Drill, plain_name
from cnn_tutor.tutor.feedback import Correct
from cnn_tutor.tutor.judgement import check as judge
from cnn_tutor.tutor.question import questions


def lint(file: File, others: Callable[[], Iterable[Lesson]] = tuple) -> list[str]:
    """Every fault of a lesson or assignment, each as ``file:line:column: path: message``; nothing when it is sound.

    ``others`` are the lessons that an assignment may name.
    """
    try:
        text = read(file)
        if is_assignment(text, str(file)):
            found = list(_assignment_faults(parse_assignment(text, str(file)), list(others())))
            return [str(fault(str(file), text, path, message)) for path, message in found]
        lesson = load(file)
    except LessonError as error:
        return [str(error)]
    found = list(check.faults(lesson)) or list(_faults(lesson))
    return [str(fault(str(file), text, path, message)) for path, message in found]


def _assignment_faults(assignment: Assignment, lessons: list[Lesson]) -> Iterator[tuple[Path, str]]:
    """Lessons that there are not, names that are the same but for their spelling, and nothing to compute."""
    file, known = assignment.file, {lesson.id: lesson for lesson in lessons}
    unknown = list(unknown_lessons(file, known))
    yield from unknown
    names: dict[str, str] = {}
    for name in file.seeds:
        try:
            first = names.setdefault(plain_name(name), name)
        except UsageError as error:
            yield ("seeds", name), str(error)
            continue
        if first != name:
            yield ("seeds", name), _("is the same name as {other}").format(other=repr(first))
    if not unknown:
        try:
            Drill.of([known[name] for name in file.lessons], 0, count=file.count, minutes=file.minutes, name="")
        except UsageError as error:
            yield ("lessons",), str(error)


def _faults(lesson: Lesson) -> Iterator[tuple[Path, str]]:
    asks = [found for number, one in enumerate(lesson.exercise) for found in _ask_faults(one, ("exercise", number))]
    yield from asks
    if asks:
        return
    try:
        asked = questions(lesson)
    except (ShapeError, ValueError) as error:
        yield (), str(error)
        return
    if lesson.questions is not None and lesson.questions != len(asked):
        yield (
            ("questions",),
            _("says {said}, but the lesson asks {asked}").format(said=lesson.questions, asked=len(asked)),
        )
    for question in asked:
        if not isinstance(judge(question, question.text), Correct):
            yield (
                (),
                _("the right answer {text} to {key} would be refused").format(
                    text=repr(question.text), key=question.key
                ),
            )
    keys = {question.key.partition("/")[2] for question in asked}
    for number, erratum in enumerate(lesson.erratum):
        if erratum.question not in keys:
            yield (
                ("erratum", number, "question"),
                _("no question {key} in this lesson").format(key=repr(erratum.question)),
            )


def _ask_faults(exercise: Exercise, path: Path) -> Iterator[tuple[Path, str]]:
    """Asks that are not of the right form, or name a kind of step that the layer does not have."""
    known = {source.output: set(kinds(source.trace)) for source in run(exercise)}
    for name, asks in exercise.ask.items():
        for text in asks:
            at = (*path, "ask", name)
            try:
                ask = Ask.parse(text)
            except ValueError as error:
                yield at, str(error)
                continue
            available = known.get(name, known.get("", set()))
            if ask.kind not in available:
                yield (
                    at,
                    _("{name} has no step {step}; it has {steps}").format(
                        name=repr(name), step=repr(ask.kind), steps=", ".join(sorted(available))
                    ),
                )
