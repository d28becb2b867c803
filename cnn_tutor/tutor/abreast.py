"""Numbers of many steps side by side: whatever is done to them is done to each step by itself.

A formula, or a wrong idea about one, is written for a single step: ``np.sum(c.products)``. Handed the numbers of many
steps as an :class:`Abreast` it does them all at once. What cannot be done so raises TypeError and gives no number.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.tape import Taped

LEAD = 2
"""The first axes of an array count worlds and steps; those behind them are the entries of one step."""

RANK = 4
"""Axes of the entries of a step: those that it lacks have length 1, so that a mean meets each number of its set."""


def entries_of(shape: tuple[int, ...]) -> tuple[int, ...]:
    """All axes that entries of a ``shape`` may have. Raises TypeError where it has more."""
    missing = RANK - len(shape)
    if missing < 0:
        raise TypeError("a step has too many axes")
    return shape + (1,) * missing


def aligned(array: Array, lead: int = LEAD) -> Array:
    """An array (worlds, steps, *entries) with all axes that entries may have. Raises TypeError where it has more."""
    return array.reshape(array.shape[:lead] + entries_of(array.shape[lead:]))


class Abreast(Taped):
    """An ``array`` (worlds, steps, *entries), as :func:`aligned` has it, that looks like the entries of one step."""

    __slots__ = ()
    __hash__ = None  # type: ignore[assignment]
    __iter__ = None

    ndim = RANK

    @property
    def size(self) -> int:
        return math.prod(self.array.shape[LEAD:])

    @property
    def dtype(self) -> Any:
        return self.array.dtype

    def __bool__(self) -> bool:
        raise TypeError("many steps are neither true nor false")

    def __array__(self, *_: Any, **__: Any) -> Array:
        raise TypeError("many steps are not one array")

    def __getitem__(self, index: int | slice) -> Abreast:
        """Entries along their first axis, which stays."""
        if isinstance(index, int):
            index = slice(index, index + 1 or None)
        if not isinstance(index, slice):
            raise TypeError("entries are taken by a number or a slice")
        return Abreast.made(lambda array: array[:, :, index], self)

    def __array_ufunc__(self, ufunc: Any, method: str, *inputs: Any, **named: Any) -> Any:
        if method == "reduce" and named.pop("axis", 0) is None and isinstance(self, Abreast):
            return Abreast.made(partial(ufunc.reduce, axis=_ENTRIES, keepdims=True, **named), self)
        if ufunc is np.matmul and method == "__call__" and all(isinstance(one, Abreast) for one in inputs):
            return Abreast.made(_product, *inputs)
        if method != "__call__" or named or ufunc.signature is not None or not all(map(_is_alike, inputs)):
            return NotImplemented
        return Abreast.made(ufunc, *inputs)

    def __array_function__(self, function: Any, _types: Any, arguments: Any, named: Any) -> Any:
        way = _WAYS.get(function)
        return NotImplemented if way is None else way(*arguments, **named)


_ENTRIES = tuple(range(LEAD, LEAD + RANK))


def _is_alike(value: Any) -> bool:
    """Whether an operand is that of many steps, or one number for all of them."""
    return isinstance(value, Abreast) or np.ndim(value) == 0


def _product(*inputs: Array) -> Array:
    """The product of matrices, one for each step. Raises TypeError where entries have other axes."""
    if any(one.shape[LEAD + 2 :] != (1, 1) for one in inputs):
        raise TypeError("there are no matrices")
    return aligned(np.matmul(*(one[..., 0, 0] for one in inputs)))


def _reducing(function: Callable[..., Array]) -> Callable[..., Abreast]:
    """What makes one number of all entries of a step, or of those along an ``axis``."""

    def reduce(a: Abreast, axis: Any = None, **named: Any) -> Abreast:
        axes = _ENTRIES if axis is None else tuple(LEAD + one for one in np.atleast_1d(axis).tolist())
        return Abreast.made(partial(function, axis=axes, keepdims=True, **named), a)

    return reduce


def _row(array: Array) -> Array:
    """The entries of each step in one row."""
    return array.reshape(*array.shape[:LEAD], math.prod(array.shape[LEAD:]), *[1] * (RANK - 1))


def _in_a_row(a: Abreast, shape: Any = -1) -> Abreast:
    if shape != -1:
        raise TypeError("entries are put into one row only")
    return Abreast.made(_row, a)


def _middle(array: Array) -> Array:
    """The median of the entries of each step, which NumPy finds in masked arrays too and loads a module for them."""
    entries = np.sort(_row(array), axis=LEAD)
    size = entries.shape[LEAD]
    found: Array = entries[:, :, (size - 1) // 2 : size // 2 + 1].mean(axis=LEAD, keepdims=True)
    return np.where(np.isnan(entries[:, :, -1:]), np.nan, found)


def _place(a: Abreast) -> Abreast:
    """Where the largest entry stands."""
    return Abreast.made(lambda array: np.argmax(_row(array), axis=LEAD, keepdims=True), a)


def _chosen(condition: Any, one: Any, other: Any) -> Abreast:
    if not all(map(_is_alike, (condition, one, other))):
        raise TypeError("steps are chosen among steps")
    return Abreast.made(np.where, condition, one, other)


def _rows_joined(*arrays: Array) -> Array:
    rows = [_row(one) for one in arrays]
    lead = np.broadcast_shapes(*(row.shape[:LEAD] for row in rows))
    return np.concatenate([np.broadcast_to(row, (*lead, *row.shape[LEAD:])) for row in rows], axis=LEAD)


def _behind(a: Abreast, b: Abreast) -> Abreast:
    """The entries of ``b`` behind those of ``a``, each in one row."""
    return Abreast.made(_rows_joined, a, b)


def _one_behind_the_other(numbers: Sequence[Any], axis: int = 0) -> Abreast:
    """Numbers of each step in one row. Raises TypeError where they are several already."""
    if axis or any(not isinstance(one, Abreast) or one.size != 1 for one in numbers):
        raise TypeError("single numbers are put into one row only")
    return Abreast.made(_rows_joined, *numbers)


def _padded(a: Abreast, width: tuple[int, int], **named: Any) -> Abreast:
    """A row with more at its ends. Raises TypeError for what is no row."""
    if a.array.shape[LEAD] != a.size:
        raise TypeError("rows are padded only")
    ends = [(0, 0)] * LEAD + [width] + [(0, 0)] * (RANK - 1)
    return Abreast.made(lambda array: np.pad(array, ends, **named), a)


_WAYS: dict[Any, Callable[..., Any]] = {
    **{one: _reducing(one) for one in (np.sum, np.prod, np.max, np.min, np.mean, np.ptp)},
    np.count_nonzero: _reducing(np.count_nonzero),
    np.size: lambda a: a.size,
    np.ndim: lambda a: a.ndim,
    np.ravel: _in_a_row,
    np.reshape: _in_a_row,
    np.argmax: _place,
    np.median: lambda a: Abreast.made(_middle, a),
    np.where: _chosen,
    np.append: _behind,
    np.atleast_1d: lambda a: a,
    np.pad: _padded,
    np.stack: _one_behind_the_other,
}
"""What NumPy's functions, beside those that work entry by entry, make of many steps."""
