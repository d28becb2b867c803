"""The tensors of a trace as somebody has them: the right ones, with others in the place of some."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import Trace, Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.script import Move

EXACT = 2.0**53
"""Below this every whole number is one of the reals that are computed with here."""


class Overlay(dict[str, Any]):
    """The tensors of a trace with those in ``written`` in the place of the right ones, of whatever shape.

    A right tensor is put together when it is first looked at.
    """

    def __init__(self, trace: Trace, written: Mapping[str, Any] | None = None) -> None:
        self._trace = trace
        self._right = right_tensors(trace)
        self.written = {name: np.asarray(value) for name, value in (written or {}).items()}
        self.update(self.written)

    def __missing__(self, name: str) -> Any:
        self[name] = self._right[name]
        return self._right[name]

    def __contains__(self, name: object) -> bool:
        return name in self._trace.tensors

    def do_again(self, move: Move) -> None:
        """Work out a step anew if anything that it reads has changed. Warns of what does not work out."""
        if not self.written.keys().isdisjoint(move.names):
            self.write(move.target, move.formula(*[self[tensor][index] for tensor, index in move.operands]))

    def write(self, target: Window, value: Any) -> None:
        """Put ``value`` into the cells of ``target``; a whole tensor may change its shape."""
        name, index = target.tensor, target.index
        if not index:
            self[name] = self.written[name] = np.array(value)
            return
        if name not in self.written:
            self[name] = self.written[name] = np.array(self[name], dtype=np.float64)
        self.written[name][index] = value


class RightTensors(dict[str, Array]):
    """The tensors of a trace, each put together when it is first looked at."""

    def __init__(self, trace: Trace) -> None:
        self._all = trace.tensors

    def in_a_row(self, names: Sequence[str]) -> Array:
        """Some tensors as reals, one after the other. Raises TypeError for whole numbers that would be rounded."""
        arrays = [self[name].reshape(-1) for name in names]
        row = np.concatenate(arrays, dtype=np.float64, casting="unsafe")
        if not (np.abs(row) < EXACT).all():
            is_whole = np.concatenate([np.full(one.size, one.dtype.kind != "f") for one in arrays])
            if (np.abs(row[is_whole]) >= EXACT).any():
                raise TypeError("whole numbers are too large")
        return row

    def __missing__(self, name: str) -> Array:
        value = self[name] = self._all[name]
        return value

    def __contains__(self, name: object) -> bool:
        return name in self._all


@remembered(512)
def right_tensors(trace: Trace) -> RightTensors:
    """The right tensors of a trace: every idea about a layer starts from the same."""
    return RightTensors(trace)
