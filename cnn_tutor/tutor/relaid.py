"""Ideas that convolve, or add up, the same numbers laid out otherwise: all of them are one sum of products.

Whether an idea is of this kind shows when it is tried on labels that tell which number came where.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import Given
from cnn_tutor.tutor.ideas import reaching
from cnn_tutor.tutor.labels import Formed, labelled, labels, places
from cnn_tutor.tutor.many import products
from cnn_tutor.tutor.misconceptions import Misconception
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.stack import Stack
from cnn_tutor.tutor.worlds import NOT_FOLLOWED

SUMS = ("conv1d", "conv2d", "linear")
"""The ops whose outputs are sums of products."""


class Terms(NamedTuple):
    """Of each product of each output the slots of its factors, of each output that of what is added; and its shape."""

    x: Array
    weight: Array
    bias: Array
    shape: tuple[int, ...]


class Relaid:
    """The ideas about calls of one form that lay out numbers otherwise; ``known`` are all that need no other look."""

    def __init__(self, call: Call) -> None:
        size = sum(tensor.size for tensor in call.tensors.values())
        self._of = labels(size)
        self._zero = size
        self._constants: list[float] = [0.0]
        given = Given(labelled(call))
        ends = np.cumsum([tensor.size for tensor in call.tensors.values()])
        parts = zip(given.call.tensors.values(), np.split(np.arange(size), ends[:-1]), strict=True)
        self._given = [(tensor, slots.reshape(tensor.shape)) for tensor, slots in parts]
        self.known: dict[Misconception, tuple[int, ...] | None] = {}
        """The shape of what each idea gives; None for one that does not apply."""
        terms: list[Terms] = []
        for row in reaching(call.op):
            if row.counterfactual.call is not None:
                with suppress(*NOT_FOLLOWED):
                    changed = row.counterfactual.call(given)
                    found = None if changed is None else self._terms(changed)
                    if changed is None:
                        self.known[row] = None
                    elif found is not None:
                        self.known[row] = found.shape
                        terms.append(found)
        self._put_together(terms)
        del self._given

    def outputs(self, tensors: Sequence[Array]) -> dict[Misconception, Array | None]:
        """What the ideas give on many sets of numbers, of which these are the tensors, in their order."""
        sets = len(tensors[0])
        constants = np.broadcast_to(self._constants, (sets, len(self._constants)))
        flat = np.concatenate([*(one.reshape(sets, -1) for one in tensors), constants], axis=1)
        every = (flat[:, self._x] * flat[:, self._weight]).sum(axis=2) + flat[:, self._bias]
        found: dict[Misconception, Array | None] = {}
        end = 0
        for row, shape in self.known.items():
            first, end = end, end + (0 if shape is None else math.prod(shape))
            found[row] = None if shape is None else every[:, first:end].reshape(sets, *shape)
        return found

    def _terms(self, call: Call) -> Terms | None:
        """What a changed call adds up; None where it does so to numbers that are worked out."""
        if call.op not in SUMS or not call.tensors.keys() <= {"x", "weight", "bias"}:
            return None
        slots = {name: self._slots(tensor) for name, tensor in call.tensors.items()}
        x, weight, bias = (slots.get(name) for name in ("x", "weight", "bias"))
        if x is None or weight is None or ("bias" in slots and bias is None):
            return None
        taken, kernel, shape = products(call.op, call.options, x.shape, weight.shape)
        added = np.full(shape, self._zero)
        if bias is not None:
            behind = 0 if call.op == "linear" else int(call.op[4])
            added[...] = bias.reshape(-1, *[1] * behind) if len(shape) > behind else bias
        return Terms(np.append(self._zero, x)[taken], weight.reshape(-1)[kernel], added.reshape(-1), shape)

    def _slots(self, tensor: object) -> Array | None:
        """Where the cells of a tensor of a changed call come from; None where they are worked out."""
        for given, slots in self._given:
            if tensor is given:
                return slots
        each = tensor.array if isinstance(tensor, Stack) else np.asarray(tensor)[None]
        each = np.broadcast_to(each, (len(self._of), *each.shape[1:]))
        return places(each, self._of, self._constants)

    def _put_together(self, terms: Sequence[Terms]) -> None:
        """All products side by side; where an output has fewer, zeros are added."""
        width = max((one.x.shape[1] for one in terms), default=0)

        def joined(parts: Sequence[Array]) -> Array:
            table, end = np.full((sum(map(len, parts)), width), self._zero), 0
            for part in parts:
                first, end = end, end + len(part)
                table[first:end, : part.shape[1]] = part
            return table

        self._x, self._weight = joined([one.x for one in terms]), joined([one.weight for one in terms])
        self._bias = np.concatenate([np.empty(0, dtype=int), *(one.bias for one in terms)])


def relaid_of(call: Call) -> Relaid | None:
    """The ideas that lay out numbers otherwise, for calls of this form; None for an op that is no sum of products."""
    return _relaid(Formed(call.form, call)) if call.op in SUMS else None


@remembered(128)
def _relaid(formed: Formed) -> Relaid:
    return Relaid(formed.call)
