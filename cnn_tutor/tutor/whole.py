"""Numbers whose means, roots and sums come out whole: sets to be normalised, and a linear layer that leads to them."""

from __future__ import annotations

import itertools
import math
import operator
from functools import lru_cache
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.stream import Stream

LOW, HIGH = -8, 9
"""The range of numbers that are normalised."""

_FOUR = 4


def nice_sets(count: int, size: int, eps: float, stream: Stream) -> list[list[int]]:
    """``count`` sets of ``size`` whole numbers, with different whole means that are not 0 and a whole √(σ² + ε).

    Sets of four and its multiples have deviations of several sizes; smaller and other sets cannot always, and get a
    whole mean alone. Of so many sets that the means run out, some share one.
    """
    found: list[list[int]] = []
    sums: set[int] = set()
    for _ in range(20 * count):
        one = _nice_set(size, eps, stream)
        if sum(one) not in sums:
            sums.add(sum(one))
            found.append(one)
        if len(found) == count:
            return found
    return found + [_nice_set(size, eps, stream) for _ in range(count - len(found))]


def _nice_set(size: int, eps: float, stream: Stream) -> list[int]:
    if size % _FOUR:
        return _whole_mean(size, stream)
    base = stream.choice(_fours(round(eps)))
    if size == _FOUR:
        return stream.shuffled(base)
    turned = [2 * sum(base) // _FOUR - one for one in base]
    others = (one for _ in range(size // _FOUR - 1) for one in stream.choice((base, turned)))
    return stream.shuffled([*base, *others])


@lru_cache(maxsize=4)
def _fours(eps: int) -> list[tuple[int, ...]]:
    """Sets of four whose mean and √(σ² + ε) are whole, for ε = 0 (a small one) or a whole number."""
    found: list[tuple[int, ...]] = []
    for first in range(LOW, 0):
        for second, third in itertools.combinations_with_replacement(range(first, HIGH + 1), 2):
            for last in range(third - (first + second + 2 * third) % -_FOUR, HIGH + 1, _FOUR):
                four = (first, second, third, last)
                mean = sum(four) // _FOUR
                squares = sum((one - mean) ** 2 for one in four)
                if not mean or squares % _FOUR or not squares:
                    continue
                root = math.isqrt(squares // _FOUR + eps)
                if root * root != squares // _FOUR + eps:
                    continue
                if len(set(four)) > 2 and len({abs(one - mean) for one in four}) > 1:
                    found.append(four)
    return found


def _whole_mean(size: int, stream: Stream) -> list[int]:
    numbers = [stream.between(LOW, HIGH - size) for _ in range(size - 1)] if size > 1 else []
    mean = stream.choice((-2, -1, 1, 2, 3, 4))
    return [*numbers, mean * size - sum(numbers)]


def solve_batch(rest: list[list[Any]], stream: Stream) -> tuple[list[list[int]], list[list[int]]] | None:
    """``x`` and ``weight`` such that ``x @ weightᵀ`` is ``rest``; None where small whole numbers cannot.

    ``weight`` is a matrix whose inverse is whole, and x is solved for.
    """
    matrix, inverse = _unimodular(len(rest[0]), stream)
    rows = []
    for row in rest:
        rows.append([round(sum(map(operator.mul, one, row))) for one in inverse])
        if max(map(abs, rows[-1])) > LARGEST_INPUT:
            return None
    return rows, matrix


def solve_sample(
    rest: Array, x: Array, weight: Array, stream: Stream, *, x_is_free: bool
) -> tuple[Array, Array] | None:
    """One sample ``x`` and ``weight`` changed so that ``weight @ x`` is ``rest``; None where small numbers cannot.

    An entry of x becomes ±1, and a weight that it meets is solved for in each row.
    """
    x, weight = x.copy(), weight.copy()
    if x_is_free:
        x[stream.between(0, x.size - 1)] = stream.choice((-1, 1))
    ones = np.flatnonzero(np.abs(x) == 1)
    if not ones.size:
        return None
    solved = int(ones[0])
    others = [column for column in range(x.size) if column != solved]
    for row, wanted in zip(weight, rest, strict=True):
        turned = stream.choice(others) if others else solved
        fitting = []
        for one in range(-LARGEST_WEIGHT, LARGEST_WEIGHT + 1):
            row[turned], row[solved] = one, 0
            missing = int(wanted - row @ x) * int(x[solved])
            if abs(missing) <= LARGEST_WEIGHT:
                fitting.append((one, missing))
        if not fitting:
            return None
        row[turned], row[solved] = stream.choice(fitting)
    return x, weight


LARGEST_INPUT, LARGEST_WEIGHT = 12, 4
"""No input, and no weight, that is solved for is larger."""


def _unimodular(size: int, stream: Stream) -> tuple[list[list[int]], list[list[int]]]:
    """A whole matrix with its whole inverse, not equal to its transpose: the identity after some additions of rows."""
    while True:
        matrix, columns = ([[int(row == column) for column in range(size)] for row in range(size)] for _ in range(2))
        for _ in range(size if size > 1 else 0):
            first, second, *_ = stream.numbers(size)
            one, other = first % size, second % (size - 1)
            other += other >= one
            times = stream.choice((-2, -1, 1, 2))
            matrix[one] = [a + times * b for a, b in zip(matrix[one], matrix[other], strict=True)]
            columns[other] = [a - times * b for a, b in zip(columns[other], columns[one], strict=True)]
        inverse = [list(row) for row in zip(*columns, strict=True)]
        signs = stream.choices((-1, 1), size)
        matrix = [[sign * entry for entry in row] for sign, row in zip(signs, matrix, strict=True)]
        inverse = [[sign * entry for sign, entry in zip(signs, row, strict=True)] for row in inverse]
        if size == 1 or any(matrix[row][column] != matrix[column][row] for row in range(size) for column in range(row)):
            return matrix, inverse
