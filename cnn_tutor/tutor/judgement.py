"""Check one typed answer against one question."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np

from cnn_tutor.lesson.schema import Erratum
from cnn_tutor.tutor import answer
from cnn_tutor.tutor.answer import Cells, Verdict
from cnn_tutor.tutor.feedback import Correct, Diagnosis, Feedback, Incorrect, TooFewDigits, Unreadable
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.symbols import sentence_case

MISPRINT = "SHEET.TYPO"
NOT_CHARGED = "The sheet prints that; it does not count against you."


def check(question: Question, text: str, kept: frozenset[int] = frozenset()) -> Feedback:
    """Judge ``text``; ``kept`` are cells already right, which ``_`` stands for."""
    if question.choice is not None:
        return _check_choice(question, text)
    if question.kind == "shape":
        return _check_shape(question, text)
    assert question.wanted is not None
    try:
        typed = answer.read(text, question.shape)
        if any(entry is None and cell not in kept for cell, entry in enumerate(typed)):
            raise answer.Unreadable("_ keeps a cell that is already right; the others need a number.")
    except answer.Unreadable as error:
        return Unreadable(str(error))
    verdicts = [
        Verdict.RIGHT if entry is None else answer.judge(entry, question.wanted.values(cell))
        for cell, entry in enumerate(typed)
    ]
    wrong = tuple(cell for cell, verdict in enumerate(verdicts) if verdict is Verdict.WRONG)
    if not wrong:
        short = [cell for cell, verdict in enumerate(verdicts) if verdict is Verdict.SHORT]
        if short:
            return TooFewDigits(max(answer.decimals_wanted(question.wanted.values(cell)) for cell in short))
        return Correct()
    for erratum in question.errata:
        if _is_printed(erratum, typed, question.shape):
            return Incorrect(wrong, len(verdicts), NOT_CHARGED, Diagnosis(MISPRINT, erratum.note), charged=False)
    return Incorrect(wrong, len(verdicts), _how_many(question, wrong))


def _check_choice(question: Question, text: str) -> Feedback:
    assert question.choice is not None
    options = question.choice.options
    chosen = option(text, options)
    if chosen is None:
        return Unreadable(f"Type one of: {', '.join(options)}; or its number, 1 to {len(options)}.")
    if chosen == question.choice.answer:
        return Correct()
    return Incorrect((0,), 1, question.choice.why.get(chosen, "Think again."))


def option(text: str, options: list[str]) -> str | None:
    """The option meant by its words, its number (from 1) or its letter."""
    meant = " ".join(text.split()).casefold().replace("→", "->")
    for one in options:
        if " ".join(one.split()).casefold().replace("→", "->") == meant:
            return one
    if meant.isdecimal() and 1 <= int(meant[:3]) <= len(options) and len(meant) < 3:
        return options[int(meant) - 1]
    if len(meant) == 1 and "a" <= meant <= "z" and ord(meant) - ord("a") < len(options):
        return options[ord(meant) - ord("a")]
    return None


def _check_shape(question: Question, text: str) -> Feedback:
    assert question.wanted is not None
    try:
        typed = answer.read_shape(text)
    except answer.Unreadable as error:
        return Unreadable(str(error))
    wanted = tuple(question.wanted.exact.tolist())
    if typed == wanted:
        return Correct()
    if len(typed) != len(wanted):
        return Incorrect(
            (0,), 1, f"This shape has {len(wanted)} number{'s' * (len(wanted) != 1)}; you gave {len(typed)}."
        )
    wrong = tuple(axis for axis, (a, b) in enumerate(zip(typed, wanted, strict=True)) if a != b)
    return Incorrect(wrong, len(wanted), _how_many(question, wrong))


def _is_printed(erratum: Erratum, typed: Cells, shape: tuple[int, ...]) -> bool:
    printed = np.array(erratum.printed)
    if printed.shape != shape:
        return False
    values = printed.reshape(-1).tolist()
    return all(
        entry is not None and abs(Fraction(entry.value) - Fraction(value)) <= max(abs(value), 1) * Fraction(1, 10**9)
        for entry, value in zip(typed, values, strict=True)
    )


def _how_many(question: Question, wrong: tuple[int, ...]) -> str:
    """Which cells are right; a single wrong cell of three or more is named as a slip."""
    total = math.prod(question.shape)
    if total == 1:
        return f"{sentence_case(question.label)} is not that yet."
    if len(wrong) == total:
        return "None of the cells is right yet."
    places = ", ".join(cell_name(question, cell) for cell in wrong[:6]) + (", …" if len(wrong) > 6 else "")
    if len(wrong) == 1 and total > 2:
        return f"All but one are right: check {places} once more."
    return f"{total - len(wrong)} of {total} are right; look again at {places}."


def cell_name(question: Question, cell: int) -> str:
    """A cell of the answer in words: ``entry 2``, ``row 1, column 2``."""
    index = [int(i) + 1 for i in np.unravel_index(cell, question.shape)] if len(question.shape) > 1 else [cell + 1]
    return f"entry {index[0]}" if len(index) == 1 else f"row {index[-2]}, column {index[-1]}"
