"""Numbers that nobody likes to work with by hand, and problems that fit no screen."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.language import _
from cnn_tutor.lesson.finding import Note
from cnn_tutor.lesson.layer import op_name
from cnn_tutor.lesson.locate import Path
from cnn_tutor.lesson.network import run
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor.question import Question

LARGEST = 200
"""Beyond that sums by hand go wrong for other reasons than convolution."""

DECIMALS = 2
WIDEST, TALLEST = 12, 12
"""A matrix of that size still fits a terminal of 80 × 24 beside another one."""

STEEPEST = 12
"""A larger logit gives a sigmoid of which one types only nines."""

MANY = 200
"""Questions of one exercise."""


def hand_warnings(exercise: Exercise, asked: Sequence[Question], path: Path) -> Iterator[Note]:
    """Advice about the numbers of an exercise that is sound."""
    for name, data in exercise.tensors.items():
        yield from (Note((*path, "tensors", name), said, "warning") for said in _of_tensor(np.array(data)))
    for number, source in enumerate(run(exercise)):
        if source.layer is None:
            continue
        at, output, op = (*path, "layer", number), source.own.output, op_name(source.layer)
        largest = np.abs(output).max()
        if largest > LARGEST:
            said = _("{op} gives numbers up to {largest:g}; by hand they should stay below {most}").format(
                op=op, largest=largest, most=LARGEST
            )
            yield Note(at, said, "warning")
        if op in ("sigmoid", "softmax") and np.abs(source.call.tensors["x"]).max() > STEEPEST:
            yield Note(
                at,
                _("{op} of numbers beyond ±{steepest} gives nothing but zeros and nines").format(
                    op=op, steepest=STEEPEST
                ),
                "warning",
            )
    if len(asked) > MANY:
        said = _("asks {count} questions; an [exercise.ask] with fewer kinds makes it bearable").format(
            count=len(asked)
        )
        yield Note(path, said, "warning")


def _of_tensor(array: Array) -> Iterator[str]:
    decimals = max(_decimals(value) for value in array.reshape(-1).tolist())
    if decimals > DECIMALS:
        yield _("has numbers with {decimals} decimals; {enough} are enough to learn from").format(
            decimals=decimals, enough=DECIMALS
        )
    if np.abs(array).max() > LARGEST:
        yield _("has numbers up to {largest:g}; by hand they should stay below {most}").format(
            largest=np.abs(array).max(), most=LARGEST
        )
    if array.ndim and (array.shape[-1] > WIDEST or (array.ndim > 1 and array.shape[-2] > TALLEST)):
        yield _("is {listed}; {tallest}×{widest} still fits beside another on a terminal").format(
            listed="×".join(map(str, array.shape)), tallest=TALLEST, widest=WIDEST
        )


def _decimals(value: float) -> int:
    exponent = Decimal(repr(value)).normalize().as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
