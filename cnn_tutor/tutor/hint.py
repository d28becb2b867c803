"""The hint ladder, made from the step that is asked: point at the place, teach the rule, give the value."""

from __future__ import annotations

from cnn_tutor.language import _
from cnn_tutor.tutor import answer, numeric
from cnn_tutor.tutor.question import Question

LEVELS = 3


def told(question: Question) -> str:
    """The value, for one who has already answered."""
    return _("It is {answer}.").format(answer=shown(question))


def hint(question: Question, level: int) -> str:
    """The hint of a level from 1 (point) over 2 (teach) to 3 (the value, which earns no credit)."""
    if level >= LEVELS:
        return _("It is {answer}. Type it to go on; it earns no credit.").format(answer=shown(question))
    if question.choice is not None:
        if level == 1:
            return _("Go back to the key ideas of this lesson, or to the numbers you have just worked out.")
        if question.hint:
            return question.hint
        ruled_out = next(one for one in question.choice.options if one != question.choice.answer)
        reason = question.choice.why.get(ruled_out, _("it does not fit."))
        return _("Not “{option}”: {reason}").format(option=ruled_out, reason=reason)
    assert question.words is not None and question.fields is not None
    if level == 1:
        return _(question.words.point).format(**question.fields)
    rule = _(question.words.rule).format(**question.fields)
    return f"{rule} {question.formula}" if question.formula else rule


def why(question: Question) -> str:
    """Why the answer is right, in one line; for a student who needed more than one try."""
    if question.words is None or question.fields is None:
        return ""
    return f"{_(question.words.rule).format(**question.fields)} {worked(question)}"


def worked(question: Question) -> str:
    """The formula with its numbers and the result."""
    result = shown(question).replace("x", "×") if question.kind == "shape" else shown(question)
    return f"{question.formula.removesuffix('?')}{result}"


def shown(question: Question) -> str:
    """The right answer as a person would write it down, with as many decimals as are asked for."""
    if question.choice is not None or question.kind in ("shape", "cells") or question.wanted is None:
        return question.text
    cells = [_shown_cell(question.wanted, cell) for cell in range(question.wanted.exact.size)]
    if len(question.shape) < 2:
        return " ".join(cells)
    columns = question.shape[-1]
    return "; ".join(" ".join(cells[at : at + columns]) for at in range(0, len(cells), columns))


def _shown_cell(wanted: numeric.Wanted, cell: int) -> str:
    values = wanted.values(cell)
    decimals = numeric.decimals_wanted(values)
    exact = values[0]
    written = answer.exact_number(exact) if exact == round(exact, decimals) else f"{exact:.{decimals}f}"
    return written.replace("-", "−")
