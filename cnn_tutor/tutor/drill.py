"""A drill: fresh problems of some lessons, answered without hints and judged at the end.

A drill is a lesson with other numbers, the same for everybody with its seed, or for each name with that seed.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from cnn_tutor.errors import UsageError
from cnn_tutor.language import _
from cnn_tutor.lesson.pack import SHIPPED, Pack, pack_of, packed, together
from cnn_tutor.lesson.schema import Exercise, Lesson
from cnn_tutor.tutor.attempt import Attempt
from cnn_tutor.tutor.feedback import Feedback, Incorrect, Unreadable
from cnn_tutor.tutor.final import waiting
from cnn_tutor.tutor.judgement import Context, check
from cnn_tutor.tutor.question import Question, steps_before, wholes
from cnn_tutor.tutor.session import Record, Session, settle, to_open
from cnn_tutor.tutor.variant import variant

ID = "drill"
"""The id of a drill as a lesson."""

MOST_PROBLEMS, MOST_MINUTES = 200, 24 * 60
LONGEST_NAME = 80


@dataclass(frozen=True, slots=True)
class Drill:
    """What a drill consists of: problems of ``lessons`` in turn, ``count`` of them, in ``minutes`` (0: no limit).

    A ``name`` makes its own numbers of the seed, as :func:`plain_name` spells it, unless the numbers are ``shared``.
    ``assignment`` is the id of the file that set the drill.
    """

    lessons: tuple[str, ...]
    seed: int
    count: int
    minutes: int = 0
    name: str = ""
    shared: bool = False
    assignment: str = ""

    @property
    def run(self) -> str:
        """A short name for exactly this drill."""
        return f"drill-{digest(self.text)[:16]}"

    @property
    def text(self) -> str:
        """The drill written down, for the log; what is as usual for most drills is left out."""
        own = {name: value for name, value in asdict(self).items() if value or name not in ("shared", "assignment")}
        return msgspec.json.encode(own).decode()

    @property
    def kind(self) -> tuple[tuple[str, ...], int]:
        """What makes two drills comparable."""
        return self.lessons, self.count

    @property
    def numbers(self) -> tuple[tuple[str, ...], int, str]:
        """What two drills with the same problems have in common, however many those are and how long they take."""
        return self.lessons, self.seed, "" if self.shared else self.name

    @classmethod
    def read(cls, text: str) -> Drill:
        """The drill that was written down as ``text``; raises UsageError."""
        try:
            drill = msgspec.json.decode(text, type=cls)
        except msgspec.MsgspecError:
            raise UsageError(_("this is not a drill that cnn-tutor wrote")) from None
        if not 1 <= drill.count <= MOST_PROBLEMS or not 0 <= drill.minutes <= MOST_MINUTES:
            raise UsageError(_("this is not a drill that cnn-tutor wrote"))
        return drill

    @classmethod
    def of(cls, lessons: Sequence[Lesson], seed: int, *, count: int | None, minutes: int | None, name: str) -> Drill:
        """A drill on ``lessons``, one problem an exercise unless ``count`` says otherwise. Raises UsageError."""
        names = tuple(dict.fromkeys(lesson.id for lesson in lessons))
        own = len(_pool({lesson.id: lesson for lesson in lessons}.values()))
        if not own:
            raise UsageError(_("there is nothing to compute in these lessons; choose another one"))
        wanted = own if count is None else count
        if not 1 <= wanted <= MOST_PROBLEMS:
            text = _("a drill has 1 to {most} problems, not {wanted}")
            raise UsageError(text.format(most=MOST_PROBLEMS, wanted=wanted))
        if minutes is not None and not 1 <= minutes <= MOST_MINUTES:
            text = _("a drill takes 1 to {most} minutes, not {wanted}")
            raise UsageError(text.format(most=MOST_MINUTES, wanted=minutes))
        return cls(names, seed, wanted, minutes or 0, plain_name(name))


def plain_name(name: str) -> str:
    """A name without regard to case, blanks and the way its accents are encoded. Raises UsageError."""
    plain = " ".join(unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold()).split())
    if len(plain) > LONGEST_NAME or any("\ud800" <= letter <= "\udfff" for letter in plain):
        raise UsageError(_("a name has at most {count} letters, all of them text").format(count=LONGEST_NAME))
    return plain


def digest(text: str) -> str:
    """SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()


