"""The ways in which a right answer may be typed, as far as they differ for the one who reads them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from cnn_tutor.tutor.answer import exact_number
from cnn_tutor.tutor.numeric import decimals_wanted
from cnn_tutor.tutor.question import Question


def forms(question: Question) -> Iterator[str]:
    """Texts that must all be taken for right."""
    yield question.text
    if question.choice is not None:
        place = question.choice.options.index(question.choice.answer)
        yield str(place + 1)
        yield "ABCDEFGHI"[place].lower()
        yield f"  {question.choice.answer.upper()} "
    elif question.kind == "shape":
        sizes = question.text.split("x")
        yield f"({', '.join(sizes)})"
        yield " × ".join(sizes)
    elif question.kind != "cells":
        yield from _numeric(question)


def _numeric(question: Question) -> Iterator[str]:
    assert question.wanted is not None
    wanted, shape = question.wanted, question.shape
    columns = shape[-1] if shape else 1
    exact = [exact_number(value) for value in wanted.exact.reshape(-1).tolist()]
    rounded = [_rounded(wanted.values(cell)) for cell in range(len(exact))]
    for cells in (exact, rounded):
        rows = [cells[at : at + columns] for at in range(0, len(cells), columns)]
        yield "; ".join(" ".join(row) for row in rows).replace("-", "−")
        if shape:
            yield "[" + ", ".join("[" + ", ".join(row) + "]" for row in rows) + "]"
            yield "\n".join("  ".join(row) for row in rows)
    if not shape and np.isfinite(wanted.exact).all():
        fraction = Fraction(wanted.exact.item()).limit_denominator(10**12)
        yield f"{fraction.numerator}/{fraction.denominator}"


def _rounded(values: list[float]) -> str:
    """The exact value with as many decimals as are asked for."""
    value = values[0]
    return str(value) if isinstance(value, int) else f"{value:.{decimals_wanted(values)}f}"
