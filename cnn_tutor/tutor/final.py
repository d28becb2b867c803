"""Which answers of a drill are final at once: those that the tables of a later question tell.

Whoever sees a table of five cells knows how many outputs there are. So a question about that is answered once, and
what would tell it waits until it is.
"""

from __future__ import annotations

from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.scene import BEFORE_THE_OUTPUT
from cnn_tutor.tutor.session import Session

_ARITHMETIC = frozenset(BEFORE_THE_OUTPUT) - {"padded"}
"""Kinds of question beside which no cells stand whose number could be counted."""

_OF_SIZES = _ARITHMETIC | {"slots", "gap"}
_OF_PLACES = frozenset({"window", "block", "set", "offsets", "starts", "row_starts", "column_starts"})
"""Kinds that a later question tells by the number of its cells, and by which of them are marked."""

_CAN_BE_TOLD = _OF_SIZES | _OF_PLACES


def tells(later: Question, question: Question) -> bool:
    """Whether what stands beside a ``later`` question of an exercise tells the answer to the one before it."""
    assert question.part is not None
    if question.part.ask.kind not in _OF_SIZES:
        return True
    return later.source is not question.source or later.part is None or later.part.ask.kind not in _ARITHMETIC


def is_final(session: Session, question: Question) -> bool:
    """Whether the first answer to a question of a drill is the one that counts."""
    return bool(_telling(session, session.questions.index(question), frozenset(session.asked)))


def waiting(session: Session) -> frozenset[int]:
    """The places of a drill's questions that wait, since they would tell the answer to one that is open."""
    asked = frozenset(session.asked)
    still = [place for place in asked if not session.is_settled(place)]
    return frozenset(later for place in still for later in _telling(session, place, asked))


def _telling(session: Session, place: int, asked: frozenset[int]) -> list[int]:
    """The places of the questions that tell the answer to the one at ``place``."""
    question, found = session.questions[place], []
    if not _can_be_told(question):
        return []
    for later in range(place + 1, len(session.questions)):
        if session.questions[later].exercise.id != question.exercise.id:
            break
        if later in asked and tells(session.questions[later], question):
            found.append(later)
    return found


def _can_be_told(question: Question) -> bool:
    """Whether tables of numbers that are not known may tell the answer."""
    if question.part is None or question.source is None or question.source.layer is None:
        return False
    return question.part.ask.kind in _CAN_BE_TOLD or question.kind == "cells"
