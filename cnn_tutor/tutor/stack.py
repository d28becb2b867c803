"""Arrays of one shape that are worked on together: whatever is done to a stack is done to each array of it.

An idea is written for one set of numbers; on stacks the same lines serve many. Only what ideas and formulas use is
known here. Anything else, and a question to which the arrays give different answers, raises.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array, Index


class Unstackable(TypeError):
    """Something that cannot be done to many arrays together."""


class Divided(Exception):
    """A question to which some arrays of a stack answer yes, those in ``yes``, and some no."""

    def __init__(self, yes: Array) -> None:
        super().__init__()
        self.yes = yes


class Stack(np.lib.mixins.NDArrayOperatorsMixin):
    """``each`` has the arrays side by side along its first axis; everything else is as of one of them."""

    __slots__ = ("each",)

    def __init__(self, each: Array) -> None:
        self.each = each

    @property
    def shape(self) -> tuple[int, ...]:
        return self.each.shape[1:]

    @property
    def ndim(self) -> int:
        return self.each.ndim - 1

    @property
    def size(self) -> int:
        return math.prod(self.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        return self.each.dtype

    @property
    def T(self) -> Stack:  # noqa: N802
        return Stack(self.each.transpose(0, *range(self.ndim, 0, -1)))

    def __len__(self) -> int:
        return self.shape[0]

    def __getitem__(self, index: int | slice | Index) -> Stack:
        return Stack(self.each[(slice(None), *(index if isinstance(index, tuple) else (index,)))])

    def __bool__(self) -> bool:
        yes = self.each.reshape(len(self.each), -1).astype(bool)
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
        return Stack(self.each.reshape(len(self.each), *sizes))

    def astype(self, dtype: Any) -> Stack:
        return Stack(self.each.astype(dtype))

    def any(self, axis: Any = None, **named: Any) -> Stack:
        return _reduced(np.any)(self, axis, **named)

    def sum(self, axis: Any = None, **named: Any) -> Stack:
        return _reduced(np.sum)(self, axis, **named)

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **named: Any) -> Any:
        if method == "__call__":
            rank = max(map(np.ndim, inputs))
            return Stack(ufunc(*(_with_axes(one, rank) for one in inputs), **named))
        if method == "reduce":
            return _reduced(ufunc.reduce)(*inputs, **{"axis": 0, **named})
        return NotImplemented

    def __array_function__(self, func: Callable[..., Any], _types: Any, args: Sequence[Any], named: Any) -> Any:
        way = _WAYS.get(func)
        if way is None:
            raise Unstackable(func.__name__)
        return way(*args, **named)


def _with_axes(one: Any, rank: int) -> Any:
    """A stack as an array whose entries meet those of others along their last axes, as NumPy has it."""
    if not isinstance(one, Stack):
        return one
    missing = rank - one.ndim
    return one.each.reshape(len(one.each), *(1,) * missing, *one.shape) if missing else one.each


def _later(axis: Any, rank: int) -> Any:
    """An axis, or several, of one array as those of a stack; all for None."""
    if axis is None:
        return tuple(range(1, rank + 1))
    return tuple(_later(one, rank) for one in axis) if isinstance(axis, tuple) else axis % rank + 1


def _reduced(func: Callable[..., Any]) -> Callable[..., Stack]:
    def along(x: Stack, axis: Any = None, **named: Any) -> Stack:
        return Stack(np.asarray(func(x.each, axis=_later(axis, x.ndim), **named)))

    return along


def _place_of_extreme(func: Callable[..., Any]) -> Callable[..., Stack]:
    def flat(x: Stack) -> Stack:
        return Stack(func(x.each.reshape(len(x.each), -1), axis=1))

    return flat


def _flipped(x: Stack, axis: Any = None) -> Stack:
    return Stack(np.flip(x.each, _later(axis, x.ndim)))


def _chosen(where: Any, a: Any, b: Any) -> Stack:
    rank = max(map(np.ndim, (where, a, b)))
    return Stack(np.where(*(_with_axes(one, rank) for one in (where, a, b))))


def _side_by_side(arrays: Sequence[Any], axis: int = 0) -> Stack:
    count = next(len(one.each) for one in arrays if isinstance(one, Stack))
    whole = [one.each if isinstance(one, Stack) else np.broadcast_to(one, (count, *np.shape(one))) for one in arrays]
    return Stack(np.stack(whole, axis + 1 if axis >= 0 else axis))


def _broadcast(x: Stack, shape: Any) -> Stack:
    sizes = (shape,) if isinstance(shape, int) else tuple(shape)
    return Stack(np.broadcast_to(_with_axes(x, len(sizes)), (len(x.each), *sizes)))


def _padded(x: Stack, width: Any, **named: Any) -> Stack:
    ends = np.broadcast_to(np.asarray(width), (x.ndim, 2))
    return Stack(np.pad(x.each, [(0, 0), *map(tuple, ends)], **named))


_WAYS: dict[Callable[..., Any], Callable[..., Any]] = {
    np.shape: lambda x: x.shape,
    np.ndim: lambda x: x.ndim,
    np.size: lambda x, axis=None: x.size if axis is None else x.shape[axis],
    np.where: _chosen,
    np.flip: _flipped,
    np.stack: _side_by_side,
    np.pad: _padded,
    np.atleast_1d: lambda x: x if x.ndim else x.reshape(1),
    np.broadcast_to: _broadcast,
    np.argmax: _place_of_extreme(np.argmax),
    np.ravel: lambda x: x.reshape(-1),
    np.reshape: lambda x, shape: x.reshape(*(shape if isinstance(shape, tuple | list) else (shape,))),
    np.swapaxes: lambda x, one, other: Stack(x.each.swapaxes(_later(one, x.ndim), _later(other, x.ndim))),
    np.cumsum: lambda x: Stack(np.cumsum(x.each.reshape(len(x.each), -1), axis=1)),
    np.take: lambda x, places, axis: Stack(np.take(x.each, places, axis=_later(axis, x.ndim))),
    np.zeros_like: lambda x: Stack(np.zeros_like(x.each)),
    np.ones_like: lambda x: Stack(np.ones_like(x.each)),
    **{
        func: _reduced(func)
        for func in (np.sum, np.prod, np.mean, np.median, np.max, np.min, np.ptp, np.any, np.all, np.count_nonzero)
    },
}
