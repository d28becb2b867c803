"""The course as a map: which lessons stand before which. Needs no NumPy."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property

from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.overview import Entry


class CourseMap:
    """Lessons by what they need. A need that no lesson here fulfils is left out; lessons may even need one another."""

    def __init__(self, lessons: Iterable[Lesson]) -> None:
        self.lessons = {lesson.id: lesson for lesson in lessons}

    @cached_property
    def needs(self) -> Mapping[str, tuple[str, ...]]:
        """For each lesson those that stand right before it."""
        return {
            lesson.id: tuple(one for one in lesson.needs if one in self.lessons and one != lesson.id)
            for lesson in self.lessons.values()
        }

    @cached_property
    def before(self) -> Mapping[str, frozenset[str]]:
        """For each lesson all that lead to it."""
        return {one: self._reached(one, self.needs) for one in self.lessons}

    @cached_property
    def after(self) -> Mapping[str, frozenset[str]]:
        """For each lesson all that it leads to."""
        return {one: frozenset(other for other in self.lessons if one in self.before[other]) for one in self.lessons}

    @property
    def circle(self) -> tuple[str, ...]:
        """Lessons that need themselves by way of others, in course order; none in a course that can be done."""
        return tuple(one for one in self.lessons if one in self.before[one])

    def _reached(self, start: str, edges: Mapping[str, Sequence[str]]) -> frozenset[str]:
        found: set[str] = set()
        waiting = list(edges[start])
        while waiting:
            one = waiting.pop()
            if one not in found:
                found.add(one)
                waiting += edges[one]
        return frozenset(found)

    def open(self, done: Iterable[str]) -> tuple[str, ...]:
        """The lessons not done whose needs are, in course order."""
        known = set(done)
        return tuple(one for one in self.lessons if one not in known and set(self.needs[one]) <= known)


def finished(entries: Iterable[Entry]) -> frozenset[str]:
    """The lessons of which every question is answered."""
    return frozenset(entry.lesson.id for entry in entries if entry.questions and entry.done >= entry.questions)