def _pool(lessons: Iterable[Lesson]) -> list[tuple[Lesson, Exercise]]:
    """Every exercise that computes something, with its lesson."""
    return [(one, exercise) for one in lessons for exercise in one.exercise if exercise.layer or exercise.track]


def compose(drill: Drill, get: Callable[[str], Lesson]) -> Lesson:
    """The drill as a lesson; ``get`` finds a lesson by its id. Raises UsageError for one that is not there."""
    pool = _pool([get(name) for name in drill.lessons])
    if not pool:
        raise UsageError(_("there is nothing to compute in these lessons; choose another one"))
    exercises, packs, whose = [], {}, "" if drill.shared else drill.name
    for number in range(drill.count):
        lesson, exercise = pool[number % len(pool)]
        seed = int(digest(f"{drill.seed}/{whose}/{number}")[:15], 16)
        (fresh,) = variant(msgspec.structs.replace(lesson, exercise=[exercise]), seed).exercise
        exercises.append(
            msgspec.structs.replace(
                fresh,
                id=f"{lesson.id}-{exercise.id}-{number + 1}",
                title=_("Problem {number} of {count}: {title}").format(
                    number=number + 1, count=drill.count, title=fresh.title
                ),
                choice=[],
                erroneous=[],
            )
        )
        packs[exercises[-1].id] = pack_of(lesson)
    conventions = dict.fromkeys(get(name).conventions.strip() for name in drill.lessons)
    sheet = msgspec.structs.replace(
        pool[0][0],
        id=ID,
        title=_("Drill"),
        section="",
        intro="",
        conventions="\n".join(conventions),
        key_ideas=[],
        notes="",
        needs=[],
        questions=None,
        exercise=exercises,
        erratum=[],
    )
    return packed(sheet, together(packs.values()), packs)


def begin(drill: Drill, get: Callable[[str], Lesson]) -> Session:
    """The drill as a session, nothing answered."""
    sheet = compose(drill, get)
    session = Session(sheet, wholes(sheet), seed=drill.seed, fast=True, mode="drill", run=drill.run)
    return replace(session, position=session.asked[0])


def marker(drill: Drill, action: Any, text: str, pack: Pack = SHIPPED) -> Attempt:
    """The row that opens (``begin``) or closes (``end``) a drill, whose problems come from ``pack``."""
    row = Attempt(ID, "", "", action, seed=drill.seed, fast=True, text=text, mode="drill", run=drill.run)
    return replace(row, pack=pack.id, pack_version=pack.version)


def take(session: Session, text: str) -> tuple[Session, Feedback]:
    """Take an answer without a word on it, and go on; one that cannot be read is not taken.

    The feedback is for the log. Answering again replaces the answer, and is no first try.
    """
    after, feedback = taken(session, text)
    return (session if after is session else to_open(after, after=True, but=waiting(after))), feedback


def taken(session: Session, text: str) -> tuple[Session, Feedback]:
    """The same without going on."""
    question = session.current
    feedback = check(question, text, _context(session, question))
    if isinstance(feedback, Unreadable):
        return session, feedback
    record = session.record(question)
    now = Record(misses=record.misses + 1, done=True)
    if isinstance(feedback, Incorrect):
        now = replace(now, given=feedback.given, suspects=feedback.suspects)
    return settle(session, question, now), feedback


class _Before(Sequence[Question]):
    """The guided questions before a drill's question, made when they are looked at: few answers need them."""

    def __init__(self, lesson: Lesson, question: Question) -> None:
        self._lesson, self._question = lesson, question

    @cached_property
    def _made(self) -> tuple[Question, ...]:
        return steps_before(self._lesson, self._question)

    def __len__(self) -> int:
        return len(self._made)

    def __getitem__(self, place: Any) -> Any:
        return self._made[place]


def _context(session: Session, question: Question) -> Context:
    """What counts at a question: the answers before it that are not right, and the ideas behind earlier slips."""
    wrong = {key for key, record in session.records.items() if record.given or record.suspects}
    before = session.questions[: session.questions.index(question)] if wrong else ()
    earlier = [one for one in before if one.key in wrong]
    given = tuple(
        (one, np.array(record.given).reshape(one.shape))
        for one in earlier
        if one.exercise.id == question.exercise.id
        and (record := session.record(one)).given
        and one.kind not in ("shape", "cells")
    )
    suspected = frozenset(idea for one in earlier for idea in session.record(one).suspects)
    return Context(earlier=_Before(session.lesson, question), given=given, fast=True, suspected=suspected)
