"""Whole numbers stay whole: products and sums of integers that neither round nor wrap."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array

FEW = 64
"""Entries that Python looks through faster than NumPy."""


def magnitude(*tensors: Array | None) -> int:
    """The largest |entry| of some integer tensors; 0 when there is none."""
    return max((_largest(one) for one in tensors if one is not None), default=0)


def _largest(x: Array) -> int:
    if x.size > FEW:
        return max(abs(int(x.min())), abs(int(x.max())))
    entries: list[int] = x.ravel().tolist()
    return max(map(abs, entries))


def are_whole(*tensors: Array | None) -> bool:
    """Whether all the tensors hold machine integers."""
    return all(one is None or one.dtype.kind == "i" for one in tensors)


def widened(terms: int, x: Array, weight: Array, bias: Array | None) -> tuple[Array, Array, Array | None]:
    """All three as Python integers where a sum of ``terms`` products and a bias could leave 64 bits."""
    if x.dtype.kind != "i" or not are_whole(weight, bias):
        return x, weight, bias
    if magnitude(x) * magnitude(weight) * terms + magnitude(bias) < 1 << 63:
        return x, weight, bias
    return x.astype(object), weight.astype(object), None if bias is None else bias.astype(object)


def narrowed(y: Array) -> Array:
    """Python integers as machine integers again, if they all fit."""
    try:
        return y.astype(np.int64) if y.dtype.kind == "O" else y
    except OverflowError:
        return y


def summable(x: Array, terms: int) -> Array:
    """``x`` as floats where a sum of ``terms`` of its integers could leave 64 bits."""
    return x.astype(np.float64) if are_whole(x) and magnitude(x) * terms >= 1 << 63 else x


def multiply(product: Callable[..., Array], a: Array, b: Array, terms: int, *others: Any) -> Array:
    """``product(a, b, *others)``, whose entries are sums of ``terms`` products.

    Integers go through float64, where there is fast linear algebra, whenever every sum stays below 2⁵³ and is exact.
    """
    if a.dtype.kind == "i" and are_whole(b) and magnitude(a) * magnitude(b) * terms < 1 << 53:
        return product(a.astype(np.float64), b.astype(np.float64), *others).astype(np.int64)
    return product(a, b, *others)
