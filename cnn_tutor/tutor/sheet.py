"""The steps that some wrong ideas may change, put together into sweeps: steps alike, that are done at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple

import numpy as np

from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array, Index
from cnn_tutor.tutor.abreast import Abreast, aligned
from cnn_tutor.tutor.counterfactual import beside
from cnn_tutor.tutor.overlay import right_tensors
from cnn_tutor.tutor.script import Move, Script

EXACT = 2.0**53
"""Below this every whole number is one of the reals that are computed with here."""


class Operand(NamedTuple):
    """Some cells of each step: the tensors they are of, the ``right`` numbers, and which of what is written they are.

    ``slots`` has a step a row, and −1 for a cell that is not written; it is None where no cell is.
    """

    tensors: Collection[str]
    right: Abreast
    slots: Array | None

    def at(self, steps: Array) -> Operand:
        """The cells of some of the steps."""
        slots = None if self.slots is None else self.slots[steps]
        return Operand(self.tensors, Abreast(self.right.array[:, steps]), slots)


class Sweep:
    """Steps alike that do not wait for each other, with what their formula reads and the slots that they write."""

    def __init__(self, first: Move, number: int) -> None:
        self.kind = first.kind
        self.joined = first.plans[-1].formula.joined
        self.formula = self.joined or first.formula
        self.number = number
        self.moves: list[Move] = []
        self.targets: Array = np.empty(0, dtype=int)
        self.seen: dict[str, Operand] = {}


class Sheet:
    """The steps of a call that may change when some of them are done otherwise, as sweeps in the order of work.

    The numbers that they write are counted through, as ``slots``. Raises TypeError for whole numbers too large,
    and ValueError for steps of one kind that write different shapes.
    """

    def __init__(self, trace: Trace, moves: Script, *, tracked: bool) -> None:
        self.sweeps: list[Sweep] = []
        self.tracked = tracked
        self._tensors = right_tensors(trace)
        self._slots: dict[str, Array] = {}
        self._done: dict[str, int] = {}
        self._size = 0
        found: dict[object, Sweep] = {}
        for move in moves:
            name, before = move.target.tensor, -1
            for one in move.names:
                if one in self._done and self._done[one] > before:
                    before = self._done[one]
            shape = self._tensors[name].shape if tracked else (move.names, name)
            like = move.kind, id(move.formula), len(move.operands), shape, move.target.index == ()
            sweep = found.get(like)
            if sweep is None or sweep.number <= before:
                sweep = found[like] = Sweep(move, len(self.sweeps))
                self.sweeps.append(sweep)
            sweep.moves.append(move)
            if name not in self._done or self._done[name] < sweep.number:
                self._done[name] = sweep.number
        right = [self._writes(sweep) for sweep in self.sweeps]
        self.right = np.concatenate(right) if right else np.empty(0)
        """What is written when all is done right."""

    def _writes(self, sweep: Sweep) -> Array:
        """Count on through what a sweep writes, and give the right numbers for it."""
        windows = [move.target for move in sweep.moves]
        right = _real(np.array([self._tensors[one.tensor][one.index] for one in windows]))
        sweep.targets = np.arange(self._size, self._size + right.size).reshape(right.shape)
        self._size += right.size
        for one, target in zip(windows, sweep.targets, strict=True):
            if not one.index:
                self._slots[one.tensor] = np.asarray(target)
                continue
            if one.tensor not in self._slots:
                self._slots[one.tensor] = np.full(self._tensors[one.tensor].shape, -1)
            self._slots[one.tensor][one.index] = target
        return right.reshape(-1)

    def operands(self, sweep: Sweep) -> list[Operand]:
        """What the formula of a sweep reads."""
        if sweep.joined is not None:
            return [self._joined(sweep)]
        count = len(sweep.moves[0].operands)
        return [self._operand([move.operands[number] for move in sweep.moves]) for number in range(count)]

    def look(self, sweep: Sweep, name: str) -> Operand:
        """What an idea calls ``name`` at the steps of a sweep. Raises TypeError where that is not done before."""
        if name not in sweep.seen:
            windows = self._windows(sweep, name)
            for tensor, _ in windows:
                if tensor in self._done and self._done[tensor] >= sweep.number:
                    raise TypeError(f"{name} is not done yet")
            sweep.seen[name] = self._operand(windows)
        return sweep.seen[name]

    def _windows(self, sweep: Sweep, name: str) -> list[tuple[str, Index]]:
        if self.tracked and name != "taken":
            return [(f"{move.layer}.{name}", ()) for move in sweep.moves]
        windows = [move.read(name) or beside(self._tensors, move, name) for move in sweep.moves]
        return [(one.tensor, one.index) for one in windows]

    def at(self, tensor: str, index: Index = ()) -> Operand:
        """One window, as of a single step."""
        return self._operand([(tensor, index)])

    def _operand(self, windows: Sequence[tuple[str, Index]]) -> Operand:
        values = _real(np.array([self._tensors[tensor][index] for tensor, index in windows]))
        right = Abreast(aligned(values[None]))
        tensors = {tensor for tensor, _ in windows}
        if self._slots.keys().isdisjoint(tensors):
            return Operand((), right, None)
        slots = [
            self._slots[tensor][index] if tensor in self._slots else np.full(values.shape[1:], -1)
            for tensor, index in windows
        ]
        return Operand(tensors, right, np.array(slots))

    def _joined(self, sweep: Sweep) -> Operand:
        """All operands of each step, which are single numbers, in one row."""
        right = [[self._tensors[tensor][index] for tensor, index in move.operands] for move in sweep.moves]
        slots = [
            [self._slots[tensor][index] if tensor in self._slots else -1 for tensor, index in move.operands]
            for move in sweep.moves
        ]
        tensors = frozenset().union(*[move.names for move in sweep.moves])
        return Operand(tensors, Abreast(aligned(_real(np.array(right))[None])), np.array(slots))


def _real(array: Array) -> Array:
    """Numbers as reals. Raises TypeError for whole ones that would be rounded, or are no numbers of the task."""
    if array.dtype.kind == "f":
        return array
    real = array.astype(np.float64)
    if real.size and np.abs(real).max() >= EXACT:
        raise TypeError("whole numbers are too large")
    return real
