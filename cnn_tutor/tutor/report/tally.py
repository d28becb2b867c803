"""A class in numbers: what was answered at the first try, how long it took, which ideas are about, who needs help."""

from __future__ import annotations

import statistics
from array import array
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from cnn_tutor.lesson.twin import SUFFIX
from cnn_tutor.tutor.drill import Drill
from cnn_tutor.tutor.report.scores import Judge, Score
from cnn_tutor.tutor.report.source import LeftOut
from cnn_tutor.tutor.report.student import Place, Work, label

ENOUGH = 4
"""Answers from which on a rate says something about a student."""

LOW, BEHIND = 0.5, 0.2
"""A first-try rate that is low, and so far behind the class's median."""

STUCK = 3
"""Misses at a question that was never answered right."""

MANY_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Question:
    """One question, over all who met it. ``seconds`` is the median; ``ideas`` are counted by students."""

    where: str
    key: str
    lesson: str
    skill: str
    students: int
    met: int
    first: int
    misses: int
    hints: int
    shown: int
    seconds: float | None
    ideas: tuple[tuple[str, int], ...]

    @property
    def place(self) -> Place:
        """Where it was asked, and its key."""
        return self.where, self.key

    @property
    def rate(self) -> float:
        """The part that was right at the first try, without a hint."""
        return self.first / self.met if self.met else 0.0


@dataclass(frozen=True, slots=True)
class Idea:
    """One misconception: students who have it on record, those who showed it once, where it shows most."""

    id: str
    recorded: int
    once: int
    answers: int
    places: tuple[Place, ...]

    @property
    def students(self) -> int:
        """All who showed it."""
        return self.recorded + self.once


@dataclass(frozen=True, slots=True)
class Standing:
    """One student. ``ideas`` are those on record, ``stuck`` the questions with many misses and no right answer."""

    name: str
    met: int
    first: int
    hints: int
    shown: int
    each: float | None
    seconds: float
    ideas: tuple[str, ...]
    stuck: tuple[Place, ...]
    latest: float | None

    @property
    def rate(self) -> float | None:
        """The part that was right at the first try; None where nothing was answered."""
        return self.first / self.met if self.met else None


@dataclass(frozen=True, slots=True)
class Report:
    """The class: students in the order of their names, questions in the order of the course."""

    students: tuple[Standing, ...]
    questions: tuple[Question, ...]
    ideas: tuple[Idea, ...]
    scores: tuple[Score, ...]
    left_out: tuple[LeftOut, ...]
    sources: int
    drills: dict[str, Drill] = field(default_factory=dict)
    """A drill of each label."""
    prompts: dict[Place, str] = field(default_factory=dict)
    """The words of the questions, where the lessons are at hand."""

    @property
    def median_rate(self) -> float | None:
        """The median of the students' first-try rates, of those who answered enough."""
        rates = [one.rate for one in self.students if one.rate is not None and one.met >= ENOUGH]
        return statistics.median(rates) if rates else None


@dataclass(slots=True)
class _Sum:
    skill: str
    students: int = 0
    met: int = 0
    first: int = 0
    misses: int = 0
    hints: int = 0
    shown: int = 0
    seconds: array[float] = field(default_factory=lambda: array("f"))
    ideas: Counter[str] = field(default_factory=Counter)


class Tally:
    """Adds up students one after the other, and keeps of each no more than their line in the report."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge
        self._sums: dict[Place, _Sum] = {}
        self._recorded: Counter[str] = Counter()
        self._once: Counter[str] = Counter()
        self._answers: Counter[str] = Counter()
        self._students: list[Standing] = []
        self._scores: list[Score] = []
        self._drills: dict[str, Drill] = {}

    def add(self, work: Work) -> None:
        """One more student."""
        met_by: dict[Place, set[str]] = {}
        for item in work.items:
            total = self._sums.get(item.place)
            if total is None:
                total = self._sums[item.place] = _Sum(item.skill)
            total.met += item.met
            total.first += item.first is True
            total.misses += item.misses
            total.hints += item.hints
            total.shown += item.shown
            if item.done and item.seconds is not None:
                total.seconds.append(item.seconds)
            ideas = met_by.setdefault(item.place, set())
            if item.ideas:
                ideas.update(item.ideas)
                self._answers.update(item.ideas)
        for place, ideas in met_by.items():
            total = self._sums[place]
            total.students += 1
            for idea in ideas:
                total.ideas[idea] += 1
        recorded = work.recorded
        self._recorded.update(recorded)
        self._once.update(idea for idea in work.ideas if idea not in recorded)
        for sat in work.drills:
            self._drills.setdefault(label(sat.drill), sat.drill)
        self._scores += [self._judge(work.name, sat) for sat in work.drills]
        self._students.append(_standing(work, recorded))

    def report(self, left_out: Iterable[LeftOut], sources: int) -> Report:
        """Everything so far."""
        return Report(
            tuple(sorted(self._students, key=lambda one: one.name)),
            tuple(_question(place, self._lesson(place), total) for place, total in self._sums.items()),
            tuple(sorted(self._ideas(), key=lambda one: (-one.students, -one.recorded, one.id))),
            tuple(sorted(self._scores, key=lambda one: (one.drill, one.student, one.sitting))),
            tuple(left_out),
            sources,
            self._drills,
        )

    def _lesson(self, place: Place) -> str:
        """The lesson that a question comes from."""
        where, key = place
        first, _slash, rest = key.partition("/")
        drill = self._drills.get(where)
        if drill is None:
            return first.removesuffix(SUFFIX)
        return max((one for one in drill.lessons if rest.startswith(f"{one}-")), key=len, default=first)

    def _ideas(self) -> Iterable[Idea]:
        for idea in {*self._recorded, *self._once}:
            places = [(total.ideas[idea], place) for place, total in self._sums.items() if idea in total.ideas]
            most = tuple(place for _count, place in sorted(places, key=lambda pair: (-pair[0], pair[1]))[:3])
            yield Idea(idea, self._recorded[idea], self._once[idea], self._answers[idea], most)


def _question(place: Place, lesson: str, total: _Sum) -> Question:
    seconds = statistics.median(total.seconds) if total.seconds else None
    ideas = tuple(sorted(total.ideas.items(), key=lambda item: (-item[1], item[0])))
    counts = (total.students, total.met, total.first, total.misses, total.hints, total.shown)
    return Question(*place, lesson, total.skill, *counts, seconds, ideas)


def _standing(work: Work, recorded: tuple[str, ...]) -> Standing:
    met = [item for item in work.items if item.met]
    times = [item.seconds for item in met if item.done and item.seconds is not None]
    return Standing(
        work.name,
        len(met),
        sum(item.first is True for item in met),
        sum(item.hints for item in work.items),
        sum(item.shown for item in work.items),
        statistics.median(times) if times else None,
        work.seconds,
        recorded,
        tuple(item.place for item in work.items if item.misses >= STUCK and not item.done),
        work.latest,
    )
