"""Where to start: a dozen questions at most, each about the lesson that says most about the others.

A right answer counts for a lesson and for all that lead to it; a wrong one rules out a lesson and all that it leads to.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.course_map import CourseMap
from cnn_tutor.tutor.feedback import Correct, Feedback, Incorrect, TooFewDigits, Unreadable
from cnn_tutor.tutor.judgement import check
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.session import Session, go_to, start
from cnn_tutor.tutor.variant import variant

MOST = 12
"""Questions at most."""

LONGEST = 9
"""Numbers of an answer at most, where the lesson has a question with so few."""


LONG = 6
"""Layers of a tracked network at most whose total may be asked."""


@dataclass(frozen=True)
class Placement:
    """What the answers so far say: lessons ``known``, lessons ``unknown``, and about which ones was ``asked``."""

    course: CourseMap
    seed: int
    known: frozenset[str] = frozenset()
    unknown: frozenset[str] = frozenset()
    asked: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """The placement written down: its seed, and a lesson with a sign for each answer; empty before the first."""
        signs = [f"{one}{'+' if one in self.known else '-'}" for one in self.asked]
        return " ".join([str(self.seed), *signs]) if signs else ""

    @property
    def topic(self) -> str | None:
        """The lesson to ask about next: the one whose answer, right or wrong, settles most. None when it is over."""
        if len(self.asked) >= MOST:
            return None
        unsure = [one for one in self.course.lessons if one not in self.known | self.unknown]
        settled = self.known | self.unknown
        gains = {
            one: min(len(self.course.before[one] - settled), len(self.course.after[one] - settled)) for one in unsure
        }
        return max(unsure, key=lambda one: gains[one], default=None)

    @property
    def start(self) -> str | None:
        """The first lesson that is not known though everything it needs is; None where all are known."""
        ready = self.course.open(self.known)
        return ready[0] if ready else next((one for one in self.course.lessons if one not in self.known), None)


def answered(placement: Placement, *, right: bool) -> Placement:
    """The placement after an answer about its topic."""
    topic = placement.topic
    assert topic is not None
    asked = (*placement.asked, topic)
    if right:
        return replace(placement, asked=asked, known=placement.known | {topic} | placement.course.before[topic])
    ruled_out = ({topic} | placement.course.after[topic]) - placement.known
    return replace(placement, asked=asked, unknown=placement.unknown | ruled_out)


def read(course: CourseMap, text: str) -> Placement | None:
    """The placement that was written down as ``text``; None where it does not fit the course, or is none."""
    seed, *signs = text.split() or [""]
    if not (seed.isascii() and seed.removeprefix("-").isdecimal()):
        return None
    placement = Placement(course, int(seed))
    for sign in signs:
        if placement.topic is None or sign[:-1] != placement.topic or sign[-1] not in "+-":
            return None
        placement = answered(placement, right=sign[-1] == "+")
    return placement


def task(lesson: Lesson, seed: int) -> Session:
    """One question about ``lesson`` on fresh numbers, with what is given and nothing else in sight."""
    first = next((one for one in lesson.exercise if one.layer or one.track is not None), lesson.exercise[0])
    alone = msgspec.structs.replace(lesson, exercise=[first], needs=[], intro="", key_ideas=[], notes="")
    session = start(variant(alone, seed), fast=True)
    return replace(go_to(session, _telling(session.questions).key), mode="drill")


def _telling(asked: tuple[Question, ...]) -> Question:
    """The question that needs most of what the lesson teaches: its last whole object of a size that can be typed.

    In a long tracked network it is one layer well behind the middle: nobody wants to add up all of them.
    """
    track = asked[0].exercise.track
    if track is not None and len(track.layers) > LONG:
        steps = [one for one in asked if one.part is not None and one.part.ask.kind in ("shape", "parameters")]
        return steps[2 * len(steps) // 3]
    wholes = [one for one in asked if one.fast and one.choice is None and one.kind != "cells"]
    short = [one for one in wholes if one.wanted is not None and one.wanted.exact.size <= LONGEST]
    outputs = [one for one in short if one.part is not None and one.part.ask.kind in ("output", "normalised")]
    return (outputs or short or wholes or list(asked))[-1]


def judged(session: Session, text: str) -> Feedback:
    """What the answer to the one question of ``session`` is."""
    return check(session.current, text)


def is_right(feedback: Feedback) -> bool | None:
    """Whether an answer shows that the lesson is known, in whatever convention; None for one that cannot be read."""
    if isinstance(feedback, Unreadable):
        return None
    if isinstance(feedback, Incorrect):
        return not feedback.charged
    return isinstance(feedback, (Correct, TooFewDigits))
