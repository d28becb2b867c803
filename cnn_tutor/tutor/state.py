"""The state of a lesson in progress: frozen, and all there is to know; ``session`` has its transitions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.attempt import Mode
from cnn_tutor.tutor.question import Question, in_fast_mode


@dataclass(frozen=True, slots=True)
class Record:
    """What happened at one question. ``covered`` means a whole object that contains it was answered in fast mode."""

    misses: int = 0
    hints: int = 0
    done: bool = False
    covered: bool = False
    skipped: bool = False
    kept: frozenset[int] = frozenset()
    given: tuple[float, ...] = ()
    """The last complete answer that was not right."""
    suspects: tuple[str, ...] = ()
    """Ideas that would explain what was taken for a slip."""

    @property
    def first_try(self) -> bool:
        """Whether it was answered at once and without a hint."""
        return self.done and not self.misses and not self.hints


_NEW = Record()


@dataclass(frozen=True)
class Session:
    """Where a student is in a lesson. ``position`` is the current question's place in ``questions``."""

    lesson: Lesson
    questions: tuple[Question, ...]
    seed: int | None = None
    sheet: tuple[Question, ...] = ()
    """For the twin of a lesson, the questions about the printed numbers."""
    fast: bool = False
    unfolded: frozenset[str] = frozenset()
    """Objects, by key, whose steps are asked in fast mode as well."""
    folded: frozenset[str] = frozenset()
    """Kinds of step, by skill, that guided mode leaves out until a miss."""
    mode: Mode = "learn"
    run: str = ""
    """The drill or practice that this session belongs to."""
    position: int = 0
    records: Mapping[str, Record] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def current(self) -> Question:
        """The question on the screen; after the end, the last one."""
        return self.questions[self.position]

    def record(self, question: Question) -> Record:
        """What happened at ``question`` so far."""
        return self.records.get(question.key, _NEW)

    @cached_property
    def asked(self) -> tuple[int, ...]:
        """Places of the questions this mode asks."""
        if not self.fast:
            return tuple(place for place in range(len(self.questions)) if not self.is_folded(place))
        kept = in_fast_mode(self.questions)
        steps = {step for i, one in enumerate(self.questions) if one.key in self.unfolded for step in self.steps_to(i)}
        return tuple(i for i, question in enumerate(self.questions) if question.key in kept or i in steps)

    def is_folded(self, place: int) -> bool:
        """Whether a step is left out: its kind is folded, it is not answered, and a later question covers it."""
        question = self.questions[place]
        if self.fast or question.fast or question.skill not in self.folded or self.record(question).done:
            return False
        later = (one for one in self.questions[place + 1 :] if one.exercise.id == question.exercise.id)
        return any(one.fast or one.skill not in self.folded for one in later)

    def steps_to(self, place: int) -> tuple[int, ...]:
        """Places of the guided questions that lead to the whole object asked at ``place``, in order."""
        first = place
        while first > 0 and not self.questions[first - 1].fast and self._same_exercise(first - 1, place):
            first -= 1
        return tuple(range(first, place))

    def _same_exercise(self, one: int, other: int) -> bool:
        return self.questions[one].exercise.id == self.questions[other].exercise.id

    @property
    def done(self) -> int:
        """How many of the asked questions are answered or covered."""
        return sum(self.is_settled(i) for i in self.asked)

    @property
    def finished(self) -> bool:
        """Whether nothing that this mode asks is open."""
        return all(self.is_settled(i) for i in self.asked)

    @property
    def settled_exercises(self) -> frozenset[str]:
        """The exercises of which no question is open, whatever the mode: their values may be shown."""
        still = {one.exercise.id for place, one in enumerate(self.questions) if not self.is_settled(place)}
        return frozenset(one.exercise.id for one in self.questions) - still

    def is_settled(self, place: int) -> bool:
        """Whether the question at ``place`` is answered or covered."""
        record = self.record(self.questions[place])
        return record.done or record.covered


def settle(session: Session, question: Question, record: Record) -> Session:
    """The session with another record for ``question``."""
    return replace(session, records=MappingProxyType({**session.records, question.key: record}))
