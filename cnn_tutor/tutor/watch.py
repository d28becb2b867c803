"""A worked example that plays: where it stands, whether it runs and how fast. Pure state and transitions; no clock."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from msgspec.structs import replace as replace_fields

from cnn_tutor.lesson.schema import Exercise, Lesson
from cnn_tutor.tutor.film import Film

PACES = (Fraction(1, 3), Fraction(1, 2), Fraction(1), Fraction(2), Fraction(4), Fraction(8))
"""Steps a second."""


@dataclass(frozen=True, slots=True)
class Watch:
    """A film at the step it shows; ``pace`` is its place in :data:`PACES`."""

    film: Film
    position: int = 0
    playing: bool = False
    pace: int = 2

    @property
    def at_end(self) -> bool:
        return self.position >= len(self.film) - 1

    @property
    def seconds(self) -> float:
        """How long each step is shown while it plays."""
        return float(1 / PACES[self.pace])


def to(watch: Watch, position: int) -> Watch:
    """At another step, the nearest there is; at the last one it stops playing."""
    there = replace(watch, position=min(max(0, position), max(0, len(watch.film) - 1)))
    return replace(there, playing=watch.playing and not there.at_end)


def step(watch: Watch, by: int) -> Watch:
    """Some steps on, or back."""
    return to(watch, watch.position + by)


def play(watch: Watch) -> Watch:
    """Play, or pause; from the end it plays again from the beginning."""
    if watch.playing:
        return replace(watch, playing=False)
    begin = 0 if watch.at_end else watch.position
    return to(replace(watch, position=begin, playing=True), begin)


def faster(watch: Watch, by: int) -> Watch:
    """The next pace, or the one before."""
    return replace(watch, pace=min(max(0, watch.pace + by), len(PACES) - 1))


def next_cell(watch: Watch, by: int) -> Watch:
    """The first step of the next output cell, or (``by`` −1) of this one, and from there of the one before."""
    begin, after = watch.film.item(watch.position)
    if by > 0:
        return to(watch, after)
    return to(watch, watch.film.item(max(0, begin - 1))[0] if begin == watch.position else begin)


@dataclass(frozen=True, slots=True)
class Reel:
    """The exercises of a lesson that can be watched, which of them is, and with which numbers.

    Their own numbers are shown only of exercises in ``settled``, whose questions all are. Else fresh ones, drawn with
    ``seed``, so that watching gives no answer away that is still to be found, and costs no credit.
    """

    lesson: Lesson
    exercises: tuple[Exercise, ...]
    settled: frozenset[str] = frozenset()
    number: int = 0
    seed: int = 0

    @property
    def exercise(self) -> Exercise:
        return self.exercises[self.number]

    @property
    def own(self) -> bool:
        """Whether the lesson's own numbers are shown."""
        return self.seed == 0 and self.exercise.id in self.settled

    def shown(self) -> Exercise:
        """What is played. Raises ShapeError."""
        if self.own:
            return self.exercise
        from cnn_tutor.tutor.variant import variant

        alone = replace_fields(self.exercise, erroneous=[], choice=[])
        return variant(replace_fields(self.lesson, exercise=[alone]), self.seed + 1).exercise[0]


def reel(lesson: Lesson, settled: frozenset[str], exercise: str = "") -> Reel | None:
    """The reel of a lesson, at ``exercise``; None where there is nothing to watch: it may ask for choices alone."""
    exercises = tuple(one for one in lesson.exercise if is_shown(one))
    number = next((i for i, one in enumerate(exercises) if one.id == exercise), 0)
    return Reel(lesson, exercises, settled, number) if exercises else None


def other_exercise(now: Reel, by: int) -> Reel:
    """The next exercise of the lesson, or the one before."""
    return replace(now, number=min(max(0, now.number + by), len(now.exercises) - 1), seed=0)


def other_numbers(now: Reel) -> Reel:
    """The same exercise with fresh numbers."""
    return replace(now, seed=now.seed + 1)


def is_shown(exercise: Exercise) -> bool:
    """Whether there is anything to watch: an exercise may be made of choices alone."""
    return bool(exercise.layer) or exercise.track is not None
