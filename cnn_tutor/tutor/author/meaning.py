"""A parsed lesson file looked at in passes: its form, then each exercise by itself, then the whole.

So a fault in one exercise hides none in another.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from cnn_tutor.language import _
from cnn_tutor.lesson import limits, tex, validate
from cnn_tutor.lesson.check import blanks, exercise_faults, there_are
from cnn_tutor.lesson.finding import Note
from cnn_tutor.lesson.load import newer, older
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.schema import FORMAT_VERSION, Exercise, Lesson
from cnn_tutor.tutor.author.answers import answer_faults
from cnn_tutor.tutor.author.asks import ask_faults, working_faults
from cnn_tutor.tutor.author.by_hand import hand_warnings
from cnn_tutor.tutor.author.hidden import hidden_ideas
from cnn_tutor.tutor.author.printed import printed_faults
from cnn_tutor.tutor.author.texts import text_warnings
from cnn_tutor.tutor.question import Question, questions


def notes(data: dict[str, Any], *, thorough: bool, advice: bool) -> Iterator[Note]:
    """Everything there is to say about a lesson; without ``advice`` only errors."""
    version = data.get("format_version")
    if type(version) is int and version > FORMAT_VERSION:
        yield Note(("format_version",), newer(version))
        return
    hostile = [Note(*one) for one in limits.faults(data)]
    if hostile:
        yield from hostile
        return
    formal = [Note(*one) for one in validate.faults(data, Lesson)]
    yield from formal
    if type(version) is int and version < FORMAT_VERSION:
        yield Note(("format_version",), older(version))
    spoilt = {one.path[1] for one in formal if one.path[:1] == ("exercise",) and len(one.path) > 1}
    shown = tex.everywhere(data)
    entries = shown.get("exercise")
    exercises = {
        number: msgspec.convert(one, Exercise)
        for number, one in enumerate(entries if isinstance(entries, list) else [])
        if number not in spoilt and ("exercise",) not in {one.path for one in formal}
    }
    if advice:
        yield from text_warnings(data)
    yield from _meaning(_skeleton(shown, formal), exercises, complete=not formal, thorough=thorough, advice=advice)


def _skeleton(data: dict[str, Any], formal: list[Note]) -> Lesson:
    """The lesson without its exercises, as far as its own keys are sound."""
    texts = {"id": "lesson", "title": "-", "section": "", "intro": "-", "conventions": "-"}
    bare = {"format_version": FORMAT_VERSION, "key_ideas": [], **texts}
    broken = {one.path[0] for one in formal if one.path}
    sound = {key: one for key, one in data.items() if key in Lesson.__struct_fields__ and key not in broken}
    known = {field.name: field.type for field in msgspec.structs.fields(Lesson)}
    fields = {key: msgspec.convert(one, known[key]) for key, one in sound.items() if key != "exercise"}
    return Lesson(**{**bare, **fields, "format_version": FORMAT_VERSION, "exercise": []})


def _meaning(
    lesson: Lesson, exercises: dict[int, Exercise], *, complete: bool, thorough: bool, advice: bool
) -> Iterator[Note]:
    """What is wrong although the file is well formed, exercise by exercise, and then of the whole."""
    yield from _doubled(exercises)
    yield from blanks({(key,): getattr(lesson, key) for key in ("title", "intro", "conventions")})
    yield from (Note(("needs",), _("a lesson cannot need itself")) for need in lesson.needs if need == lesson.id)
    asked: list[Question] = []
    sound: dict[int, Exercise] = {}
    for number, exercise in exercises.items():
        if len(asked) > limits.MOST_QUESTIONS:
            yield Note((), _("asks more than {number} questions").format(number=limits.MOST_QUESTIONS))
            return
        path: Path = ("exercise", number)
        wrong = list(exercise_faults(exercise, path))
        if not any(one.path == path or one.path[2] in ("tensors", "layer", "track") for one in wrong):
            wrong += [*ask_faults(exercise, path), *working_faults(exercise, path)]
        if not wrong:
            alone = msgspec.structs.replace(lesson, exercise=[exercise])
            try:
                own = questions(alone)
            except ValueError as error:
                wrong = [Note(path, str(error.__cause__ or error))]
            else:
                asked += own
                wrong = list(answer_faults(alone, own, path, thorough=thorough))
                if advice and not wrong:
                    yield from hand_warnings(exercise, own, path)
                    sound[number] = exercise
        complete = complete and not wrong
        yield from wrong
    yield from hidden_ideas(sound)
    yield from printed_faults(lesson, asked, complete=complete)
    if advice and complete and lesson.questions is None:
        said = _("add questions = {count}, so that a list need not compute it")
        yield Note((), said.format(count=len(asked)), "warning")
    if complete:
        yield from _whole(lesson, asked)


def _doubled(exercises: dict[int, Exercise]) -> Iterator[Note]:
    seen: set[str] = set()
    for number, exercise in exercises.items():
        if exercise.id in seen:
            yield Note(("exercise", number, "id"), _("another exercise has the id {id}").format(id=repr(exercise.id)))
        seen.add(exercise.id)


def _whole(lesson: Lesson, asked: list[Question]) -> Iterator[Note]:
    """What is wrong with a lesson whose exercises are sound."""
    if lesson.questions is not None and lesson.questions != len(asked):
        yield Note(
            ("questions",),
            _("says {questions}, but the lesson asks {count}").format(questions=lesson.questions, count=len(asked)),
        )
    keys = [question.key.partition("/")[2] for question in asked]
    for number, erratum in enumerate(lesson.erratum):
        if erratum.question not in keys:
            hint = there_are(erratum.question, keys).rpartition("; ")
            said = _("no question {question} in this lesson").format(question=repr(erratum.question)) + (
                f"; {hint[2]}" if hint[1] else ""
            )
            yield Note(("erratum", number, "question"), said)
