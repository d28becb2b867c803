"""Wrong ideas about steps followed side by side: every step of a kind, in the worlds of all ideas, is done at once.

It gives what :func:`counterfactual.rewritten` gives for each idea alone, which is where an idea goes that looks at its
numbers in a way that does not work on many steps at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine import Trace, Window
from cnn_tutor.engine.trace import Array, Index
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.abreast import RANK, Abreast, aligned
from cnn_tutor.tutor.counterfactual import Among, Change, acts_of, beside, right_tensors
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.script import Acts, Move, Script, leading, script

Changes = Mapping[str, Change]
"""The kinds of step that an idea does otherwise, and how."""

NOT_AT_ONCE = (TypeError, AttributeError, ValueError, KeyError, IndexError, ZeroDivisionError)
"""What comes of an idea or a formula that does not work on many steps at once."""


EXACT = 2.0**53
"""Below this every whole number is one of the reals that are computed with here."""


class Places:
    """All numbers of a trace in one row, tensor by tensor as they are met, so that a window is a list of places."""

    def __init__(self, trace: Trace) -> None:
        self.tensors = right_tensors(trace)
        self.size = 0
        self._grids: dict[str, Array] = {}
        self._numbers: list[float] = []
        self._right = np.empty(0)

    def of(self, window: Window) -> Array:
        """The places of a window, in its shape."""
        return self.at(window.tensor, window.index)

    def at(self, tensor: str, index: Index) -> Array:
        """The places of some cells of a tensor."""
        grid = self._grids.get(tensor)
        if grid is None:
            grid = self._add(tensor)
        return np.asarray(grid[index]) if index else grid

    def _add(self, tensor: str) -> Array:
        value = self.tensors[tensor]
        first, self.size = self.size, self.size + value.size
        grid = np.arange(first, self.size).reshape(value.shape) if value.ndim else np.array(first)
        self._grids[tensor] = grid
        self._numbers.extend(value.ravel().tolist())
        return grid

    @property
    def right(self) -> Array:
        """The right numbers, by their places."""
        if len(self._right) < self.size:
            self._right = np.array(self._numbers, dtype=np.float64)
        return self._right


class Sweep:
    """Steps alike that do not wait for each other; what each of them reads and writes as places."""

    def __init__(self, first: Move, number: int) -> None:
        self.kind = first.kind
        joined = first.plans[-1].formula.joined
        self.is_joined = joined is not None
        self.formula = first.formula if joined is None else joined
        self.number = number
        self.moves: list[Move] = []
        self.reads: list[list[Array]] = []
        self.targets: list[Array] = []
        self.seen: dict[str, tuple[frozenset[str], Array]] = {}


class Sheet:
    """The steps of a call that may change when some kinds of step are done otherwise, as sweeps in the order of work."""

    def __init__(self, trace: Trace, moves: Script, *, tracked: bool) -> None:
        self.places = Places(trace)
        self.sweeps: list[Sweep] = []
        self.done: dict[str, int] = {}
        """The number of the sweep after which a tensor will not change any more."""
        found: dict[object, Sweep] = {}
        for move in moves:
            reads = [self.places.at(tensor, index) for tensor, index in move.operands]
            if move.plans[-1].formula.joined is not None:
                reads = [np.concatenate([np.ravel(one) for one in reads] or [np.empty(0, dtype=int)])]
            target = self.places.of(move.target)
            names = None if tracked else (move.names, move.target.tensor)
            like = move.kind, id(move.formula), names, target.shape, tuple(one.shape for one in reads)
            before = max((self.done.get(name, -1) for name in move.names), default=-1)
            sweep = found.get(like)
            if sweep is None or sweep.number <= before:
                sweep = found[like] = Sweep(move, len(self.sweeps))
                self.sweeps.append(sweep)
            sweep.moves.append(move)
            sweep.reads.append(reads)
            sweep.targets.append(target)
            self.done[move.target.tensor] = max(sweep.number, self.done.get(move.target.tensor, -1))
        self.written = np.concatenate([np.ravel(sweep.targets) for sweep in self.sweeps] or [np.empty(0, dtype=int)])
        self.is_exact = bool((np.abs(self.places.right) < EXACT).all())
        """Whether whole numbers are so small that they stay themselves."""
        self._slots = np.full(self.places.size, -1)
        self._slots[self.written] = np.arange(len(self.written))

    def slots_at(self, places: Array) -> Array:
        """Which of the ``written`` numbers stand at some places; −1 where there is none."""
        if self.places.size > len(self._slots):
            self._slots = np.append(self._slots, np.full(self.places.size - len(self._slots), -1))
        return np.asarray(self._slots[places])

    def operands(self, sweep: Sweep) -> Iterable[tuple[frozenset[str], Array]]:
        """For each operand of a sweep's formula the tensors it comes from, and its places: a step a row."""
        names = frozenset().union(*[move.names for move in sweep.moves])
        for number in range(len(sweep.reads[0])):
            yield names, np.array([reads[number] for reads in sweep.reads])

    def look(self, sweep: Sweep, name: str) -> tuple[frozenset[str], Array]:
        """The same for what an idea calls ``name``. Raises TypeError where that is not done before this sweep."""
        if name not in sweep.seen:
            windows = [move.read(name) or beside(self.places.tensors, move, name) for move in sweep.moves]
            tensors = frozenset(window.tensor for window in windows)
            if any(self.done.get(tensor, -1) >= sweep.number for tensor in tensors):
                raise TypeError(f"{name} is not done yet")
            sweep.seen[name] = tensors, np.array([self.places.of(window) for window in windows])
        return sweep.seen[name]


