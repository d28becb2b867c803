"""Why a wrong answer is wrong: which ideas, each run on these very numbers, give exactly what was typed.

A false accusation is worse than silence. So one wrong cell among several is a slip first; several ideas with the same
value lead to the step that tells them apart; and where nothing fits, nothing is said.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Sequence

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.candidate import candidates, explaining, values
from cnn_tutor.tutor.double import prepare_pairs, two_at_once
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.slip import SLIP, term_slip


def prepare(question: Question, *, upstream: bool = False) -> None:
    """Work out beforehand, while the student thinks, what every idea would give here."""
    candidates(question, upstream=upstream)
    prepare_pairs(question)


def diagnose(
    question: Question, typed: Cells, wrong: Sequence[int], earlier: Sequence[Question] = (), *, upstream: bool = False
) -> Diagnosis | None:
    """What to say about ``typed``, whose cells ``wrong`` are wrong; None when nothing is known.

    ``earlier`` are the questions before this one, among which is the step that tells several ideas apart.
    """
    if is_slip_first(len(typed), wrong):
        return None
    fitting = explaining(question, typed, upstream=upstream)
    slip = term_slip(question, typed) if len(typed) == 1 else None
    if fitting and (slip is not None or (len(wrong) == 1 and len(typed) == 2)):
        return _slip_or_idea(fitting, slip)
    if slip is not None:
        return slip
    if fitting:
        return _named(question, fitting, earlier)
    return two_at_once(question, typed) if len(wrong) > 1 else None


def is_slip_first(total: int, wrong: Sequence[int]) -> bool:
    """Whether a single ``wrong`` cell among right ones is to be taken for a slip before anything else."""
    return len(wrong) == 1 and total >= 3


def _slip_or_idea(rows: Sequence[Misconception], slip: Diagnosis | None) -> Diagnosis:
    """A single wrong number is poor evidence: it may be a slip as well as an idea, so both are said."""
    ids = (*(row.id for row in rows), SLIP)
    if slip is None:
        text = _("This may be just a slip; or is it “{idea}”? Check that number once more.")
        return Diagnosis(ids, text.format(idea=_(rows[0].name)))
    text = _("{slip} Or is it something else: “{idea}”?").format(slip=slip.text, idea=_(rows[0].name))
    return Diagnosis(ids, text, term=slip.term)


def diagnose_shape(
    question: Question, rows: Sequence[Sequence[float]], earlier: Sequence[Question] = (), *, upstream: bool = False
) -> Diagnosis | None:
    """What to say about an answer of another shape: the idea that gives just these numbers in that shape."""
    assert question.wanted is not None
    fitting = []
    for one in candidates(question, upstream=upstream):
        value = one.value.reshape(-1, one.value.shape[-1]) if one.value.ndim else one.value.reshape(1, 1)
        differs = one.value.shape != question.shape
        same_rows = value.shape[0] == len(rows) and all(len(row) == value.shape[1] for row in rows)
        if differs and same_rows and np.allclose(value, np.array(rows, dtype=float), rtol=0, atol=5e-3):
            fitting.append(one.row)
    return _named(question, _distinct(fitting), earlier)


def diagnose_cells(question: Question, cells: Array, earlier: Sequence[Question] = ()) -> Diagnosis | None:
    """What to say about wrong ``cells``: the ideas that read exactly those at this step."""
    fitting = [one.row for one in candidates(question) if np.array_equal(one.value, cells)]
    return _named(question, _distinct(fitting), earlier)


def _named(question: Question, rows: Sequence[Misconception], earlier: Sequence[Question]) -> Diagnosis | None:
    """The one idea that fits, or what is said of several; nothing for none."""
    if len(rows) == 1:
        return Diagnosis((rows[0].id,), _(rows[0].says), convention=rows[0].convention)
    return _several(question, rows, earlier) if rows else None


def _distinct(rows: Iterable[Misconception]) -> list[Misconception]:
    return list(dict.fromkeys(rows))


def _several(question: Question, rows: Sequence[Misconception], earlier: Sequence[Question]) -> Diagnosis:
    """Several ideas give this value: name the step that tells them apart."""
    ids = tuple(row.id for row in rows)
    step = separating_step(question, rows, earlier)
    convention = all(row.convention for row in rows)
    if step is None:
        names = _(" or ").join(f"“{_(row.name)}”" for row in rows[:3])
        text = _("More than one thing leads here, {ideas}. Which of your steps could it be?")
        return Diagnosis(ids, text.format(ideas=names), convention=convention)
    text = _("More than one thing leads here, and an earlier step tells them apart.")
    return Diagnosis(ids, f"{text} {step.prompt}", leads_to=step.key, convention=convention)


def separating_step(question: Question, rows: Sequence[Misconception], earlier: Sequence[Question]) -> Question | None:
    """The first of the ``earlier`` questions about the same layer at which all ``rows`` give different values."""
    for other in earlier:
        if other.source is not question.source or other.key == question.key or other.wanted is None:
            continue
        right = np.asarray(other.wanted.exact, dtype=np.float64)
        known = dict.fromkeys(rows, right) | values(other, rows)
        if all(not _same(a, b) for a, b in itertools.combinations(known.values(), 2)):
            return other
    return None


def _same(a: Array, b: Array) -> bool:
    return a.shape == b.shape and bool(np.allclose(a, b, rtol=0, atol=1e-3))
