"""The hint ladder, made from the step that is asked: point at the place, teach the rule, give the value."""

from __future__ import annotations

from cnn_tutor.tutor import answer
from cnn_tutor.tutor.question import Question, decimals

LEVELS = 3


def hint(question: Question, level: int) -> str:
    """The hint of a level from 1 (point) over 2 (teach) to 3 (the value, which earns no credit)."""
    if level >= LEVELS:
        return f"It is {shown(question)}. Type it to go on; it earns no credit."
    if question.choice is not None:
        if level == 1:
            return "Go back to the key ideas of this lesson, or to the numbers you have just worked out."
        ruled_out = next(one for one in question.choice.options if one != question.choice.answer)
        return f"Not “{ruled_out}”: {question.choice.why.get(ruled_out, 'it does not fit.')}"
    assert question.words is not None and question.fields is not None
    if level == 1:
        return question.words.point.format(**question.fields)
    rule = question.words.rule.format(**question.fields)
    return f"{rule} {question.formula}" if question.formula else rule


def shown(question: Question) -> str:
    """The right answer as a person would write it down."""
    if question.choice is not None or question.kind == "shape" or question.wanted is None:
        return question.text
    wanted = decimals(question)
    if wanted is None:
        return question.text
    values = question.wanted.exact.reshape(-1)
    text = iter(
        [_rounded(value, answer.decimals_wanted(question.wanted.values(i))) for i, value in enumerate(values.tolist())]
    )
    if len(question.shape) < 2:
        return " ".join(text)
    columns = question.shape[-1]
    return "; ".join(" ".join(next(text) for _ in range(columns)) for _ in range(len(values) // columns))


def _rounded(value: float, decimals: int) -> str:
    return answer.exact_number(value) if value == round(value, decimals) else f"{value:.{decimals}f}"
