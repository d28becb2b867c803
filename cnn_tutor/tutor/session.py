"""A lesson in progress: frozen state and pure transitions. No clock, no files, no random numbers.

A question is open until it is answered. It may be skipped and comes back after the last one. Fast mode asks only about
whole objects; answering one covers the guided questions that lead to it, and missing one unfolds them.
"""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

import numpy as np

from cnn_tutor.language import _
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.lesson.twin import twin
from cnn_tutor.tutor.candidate import hidden
from cnn_tutor.tutor.descent import first_differing
from cnn_tutor.tutor.diagnosis import is_slip_first
from cnn_tutor.tutor.feedback import Correct, Feedback, Incorrect, diagnosis_of
from cnn_tutor.tutor.folding import bring_back, cover_left_out
from cnn_tutor.tutor.hint import LEVELS, hint, told, why
from cnn_tutor.tutor.judgement import Context, check
from cnn_tutor.tutor.question import questions
from cnn_tutor.tutor.state import Record as Record
from cnn_tutor.tutor.state import Session as Session
from cnn_tutor.tutor.state import settle as settle


def start(lesson: Lesson, *, fast: bool = False, seed: int | None = None) -> Session:
    """A fresh session. Raises ShapeError or ValueError for a lesson whose numbers do not fit."""
    return to_open(Session(lesson, questions(lesson), seed=seed, fast=fast))


def start_twin(lesson: Lesson, *, fast: bool = False) -> Session | None:
    """A fresh session on the twin of ``lesson``; None where it has none."""
    other = twin(lesson)
    if other is None:
        return None
    return to_open(Session(other, questions(other), sheet=questions(lesson), fast=fast))


def submit(session: Session, text: str) -> tuple[Session, Feedback]:
    """Judge ``text`` as the answer to the current question; a right one leads on to the next open question.

    Answering again what is done already is judged, but changes nothing.
    """
    question = session.current
    record = session.record(question)
    feedback = _by_luck(session, check(question, text, _context(session)))
    if record.done:
        return session, feedback
    match feedback:
        case Correct():
            if record.misses or record.hints == LEVELS - 1:
                feedback = Correct(why(question))
            session = settle(session, question, replace(record, done=True, skipped=False))
            return to_open(cover_left_out(_cover(session))), feedback
        case Incorrect(cells=cells, total=total, charged=charged, given=given, suspects=suspects):
            by_cell = question.choice is None and question.kind not in ("shape", "cells")
            kept = frozenset(range(total)) - set(cells) if by_cell else frozenset()
            record = replace(record, misses=record.misses + charged, kept=kept, given=given)
            record = replace(record, suspects=suspects or record.suspects)
            session = settle(session, question, record)
            if charged and (not is_slip_first(total, cells) or record.misses > 1):
                return bring_back(*_unfold(session, feedback))
    return session, feedback


def _unfold(session: Session, feedback: Incorrect) -> tuple[Session, Incorrect]:
    """In fast mode, go to the first open step that the object just missed does otherwise, if it has one."""
    whole = session.current
    steps = [place for place in session.steps_to(session.position) if not session.is_settled(place)]
    is_open = session.fast and whole.fast and whole.part is not None and whole.key not in session.unfolded
    if not is_open or not steps:
        return session, feedback
    step = first_differing([session.questions[place] for place in steps], whole, feedback)
    onward = _("Let us take it step by step.")
    note = f"{feedback.note} {onward}"
    unfolded = session.unfolded | {whole.key}
    session = replace(session, unfolded=unfolded, position=session.questions.index(step))
    return session, replace(feedback, note=note)


def _by_luck(session: Session, feedback: Feedback) -> Feedback:
    """On a twin, say of an idea that it gives the right answer on the sheet's numbers, if it does."""
    diagnosis = diagnosis_of(feedback)
    if diagnosis is None or len(diagnosis.ids) != 1 or not isinstance(feedback, Incorrect):
        return feedback
    place = session.current.key.partition("/")[2]
    for printed in session.sheet:
        if printed.key.partition("/")[2] == place and diagnosis.ids[0] in hidden(printed):
            lucky = _("(On the sheet's numbers this way gives the right answer too, by luck.)")
            text = f"{diagnosis.text} {lucky}"
            return replace(feedback, diagnosis=replace(diagnosis, text=text))
    return feedback


