"""Who needs help and what to teach next, drawn from a report."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from cnn_tutor.language import _, plural
from cnn_tutor.tutor.misconceptions import BY_ID
from cnn_tutor.tutor.practice import name_of
from cnn_tutor.tutor.report.tally import BEHIND, ENOUGH, LOW, MANY_SHOWN, Report, Standing

AFTER = 2
"""Reasons, or their weight, from which on a student needs help."""

SPREAD = 0.1
"""The part of a class that makes an idea worth a lesson."""

WEAK = 0.6
"""A first-try rate below which a skill is worth one."""

MOST = 5


@dataclass(frozen=True, slots=True)
class Need:
    """A student who needs help, and why."""

    student: Standing
    reasons: tuple[str, ...]


def idea_name(idea: str) -> str:
    """The name of a misconception; its id where the table does not have it."""
    return _(BY_ID[idea].name) if idea in BY_ID else idea


def percent(rate: float | None) -> str:
    """A rate as people say it."""
    return "–" if rate is None else f"{round(100 * rate)} %"


def needs(report: Report) -> list[Need]:
    """The students who need help, those first who need it most."""
    median = report.median_rate
    found = []
    for one in report.students:
        weighed = list(_reasons(one, median))
        if sum(weight for weight, _reason in weighed) >= AFTER:
            found.append((-sum(weight for weight, _reason in weighed), Need(one, tuple(said for _w, said in weighed))))
    return [need for _weight, need in sorted(found, key=lambda pair: (pair[0], pair[1].student.name))]


def _reasons(one: Standing, median: float | None) -> Iterator[tuple[int, str]]:
    """Reasons with their weight."""
    rate = one.rate
    if rate is None:
        yield AFTER, _("has answered nothing")
        return
    if one.met >= ENOUGH and median is not None and rate < LOW and rate <= median - BEHIND:
        text = _("right at once: {first} of {met} (class: {median})")
        yield AFTER, text.format(first=one.first, met=one.met, median=percent(median))
    for idea in one.ideas:
        yield 1, _("holds on to: {idea}").format(idea=idea_name(idea))
    for _where, key in one.stuck:
        yield 1, _("stuck at {key}").format(key=key)
    if one.shown >= MANY_SHOWN:
        yield 1, plural("had {count} answer shown", "had {count} answers shown", one.shown)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something to teach next: the idea or skill, what to say of it, and the lessons to practise it in."""

    subject: str
    text: str
    lessons: tuple[str, ...]


def topics(report: Report) -> list[Topic]:
    """What to teach next, the most important first: ideas that spread, then skills that few have at the first try."""
    return [*_ideas(report), *_skills(report)][:MOST]


def _ideas(report: Report) -> Iterator[Topic]:
    total = len(report.students)
    lessons = {one.place: one.lesson for one in report.questions}
    for one in report.ideas:
        if one.students < max(2, SPREAD * total):
            continue
        believes = _(BY_ID[one.id].believes) if one.id in BY_ID else one.id
        text = _("{count} of {total} students: {believes}").format(count=one.students, total=total, believes=believes)
        yield Topic(idea_name(one.id), text, tuple(dict.fromkeys(lessons[place] for place in one.places)))


def _skills(report: Report) -> Iterator[Topic]:
    sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    lessons: dict[str, list[str]] = defaultdict(list)
    for one in report.questions:
        sums[one.skill][0] += one.first
        sums[one.skill][1] += one.met
        lessons[one.skill].append(one.lesson)
    enough = [(first / met, skill, met) for skill, (first, met) in sums.items() if met >= ENOUGH]
    for rate, skill, met in sorted(enough):
        if rate < WEAK and skill:
            text = _("right at once in {rate} of {met} answers").format(rate=percent(rate), met=met)
            yield Topic(name_of(skill), text, tuple(dict.fromkeys(lessons[skill])))
