"""From a session to the rows of its log, and from the log back to the session."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any, TypeAlias

import msgspec

from cnn_tutor.digest import sha256
from cnn_tutor.lesson.pack import pack_of
from cnn_tutor.lesson.translation import original
from cnn_tutor.tutor.attempt import Action, Attempt
from cnn_tutor.tutor.feedback import Feedback, Incorrect, diagnosis_of, verdict
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.session import Record, Session, ask_hint, fold, reveal, settle, skip, submit, to_open

Keep: TypeAlias = Callable[[tuple[Attempt, ...]], None]
"""Stores attempts; raises ProgressError where that fails."""


def digest(question: Question) -> str:
    """A short name for the task behind a question: its data, layers and choice, not its prose."""
    exercise, choice = question.exercise, question.choice and original(question.choice)
    task = (question.key, exercise.tensors, exercise.layer, exercise.track, choice and (choice.options, choice.answer))
    return sha256(msgspec.json.encode(task)).hexdigest()[:16]


def log(
    before: Session, after: Session, action: Action, text: str = "", feedback: Feedback | None = None
) -> tuple[Attempt, ...]:
    """The rows for one transition: the action itself, and the questions it covered."""
    question = before.current
    record = before.record(question)

    def row(of: Question, action: Action, **rest: Any) -> Attempt:
        pack = pack_of(before.lesson, of.exercise.id)
        first = Attempt(before.lesson.id, of.key, digest(of), action, before.seed, before.fast, skill=of.skill)
        first = replace(first, mode=before.mode, run=before.run, pack=pack.id, pack_version=pack.version)
        return replace(first, **rest)

    wrong = feedback if isinstance(feedback, Incorrect) else None
    own = row(
        question,
        action,
        text=text,
        verdict="" if feedback is None else verdict(feedback),
        charged=wrong is not None and wrong.charged,
        hints=record.hints,
        misses=record.misses,
        diagnosis=_diagnosis_id(feedback),
    )
    covered = [
        row(one, "cover") for one in before.questions if after.record(one).covered and not before.record(one).covered
    ]
    return (own, *covered)


def _diagnosis_id(feedback: Feedback | None) -> str:
    diagnosis = None if feedback is None else diagnosis_of(feedback)
    return "" if diagnosis is None else diagnosis.id


def replay(session: Session, attempts: Iterable[Attempt]) -> Session:
    """The session after ``attempts``, in its own mode; attempts at a task that has changed since are left out."""
    places = {question.key: place for place, question in enumerate(session.questions)}
    mode = session.fast
    for attempt in attempts:
        place = places.get(attempt.key)
        if place is None or attempt.seed != session.seed or attempt.digest != digest(session.questions[place]):
            continue
        session = _again(replace(session, position=place, fast=attempt.fast), attempt)
    return to_open(replace(session, fast=mode))


def _again(session: Session, attempt: Attempt) -> Session:
    """Do once more what was done then. What was right then stays right, even if it would be judged otherwise now."""
    question = session.current
    match attempt.action:
        case "answer":
            session, _ = submit(session, attempt.text)
            if attempt.verdict == "Correct" and not session.record(question).done:
                session = settle(session, question, Record(attempt.misses, attempt.hints, done=True))
        case "hint":
            session, _ = ask_hint(session)
        case "show":
            session, _ = reveal(session)
        case "skip":
            session = skip(session)
        case "fold":
            session = fold(session, attempt.text)
        case "cover":
            session = settle(session, question, replace(session.record(question), covered=True))
    return session
