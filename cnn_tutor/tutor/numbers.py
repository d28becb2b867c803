"""Numbers that are good for work by hand: small, of both signs, with whole means and roots where a mean is taken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.layer import op_name, references
from cnn_tutor.lesson.schema import Data, Exercise
from cnn_tutor.tutor.stream import Stream, picked


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

    @property
    def whole(self) -> Blank:
        """A form of this shape for entries that are what they are."""
        return Blank(self.shape, None)

    def of_many(self, numbers: Array) -> Array:
        """Rows of ``numbers`` in this form, in the place of fractions halves."""
        if self.is_whole is not None:
            numbers = np.where(self.is_whole, numbers, numbers / 2)
        return numbers.reshape(len(numbers), *self.shape)

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
    return _one_by_one(role, stream.numbers(count))


def _one_by_one(role: Role, numbers: Sequence[int]) -> list[int]:
    """An entry for each of some random numbers, where what is drawn limits what may follow."""
    allowed, zeros, found = list(role.allowed), 0, []
    for drawn in numbers:
        items = allowed or role.entries
        number = items[drawn % len(items)]
        zeros += number == 0
        if allowed and (role.distinct or (number == 0 and zeros == role.zeros)) and number in allowed:
            allowed.remove(number)
        found.append(number)
    return found


def entries_of_many(role: Role, numbers: Array) -> Array:
    """The same for many tensors at once: ``numbers`` has a row of random ones for each."""
    items = np.array(role.allowed or role.entries)
    if role.distinct and numbers.shape[1] <= len(role.allowed):
        return picked(np.broadcast_to(items, (len(numbers), len(items))), numbers)
    if role.distinct:
        return np.array([_one_by_one(role, row) for row in numbers.tolist()])
    found: Array = items[numbers % len(items)]
    if role.zeros in (None, 0) or len(items) == 1:
        return found
    used_up = np.cumsum(found == 0, axis=1) >= role.zeros
    later = np.pad(used_up, ((0, 0), (1, 0)))[:, :-1]
    others = items[items != 0]
    return np.where(later, others[numbers % len(others)], found)


def _shuffled(data: Data, stream: Stream) -> Any:
    if isinstance(data, list) and data and isinstance(data[0], list):
        return [_shuffled(row, stream) for row in data]
    return stream.shuffled(data) if isinstance(data, list) else data
