"""Wrong ideas about steps, followed on many sets of numbers at once: a table with a row for each idea and set.

It gives what :func:`counterfactual.rewritten` gives for one idea on one set, which is where an idea goes that looks at
its numbers in a way that does not work on many steps at once. What is done to the table depends on no number in it, so
that it is worked out on the first sets of numbers, and done again on all others.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import numpy as np

from cnn_tutor.engine.trace import Array
from cnn_tutor.errors import ShapeError
from cnn_tutor.tutor.abreast import LEAD, Abreast, aligned, entries_of
from cnn_tutor.tutor.counterfactual import Among, Change
from cnn_tutor.tutor.overlay import EXACT
from cnn_tutor.tutor.pattern import Pattern, Slots, Sweep
from cnn_tutor.tutor.stack import Divided
from cnn_tutor.tutor.tape import Tape

NOT_AT_ONCE = (TypeError, AttributeError, ValueError, KeyError, IndexError, ZeroDivisionError)
"""What comes of an idea or a formula that does not work on many steps at once."""

NOT_FOLLOWED = (*NOT_AT_ONCE, ShapeError, Divided)
"""What comes of an idea that makes no sense here, or does what stacks do not know."""


class Cells:
    """What lies before learners at the steps of a sweep, as :class:`counterfactual.Cells` has it for one of them."""

    __slots__ = ("_first", "_steps", "_sweep", "_world")

    def __init__(self, first: _First, sweep: Sweep, world: int, steps: Sequence[int] | None) -> None:
        self._first, self._sweep, self._world, self._steps = first, sweep, world, steps

    def __getattr__(self, name: str) -> Abreast:
        return self._first.cells(self._first.work.pattern.look(self._sweep, name), self._world, self._steps)

    @property
    def operands(self) -> list[Abreast]:
        """What the steps themselves read. Raises TypeError where that is not told apart."""
        if self._sweep.joined:
            raise TypeError("the operands are in one row")
        return [self._first.cells(one, self._world, self._steps) for one in self._sweep.operands]


class Work:
    """What some ``ideas`` make of the numbers of a pattern, whatever these are.

    It is found out on the first sets of numbers, which are several, and done again on others.
    """

    def __init__(self, pattern: Pattern, ideas: Sequence[Mapping[str, Change]], *, is_whole: bool = False) -> None:
        self.pattern = pattern
        self.ideas = ideas
        self.is_whole = is_whole
        """Whether whole numbers that nobody has changed yet stay whole, and may be larger than reals can tell apart."""
        self.failed: set[int] = set()
        """The ideas, by their rows, that cannot be followed so."""
        self.reached: dict[str, set[int]] = {}
        """The rows in which a tensor is changed."""
        self._tape: Tape | None = None
        self._is_possible = True

    def table(self, given: Sequence[Array]) -> Array:
        """All numbers: those of each set, by row. Raises what is in ``NOT_AT_ONCE`` where that cannot be done so."""
        if not self._is_possible:
            raise TypeError("steps of this form cannot be done at once")
        table = np.empty((len(self.ideas) + 1, len(given[0]), self.pattern.size))
        table[:, :, self.pattern.known] = self.pattern.flat(given)
        with np.errstate(all="ignore"):
            if self._tape is not None:
                self._tape.play(table)
            else:
                self._is_possible = False
                self._tape = _First(self, table).tape
                self._is_possible = True
        return table


class _First:
    """The first time that work is done, on a ``table``; it is written down on a ``tape``."""

    def __init__(self, work: Work, table: Array) -> None:
        self.work = work
        self.tape = Tape(1)
        self._start = self.tape.start(0)
        self._table = table
        self._right: dict[int, Abreast] = {}
        self._acts: dict[str, list[tuple[int, Change]]] = {}
        for row, idea in enumerate(work.ideas, start=1):
            if not work.pattern.fixed.isdisjoint(idea):
                work.failed.add(row)
            for kind, change in idea.items():
                self._acts.setdefault(kind, []).append((row, change))
        for sweep in work.pattern.sweeps:
            self._do(sweep)

    def cells(self, slots: Slots, row: int | None = None, steps: Sequence[int] | None = None) -> Abreast:
        """Numbers of the steps of all sets in the world of one idea or of all; once where they are the same in all."""
        reached = self.work.reached
        for name in slots.tensors & reached.keys():
            if row is None or row in reached[name]:
                if row is not None and self.work.is_whole and len(slots.tensors) > 1:
                    raise TypeError("some of the numbers are whole and some are not")
                return self._taken(slots, slice(None) if row is None else slice(row, row + 1), steps)
        if steps is not None:
            return self._taken(slots, slice(1), steps)
        found = self._right.get(id(slots))
        if found is None:
            found = self._right[id(slots)] = self._taken(slots, slice(1))
        return found

    def _taken(self, slots: Slots, rows: slice, steps: Sequence[int] | None = None) -> Abreast:
        cells = slots.cells if steps is None else slots.cells[steps]
        shape = len(self._table[rows]), -1, *entries_of(cells.shape[1:])
        is_whole = self.work.is_whole and rows == slice(1) and slots.tensors <= self.work.pattern.whole

        def take(table: Array) -> Array:
            found = table[rows].take(cells, axis=2).reshape(shape)
            return found.astype(np.int64) if is_whole else found

        return Abreast(take(self._table), self.tape.write(take, [self._start]))

    def _do(self, sweep: Sweep) -> None:
        """A sweep in all worlds: its formula, and in its place what ideas make of it."""
        self._write(sweep, slice(None), sweep.formula(*map(self.cells, sweep.operands)))
        reached: set[int] = set()
        for name in sweep.names & self.work.reached.keys():
            reached |= self.work.reached[name]
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
                self.work.failed.add(row)
        for tensor in sweep.tensors if reached else ():
            self.work.reached[tensor] = self.work.reached.get(tensor, set()) | reached

    def _write(self, sweep: Sweep, rows: slice, value: Any, among: Sequence[int] | None = None) -> None:
        if not isinstance(value, Abreast):
            value = Abreast(aligned(np.asarray(value)[None, None]))
        write = _writing(sweep, rows, value.array.shape, among)
        write(self._table, value.array)
        self.tape.write(write, [self._start, value.mark or value.array])


def _writing(
    sweep: Sweep, rows: slice, shape: Sequence[int], among: Sequence[int] | None
) -> Callable[[Array, Array], None]:
    """How an array of some ``shape`` is put into the rows of a table as what a sweep writes, or some steps of it do."""
    first, end, cells = sweep.first, sweep.end, sweep.cells
    worlds, steps, *entries = shape[: LEAD + len(cells)]
    own = tuple(entries)
    is_plain = among is None and own == cells and (steps > 1 or len(sweep.moves) == 1)

    def write_all(table: Array, array: Array) -> None:
        table[rows, :, first:end] = array.reshape(worlds, -1, end - first)

    def write_some(table: Array, array: Array) -> None:
        of_each = (table.shape[1], -1) if steps > 1 else (1,)
        part = table[rows, :, first:end]
        part = part.reshape(len(part), table.shape[1], -1, *cells)
        part[:, :, slice(None) if among is None else among] = array.reshape(worlds, *of_each, *own)

    return write_all if is_plain else write_some


class Worlds:
    """All numbers of a call on many sets of numbers: the right ones, then those of each idea.

    ``failed`` are the ideas, by their rows, that could not be followed so, and ``reached`` the rows in which a tensor
    has been changed. Raises what is in ``NOT_AT_ONCE`` where the steps cannot be done so.
    """

    def __init__(self, work: Work, given: Sequence[Array]) -> None:
        self.pattern, self.reached = work.pattern, work.reached
        count = len(given[0])
        self.table = work.table(given if count > 1 else [one.repeat(2, axis=0) for one in given])[:, :count]
        self.failed: Collection[int] = work.failed
        if self.pattern.tracks and (np.abs(self.table) >= EXACT).any():
            raise TypeError("whole numbers are too large")
        if self.pattern.has_large and not work.is_whole:
            large = np.abs(self.table) >= EXACT
            self.failed = work.failed.union(np.flatnonzero((large & ~large[0]).any(axis=(1, 2))).tolist())

    def read(self, name: str, row: int = 0, number: int | None = None) -> Array:
        """A tensor in one world, of one set or of all: (sets, *shape)."""
        slots = self.pattern.slots(name)
        found: Array = self.table[row].take(slots, axis=1) if number is None else self.table[row, number].take(slots)
        return found

    def everywhere(self, name: str) -> Array:
        """A tensor in all worlds, of all sets: (worlds, sets, *shape)."""
        return self.table.take(self.pattern.slots(name), axis=2)
