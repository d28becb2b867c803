"""Whether a lesson's own answers are taken, in every form, and nothing else is: blanks, garbage, wrong ideas."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from cnn_tutor.language import _
from cnn_tutor.lesson.finding import Note
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.answer import write
from cnn_tutor.tutor.author.forms import forms
from cnn_tutor.tutor.candidate import candidates, is_right
from cnn_tutor.tutor.feedback import Correct
from cnn_tutor.tutor.judgement import check
from cnn_tutor.tutor.place import places
from cnn_tutor.tutor.place import write as write_places
from cnn_tutor.tutor.question import Question, questions
from cnn_tutor.tutor.variant import variant

SEEDS = range(1, 101)
"""The fresh numbers that a thorough check looks at."""

GARBAGE = ("", "banana")
MORE_GARBAGE = ("   ", "?", "[[", "1/0", "9" * 400, "nan")
"""What is not looked at at once, since numbers are diagnosed."""


def answer_faults(lesson: Lesson, asked: Sequence[Question], path: Path, *, thorough: bool) -> Iterator[Note]:
    """What is wrong with the answers of a lesson of one exercise, which stands at ``path``."""
    wrong = [Note(path, message) for question in asked for message in _of_question(question, thorough=thorough)]
    yield from wrong
    if not thorough or wrong or lesson.exercise[0].id == "":
        return
    for seed in SEEDS:
        try:
            fresh = questions(variant(lesson, seed))
        except ValueError as error:
            yield Note((*path, "vary"), _("seed {seed} gives no lesson: {error}").format(seed=seed, error=error))
            return
        for question in fresh:
            for message in _of_question(question, thorough=True):
                yield Note(path, _("with seed {seed}, {message}").format(seed=seed, message=message))
                return


def _of_question(question: Question, *, thorough: bool) -> Iterator[str]:
    for text in forms(question):
        if not isinstance(check(question, text), Correct):
            yield _("the right answer {text} to {key} would be refused").format(text=_short(text), key=question.key)
            return
    for text in (*GARBAGE, *(MORE_GARBAGE if thorough else ())):
        if isinstance(check(question, text), Correct):
            yield _("{text} would be right for {key}").format(text=_short(text), key=question.key)
    if thorough:
        yield from _ideas(question)


def _ideas(question: Question) -> Iterator[str]:
    """Wrong ideas whose answer would be taken for right though it is another value."""
    if question.choice is not None:
        others = [option for option in question.choice.options if option != question.choice.answer]
        yield from (
            _("{other} would be right for {key}").format(other=repr(other), key=question.key)
            for other in others
            if _is_taken(question, other)
        )
        return
    for one in candidates(question):
        if is_right(question, one.value) or one.value.shape != question.shape:
            continue  # terms in the place of their sum are read as the sum
        cells = question.kind == "cells"
        text = write_places(places(one.value)) if cells else write(one.value)
        if question.kind == "shape":
            text = "x".join(str(int(size)) for size in one.value.reshape(-1).tolist())
        if _is_taken(question, text):
            yield _("the answer {text} of {id} would be right for {key}").format(
                text=_short(text), id=one.row.id, key=question.key
            )


def _is_taken(question: Question, text: str) -> bool:
    return isinstance(check(question, text), Correct)


def _short(text: str) -> str:
    return repr(text if len(text) < 60 else f"{text[:57]}…")
