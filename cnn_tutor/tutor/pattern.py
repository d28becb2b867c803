"""The steps of a layer whatever its numbers: which cells each reads and writes, as slots in one row of numbers.

A layer on many sets of numbers, in the minds of many learners, is then a table of such rows, and each kind of step is
done in all of them at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

import numpy as np

from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array, Index
from cnn_tutor.errors import ShapeError
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.counterfactual import beside
from cnn_tutor.tutor.labels import labels, places
from cnn_tutor.tutor.overlay import EXACT, right_tensors
from cnn_tutor.tutor.script import Move, every

LAYING_OUT = ("toeplitz", "im2col", "transpose", "flip")
"""The ops whose output holds what is given, in other places, and zeros."""


class Slots(NamedTuple):
    """Some cells of each step of a sweep, a step a row, and the tensors that they are of."""

    tensors: frozenset[str]
    cells: Array


class Sweep:
    """Steps alike that do not wait for each other, and the slots that they write, ``first`` to ``end``.

    They read tensors with these ``names``, and write these ``tensors``.
    """

    def __init__(self, move: Move, number: int) -> None:
        formula = move.plans[-1].formula
        self.kind, self.number = move.kind, number
        self.joined = formula.joined is not None
        self.formula = formula.joined or move.formula
        self.moves: list[Move] = []
        self.names: set[str] = set()
        self.tensors: set[str] = set()
        self.first = self.end = 0
        self.cells: tuple[int, ...] = ()
        self.operands: tuple[Slots, ...] = ()
        self.seen: dict[str, Slots] = {}

    def add(self, move: Move) -> None:
        """One more step."""
        self.moves.append(move)
        self.names |= move.names
        self.tensors.add(move.target.tensor)


class Pattern:
    """The tensors of a call, and its steps as sweeps in the order of work.

    The first slots are those of the tensors given, in their order, then those of the ``constants``. Steps that come out
    the same whatever the numbers, as sizes do, are left out; ``fixed`` are their kinds. Raises ValueError where steps
    alike write different shapes.
    """

    def __init__(self, call: Call, trace: Trace) -> None:
        self._call, self._tensors = call, right_tensors(trace)
        self._slots: dict[str, Array] = {}
        self.size = 0
        self.constants: list[float] = []
        self._constant = np.empty(0, dtype=int)
        moves = every(call, trace)
        self.tracks = call.op == "track"
        given = _standing(trace, moves) if self.tracks else tuple(call.tensors)
        for name in given:
            tensor = trace.tensors[name] if name in trace.tensors else call.tensors[name]
            self._slots[name] = self._more(tensor.size).reshape(tensor.shape)
        self.given = self.size
        self._done: dict[str, int] = {}
        fixed = set(given) if self.tracks else self._fixed(trace, moves)
        self.fixed = {move.kind for move in moves if move.target.tensor in fixed}
        self.sweeps = self._swept([move for move in moves if move.target.tensor not in fixed])
        self.has_large = any(abs(value) >= EXACT for value in self.constants)
        """Whether there are whole numbers that take part in arithmetic of their own, as the least of all does."""
        for sweep in self.sweeps:
            self._place(sweep)
        for sweep in self.sweeps:
            sweep.operands = tuple(self._read(sweep))
        self.whole = frozenset([name for name in self._slots if self.has_large and _kind(call, trace, name) == "i"])
        """Where there are such, the tensors that hold whole numbers."""
        self.names = tuple(self._slots) if self.tracks else given
        """The tensors whose right numbers are known before the first step; of a tracked network all are."""
        self.known = np.concatenate([*(self._slots[name].ravel() for name in self.names), self._constant])

    def slots(self, name: str) -> Array:
        """Where the cells of a tensor are. Raises KeyError for none of this call, or one known for one set only."""
        return self._slots[name]

    def flat(self, given: Sequence[Array]) -> Array:
        """The numbers of many sets that are known before the first step, a set a row, in the order of their slots."""
        sets = len(given[0])
        constants = np.broadcast_to(self.constants, (sets, len(self.constants)))
        return np.concatenate([*(one.reshape(sets, -1) for one in given), constants], axis=1)

    def look(self, sweep: Sweep, name: str) -> Slots:
        """What an idea calls ``name`` at the steps of a sweep. Raises TypeError where that is not done before."""
        if name not in sweep.seen:
            windows = [move.read(name) or beside(self._tensors, move, name) for move in sweep.moves]
            if not self.tracks and any(self._done.get(one.tensor, -1) >= sweep.number for one in windows):
                raise TypeError(f"{name} is not done yet")
            sweep.seen[name] = self._of([(one.tensor, one.index) for one in windows])
        return sweep.seen[name]

    def _more(self, count: int) -> Array:
        """Some slots that nothing has yet."""
        self.size += count
        return np.arange(self.size - count, self.size)

    def _swept(self, moves: Sequence[Move]) -> list[Sweep]:
        """Steps as sweeps: each as early as what it reads allows."""
        sweeps: list[Sweep] = []
        found: dict[object, Sweep] = {}
        done = self._done
        for move in moves:
            name = move.target.tensor
            before = max([done.get(one, -1) for one in move.names], default=-1)
            alike = tuple(self._shapes(move)) if self.tracks else (move.names, name)
            like = move.kind, id(move.formula), len(move.operands), alike
            sweep = found.get(like)
            if sweep is None or sweep.number <= before:
                sweep = found[like] = Sweep(move, len(sweeps))
                sweeps.append(sweep)
            sweep.add(move)
            if done.get(name, -1) < sweep.number:
                done[name] = sweep.number
        return sweeps

    def _shapes(self, move: Move) -> Iterator[tuple[int, ...]]:
        """The shapes of what a step reads and writes."""
        for tensor, index in (*move.operands, move.target):
            yield self._tensors[tensor][index].shape

    def _place(self, sweep: Sweep) -> None:
        """Give a sweep slots for what it writes."""
        for tensor in sweep.tensors - self._slots.keys():
            self._slots[tensor] = np.full(self._tensors[tensor].shape, -1)
        first = sweep.moves[0].target
        sweep.cells = self._slots[first.tensor][first.index].shape
        size = int(np.prod(sweep.cells, dtype=int))
        targets = self._more(size * len(sweep.moves)).reshape(-1, *sweep.cells)
        sweep.first, sweep.end = self.size - targets.size, self.size
        for move, target in zip(sweep.moves, targets, strict=True):
            self._slots[move.target.tensor][move.target.index] = target

    def _read(self, sweep: Sweep) -> list[Slots]:
        """What the formula of a sweep reads."""
        operands = [
            self._of([move.operands[number] for move in sweep.moves]) for number in range(len(sweep.moves[0].operands))
        ]
        if not sweep.joined:
            return operands
        tensors = frozenset().union(*(one.tensors for one in operands))
        return [Slots(tensors, np.stack([one.cells for one in operands], axis=1))]

    def _of(self, windows: Sequence[tuple[str, Index]]) -> Slots:
        slots = self._slots
        cells = np.array([slots[tensor][index] for tensor, index in windows])
        return Slots(frozenset([tensor for tensor, _ in windows]), cells)

    def _fixed(self, trace: Trace, moves: Sequence[Move]) -> Collection[str]:
        """Find slots for the tensors whose cells are those given, or always the same, and give those steps write.

        What a step makes of other numbers stays the same by chance only, as the deviations of a set of one do.
        """
        read: dict[str, set[str]] = {}
        for move in moves:
            read.setdefault(move.target.tensor, set()).update(move.names)
        free = set(self._slots)
        for name in [*(name for name in trace.tensors if name not in read), *read]:
            if name not in self._slots and read.get(name, free) <= free:
                found = self._places(name)
                if found is not None and (name not in read or (found >= self.given).all()):
                    self._slots[name] = found
                    free.add(name)
        self.laid_out = self._places("y") if self._call.op in LAYING_OUT else None
        self._constant = self._more(len(self.constants))
        return read.keys() & free

    def _places(self, name: str) -> Array | None:
        """The slots of a tensor whose cells are those given, or always the same."""
        cells = [run[name] for run in self._runs if name in run]
        if len(cells) < len(self._labels) or any(one.shape != cells[0].shape for one in cells):
            return None
        return places(np.array(cells), self._labels, self.constants)

    @cached_property
    def _labels(self) -> Array:
        return labels(self.given)[:3]

    @cached_property
    def _runs(self) -> Sequence[Mapping[str, Array]]:
        """The tensors of the call on labels; none if it refuses them."""
        try:
            return [self._on(one) for one in self._labels]
        except ShapeError:
            return []

    def _on(self, numbers: Array) -> Mapping[str, Array]:
        """The tensors of the call on other numbers."""
        given, end = {}, 0
        for name, tensor in self._call.tensors.items():
            first, end = end, end + tensor.size
            given[name] = numbers[first:end].reshape(tensor.shape)
        return Call(self._call.op, given, self._call.options).run().tensors


def _kind(call: Call, trace: Trace, name: str) -> str:
    """The kind of numbers that a tensor holds."""
    return (call.tensors[name] if name in call.tensors else trace.tensors[name]).dtype.kind


def _standing(trace: Trace, moves: Sequence[Move]) -> tuple[str, ...]:
    """The tensors of a tracked network that are no counts: sizes, and shapes, which follow from them in other ways."""
    kinds = {move.target.tensor: move.kind for move in moves}
    return tuple(name for name in trace.tensors if kinds.get(name, "shape") == "shape")
