"""Whether a translation fits its lesson: the same ids, as many options; and what it leaves out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from cnn_tutor.language import _
from cnn_tutor.lesson.finding import Note
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.schema import Choice, Erratum, Exercise, Lesson
from cnn_tutor.lesson.texts import ChoiceTexts, ErratumTexts, ExerciseTexts, Translation


def faults(lesson: Lesson, texts: Translation) -> Iterator[Note]:
    """Where a translation does not fit its lesson, and, as warnings, what it leaves out."""
    if texts.id != lesson.id:
        yield Note(("id",), _("must be {id}, as in the lesson").format(id=repr(lesson.id)))
        return
    if texts.key_ideas and len(texts.key_ideas) != len(lesson.key_ideas):
        yield Note(("key_ideas",), _count(len(texts.key_ideas), len(lesson.key_ideas)))
    yield from _missing(lesson, texts, ("title", "intro", "conventions", "notes"), ())
    exercises = {one.id: one for one in lesson.exercise}
    for path, one, its in _pairs(texts.exercise, exercises, ("exercise",), _id, "id"):
        yield from [path] if isinstance(path, Note) else _exercise_faults(its, one, path)
    yield from _left_out(exercises, [one.id for one in texts.exercise], (), _("the exercise {name}"))
    errata = {one.question: one for one in lesson.erratum}
    for path, _one, _its in _pairs(texts.erratum, errata, ("erratum",), _question, "question"):
        yield from [path] if isinstance(path, Note) else []
    yield from _left_out(errata, [one.question for one in texts.erratum], (), _("the erratum {name}"))


def _id(one: Any) -> str:
    return str(one.id)


def _question(one: ErratumTexts | Erratum) -> str:
    return one.question


def _exercise_faults(exercise: Exercise, texts: ExerciseTexts, path: Path) -> Iterator[Note]:
    yield from _missing(exercise, texts, ("title", "prose"), path)
    yield from _missing(exercise.vary, texts.vary, ("title", "prose"), (*path, "vary"))
    if len(texts.twin) > len(exercise.twin):
        yield Note((*path, "twin"), _count(len(texts.twin), len(exercise.twin)))
    for number, (twin, its) in enumerate(zip(exercise.twin, texts.twin, strict=False)):
        yield from _missing(twin, its, ("prose",), (*path, "twin", number))
    for number in range(len(texts.twin), len(exercise.twin)):
        if exercise.twin[number].prose:
            yield Note(path, _("the prose of twin {number} is not translated").format(number=number + 1), "warning")
    choices = {one.id: one for one in exercise.choice}
    for at, one, its in _pairs(texts.choice, choices, (*path, "choice"), _id, "id"):
        yield from [at] if isinstance(at, Note) else _choice_faults(its, one, at)
    yield from _left_out(choices, [one.id for one in texts.choice], path, _("the choice {name}"))
    workings = {one.id: one for one in exercise.erroneous}
    for at, texts_of, its in _pairs(texts.erroneous, workings, (*path, "erroneous"), _id, "id"):
        yield from [at] if isinstance(at, Note) else _missing(its, texts_of, ("prompt", "why"), at)
    yield from _left_out(workings, [one.id for one in texts.erroneous], path, _("the working {name}"))


def _choice_faults(choice: Choice, texts: ChoiceTexts, path: Path) -> Iterator[Note]:
    yield from _missing(choice, texts, ("prompt",), path)
    options = texts.options or choice.options
    if len(options) != len(choice.options):
        yield Note((*path, "options"), _count(len(options), len(choice.options)))
        return
    if len({" ".join(one.split()).casefold() for one in options}) < len(options):
        yield Note((*path, "options"), _("two options read the same"))
    for name in texts.why:
        if name not in (*options, *choice.options):
            yield Note((*path, "why", name), _("{name} is no option").format(name=repr(name)))
    names = dict(zip(choice.options, options, strict=True))
    for own in choice.why:
        if own not in texts.why and names[own] not in texts.why:
            yield Note(path, _("the reason for {name} is not translated").format(name=repr(own)), "warning")


One = TypeVar("One")
Other = TypeVar("Other")


def _pairs(
    texts: Sequence[One], known: Mapping[str, Other], path: Path, name: Callable[[Any], str], key: str
) -> Iterator[tuple[Any, One, Any]]:
    """Each of ``texts`` with its path and what it translates; in the place of the path what is wrong with its name."""
    seen: set[str] = set()
    for number, one in enumerate(texts):
        own = name(one)
        if own not in known:
            there = _("the lesson has no {name}; there are {known}")
            said = there.format(name=repr(own), known=", ".join(known) or "-")
            yield Note((*path, number, key), said), one, None
        elif own in seen:
            yield Note((*path, number, key), _("{name} is translated twice").format(name=repr(own))), one, None
        else:
            yield (*path, number), one, known[own]
        seen.add(own)


def _missing(own: Any, texts: Any, names: Iterable[str], path: Path) -> Iterator[Note]:
    for name in names:
        if getattr(own, name) and not getattr(texts, name):
            yield Note(path, _("{name} is not translated").format(name=name), "warning")


def _left_out(known: Iterable[str], given: Sequence[str], path: Path, what: str) -> Iterator[Note]:
    for name in known:
        if name not in given:
            yield Note(path, _("{what} is not translated").format(what=what.format(name=repr(name))), "warning")


def _count(got: int, wanted: int) -> str:
    return _("has {got} entries, the lesson has {wanted}").format(got=got, wanted=wanted)
