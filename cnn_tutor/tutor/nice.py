"""Whether a layer's numbers are good for work by hand."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import Call, LayerTrace

LARGEST = 60
"""No number that a student works out is larger."""

_LARGEST = {"conv1d": 20, "conv2d": 15}
"""By op, where less is enough."""

STEEPEST = 6.0
"""Logits stay within ±6, where the sigmoid can still be told from 0 and 1."""

LARGEST_HIDDEN = 8
"""A hidden unit beyond that would saturate the sigmoid after it."""

FEW = 6
"""So many outputs of a convolution are all different."""

_SIGNED = ("conv1d", "conv2d", "conv_transpose1d", "conv_transpose2d")


def is_nice(source: LayerTrace, before: Sequence[LayerTrace], following: str) -> bool:
    """Whether a layer gives numbers that a person can work out and tell apart.

    ``before`` are the layers before it, ``following`` is the op that takes its output next, if any.
    """
    output, op = source.own.output, source.call.op
    numbers = output.ravel().tolist()
    if not numbers or max(map(abs, numbers)) > _LARGEST.get(op, LARGEST):
        return False
    if op in _SIGNED:
        return _are_signed_and_different(numbers) and _has_negative_pairs(source)
    if op == "linear":
        return _are_different_samples(source.call.tensors["x"]) and _suits(output, following)
    if op in ("max_pool1d", "max_pool2d"):
        return source.names["x"] in {one.output for one in before} or _has_single_maxima(source)
    if op == "sigmoid":
        return bool(np.abs(source.call.tensors["x"]).max() <= STEEPEST)
    return True


def _are_signed_and_different(numbers: Sequence[float]) -> bool:
    """Several negative outputs and a positive one; a few are all different."""
    size = len(numbers)
    is_signed = sum(one < 0 for one in numbers) >= min(size - 1, 2) and max(numbers) > 0
    return size == 1 or (is_signed and (size > FEW or len(set(numbers)) == size))


def _has_negative_pairs(source: LayerTrace) -> bool:
    """Whether several windows hold a product of two negatives."""
    call = source.call
    negative = {name: np.minimum(call.tensors[name], 0) for name in ("x", "weight")}
    met = np.count_nonzero(Call(call.op, negative, call.options).run().output)
    return bool(met >= min(source.own.output.size - 1, 2))


def _are_different_samples(x: Array) -> bool:
    return x.ndim < 2 or len({tuple(row) for row in x.tolist()}) == len(x)


def _suits(output: Array, following: str) -> bool:
    """Before ReLU one entry is negative and one positive, and none is large; logits lie close together."""
    if following in ("softmax", "cross_entropy"):
        return bool(np.ptp(output) <= STEEPEST / 2)
    if output.size == 1 or following != "relu":
        return True
    return bool(output.min() < 0 < output.max() <= LARGEST_HIDDEN)


def _has_single_maxima(source: LayerTrace) -> bool:
    """Whether each block has one maximum, and the maxima differ."""
    blocks = source.own.tensors["blocks"]
    flat = blocks.reshape(source.own.output.size, -1)
    maxima = flat.max(axis=1)
    single = np.all((flat == maxima[:, None]).sum(axis=1) == 1)
    return bool(single) and (maxima.size > FEW or len(set(maxima.tolist())) == maxima.size)
