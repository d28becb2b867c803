"""What a sheet prints, held against the engine: misprints are found by themselves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import numpy as np

from cnn_tutor.language import _
from cnn_tutor.lesson.check import there_are
from cnn_tutor.lesson.finding import Note
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.schema import Lesson
from cnn_tutor.tutor.answer import write
from cnn_tutor.tutor.hint import shown
from cnn_tutor.tutor.judgement import option
from cnn_tutor.tutor.question import Question


def printed_faults(lesson: Lesson, asked: Sequence[Question], *, complete: bool) -> Iterator[Note]:
    """Printed values that the engine contradicts, and errata that it does not; of all questions if ``complete``."""
    by_key = {question.key.partition("/")[2]: question for question in asked}
    errata = [(one.question, one.printed) for one in lesson.erratum]
    for number, one in enumerate(lesson.printed):
        at: Path = ("printed", number)
        question = by_key.get(one.question)
        if question is not None:
            wrong = _contradiction(question, one.value)
            if wrong and (one.question, one.value) not in errata:
                said = _("{wrong}; if it is the sheet that is wrong, say so in an [[erratum]]").format(wrong=wrong)
                yield Note((*at, "value"), said)
        elif complete:
            keys = there_are(one.question, list(by_key))
            yield Note(
                (*at, "question"),
                _("no question {question} in this lesson; {keys}").format(question=repr(one.question), keys=keys),
            )
    for number, erratum in enumerate(lesson.erratum):
        question = by_key.get(erratum.question)
        if question is None:
            continue
        if np.shape(_array(erratum.printed)) != question.shape:
            yield Note(
                ("erratum", number, "printed"),
                _("is not of the shape that {question} asks for").format(question=erratum.question),
            )
        elif not _contradiction(question, erratum.printed):
            yield Note(("erratum", number, "printed"), _("the engine gives the same, so this is no erratum"))


def _contradiction(question: Question, value: Any) -> str:
    """How a printed value differs from the engine's; nothing where it does not."""
    said = _("the sheet prints {printed} for {value}, the engine gives {right}").format(
        printed=_written(value), value=question.key.partition("/")[2], right=shown(question)
    )
    if question.choice is not None:
        return "" if option(str(value), question.choice.options) == question.choice.answer else said
    if question.kind in ("shape", "cells") or question.wanted is None:
        sizes = "x".join(map(str, value)) if isinstance(value, list) else str(value)
        return "" if sizes.replace("×", "x").replace(" ", "") == question.text.replace(" ", "") else said
    array = _array(value)
    if array is None or array.shape != question.shape:
        return said
    cells = zip(array.reshape(-1).tolist(), range(array.size), strict=True)
    return "" if all(_agrees(cell, question.wanted.values(place)) for cell, place in cells) else said


def _agrees(printed: float, right: Sequence[float]) -> bool:
    """Whether a right value, rounded to the digits printed, is what is printed."""
    exponent = Decimal(repr(printed)).as_tuple().exponent
    half = Decimal(5) * Decimal(10) ** (exponent - 1 if isinstance(exponent, int) else 0)
    slack = half * Decimal("1.000001") if isinstance(printed, float) else Decimal("1e-9")
    return any(abs(Decimal(repr(printed)) - Decimal(repr(value))) <= slack for value in right)


def _array(value: Any) -> Any:
    try:
        array = np.array(value)
    except ValueError:
        return None
    return array if array.dtype.kind in "if" else None


def _written(value: Any) -> str:
    array = _array(value)
    return str(value) if array is None or isinstance(value, str) else write(array)