class Cells:
    """What lies before a learner at the steps of a sweep, as :class:`counterfactual.Cells` has it for one of them."""

    __slots__ = ("_run", "_steps", "_sweep", "_worlds")

    def __init__(self, run: Run, sweep: Sweep, worlds: Array, steps: Array | None) -> None:
        self._run, self._sweep, self._worlds, self._steps = run, sweep, worlds, steps

    def __getattr__(self, name: str) -> Abreast:
        return self._read(*self._run.sheet.look(self._sweep, name))

    @property
    def layer(self) -> str:
        """The layer of the only step. Raises TypeError where there are several."""
        if len(self._sweep.moves) > 1:
            raise TypeError("many steps are not those of one layer")
        return self._sweep.moves[0].layer

    def tensor(self, name: str) -> Abreast:
        """A whole tensor by its full name."""
        return self._run.cells(frozenset((name,)), self._run.sheet.places.at(name, ())[None], self._worlds)

    @property
    def operands(self) -> list[Abreast]:
        if self._sweep.is_joined:
            raise TypeError("the operands are one")
        return [self._read(*one) for one in self._run.sheet.operands(self._sweep)]

    def _read(self, tensors: frozenset[str], places: Array) -> Abreast:
        return self._run.cells(tensors, places if self._steps is None else places[self._steps], self._worlds)


