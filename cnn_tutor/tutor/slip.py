"""A slip in one term of a sum: left out, taken twice, or with the wrong sign."""

from __future__ import annotations

import math

import numpy as np

from cnn_tutor.engine.formula import DOT, SUM
from cnn_tutor.language import _
from cnn_tutor.tutor.answer import Cells
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.question import Question

SLIP = "SLIP"
"""Stands where a misconception's id stands, for a slip in one term."""

_SLIPS = (
    "This would come out if term {number} were left out. Is it in your sum as it should be?",
    "This would come out if term {number} were taken twice. Is it in your sum as it should be?",
    "This would come out if term {number} were added with the wrong sign. Is it in your sum as it should be?",
)
"""What is said of a term that is left out, taken twice, or has the wrong sign."""

_SUMS = ("output", "weighted_sum", "sum")


def term_slip(question: Question, typed: Cells) -> Diagnosis | None:
    """One product left out, counted twice or with the wrong sign: which one, if only one explains the difference."""
    assert question.wanted is not None
    terms = _terms(question)
    if len(terms) < 2 or typed[0] is None:
        return None
    difference = float(typed[0].value) - question.wanted.values(0)[0]
    explanations = [
        (place, text)
        for place, term in enumerate(terms)
        for text, effect in zip(_SLIPS, (-term, term, -2 * term), strict=True)
        if term and math.isclose(difference, effect, abs_tol=1e-6)
    ]
    if len(explanations) != 1:
        return None
    place, what = explanations[0]
    return Diagnosis((SLIP,), _(what).format(number=place + 1), term=place)


def _terms(question: Question) -> list[float]:
    """What a sum adds up."""
    if question.part is None or len(question.part.positions) != 1 or question.part.ask.kind not in _SUMS:
        return []
    step = question.steps[0]
    if step.formula is SUM:
        return [float(term) for term in np.ravel(step.operands[0])]
    if step.formula is DOT:
        return [float(term) for term in np.ravel(np.asarray(step.operands[0]) * step.operands[1])]
    return []
