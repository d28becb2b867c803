"""Check one typed answer against one question."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _, plural
from cnn_tutor.lesson.schema import Erratum
from cnn_tutor.tutor import answer, numeric, place
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.candidate import explaining
from cnn_tutor.tutor.diagnosis import diagnose, diagnose_cells, diagnose_shape, is_slip_first
from cnn_tutor.tutor.expression import Typed
from cnn_tutor.tutor.feedback import Correct, Diagnosis, Feedback, Incorrect, TooFewDigits, Unreadable
from cnn_tutor.tutor.follow import follow_through
from cnn_tutor.tutor.numeric import Verdict
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.symbols import sentence_case
from cnn_tutor.tutor.working import grade_working

MISPRINT = "SHEET.TYPO"


@dataclass(frozen=True)
class Context:
    """What a judgement may take into account beyond the question itself.

    ``kept`` are cells already right, which ``_`` stands for; ``earlier`` the questions before this one; ``given`` those
    of them whose last answer is not right yet, with that answer. ``fast`` working is not put right step by step.
    ``suspected`` are ideas that would have explained an earlier slip.
    """

    kept: frozenset[int] = frozenset()
    earlier: Sequence[Question] = ()
    given: tuple[tuple[Question, Array], ...] = ()
    fast: bool = False
    suspected: frozenset[str] = frozenset()


def check(question: Question, text: str, context: Context = Context()) -> Feedback:
    """Judge ``text`` as the answer to ``question``."""
    if question.choice is not None:
        return _check_choice(question, text)
    if question.kind == "cells":
        return _check_cells(question, text, context)
    text = answer.unlabelled(text)
    try:
        typed = _read(question, text, context.kept)
    except answer.Unreadable as error:
        return Unreadable(str(error), _diagnose_shape(question, text, context))
    assert question.wanted is not None
    verdicts = [
        Verdict.RIGHT if entry is None else numeric.judge(entry, question.wanted.values(cell))
        for cell, entry in enumerate(typed)
    ]
    wrong = tuple(cell for cell, verdict in enumerate(verdicts) if verdict is Verdict.WRONG)
    if wrong:
        return _explain(question, text, typed, wrong, context)
    short = [cell for cell, verdict in enumerate(verdicts) if verdict is Verdict.SHORT]
    if short:
        return TooFewDigits(max(numeric.decimals_wanted(question.wanted.values(cell)) for cell in short))
    return Correct()


def _read(question: Question, text: str, kept: frozenset[int]) -> Cells:
    """The cells typed, in the shape that is asked. Raises answer.Unreadable."""
    if question.kind == "shape":
        sizes = answer.read_shape(text)
        wanted = len(question.text.split("x"))
        if len(sizes) != wanted:
            reason = plural(
                "This shape has {count} number; you gave {given}.",
                "This shape has {count} numbers; you gave {given}.",
                wanted,
                given=len(sizes),
            )
            raise answer.Unreadable(reason)
        return tuple(Typed(Fraction(size)) for size in sizes)
    typed = answer.read(text, question.shape)
    if any(entry is None and cell not in kept for cell, entry in enumerate(typed)):
        raise answer.Unreadable(_("_ keeps a cell that is already right; the others need a number."))
    return typed


def _explain(question: Question, text: str, typed: Cells, wrong: tuple[int, ...], context: Context) -> Feedback:
    """A wrong answer: a misprint of the sheet, the consequence of an earlier one, a known idea, or just not yet."""
    for erratum in question.errata:
        if _is_printed(erratum, typed, question.shape):
            note = _("The sheet prints that; it does not count against you.")
            return Incorrect(wrong, len(typed), note, Diagnosis((MISPRINT,), erratum.note), charged=False)
    if context.fast:
        consistent = follow_through(question, typed, context.given)
        if consistent is not None:
            return consistent
    working = grade_working(question, text) if len(typed) == 1 else None
    diagnosis = working or diagnose(question, typed, wrong, context.earlier, upstream=context.fast)
    given = _given(question, typed)
    if is_slip_first(len(typed), wrong):
        return _slip(question, typed, wrong, given, context)
    if diagnosis is not None and diagnosis.convention:
        note = _("That is right in another convention; it does not count against you.")
        return Incorrect(wrong, len(typed), note, diagnosis, charged=False, given=given)
    return Incorrect(wrong, len(typed), _how_many(question, wrong), diagnosis, given=given)


def _slip(
    question: Question, typed: Cells, wrong: tuple[int, ...], given: tuple[float, ...], context: Context
) -> Incorrect:
    """One wrong cell: a slip, unless the one idea that explains it would have explained an earlier slip as well."""
    rows = explaining(question, typed, upstream=context.fast)
    again = [row for row in rows if row.id in context.suspected]
    diagnosis = Diagnosis((again[0].id,), _(again[0].says)) if len(again) == 1 else None
    suspects = tuple(row.id for row in rows)
    return Incorrect(wrong, len(typed), _how_many(question, wrong), diagnosis, given=given, suspects=suspects)


def _given(question: Question, typed: Cells) -> tuple[float, ...]:
    """The answer with kept cells filled in."""
    assert question.wanted is not None
    right = question.wanted.exact.reshape(-1).tolist()
    return tuple(number if entry is None else float(entry.value) for entry, number in zip(typed, right, strict=True))


def _diagnose_shape(question: Question, text: str, context: Context) -> Diagnosis | None:
    """An idea that gives just these numbers in just this other shape."""
    try:
        rows = answer.read_rows(text)
    except answer.Unreadable:
        return None
    return diagnose_shape(question, rows, context.earlier, upstream=context.fast)


def _check_cells(question: Question, text: str, context: Context) -> Feedback:
    """Cells are judged as a set: how many of those named are right, and which idea names just these."""
    assert question.wanted is not None
    try:
        chosen = place.read(text, question.extent)
    except answer.Unreadable as error:
        return Unreadable(str(error))
    wanted = place.places(question.wanted.exact)
    if chosen == wanted:
        return Correct()
    wrong = tuple(number for number, cell in enumerate(sorted(chosen)) if cell not in wanted)
    diagnosis = diagnose_cells(question, place.array(chosen), context.earlier)
    right = len(chosen) - len(wrong)
    note = plural(
        "{count} of your {given} is right; {wanted} in all are wanted.",
        "{count} of your {given} are right; {wanted} in all are wanted.",
        right,
        given=len(chosen),
        wanted=len(wanted),
    )
    return Incorrect(wrong, len(chosen), note if right else _("None of these cells is right yet."), diagnosis)


def _check_choice(question: Question, text: str) -> Feedback:
    assert question.choice is not None
    options = question.choice.options
    chosen = option(text, options)
    if chosen is None:
        reason = _("Type one of: {options}; or its number, 1 to {last}.")
        return Unreadable(reason.format(options=", ".join(options), last=len(options)))
    if chosen == question.choice.answer:
        return Correct()
    return Incorrect((0,), 1, question.choice.why.get(chosen, _("Think again.")))


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
        return _("{label} is not that yet.").format(label=sentence_case(question.label))
    if len(wrong) == total:
        return _("None of the cells is right yet.")
    between = ", " if len(question.shape) == 1 else "; "
    places = between.join([cell_name(question, cell) for cell in wrong[:6]] + ["…"] * (len(wrong) > 6))
    if len(wrong) == 1 and total > 2:
        return _("All but one are right: check {cell} once more.").format(cell=places)
    right = total - len(wrong)
    return plural(
        "{count} of {total} is right; look again at {cells}.",
        "{count} of {total} are right; look again at {cells}.",
        right,
        total=total,
        cells=places,
    )


def cell_name(question: Question, cell: int) -> str:
    """A cell of the answer in words: ``entry 2``, ``row 1, column 2``."""
    index = [int(i) + 1 for i in np.unravel_index(cell, question.shape)] if len(question.shape) > 1 else [cell + 1]
    if len(index) == 1:
        return _("entry {number}").format(number=index[0])
    return _("row {row}, column {column}").format(row=index[-2], column=index[-1])
