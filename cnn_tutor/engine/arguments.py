"""What the ops accept. Every argument is checked here, and a ShapeError names the one that does not fit."""

from __future__ import annotations

import itertools
import math
import operator
import reprlib
from collections.abc import Hashable, Sequence
from typing import Any, TypeAlias, cast

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError

Sizes: TypeAlias = int | Sequence[int]
Padding: TypeAlias = int | str | Sequence[int] | Sequence[Sequence[int]]

CELLS = 1 << 27
"""Cells of the largest tensor an op makes: 1 GiB of float64."""

LARGEST = 1 << 40
"""The largest size or hyper-parameter; with it no product of two leaves the integers."""


_USUAL = (np.dtype(np.int64), np.dtype(np.float64))


def as_tensor(name: str, value: object) -> Array:
    """A copy of ``value`` as a row-major numeric array; raises ShapeError for ragged, empty or non-numeric data.

    Whole numbers become int64, so small integer types do not wrap; floats are single or double precision.
    """
    if type(value) is np.ndarray:
        if value.dtype in _USUAL and 0 < value.size <= CELLS:
            return value.copy()
        require_room(name, value.shape)
    try:
        array = np.array(value, order="C")
    except (ValueError, TypeError, OverflowError, RecursionError, MemoryError) as error:
        raise ShapeError(f"{name} must be a tensor of numbers: {error}") from None
    if array.size == 0:
        raise ShapeError(f"{name} must not be empty, got shape {array.shape}")
    if array.dtype.kind == "f":
        return array if array.dtype == np.float32 else array.astype(np.float64, copy=False)
    if array.dtype.kind not in "iub":
        raise ShapeError(
            f"{name} must be a tensor of real numbers (whole ones of at most 64 bits), got {array.dtype} entries"
        )
    if array.dtype == np.uint64 and array.max() > np.iinfo(np.int64).max:
        raise ShapeError(f"{name} must hold whole numbers below 2⁶³, got {array.max()}")
    return array.astype(np.int64, copy=False)


def require_room(name: str, shape: Sequence[int]) -> None:
    """Raise ShapeError where a tensor of ``shape``, made because of the argument ``name``, would be too large."""
    cells = math.prod(shape)
    if cells > CELLS:
        raise ShapeError(f"{name} is too large: a tensor of {cells} cells, where at most {CELLS} fit")


def integer(name: str, value: Any, least: int) -> int:
    """``value`` as an int of at least ``least``; raises ShapeError."""
    try:
        number = None if isinstance(value, (bool, np.bool_)) else operator.index(value)
    except TypeError:
        number = None
    if number is None:
        raise ShapeError(f"{name} must be a whole number, got {shown(value)}")
    if number < least:
        raise ShapeError(f"{name} must be at least {least}, got {shown(number)}")
    if number > LARGEST:
        raise ShapeError(f"{name} must be at most 2⁴⁰, got {shown(number)}")
    return number


def flag(name: str, value: object) -> bool:
    """``value`` as a bool; 0 and 1 will do, as ONNX writes them. Raises ShapeError."""
    if isinstance(value, (bool, np.bool_)) or (isinstance(value, (int, np.integer)) and value in (0, 1)):
        return bool(value)
    raise ShapeError(f"{name} must be true or false, got {shown(value)}")


def entries(value: object) -> list[Any] | None:
    """The entries of a sequence or an array, the first thousand at most; None for anything else, a string included."""
    if type(value) is int:
        return None
    is_array = isinstance(value, np.ndarray) and value.ndim > 0
    if not is_array and (isinstance(value, (str, bytes, bytearray)) or not isinstance(value, Sequence)):
        return None
    return list(itertools.islice(cast("Sequence[Any]", value), 1000))


def per_axis(name: str, value: object, dimensions: int, least: int) -> tuple[int, ...]:
    """One int an axis, from an int for all of them or a sequence with one for each; raises ShapeError."""
    listed = entries(value)
    if listed is None:
        return (integer(name, value, least),) * dimensions
    if len(listed) != dimensions:
        raise ShapeError(f"{name} must be one number or {dimensions}, one for each spatial axis; got {shown(value)}")
    return tuple(integer(name, one, least) for one in listed)


def integers(name: str, value: object, least: int) -> tuple[int, ...]:
    """A sequence of ints such as a shape, with at least one entry; raises ShapeError."""
    listed = entries(value)
    if not listed:
        raise ShapeError(f"{name} must be a sequence of whole numbers such as (3, 3), got {shown(value)}")
    return tuple(integer(name, one, least) for one in listed)


def axis_of(name: str, axis: object, x: Array) -> int:
    """``axis`` of ``x`` counted from the front; raises ShapeError for one that x does not have."""
    number = integer(name, axis, -LARGEST)
    if not -x.ndim <= number < x.ndim:
        raise ShapeError(f"{name} must be one of the {x.ndim} axes of x, got {number}")
    return number % x.ndim


def frozen(value: object) -> Hashable:
    """``value`` as a key: whole numbers, words and lists of them, nested lists as tuples; None for anything else."""
    if type(value) in (int, str):
        return cast("int | str", value)
    if not isinstance(value, list | tuple) or len(value) > FEW:
        return None
    parts = tuple(map(frozen, value))
    return None if None in parts else parts


FEW = 4
"""Entries of a hyper-parameter that is worth remembering."""


def paddings(padding: object, dimensions: int) -> tuple[tuple[int, int], ...] | None:
    """(before, after) for each axis; None for ``"same"``, which depends on the sizes. Raises ShapeError."""
    if isinstance(padding, str):
        if padding not in ("same", "valid"):
            raise ShapeError(f'padding must be a number, "same" or "valid", got {shown(padding)}')
        return None if padding == "same" else ((0, 0),) * dimensions
    listed = entries(padding) or []
    pairs = [entries(one) for one in listed[:dimensions]]
    if all(pair is None for pair in pairs):
        return tuple((one, one) for one in per_axis("padding", padding, dimensions, 0))
    if len(listed) != dimensions or any(pair is None or len(pair) != 2 for pair in pairs):
        raise ShapeError(
            f"padding must have a pair (before, after) for each of {dimensions} axes, got {shown(padding)}"
        )
    return tuple((integer("padding", a, 0), integer("padding", b, 0)) for a, b in filter(None, pairs))


def shown(value: object) -> str:
    """``value`` as an error message writes it: one short line, whatever it is."""
    try:
        return " ".join(reprlib.repr(value).split())
    except ValueError:
        return f"a very large {type(value).__name__}"
