"""Numbers that tell where they come from: what is done to them shows what is done to any numbers of these shapes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.stack import Stack


def labels(count: int) -> Array:
    """Some sets of ``count`` numbers, which have little in common; the first counts them through, from 1.

    Those of the first three are positive.
    """
    up = np.arange(1, count + 1)
    return np.array([up, up[::-1], 3 * up**2 + 7, -up[::-1], up % 3 - 1, np.zeros_like(up)])


def places(tensor: Array, of: Array, constants: list[float]) -> Array | None:
    """Where each cell of a tensor comes from that is known for all labels ``of`` some numbers; (sets, *shape).

    A cell that holds the same in all sets comes from the ``constants``, which stand behind the numbers and get what is
    missing. None for a tensor that is worked out.
    """
    first, last = tensor[0], of.shape[1]
    is_constant = np.asarray((tensor == first).all(axis=0))
    if is_constant.all():
        return np.asarray(last + _known(first.ravel().tolist(), constants).reshape(first.shape))
    numbers = first if first.dtype.kind == "i" else np.nan_to_num(first)
    found = np.asarray(np.minimum(np.maximum(numbers - 1, 0), last - 1), dtype=int)
    is_taken = np.asarray((tensor == of[:, found]).all(axis=0))
    if not (is_taken | is_constant).all():
        return None
    found[~is_taken] = last + _known(first[~is_taken].tolist(), constants)
    return found


def _known(values: list[float], constants: list[float]) -> Array:
    """Where some values are among the ``constants``, which get those that are missing."""
    constants += [value for value in sorted(set(values)) if value not in constants]
    return np.array([constants.index(value) for value in values], dtype=int)


def labelled(call: Call) -> Call:
    """A call on all labels at once: its tensors are stacks."""
    sizes = [tensor.size for tensor in call.tensors.values()]
    parts = np.split(labels(sum(sizes)), np.cumsum(sizes)[:-1], axis=1)
    tensors: dict[str, Any] = {
        name: Stack(part.reshape(len(part), *tensor.shape))
        for (name, tensor), part in zip(call.tensors.items(), parts, strict=True)
    }
    return Call(call.op, tensors, call.options)


@dataclass(frozen=True, slots=True)
class Formed:
    """A call that is told from others by its ``form`` alone."""

    form: tuple[object, ...]
    call: Call = field(compare=False)
