"""Typed working is graded: ``1*2 + 0*0 + 3*1`` is held against the window, term by term, to say which factor is off."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence

import numpy as np

from cnn_tutor.engine.formula import DOT, SUM, TIMES
from cnn_tutor.language import _
from cnn_tutor.tutor.expression import Unparsable, normalise, parse
from cnn_tutor.tutor.feedback import Diagnosis
from cnn_tutor.tutor.question import Question
from cnn_tutor.tutor.slip import SLIP


def grade_working(question: Question, text: str) -> Diagnosis | None:
    """What is off in a wrong sum that was typed with its terms; None for anything else than such a sum."""
    wanted = _wanted_terms(question)
    typed = _typed_terms(text)
    if len(wanted) < 2 or len(typed) < 2:
        return None
    if len(typed) != len(wanted):
        text = _("There are {wanted} terms to add here, and you wrote {typed}. Which one is it?")
        return Diagnosis((SLIP,), text.format(wanted=len(wanted), typed=len(typed)))
    for place, (have, want) in enumerate(zip(typed, wanted, strict=True)):
        fault = _fault(have, want)
        if fault:
            text = _("Look at term {number} of your sum:").format(number=place + 1)
            return Diagnosis((SLIP,), f"{text} {fault}", term=place)
    return None


def _wanted_terms(question: Question) -> list[tuple[float, ...]]:
    """The factors of every term of the sum that is asked, or its plain terms."""
    if question.part is None or question.source is None or len(question.part.positions) != 1:
        return []
    step = question.steps[0]
    if step.formula is DOT:
        return _pairs(*step.operands)
    if step.formula is not SUM:
        return []
    steps = question.source.trace.steps
    position = question.part.positions[0]
    _, _, part = steps.locate(position)
    for before in steps[position - part : position]:
        if before.formula is TIMES and before.target == step.reads[0]:
            return _pairs(*before.operands)
    return [(float(term),) for term in np.ravel(step.operands[0])]


def _pairs(left: object, right: object) -> list[tuple[float, ...]]:
    a, b = np.broadcast_arrays(np.asarray(left, dtype=float), np.asarray(right, dtype=float))
    return list(zip(a.reshape(-1).tolist(), b.reshape(-1).tolist(), strict=True))


def _typed_terms(text: str) -> list[tuple[float, ...]]:
    """The terms of a typed sum with the factors of each; nothing where it is not a sum of numbers and products."""
    terms = []
    for sign, term in _split_sum(normalise(text)):
        try:
            factors = [float(parse(factor).value) for factor in _split_product(term)]
        except Unparsable:
            return []
        factors[0] *= sign
        terms.append(tuple(factors))
    return terms


def _split_sum(text: str) -> list[tuple[int, str]]:
    """Top-level terms with their signs."""
    terms: list[tuple[int, str]] = []
    depth, sign, current = 0, 1, ""
    for place, one in enumerate(text):
        depth += (one == "(") - (one == ")")
        between = depth == 0 and one in "+-" and current.strip() and not re.search(r"[*/(^eE]\s*$", text[:place])
        if between:
            terms.append((sign, current))
            sign, current = (1 if one == "+" else -1), ""
        elif depth == 0 and one in "+-" and not current.strip():
            sign = -sign if one == "-" else sign
        else:
            current += one
    return [*terms, (sign, current)] if current.strip() else terms


def _split_product(term: str) -> list[str]:
    """Top-level factors."""
    factors, depth = [""], 0
    for one in term:
        depth += (one == "(") - (one == ")")
        if one == "*" and depth == 0:
            factors.append("")
        else:
            factors[-1] += one
    return factors


def _fault(have: tuple[float, ...], want: tuple[float, ...]) -> str:
    """What is wrong with one term; nothing if it is as it should be."""
    if len(have) != len(want):
        right = math.isclose(_product(have), _product(want), abs_tol=1e-9)
        return "" if right else _("is that the product of what meets here?")
    if _close(have, want) or _close(have, want[::-1]):
        return ""
    if len(want) == 1:
        return _("is that the number that stands there?")
    if _close([abs(one) for one in have], [abs(one) for one in want]) and not math.isclose(
        _product(have), _product(want)
    ):
        return _("which sign do its factors have?")
    if _product(want) and math.isclose(_product(have), _product(want), abs_tol=1e-9):
        return ""
    for one, other in (have, have[::-1]):
        if any(math.isclose(one, number) for number in want):
            return _("the factor {number} is not what stands there. What does it meet?").format(number=_plain(other))
    return _("neither factor is what stands there. Which entry and which weight meet?")


def _product(factors: Sequence[float]) -> float:
    with np.errstate(over="ignore"):
        return float(np.prod(factors))


def _close(a: object, b: object) -> bool:
    return bool(np.allclose(np.asarray(a), np.asarray(b)))


def _plain(value: float) -> str:
    return f"{value:g}".replace("-", "−")
