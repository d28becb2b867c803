"""The twin of a lesson: its exercises with the numbers that tell more wrong ideas apart."""

from __future__ import annotations

from msgspec.structs import replace

from cnn_tutor.language import _
from cnn_tutor.lesson.schema import Exercise, Lesson, Twin

SUFFIX = "-twin"


def twin(lesson: Lesson) -> Lesson | None:
    """A lesson of the twins, with an id of its own; None where no exercise has one.

    Notes and errata, which are about the printed numbers, are left out, and so are choices, which have been answered.
    """
    exercises = [
        replace(as_exercise(exercise, one), id=exercise.id if number == 0 else f"{exercise.id}-{number + 1}")
        for exercise in lesson.exercise
        for number, one in enumerate(exercise.twin)
    ]
    if not exercises:
        return None
    return replace(
        lesson,
        id=f"{lesson.id}{SUFFIX}",
        title=_("{title}: the twin").format(title=lesson.title),
        exercise=exercises,
        questions=None,
        notes="",
        erratum=[],
    )


def as_exercise(exercise: Exercise, one: Twin) -> Exercise:
    """A twin as an exercise of its own."""
    return replace(
        exercise,
        title=_("{title}, other numbers").format(title=exercise.title),
        prose=one.prose or exercise.prose,
        tensors={**exercise.tensors, **one.tensors},
        layer=one.layer or exercise.layer,
        track=one.track or exercise.track,
        ask={**exercise.ask, **one.ask},
        choice=[],
        twin=[],
        erroneous=[],
    )


def pairs(lesson: Lesson, twins: Lesson) -> dict[str, str]:
    """The printed exercise, by id, that each exercise of the twin lesson belongs to."""
    owners = [exercise.id for exercise in lesson.exercise for _ in exercise.twin]
    return dict(zip((exercise.id for exercise in twins.exercise), owners, strict=True))
