"""Numbers that are good for work by hand: small, of both signs, with whole means and roots where a mean is taken."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.layer import op_name, references
from cnn_tutor.lesson.schema import Data, Exercise
from cnn_tutor.tutor.stream import Stream


@dataclass(frozen=True)
class Role:
    """What a tensor is for, and so what its entries may be: whole numbers from ``low`` to ``high``.

    At most ``zeros`` of them are 0 (None: any number), none is in ``without``, and ``distinct`` ones all differ. What
    is ``shuffled`` keeps its entries and changes their order, row by row.
    """

    low: int
    high: int
    zeros: int | None = None
    without: tuple[int, ...] = ()
    distinct: bool = False
    shuffled: bool = False

    @cached_property
    def entries(self) -> tuple[int, ...]:
        """What an entry may be."""
        return tuple(one for one in range(self.low, self.high + 1) if one not in self.without)

    @cached_property
    def allowed(self) -> tuple[int, ...]:
        """What the first entry may be."""
        return tuple(one for one in self.entries if one or self.zeros != 0)


_SIGNAL, _KERNEL, _BIAS = Role(-3, 4, zeros=1), Role(-2, 3, zeros=0), Role(-3, 3, zeros=0, distinct=True)
_IMAGE, _PATCH = Role(-2, 4), Role(-2, 3, zeros=1)
_LABELS = Role(-4, 9, distinct=True)
_OTHER = Role(-3, 4)
_GRADIENT = Role(-3, 3, zeros=0)
_LOGITS = Role(-2, 3, distinct=True)
_BELOW_SQUARES = Role(3, 15, without=(4, 5, 6, 7, 9, 10, 11, 12, 13, 14))
"""One less than a square: with ε = 1 the root is whole."""

_ROLES = {
    ("conv1d", "x"): _SIGNAL,
    ("conv1d", "weight"): _KERNEL,
    ("conv2d", "x"): _IMAGE,
    ("conv2d", "weight"): _PATCH,
    ("conv_transpose1d", "weight"): _KERNEL,
    ("conv_transpose2d", "weight"): _PATCH,
    ("max_pool1d", "x"): _LABELS,
    ("max_pool2d", "x"): Role(-4, 9, zeros=3),
    ("avg_pool1d", "x"): Role(0, 9),
    ("avg_pool2d", "x"): Role(0, 9),
    ("linear", "x"): Role(-3, 4, zeros=0),
    ("linear", "weight"): Role(-3, 3, zeros=0),
    ("toeplitz", "weight"): Role(-3, 4, zeros=0, distinct=True),
    ("im2col", "x"): _LABELS,
    ("flatten", "x"): _LABELS,
    ("transpose", "x"): _LABELS,
    ("flip", "x"): _KERNEL,
    ("global_avg_pool", "x"): Role(-2, 6),
    ("same_padding", "length"): Role(5, 12),
    ("same_padding", "kernel_size"): Role(2, 6),
    ("same_padding", "stride"): Role(1, 3),
    ("receptive_field", "kernel_size"): Role(2, 5),
    ("receptive_field", "stride"): Role(1, 3),
    ("softmax", "x"): _LOGITS,
    ("cross_entropy", "x"): _LOGITS,
    ("cross_entropy", "target"): Role(0, 1, shuffled=True),
    ("fold_weight", "running_var"): _BELOW_SQUARES,
    ("fold_bias", "running_var"): _BELOW_SQUARES,
    ("conv1d_backward", "x"): _SIGNAL,
    ("conv1d_backward", "weight"): _KERNEL,
    ("conv1d_backward", "grad"): _GRADIENT,
    ("conv2d_backward", "x"): _IMAGE,
    ("conv2d_backward", "weight"): _PATCH,
    ("conv2d_backward", "grad"): _GRADIENT,
    ("max_pool1d_backward", "x"): _LABELS,
    ("max_pool2d_backward", "x"): _LABELS,
}
_ANYWHERE = {
    "bias": _BIAS,
    "gamma": Role(-2, 4, without=(0, 1, 2), distinct=True),
    "beta": Role(-2, 3, without=(0, 1), distinct=True),
    "running_var": Role(1, 9),
    "grad": Role(-4, 8, zeros=0, distinct=True),
}
"""Roles that do not depend on the op. γ may be 0.5 where the file has a fraction, so 2·½ = 1 is kept away as well."""


def roles(exercise: Exercise) -> dict[str, Role]:
    """The role of each tensor, by its first use; an exercise may set its own range."""
    found: dict[str, Role] = {}
    previous = next(iter(exercise.tensors), "")
    for layer in exercise.layer:
        names = references(layer) | ({"x": layer.input or previous} if layer.takes_input else {})
        for field, name in names.items():
            if name in exercise.tensors:
                found.setdefault(name, _ROLES.get((op_name(layer), field), _ANYWHERE.get(field, _OTHER)))
        previous = layer.output
    low, high = exercise.vary.low, exercise.vary.high
    if low is None and high is None:
        return found
    return {name: _ranged(role, low, high) for name, role in found.items()}


def _ranged(role: Role, low: int | None, high: int | None) -> Role:
    return replace(role, low=role.low if low is None else low, high=role.high if high is None else high)


@dataclass(frozen=True, slots=True)
class Blank:
    """The form of some data: ``is_whole`` tells of each entry whether it is a whole number, None of all."""

    shape: tuple[int, ...]
    is_whole: tuple[bool, ...] | None

    @classmethod
    def of(cls, data: Data) -> Blank:
        """The form of ``data``."""
        is_whole = tuple(isinstance(one, int) for one in _flat(data))
        return cls(np.shape(data), None if all(is_whole) else is_whole)

    @property
    def count(self) -> int:
        return math.prod(self.shape)

    def filled(self, numbers: list[int]) -> Any:
        """``numbers`` in this form; in the place of a fraction a half."""
        entries: list[Any] = numbers
        if self.is_whole is not None:
            entries = [one if whole else one / 2 for one, whole in zip(numbers, self.is_whole, strict=True)]
        for size in reversed(self.shape[1:]):
            entries = [entries[first : first + size] for first in range(0, len(entries), size)]
        return entries if self.shape else entries[0]


def _flat(data: Data) -> list[Any]:
    return [one for part in data for one in _flat(part)] if isinstance(data, list) else [data]


def draw(data: Data, role: Role, stream: Stream, blank: Blank | None = None) -> Any:
    """Other numbers in the form of ``data``, which may be known; an entry that is a fraction becomes a half."""
    if role.shuffled:
        return _shuffled(data, stream)
    blank = blank or Blank.of(data)
    return blank.filled(_entries(role, blank.count, stream))


def _entries(role: Role, count: int, stream: Stream) -> list[int]:
    """``count`` whole numbers that a tensor of this role may hold."""
    if not role.distinct and role.zeros in (None, 0):
        return stream.choices(role.allowed or role.entries, count)
    allowed, zeros, found = list(role.allowed), 0, []
    for drawn in stream.numbers(count):
        items = allowed or role.entries
        number = items[drawn % len(items)]
        zeros += number == 0
        if allowed and (role.distinct or (number == 0 and zeros == role.zeros)) and number in allowed:
            allowed.remove(number)
        found.append(number)
    return found


def _shuffled(data: Data, stream: Stream) -> Any:
    if isinstance(data, list) and data and isinstance(data[0], list):
        return [_shuffled(row, stream) for row in data]
    return stream.shuffled(data) if isinstance(data, list) else data


LOW, HIGH = -8, 9
"""The range of numbers that are normalised."""

_FOUR = 4


def nice_sets(count: int, size: int, eps: float, stream: Stream) -> list[list[int]]:
    """``count`` sets of ``size`` whole numbers, with different whole means that are not 0 and a whole √(σ² + ε).

    Sets of four and its multiples have deviations of several sizes; smaller and other sets cannot always, and get a
    whole mean alone. Of so many sets that the means run out, some share one.
    """
    found: list[list[int]] = []
    for _ in range(20 * count):
        one = _nice_set(size, eps, stream)
        if all(sum(one) != sum(other) for other in found):
            found.append(one)
        if len(found) == count:
            return found
    return found + [_nice_set(size, eps, stream) for _ in range(count - len(found))]


def _nice_set(size: int, eps: float, stream: Stream) -> list[int]:
    if size % _FOUR:
        return _whole_mean(size, stream)
    base = stream.choice(_fours(round(eps)))
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


def can_solve(x: Array, weight: Array, free: Collection[str]) -> bool:
    """Whether :func:`solve` has a way for arguments of these shapes, of which those named in ``free`` may change."""
    if x.ndim == 1:
        return "weight" in free
    return x.ndim == 2 and weight.shape[0] == weight.shape[1] and {"x", "weight"} <= set(free)


def solve(
    target: Array, x: Array, weight: Array, bias: Array | None, free: Collection[str], stream: Stream
) -> tuple[Array, Array] | None:
    """``x`` and ``weight`` changed so that ``x @ weightᵀ + bias`` is ``target``; None where small whole numbers cannot.

    One sample: an entry of x becomes ±1, and a weight that it meets is solved for in each row. A batch: ``weight``
    becomes a matrix whose inverse is whole, and x is solved for.
    """
    rest = target - (0 if bias is None else bias)
    if x.ndim == 1:
        return _solve_rows(rest, x.copy(), weight.copy(), "x" in free, stream)
    matrix, inverse = _unimodular(weight.shape[0], stream)
    rows = [[round(sum(map(operator.mul, one, row))) for one in inverse] for row in rest.tolist()]
    if max(abs(entry) for row in rows for entry in row) > LARGEST_INPUT:
        return None
    return np.array(rows), np.array(matrix)


def _solve_rows(rest: Array, x: Array, weight: Array, x_is_free: bool, stream: Stream) -> tuple[Array, Array] | None:
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
        matrix, inverse = ([[int(row == column) for column in range(size)] for row in range(size)] for _ in range(2))
        for _ in range(size if size > 1 else 0):
            one, other = stream.shuffled(range(size))[:2]
            times = stream.choice((-2, -1, 1, 2))
            matrix[one] = [a + times * b for a, b in zip(matrix[one], matrix[other], strict=True)]
            for row in inverse:
                row[other] -= times * row[one]
        signs = stream.choices((-1, 1), size)
        matrix = [[sign * entry for entry in row] for sign, row in zip(signs, matrix, strict=True)]
        inverse = [[sign * entry for sign, entry in zip(signs, row, strict=True)] for row in inverse]
        if size == 1 or any(matrix[row][column] != matrix[column][row] for row in range(size) for column in range(row)):
            return matrix, inverse
