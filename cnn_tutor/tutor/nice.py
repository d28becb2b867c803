"""Whether a layer's numbers are good for work by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import Call, LayerTrace
from cnn_tutor.tutor.many import Many, blocks, outputs

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

ROUNDING = 1e-6
"""Two ways to work out the same differ by less."""

_CONVS, MAX_POOLS = ("conv1d", "conv2d"), ("max_pool1d", "max_pool2d")
_SIGNED = (*_CONVS, "conv_transpose1d", "conv_transpose2d")
_LOOKED_AT = (*_SIGNED, "linear", *MAX_POOLS)
"""The ops whose outputs have to be more than small."""


def is_nice(source: LayerTrace, before: Sequence[LayerTrace], following: str) -> bool:
    """Whether a layer gives numbers that a person can work out and tell apart.

    ``before`` are the layers before it, ``following`` is the op that takes its output next, if any.
    """
    output, call = source.own.output, source.call
    if following == "linear" and not _have_different_samples(output[None])[0]:
        return False
    if call.op not in _LOOKED_AT:
        return _is_small(output, LARGEST) and (call.op != "sigmoid" or _is_small(call.tensors["x"], STEEPEST))
    numbers = output.reshape(1, -1)
    if output.size == 0 or not _suit(call.op, numbers, following)[0]:
        return False
    if call.op in _SIGNED:
        return bool(_have_negative_pairs(numbers, np.ravel(_of_negatives(source))[None])[0])
    if call.op == "linear":
        return bool(_have_different_samples(call.tensors["x"][None])[0])
    if call.op in MAX_POOLS and source.names["x"] not in {one.output for one in before}:
        cells = source.own.tensors["blocks"]
        return bool(_have_single_maxima(cells.reshape(1, -1, cells.shape[-1]))[0])
    return True


def _is_small(x: Array, limit: float) -> bool:
    return x.size > 0 and max(map(abs, x.ravel().tolist())) <= limit


def may_be_nice(
    op: str, tensors: Many, options: Mapping[str, Any], results: Array, following: str, *, own: bool
) -> tuple[Array, bool]:
    """For many sets of numbers, whether a layer may be nice that gives ``results``, a set a row; and if that is sure.

    ``own`` tells whether its input is the exercise's own. Fractions get room for rounding, and so are not sure.
    """
    found = results.reshape(len(results), -1)
    is_whole = found.dtype.kind != "f"
    room = 0 if is_whole else ROUNDING
    differ = _have_different_samples(results) if following == "linear" else np.ones(len(results), dtype=bool)
    if op not in _LOOKED_AT:
        small = differ & _are_small(found, LARGEST + room)
        if op == "sigmoid":
            small &= _are_small(tensors["x"].reshape(len(found), -1), STEEPEST + room)
        return small, is_whole
    promising = differ & _suit(op, found, following, room)
    if op in _SIGNED and promising.any():
        negatives = {name: np.minimum(tensors[name], 0) for name in ("x", "weight")}
        met = outputs(op, negatives, options)
        is_whole &= met is not None
        promising &= True if met is None else _have_negative_pairs(found, met)
    if op in MAX_POOLS and own and promising.any():
        promising &= _have_single_maxima(blocks(op, tensors["x"], options))
    if op == "linear" and own:
        promising &= _have_different_samples(tensors["x"])
    return promising, is_whole and (op != "linear" or own)


def _are_small(numbers: Array, limit: float) -> Array:
    small: Array = np.abs(numbers).max(axis=1) <= limit
    return small


def _suit(op: str, numbers: Array, following: str, room: float = 0) -> Array:
    """Whether each row of outputs is small, and such as the op and the one after it need it; with ``room`` perhaps."""
    low, high = numbers.min(axis=1), numbers.max(axis=1)
    suit: Array = np.maximum(high, -low) <= _LARGEST.get(op, LARGEST) + room
    if op in _SIGNED:
        suit &= _are_signed_and_different(numbers, room)
    elif op == "linear" and following in ("softmax", "cross_entropy"):
        suit &= high - low <= STEEPEST / 2 + room
    elif op == "linear" and following == "sigmoid":
        suit &= np.maximum(high, -low) <= STEEPEST + room
    elif op == "linear" and following == "relu" and numbers.shape[1] > 1:
        suit &= (low < room) & (high > -room) & (high <= LARGEST_HIDDEN + room)
    return suit


def _are_signed_and_different(numbers: Array, room: float) -> Array:
    """Several negative outputs and a positive one in each row; a few are all different, where they are whole."""
    size = numbers.shape[1]
    if size == 1:
        return np.ones(len(numbers), dtype=bool)
    signed: Array = ((numbers < room).sum(axis=1) >= min(size - 1, 2)) & (numbers.max(axis=1) > -room)
    if size <= FEW and not room:
        signed &= _all_differ(numbers)
    return signed


def _all_differ(numbers: Array) -> Array:
    ordered = np.sort(numbers, axis=1)
    different: Array = (ordered[:, 1:] != ordered[:, :-1]).all(axis=1)
    return different


def _of_negatives(source: LayerTrace) -> Array:
    """What comes out where only negative entries meet negative weights."""
    negative = {name: np.minimum(source.call.tensors[name], 0) for name in ("x", "weight")}
    return Call(source.call.op, negative, source.call.options).run().output


def _have_negative_pairs(numbers: Array, met: Array) -> Array:
    """Whether several windows of each row hold a product of two negatives: ``met`` is what those add up to."""
    several: Array = np.count_nonzero(met, axis=1) >= min(numbers.shape[1] - 1, 2)
    return several


def _have_different_samples(batches: Array) -> Array:
    """Whether no two samples of a batch (sets, samples, features) are the same; a single sample is no batch."""
    if batches.ndim < 3:
        return np.ones(len(batches), dtype=bool)
    one, other = np.triu_indices(batches.shape[1], 1)
    apart: Array = (np.abs(batches[:, one] - batches[:, other]) > ROUNDING).any(axis=2).all(axis=1)
    return apart


def _have_single_maxima(cells: Array) -> Array:
    """Whether each block (sets, blocks, cells) has one maximum, and the maxima of a set differ."""
    maxima = cells.max(axis=2)
    single: Array = ((cells == maxima[:, :, None]).sum(axis=2) == 1).all(axis=1)
    return single if maxima.shape[1] > FEW else single & _all_differ(maxima)
