"""What came of a drill: a fold over its rows in the log, so that an instructor gets the result that a student saw."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import msgspec

from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.drill import Drill, begin, digest, taken
from cnn_tutor.tutor.feedback import (
    Correct,
    Feedback,
    FollowsThrough,
    Incorrect,
    TooFewDigits,
)
from cnn_tutor.tutor.final import waiting
from cnn_tutor.tutor.progress import Row
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.session import Session, to_open


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question of a drill: what was answered (None: nothing) and what is to be said of it."""

    question: Question
    text: str | None
    feedback: Feedback | None

    @property
    def credit(self) -> bool:
        """Whether it counts: right, right but for more digits, or right for an earlier answer."""
        return isinstance(self.feedback, (Correct, TooFewDigits, FollowsThrough))


@dataclass(frozen=True, slots=True)
class Result:
    """A drill judged."""

    drill: Drill
    outcomes: tuple[Outcome, ...]

    @property
    def score(self) -> int:
        """How many questions count."""
        return sum(one.credit for one in self.outcomes)

    @property
    def ideas(self) -> dict[str, int]:
        """The misconceptions that alone explain a wrong answer, by id, with how many they explain."""
        found: dict[str, int] = {}
        for one in self.outcomes:
            diagnosis = one.feedback.diagnosis if isinstance(one.feedback, Incorrect) else None
            if diagnosis is not None and len(diagnosis.ids) == 1:
                found[diagnosis.id] = found.get(diagnosis.id, 0) + 1
        return dict(sorted(found.items(), key=lambda item: -item[1]))

    @property
    def code(self) -> str:
        """One line that stands for the result: seed, score, and a digest of the drill and its answers."""
        answers = [(one.question.key, one.text) for one in self.outcomes]
        seal = digest(self.drill.text + msgspec.json.encode(answers).decode())[:12]
        return f"CT1-{self.drill.seed}-{self.score}of{len(self.outcomes)}-{seal}"


def answers(rows: Iterable[Row], run: str) -> dict[str, str]:
    """The answers of a drill that count, by key: the last to each question.

    After the end, when right is known, none counts; and to one question none after the ``given`` row that says so.
    """
    whole = (row.attempt for row in rows if row.attempt.run == run)
    found: dict[str, str] = {}
    final: set[str] = set()
    for one in itertools.takewhile(lambda one: one.action != "end", whole):
        if one.action == "given":
            final.add(one.key)
        elif one.action == "answer" and one.verdict != "Unreadable" and one.key not in final:
            found[one.key] = one.text
    return found


def judge(drill: Drill, session: Session, given: dict[str, str]) -> Result:
    """The result of a drill whose last answers are ``given``, judged in order."""
    session = replace(session, records={})
    outcomes = []
    for place in session.asked:
        question = session.questions[place]
        text = given.get(question.key)
        feedback = None
        if text is not None:
            session, feedback = taken(replace(session, position=place), text)
        outcomes.append(Outcome(question, text, feedback))
    return Result(drill, tuple(outcomes))


def resume(session: Session, given: dict[str, str]) -> Session:
    """The session with the answers taken so far."""
    for place in session.asked:
        text = given.get(session.questions[place].key)
        if text is not None:
            session, _feedback = taken(replace(session, position=place), text)
    return to_open(session, but=waiting(session))


def recompute(rows: Sequence[Row], run: str, get: Callable[[str], Lesson]) -> Result:
    """The result of a drill from its rows alone, as an instructor has them. Raises UsageError when it is not there."""
    for drill in begun(rows):
        if drill.run == run:
            return judge(drill, begin(drill, get), answers(rows, run))
    raise UsageError(_("no drill {name} in this log").format(name=repr(run)))


@dataclass(frozen=True, slots=True)
class Sitting:
    """What the log knows of a drill: when it began (None: not yet), its answers, and whether it was ended."""

    began: float | None
    latest: float
    answers: dict[str, str]
    ended: bool

    def left(self, drill: Drill, now: float) -> float | None:
        """Seconds left; None without a limit. A clock that jumps back gives none of them back."""
        if not drill.minutes or self.began is None:
            return None
        return max(0.0, self.began + 60 * drill.minutes - max(now, self.latest))


def sitting(rows: Iterable[Row], drill: Drill) -> Sitting:
    """Where a student is in a drill."""
    own = [row for row in rows if row.attempt.run == drill.run]
    began = next((row.at for row in own if row.attempt.action == "begin"), None)
    ended = any(row.attempt.action == "end" for row in own)
    return Sitting(began, max((row.at for row in own), default=0.0), answers(own, drill.run), ended)


CODE = re.compile(r"CT1-(?P<seed>-?\d{1,19})-(?P<score>\d{1,9})of(?P<total>\d{1,9})-(?P<seal>[0-9a-f]{12})")
"""A result code."""


def begun(rows: Iterable[Row]) -> Iterator[Drill]:
    """The drills that were begun; what cannot be read as one is passed over."""
    for row in rows:
        if row.attempt.mode == "drill" and row.attempt.action == "begin":
            with suppress(UsageError):
                yield Drill.read(row.attempt.text)


def unfinished(rows: Iterable[Row], like: Drill) -> Drill | None:
    """The last drill that was begun and not ended, on the same lessons for the same name.

    Its time may be over: then its result has not been seen yet.
    """
    listed = list(rows)
    ended = {row.attempt.run for row in listed if row.attempt.action == "end"}
    for drill in reversed([one for one in begun(listed) if one.run not in ended]):
        if replace(drill, seed=like.seed) == like:
            return drill
    return None
