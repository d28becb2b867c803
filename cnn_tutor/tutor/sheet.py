"""The steps that some wrong ideas may change, put together into sweeps: steps alike, that are done at once.

All of it follows from the form of a call. Numbers are looked up by their place: what the sweeps write is counted
through from 0 on, and what is given, which is the right numbers of all tensors, from −1 on downwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from cnn_tutor.engine import Trace
from cnn_tutor.engine.trace import Array, Index
from cnn_tutor.tutor.abreast import aligned
from cnn_tutor.tutor.counterfactual import beside
from cnn_tutor.tutor.overlay import RightTensors, right_tensors
from cnn_tutor.tutor.script import Acts, Form, Move, Script, leading, of_form, script_of


class Operand(NamedTuple):
    """Some cells of each step, as ``places`` (steps, *entries) where their numbers stand.

    ``shape`` is theirs before it was aligned. ``tensors`` are those that they are of and that are written; ``row`` is
    set where all are written, one after the other.
    """

    places: Array
    shape: tuple[int, ...]
    tensors: frozenset[str]
    row: slice | None
    is_mixed: bool

    def at(self, steps: Array) -> Operand:
        """The cells of some of the steps."""
        return Operand(self.places[steps], self.shape, self.tensors, None, self.is_mixed)


class Sweep:
    """Steps alike that do not wait for each other; what they write stands in a ``row``, a step after the other."""

    def __init__(self, first: Move, number: int) -> None:
        self.kind = first.kind
        self.joined = first.plans[-1].formula.joined
        self.formula = self.joined or first.formula
        self.number = number
        self.moves: list[Move] = []
        self.row = slice(0)
        self.shape: tuple[int, ...] = ()
        """(steps, *entries)"""
        self.operands: list[Operand] | None = None
        self.seen: dict[str, Operand] = {}


class Sheet:
    """The steps of a call that may change when some of them are done otherwise, as sweeps in the order of work.

    Raises ValueError for steps of one kind that write different shapes.
    """

    def __init__(self, trace: Trace, moves: Script, *, tracked: bool) -> None:
        self.sweeps: list[Sweep] = []
        self.tracked = tracked
        self.names: list[str] = []
        """The tensors that are given, in the order of their places."""
        self._given = 0
        self._places: dict[str, Array] = {}
        self._done: dict[str, int] = {}
        tensors = right_tensors(trace)
        found: dict[object, Sweep] = {}
        for move in moves:
            name, before = move.target.tensor, -1
            for one in move.names:
                if one in self._done and self._done[one] > before:
                    before = self._done[one]
            shape = tensors[name].shape if tracked else (move.names, name)
            like = move.kind, id(move.formula), len(move.operands), shape, move.target.index == ()
            sweep = found.get(like)
            if sweep is None or sweep.number <= before:
                sweep = found[like] = Sweep(move, len(self.sweeps))
                self.sweeps.append(sweep)
            sweep.moves.append(move)
            if name not in self._done or self._done[name] < sweep.number:
                self._done[name] = sweep.number
        rights = [self._written(sweep, tensors) for sweep in self.sweeps]
        self.right = np.concatenate(rights) if rights else np.empty(0, dtype=int)
        """The places of the right numbers of what is written."""

    def _written(self, sweep: Sweep, tensors: RightTensors) -> Array:
        """Count on through what a sweep writes; where the right numbers for it stand."""
        windows = [(move.target.tensor, move.target.index) for move in sweep.moves]
        right = self._stand(windows, tensors)
        sweep.shape = right.shape
        start = self.sweeps[sweep.number - 1].row.stop if sweep.number else 0
        sweep.row = slice(start, start + right.size)
        for (tensor, index), places in zip(windows, np.arange(start, sweep.row.stop).reshape(right.shape), strict=True):
            self._places[tensor][index] = places
        return right.reshape(-1)

    def operands(self, sweep: Sweep, trace: Trace) -> list[Operand]:
        """What the formula of a sweep reads: where it takes numbers in one row, all of them together."""
        if sweep.operands is None:
            tensors, reads = right_tensors(trace), [move.operands for move in sweep.moves]
            if sweep.joined is not None:
                names = [name for move in sweep.moves for name in move.names]
                self._give(names, tensors)
                places = np.array([[self._places[tensor][index] for tensor, index in one] for one in reads])
                sweep.operands = [self._operand(places, names)]
            else:
                sweep.operands = [self._seen(windows, tensors) for windows in zip(*reads, strict=True)]
        return sweep.operands

    def look(self, sweep: Sweep, name: str, trace: Trace) -> Operand:
        """What an idea calls ``name`` at the steps of a sweep. Raises TypeError where that is not done before."""
        if name not in sweep.seen:
            tensors = right_tensors(trace)
            windows = self._windows(sweep, name, tensors)
            for tensor, _ in windows:
                if tensor in self._done and self._done[tensor] >= sweep.number:
                    raise TypeError(f"{name} is not done yet")
            sweep.seen[name] = self._seen(windows, tensors)
        return sweep.seen[name]

    def _windows(self, sweep: Sweep, name: str, tensors: RightTensors) -> list[tuple[str, Index]]:
        if self.tracked and name != "taken":
            return [(f"{move.layer}.{name}", ()) for move in sweep.moves]
        windows = [move.read(name) or beside(tensors, move, name) for move in sweep.moves]
        return [(one.tensor, one.index) for one in windows]

    def at(self, tensor: str, index: Index, trace: Trace) -> Operand:
        """One window, as of a single step."""
        return self._seen([(tensor, index)], right_tensors(trace))

    def _seen(self, windows: Sequence[tuple[str, Index]], tensors: RightTensors) -> Operand:
        return self._operand(self._stand(windows, tensors), [tensor for tensor, _ in windows])

    def _operand(self, places: Array, names: Sequence[str]) -> Operand:
        low, high = (int(places.min()), int(places.max())) if places.size else (-1, -1)
        written = frozenset(names).intersection(self._done) if high >= 0 else frozenset[str]()
        is_row = low >= 0 and high - low + 1 == places.size and bool((np.diff(places.ravel()) == 1).all())
        row = slice(low, high + 1) if is_row else None
        return Operand(aligned(places, 1), places.shape, written, row, is_mixed=low < 0 <= high)

    def _stand(self, windows: Sequence[tuple[str, Index]], tensors: RightTensors) -> Array:
        """The places of what is in some windows, a window a row."""
        self._give([tensor for tensor, _ in windows], tensors)
        return np.array([self._places[tensor][index] for tensor, index in windows])

    def _give(self, names: Iterable[str], tensors: RightTensors) -> None:
        """Give places to tensors that are looked at for the first time."""
        for name in names:
            if name not in self._places:
                shape, size = tensors[name].shape, tensors[name].size
                self._places[name] = np.arange(-self._given - 1, -self._given - size - 1, -1).reshape(shape)
                self._given += size
                self.names.append(name)


@of_form
def sheet_of(form: Form, trace: Trace, acts: Acts, until: int | None, tensor: str, tracked: bool) -> Sheet | None:
    """The sheet of what may change with some acts, on the way to a step or a tensor; None where there cannot be one."""
    moves = script_of(form, trace, acts, frozenset(), until)
    try:
        return Sheet(trace, moves if until is not None else leading(moves, tensor), tracked=tracked)
    except (TypeError, ValueError):
        return None