def _context(session: Session) -> Context:
    """What counts at the current question beyond itself."""
    question = session.current
    earlier = tuple(one for one in session.questions[: session.position] if one.exercise.id == question.exercise.id)
    given = []
    for one in earlier:
        record = session.record(one)
        if session.fast and record.given and not record.done:
            given.append((one, np.array(record.given).reshape(one.shape)))
    others = (record.suspects for key, record in session.records.items() if key != question.key)
    suspected = frozenset(idea for suspects in others for idea in suspects)
    return Context(session.record(question).kept, earlier, tuple(given), session.fast, suspected)


def ask_hint(session: Session) -> tuple[Session, str]:
    """The next hint for the current question; after the last, the last again."""
    question = session.current
    record = session.record(question)
    level = min(record.hints + 1, LEVELS)
    if not record.done:
        session = settle(session, question, replace(record, hints=level))
    return session, hint(question, level)


def reveal(session: Session) -> tuple[Session, str]:
    """The answer to the current question, at once; it earns no credit."""
    question = session.current
    record = session.record(question)
    if record.done:
        return session, told(question)
    return settle(session, question, replace(record, hints=LEVELS)), hint(question, LEVELS)


def hints_so_far(session: Session) -> list[str]:
    """The hints already given for the current question, in order."""
    return [hint(session.current, level) for level in range(1, session.record(session.current).hints + 1)]


def skip(session: Session) -> Session:
    """Leave the current question for later and go to the next open one; in fast mode, the whole object it leads to."""
    for place in _left(session):
        question = session.questions[place]
        if not session.record(question).done:
            session = settle(session, question, replace(session.record(question), skipped=True))
    return to_open(session, after=True)


def _left(session: Session) -> tuple[int, ...]:
    """The places that a skip leaves: the current one, and with a step all of the object that was unfolded for it."""
    here = session.position
    for place, one in enumerate(session.questions):
        if session.fast and one.key in session.unfolded and here in session.steps_to(place):
            return (*session.steps_to(place), place)
    return (here,)


def look_back(session: Session, steps: int = 1) -> Session:
    """Show the question ``steps`` before the current one (after it, when negative)."""
    asked = session.asked
    place = next((i for i, position in enumerate(asked) if position >= session.position), len(asked) - 1)
    return replace(session, position=asked[min(max(0, place - steps), len(asked) - 1)])


def go_to(session: Session, key: str) -> Session:
    """Show the question with ``key``; raises KeyError."""
    for place, question in enumerate(session.questions):
        if question.key == key or question.key.partition("/")[2] == key:
            return replace(session, position=place, fast=session.fast and place in session.asked)
    raise KeyError(key)


def switch(session: Session, fast: bool) -> Session:
    """Change between guided and fast; guided goes back to the first step that is open, fast on to the next whole."""
    if fast == session.fast:
        return session
    changed = replace(session, fast=fast, unfolded=frozenset(), position=session.position if fast else 0)
    return to_open(changed) if not changed.finished else changed


def to_open(session: Session, *, after: bool = False, but: Container[int] = ()) -> Session:
    """Go to the next open question from here, then to those before it; skipped ones come last.

    The places in ``but`` are left out.
    """
    places = [place for place in session.asked if place not in but]
    ahead = [i for i in places if i > session.position or (i == session.position and not after)]
    behind = [i for i in places if i < session.position or (i == session.position and after)]
    for skipped in (False, True):
        for place in (*ahead, *behind):
            record = session.record(session.questions[place])
            if not session.is_settled(place) and record.skipped is skipped:
                return replace(session, position=place)
    return session


def _cover(session: Session) -> Session:
    """In fast mode, settle the guided questions that lead to the object just answered."""
    if not session.fast or not session.current.fast:
        return session
    for place in session.steps_to(session.position):
        question = session.questions[place]
        record = session.record(question)
        if not record.done:
            session = settle(session, question, replace(record, covered=True))
    return session


def fold(session: Session, kind: str) -> Session:
    """Leave out the steps of ``kind`` from now on, until a miss."""
    return to_open(replace(session, folded=session.folded | {kind}))
