"""Wrong ideas about steps, followed on many sets of numbers at once: a table with a row for each idea and set.

It gives what :func:`counterfactual.rewritten` gives for one idea on one set, which is where an idea goes that looks at
its numbers in a way that does not work on many steps at once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.tutor.abreast import LEAD, Abreast, aligned
from cnn_tutor.tutor.counterfactual import Among, Change
from cnn_tutor.tutor.overlay import EXACT
from cnn_tutor.tutor.pattern import Pattern, Slots, Sweep
from cnn_tutor.tutor.stack import Divided

NOT_AT_ONCE = (TypeError, AttributeError, ValueError, KeyError, IndexError, ZeroDivisionError)
"""What comes of an idea or a formula that does not work on many steps at once."""

NOT_FOLLOWED = (*NOT_AT_ONCE, ShapeError, Divided)
"""What comes of an idea that makes no sense here, or does what stacks do not know."""


class Cells:
    """What lies before learners at the steps of a sweep, as :class:`counterfactual.Cells` has it for one of them."""

    __slots__ = ("_steps", "_sweep", "_world", "_worlds")

    def __init__(self, worlds: Worlds, sweep: Sweep, world: int, steps: Sequence[int] | None) -> None:
        self._worlds, self._sweep, self._world, self._steps = worlds, sweep, world, steps

    def __getattr__(self, name: str) -> Abreast:
        return self._worlds.cells(self._worlds.pattern.look(self._sweep, name), self._world, self._steps)

    @property
    def operands(self) -> list[Abreast]:
        """What the steps themselves read. Raises TypeError where that is not told apart."""
        if self._sweep.joined:
            raise TypeError("the operands are in one row")
        return [self._worlds.cells(one, self._world, self._steps) for one in self._sweep.operands]


class Worlds:
    """All numbers of a call on many sets of numbers: in ``table[0]`` the right ones, then those of each idea.

    Raises what is in ``NOT_AT_ONCE`` where the steps cannot be done so.
    """

    def __init__(self, pattern: Pattern, given: Sequence[Array], ideas: Sequence[Mapping[str, Change]]) -> None:
        self.pattern = pattern
        self.failed: set[int] = set()
        """The ideas, by their rows, that could not be followed so."""
        self.reached: dict[str, set[int]] = {}
        """The rows in which a tensor has been changed."""
        self._right: dict[int, Abreast] = {}
        self.count = len(given[0])
        self.table = np.empty((len(ideas) + 1, self.count, pattern.size))
        self.table[:, :, pattern.known] = pattern.flat(given)
        self._acts: dict[str, list[tuple[int, Change]]] = {}
        for row, idea in enumerate(ideas, start=1):
            if not pattern.fixed.isdisjoint(idea):
                self.failed.add(row)
            for kind, change in idea.items():
                self._acts.setdefault(kind, []).append((row, change))
        with np.errstate(all="ignore"):
            for sweep in pattern.sweeps:
                self._do(sweep)
        if pattern.tracks and (np.abs(self.table) >= EXACT).any():
            raise TypeError("whole numbers are too large")
        if pattern.has_large:
            large = np.abs(self.table) >= EXACT
            self.failed.update(np.flatnonzero((large & ~large[0]).any(axis=(1, 2))).tolist())

    def read(self, name: str, row: int = 0, number: int | None = None) -> Array:
        """A tensor in one world, of one set or of all: (sets, *shape)."""
        slots = self.pattern.slots(name)
        found: Array = self.table[row].take(slots, axis=1) if number is None else self.table[row, number].take(slots)
        return found

    def cells(self, slots: Slots, row: int | None = None, steps: Sequence[int] | None = None) -> Abreast:
        """Numbers of the steps of all sets in the world of one idea or of all; once where they are the same in all."""
        for name in slots.tensors & self.reached.keys():
            if row is None or row in self.reached[name]:
                return self._taken(slots, self.table if row is None else self.table[row : row + 1], steps)
        if steps is not None:
            return self._taken(slots, self.table[:1], steps)
        found = self._right.get(id(slots))
        if found is None:
            found = self._right[id(slots)] = self._taken(slots, self.table[:1])
        return found

    def _taken(self, slots: Slots, table: Array, steps: Sequence[int] | None = None) -> Abreast:
        cells = slots.cells if steps is None else slots.cells[steps]
        found = table.take(cells, axis=2)
        return Abreast(aligned(found.reshape(len(found), -1, *cells.shape[1:])))

    def _do(self, sweep: Sweep) -> None:
        """A sweep in all worlds: its formula, and in its place what ideas make of it."""
        self._write(sweep, slice(None), sweep.formula(*map(self.cells, sweep.operands)))
        reached: set[int] = set()
        for name in sweep.names & self.reached.keys():
            reached |= self.reached[name]
        for row, change in self._acts.get(sweep.kind, ()):
            steps = None
            if isinstance(change, Among):
                steps = [number for number, move in enumerate(sweep.moves) if move.layer in change.layers]
                if not steps:
                    continue
                change = change.change
            try:
                value = change(Cells(self, sweep, row, steps))
                if value is not None:
                    self._write(sweep, slice(row, row + 1), value, steps)
                    reached.add(row)
            except NOT_AT_ONCE:
                self.failed.add(row)
        for tensor in sweep.tensors if reached else ():
            self.reached[tensor] = self.reached.get(tensor, set()) | reached

    def _write(self, sweep: Sweep, rows: slice, value: Any, among: Sequence[int] | None = None) -> None:
        array = value.array if isinstance(value, Abreast) else aligned(np.asarray(value)[None, None])
        worlds, steps, *cells = array.shape[: LEAD + len(sweep.cells)]
        of_each = (self.count, -1) if steps > 1 or self.count == 1 else (1,)
        array = array.reshape(worlds, *of_each, *cells)
        part = self.table[rows, :, sweep.first : sweep.end]
        part.reshape(len(part), self.count, -1, *sweep.cells)[:, :, slice(None) if among is None else among] = array