class Run:
    """The worlds of some ideas on one sheet: a row each of what the sheet writes."""

    def __init__(self, sheet: Sheet, ideas: Sequence[Changes]) -> None:
        self.sheet = sheet
        self.failed: set[int] = set()
        """The worlds that could not be worked out side by side."""
        self._ideas = ideas
        self._reached: dict[str, int] = {}
        self._state = np.tile(sheet.places.right[sheet.written], (len(ideas), 1))
        with np.errstate(all="ignore"):
            for sweep in sheet.sweeps:
                self._sweep(sweep)

    def read(self, window: Window) -> Array:
        """What is in a window of the trace, a world a row."""
        found = self._at(self.sheet.places.of(window), self._state)
        return found if len(found) == len(self._ideas) else np.broadcast_to(found, (len(self._ideas), *found.shape[1:]))

    def reached(self, tensor: str) -> int:
        """The worlds, as bits, whose ideas change a tensor or something that it comes from."""
        return self._reached.get(tensor, 0)

    def cells(self, tensors: frozenset[str], places: Array, worlds: Array | None = None) -> Abreast:
        """The numbers at some places, a step a row, in some worlds; once for all worlds where none has changed them."""
        if not any(tensor in self._reached for tensor in tensors):
            return Abreast(aligned(self.sheet.places.right[places][None]))
        return Abreast(aligned(self._at(places, self._state if worlds is None else self._state[worlds])))

    def _at(self, places: Array, state: Array) -> Array:
        slots = self.sheet.slots_at(places)
        if slots.size and slots.min() >= 0:
            return np.asarray(state[:, slots])
        return np.where(slots < 0, self.sheet.places.right[places], state[:, slots])

    def _sweep(self, sweep: Sweep) -> None:
        found = self._again(sweep)
        size = len(sweep.moves)
        shape = sweep.targets[0].shape
        slots = self.sheet.slots_at(np.array(sweep.targets)).reshape(size, -1)
        changed = list(self._changed(sweep))
        if found is not None:
            self._state[:, slots] = _fitted(found, len(self._ideas), size, shape)
        for worlds, steps, value in changed:
            own = slots if steps is None else slots[steps]
            try:
                self._state[worlds[:, None, None], own] = _fitted(value, len(worlds), len(own), shape)
            except NOT_AT_ONCE:
                self.failed.update(worlds.tolist())

    def _again(self, sweep: Sweep) -> Any:
        """What the sweep's own formula gives, if any world has changed what it reads; which marks what it writes."""
        worlds = 0
        for move in sweep.moves:
            reached = 0
            for name in move.names:
                reached |= self._reached.get(name, 0)
            if reached:
                self._mark(move, reached)
                worlds |= reached
        if not worlds:
            return None
        try:
            found = sweep.formula(*[self.cells(*one) for one in self.sheet.operands(sweep)])
            return found
        except NOT_AT_ONCE:
            self.failed.update(world for world in range(len(self._ideas)) if worlds >> world & 1)
            return None

    def _changed(self, sweep: Sweep) -> Iterable[tuple[Array, Array | None, Any]]:
        """What the ideas make of the sweep: in which worlds, at which of its steps (None for all), and the numbers."""
        acting: dict[Change, list[int]] = {}
        for world, idea in enumerate(self._ideas):
            change = idea.get(sweep.kind)
            if change is not None:
                acting.setdefault(change, []).append(world)
        for change, worlds in acting.items():
            steps = None
            if isinstance(change, Among):
                chosen = [n for n, move in enumerate(sweep.moves) if move.layer in change.layers]
                if not chosen:
                    continue
                steps = None if len(chosen) == len(sweep.moves) else np.array(chosen)
                change = change.change
            rows = np.array(worlds)
            try:
                value = change(Cells(self, sweep, rows, steps))  # type: ignore[arg-type]
            except NOT_AT_ONCE:
                self.failed.update(worlds)
                continue
            if value is None:
                continue
            mask = sum(1 << world for world in worlds)
            for move in sweep.moves if steps is None else [sweep.moves[n] for n in chosen]:
                self._mark(move, mask)
            yield rows, steps, value

    def _mark(self, move: Move, worlds: int) -> None:
        name = move.target.tensor
        self._reached[name] = self._reached.get(name, 0) | worlds


def _fitted(value: Any, worlds: int, steps: int, shape: tuple[int, ...]) -> Array:
    """A value as (worlds, steps, cells). Raises TypeError or ValueError where it has another shape."""
    array = value.array if isinstance(value, Abreast) else aligned(np.asarray(value)[None, None])
    entries = shape + (1,) * (RANK - len(shape))
    return np.broadcast_to(array, (worlds, steps, *entries)).reshape(worlds, steps, -1)


def in_worlds(
    call: Call, trace: Trace, ideas: Sequence[Changes], window: Window, until: int | None = None
) -> list[Array | None]:
    """What is in a ``window`` of the trace of ``call`` in the world of each idea; None where an idea does not reach it.

    NotImplemented stands for a world that has to be worked out step by step. A value is left out that nobody could
    write down. With ``until``, the position of a step, only what leads to that is worked out.
    """
    if not ideas:
        return []
    sheet = _sheet(call, trace, acts_of(*ideas), until, "" if until is not None else window.tensor)
    if not sheet.sweeps:
        return [None] * len(ideas)
    if not sheet.is_exact:
        return [NotImplemented] * len(ideas)
    run = Run(sheet, ideas)
    found = run.read(window)
    is_known = np.isfinite(found.reshape(len(found), -1)).all(axis=1).tolist() if found.size else [False] * len(ideas)
    reached = run.reached(window.tensor)
    return [
        NotImplemented if world in run.failed else found[world] if reached >> world & 1 and is_known[world] else None
        for world in range(len(ideas))
    ]


@remembered(64)
def _sheet(call: Call, trace: Trace, acts: Acts, until: int | None, tensor: str) -> Sheet:
    moves = script(call, trace, acts, until)
    return Sheet(trace, moves if until is not None else leading(moves, tensor), tracked=call.op == "track")
