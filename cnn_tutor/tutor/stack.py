"""Arrays of one shape that are worked on together: whatever is done to a stack is done to each array of it.

An idea is written for one set of numbers; on stacks the same lines serve many. Only what ideas and formulas use is
known here. Anything else, and a question to which the arrays give different answers, raises.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array, Index
from cnn_tutor.tutor.tape import Taped


class Unstackable(TypeError):
    """Something that cannot be done to many arrays together."""


class Divided(Exception):
    """A question to which some arrays of a stack answer yes, those in ``yes``, and some no."""

    def __init__(self, yes: Array) -> None:
        super().__init__()
        self.yes = yes


class Stack(Taped):
    """``array`` has the arrays side by side along its first axis; everything else is as of one of them."""

    __slots__ = ()

    @property
    def shape(self) -> tuple[int, ...]:
        return self.array.shape[1:]

    @property
    def ndim(self) -> int:
        return self.array.ndim - 1

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.array.dtype

    @property
    def T(self) -> Stack:  # noqa: N802
        axes = 0, *range(self.ndim, 0, -1)
        return Stack.made(lambda array: array.transpose(axes), self)

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: int | slice | Index) -> Stack:
        own = (slice(None), *(index if isinstance(index, tuple) else (index,)))
        return Stack.made(lambda array: array[own], self)

    def __bool__(self) -> bool:
        if self.mark is not None:
            raise Unstackable("the truth of numbers that change")
        yes = self.array.reshape(len(self.array), -1).astype(bool)
        if yes.shape[1] != 1:
            raise Unstackable("the truth of an array with several entries")
        if yes.all() or not yes.any():
            return bool(yes[0, 0])
        raise Divided(yes[:, 0])

    def __array__(self, *_: object, **__: object) -> Array:
        raise Unstackable("a stack is not one array")

    def reshape(self, *shape: Any, order: Any = "C") -> Stack:
        sizes = shape[0] if len(shape) == 1 and not isinstance(shape[0], int) else shape
        if order == "F":
            return self.T.reshape(*reversed(sizes)).T
        return Stack.made(lambda array: array.reshape(len(array), *sizes), self)

    def astype(self, dtype: Any) -> Stack:
        return Stack.made(lambda array: array.astype(dtype), self)

    def any(self, axis: Any = None, **named: Any) -> Stack:
        return _reduced(np.any)(self, axis, **named)

    def sum(self, axis: Any = None, **named: Any) -> Stack:
        return _reduced(np.sum)(self, axis, **named)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **named: Any) -> Any:
        if method == "__call__":
            return _entrywise(partial(ufunc, **named), *inputs)
        if method == "reduce":
            return _reduced(ufunc.reduce)(*inputs, **{"axis": 0, **named})
        return NotImplemented

    def __array_function__(self, func: Callable[..., Any], _types: Any, args: Sequence[Any], named: Any) -> Any:
        way = _WAYS.get(func)
        if way is None:
            raise Unstackable(func.__name__)
        return way(*args, **named)


def _entrywise(func: Callable[..., Any], *inputs: Any) -> Stack:
    """What is done entry by entry, where entries meet those of others along their last axes, as NumPy has it."""
    rank = max(map(np.ndim, inputs))
    missing = [rank - one.ndim if isinstance(one, Stack) else 0 for one in inputs]
    return Stack.made(lambda *arrays: func(*map(_with_axes, arrays, missing)), *inputs)


def _with_axes(one: Any, missing: int) -> Any:
    """Arrays side by side, each with some more axes in front."""
    return one.reshape(len(one), *(1,) * missing, *one.shape[1:]) if missing else one


def _later(axis: Any, rank: int) -> Any:
    """An axis, or several, of one array as those of a stack; all for None."""
    if axis is None:
        return tuple(range(1, rank + 1))
    return tuple(_later(one, rank) for one in axis) if isinstance(axis, tuple) else axis % rank + 1


def _reduced(func: Callable[..., Any]) -> Callable[..., Stack]:
    def along(x: Stack, axis: Any = None, **named: Any) -> Stack:
        axes = _later(axis, x.ndim)
        return Stack.made(lambda array: np.asarray(func(array, axis=axes, **named)), x)

    return along


def _flipped(x: Stack, axis: Any = None) -> Stack:
    axes = _later(axis, x.ndim)
    return Stack.made(lambda array: np.flip(array, axes), x)


def _side_by_side(arrays: Sequence[Any], axis: int = 0) -> Stack:
    is_many = [isinstance(one, Stack) for one in arrays]

    def joined(*each: Array) -> Array:
        count = len(each[is_many.index(True)])
        whole = [
            one if many else np.broadcast_to(one, (count, *np.shape(one)))
            for one, many in zip(each, is_many, strict=True)
        ]
        return np.stack(whole, axis + 1 if axis >= 0 else axis)

    return Stack.made(joined, *arrays)


def _broadcast(x: Stack, shape: Any) -> Stack:
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    missing = len(sizes) - x.ndim
    return Stack.made(lambda array: np.broadcast_to(_with_axes(array, missing), (len(array), *sizes)), x)


def _padded(x: Stack, width: Any, **named: Any) -> Stack:
    ends = [(0, 0), *map(tuple, np.broadcast_to(np.asarray(width), (x.ndim, 2)))]
    return Stack.made(lambda array: np.pad(array, ends, **named), x)


def _in_one_row(func: Callable[..., Any]) -> Callable[..., Stack]:
    """What takes the entries of each array in one row."""

    def flat(x: Stack) -> Stack:
        return Stack.made(lambda array: func(array.reshape(len(array), -1), axis=1), x)

    return flat


def _swapped(x: Stack, one: int, other: int) -> Stack:
    axes = _later(one, x.ndim), _later(other, x.ndim)
    return Stack.made(lambda array: array.swapaxes(*axes), x)


def _some(x: Stack, places: Any, axis: int) -> Stack:
    along = _later(axis, x.ndim)
    return Stack.made(lambda array: np.take(array, places, axis=along), x)


_WAYS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.shape: lambda x: x.shape,
    np.ndim: lambda x: x.ndim,
    np.size: lambda x, axis=None: x.size if axis is None else x.shape[axis],
    np.where: lambda *three: _entrywise(np.where, *three),
    np.flip: _flipped,
    np.stack: _side_by_side,
    np.pad: _padded,
    np.atleast_1d: lambda x: x if x.ndim else x.reshape(1),
    np.broadcast_to: _broadcast,
    np.argmax: _in_one_row(np.argmax),
    np.ravel: lambda x: x.reshape(-1),
    np.reshape: lambda x, shape: x.reshape(*(shape if isinstance(shape, tuple | list) else (shape,))),
    np.swapaxes: _swapped,
    np.cumsum: _in_one_row(np.cumsum),
    np.take: _some,
    np.zeros_like: lambda x: Stack.made(np.zeros_like, x),
    np.ones_like: lambda x: Stack.made(np.ones_like, x),
    **{
        func: _reduced(func)
        for func in (np.sum, np.prod, np.mean, np.max, np.min, np.ptp, np.any, np.all, np.count_nonzero)
    },
}
