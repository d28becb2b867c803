"""Folding: a kind of step that goes well is offered to be left out; a miss brings it back. Nothing folds unasked."""

from __future__ import annotations

from dataclasses import replace

from cnn_tutor.language import _
from cnn_tutor.tutor.feedback import Incorrect
from cnn_tutor.tutor.state import Session, settle

CLEAN_FIRSTS = 2
"""Steps of a kind answered at once and without a hint, after which the others may be left out."""


def foldable(session: Session) -> str:
    """The kind of the step just before, if two in a row went well and more are to come; else nothing."""
    if session.fast or session.mode == "drill" or session.position == 0:
        return ""
    kind = session.questions[session.position - 1].skill
    own = [place for place, one in enumerate(session.questions) if one.skill == kind and not one.fast]
    records = [session.record(session.questions[place]) for place in own if place < session.position]
    last = [record for record in records if record.done][-CLEAN_FIRSTS:]
    if kind in session.folded or len(last) < CLEAN_FIRSTS or not all(record.first_try for record in last):
        return ""
    after = replace(session, folded=session.folded | {kind})
    return kind if any(after.is_folded(place) and place >= session.position for place in own) else ""


def _folded_before(session: Session) -> list[int]:
    """The steps left out before the current question, in its exercise."""
    before = range(session.position)
    return [
        one
        for one in before
        if session.questions[one].exercise.id == session.current.exercise.id and session.is_folded(one)
    ]


def cover_left_out(session: Session) -> Session:
    """After a right answer, settle the steps that were left out on the way to it."""
    for place in _folded_before(session):
        question = session.questions[place]
        session = settle(session, question, replace(session.record(question), covered=True))
    return session


def bring_back(session: Session, feedback: Incorrect) -> tuple[Session, Incorrect]:
    """After a miss, ask again what was left out on the way to it, from its first open step."""
    left_out = [place for place in _folded_before(session) if not session.is_settled(place)]
    if not left_out:
        return session, feedback
    kinds = {session.questions[place].skill for place in left_out}
    note = " ".join((feedback.note, _("Let us take it step by step.")))
    return replace(session, folded=session.folded - kinds, position=left_out[0]), replace(feedback, note=note)
