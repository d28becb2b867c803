"""Wrong ideas about steps followed side by side: every step of a kind, in the worlds of all ideas, is done at once.

It gives what :func:`counterfactual.rewritten` gives for each idea alone, which is where an idea goes that looks at its
numbers in a way that does not work on many steps at once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

from cnn_tutor.engine import Trace, Window
from cnn_tutor.engine.trace import Array
from cnn_tutor.lesson.network import Call
from cnn_tutor.tutor.abreast import LEAD, Abreast, aligned
from cnn_tutor.tutor.counterfactual import Among, Change, acts_of
from cnn_tutor.tutor.overlay import right_tensors
from cnn_tutor.tutor.script import Move, form_of
from cnn_tutor.tutor.sheet import Operand, Sheet, Sweep, sheet_of

Changes = Mapping[str, Change]
"""The kinds of step that an idea does otherwise, and how."""

NOT_AT_ONCE = (TypeError, AttributeError, ValueError, KeyError, IndexError, ZeroDivisionError)
"""What comes of an idea or a formula that does not work on many steps at once."""


class Act(NamedTuple):
    """A change, the worlds that it is done in, and as an index of rows."""

    change: Change
    worlds: list[int]
    rows: Array


class Cells:
    """What lies before a learner at the steps of a sweep, as :class:`counterfactual.Cells` has it for one of them."""

    __slots__ = ("_run", "_steps", "_sweep", "_worlds")

    def __init__(self, run: Run, sweep: Sweep, worlds: Array, steps: Array | None) -> None:
        self._run, self._sweep, self._worlds, self._steps = run, sweep, worlds, steps

    def __getattr__(self, name: str) -> Abreast:
        return self._read(self._sweep.seen.get(name) or self._run.sheet.look(self._sweep, name, self._run.trace))

    @property
    def operands(self) -> list[Abreast]:
        """What the steps themselves read. Raises TypeError where that is not told apart."""
        if self._sweep.joined is not None:
            raise TypeError("the operands are in one row")
        return [self._read(one) for one in self._run.sheet.operands(self._sweep, self._run.trace)]

    @property
    def layer(self) -> str:
        """The layer of the only step. Raises TypeError where there are several."""
        if len(self._sweep.moves) > 1:
            raise TypeError("many steps are not those of one layer")
        return self._sweep.moves[0].layer

    def tensor(self, name: str) -> Abreast:
        """A whole tensor by its full name."""
        return self._run.cells(self._run.sheet.at(name, (), self._run.trace), self._worlds)

    def _read(self, operand: Operand) -> Abreast:
        return self._run.cells(operand if self._steps is None else operand.at(self._steps), self._worlds)


class Run:
    """The worlds of some ideas on one sheet: a row each of what the sheet writes."""

    def __init__(self, sheet: Sheet, trace: Trace, count: int, acting: Mapping[tuple[str, Change], list[int]]) -> None:
        self.sheet = sheet
        self.trace = trace
        self.failed: set[int] = set()
        """The worlds that could not be worked out side by side."""
        self._count = count
        self._acting: dict[str, list[Act]] = {}
        for (kind, change), worlds in acting.items():
            self._acting.setdefault(kind, []).append(Act(change, worlds, np.array(worlds)))
        self._reached: dict[str, int] = {}
        self._known = 0
        self._right = self._given = np.empty(0)
        self._state = np.empty((count, len(sheet.right)))
        self._state[:] = self._rightly(sheet.right)
        with np.errstate(all="ignore"):
            for sweep in sheet.sweeps:
                self._do(sweep)

    def read(self, window: Window) -> Array:
        """What is in a window of the trace, a world a row."""
        operand = self.sheet.at(window.tensor, window.index, self.trace)
        return self._at(operand, self._state).reshape(self._count, *operand.shape[1:])

    def reached(self, tensor: str) -> int:
        """The worlds, as bits, whose ideas change a tensor or something that it comes from."""
        return self._reached.get(tensor, 0)

    def cells(self, operand: Operand, worlds: Array | None = None) -> Abreast:
        """Numbers of some steps in some worlds; once for all worlds where none has changed them."""
        if self._reached.keys().isdisjoint(operand.tensors):
            return Abreast(self._rightly(operand.places)[None])
        return Abreast(self._at(operand, self._state if worlds is None else self._state[worlds]))

    def _at(self, operand: Operand, state: Array) -> Array:
        places = operand.places
        if operand.row is not None:
            return state[:, operand.row].reshape(len(state), *places.shape)
        if operand.is_mixed:
            return np.where(places < 0, self._rightly(places), state.take(np.maximum(places, 0), axis=1))
        return state.take(places, axis=1)

    def _rightly(self, places: Array) -> Array:
        """The right numbers at some places: those that are written stand in front, those that are given behind."""
        new = self.sheet.names[self._known :]
        if new:
            self._known += len(new)
            self._given = np.append(right_tensors(self.trace).in_a_row(new)[::-1], self._given)
            self._right = np.append(self._given[self.sheet.right], self._given)
        return self._right[places]

    def _do(self, sweep: Sweep) -> None:
        """A sweep in all worlds: its formula where an idea has changed what it reads, then what ideas make of it."""
        found = self._again(sweep)
        changed = self._changed(sweep)
        if found is None and not changed:
            return
        if found is not None:
            self._write(slice(None), sweep, None, found)
        for act, steps, value in changed:
            try:
                self._write(act.rows, sweep, steps, value)
            except NOT_AT_ONCE:
                self.failed.update(act.worlds)

    def _write(self, worlds: Array | slice, sweep: Sweep, steps: Array | None, value: Any) -> None:
        """Put a value, for some worlds, into the cells of a sweep, or of some of its steps."""
        array = value.array if isinstance(value, Abreast) else aligned(np.asarray(value)[None, None])
        array = array.reshape(array.shape[: LEAD - 1 + len(sweep.shape)])
        if steps is None:
            spread = np.broadcast_to(array, (len(array), *sweep.shape))
            self._state[worlds, sweep.row] = spread.reshape(len(array), -1)
        else:
            places = np.arange(sweep.row.start, sweep.row.stop).reshape(sweep.shape)[steps]
            rows = np.arange(self._count)[worlds].reshape(-1, *[1] * places.ndim)
            self._state[rows, places] = array

    def _again(self, sweep: Sweep) -> Any:
        """What the formula gives, if any world has changed what it reads."""
        worlds = 0
        for move in sweep.moves if self.sheet.tracked else sweep.moves[:1]:
            reached = 0
            for name in move.names:
                reached |= self._reached.get(name, 0)
            if reached:
                self._mark(move, reached)
                worlds |= reached
        if not worlds:
            return None
        try:
            return sweep.formula(*map(self.cells, self.sheet.operands(sweep, self.trace)))
        except NOT_AT_ONCE:
            self.failed.update(world for world in range(self._count) if worlds >> world & 1)
            return None

    def _changed(self, sweep: Sweep) -> list[tuple[Act, Array | None, Any]]:
        """What the ideas make of the sweep, and at which of its steps (None for all)."""
        found: list[tuple[Act, Array | None, Any]] = []
        for act in self._acting.get(sweep.kind, ()):
            change, steps = act.change, None
            if isinstance(change, Among):
                steps = [number for number, move in enumerate(sweep.moves) if move.layer in change.layers]
                if not steps:
                    continue
                change = change.change
            at = None if steps is None or len(steps) == len(sweep.moves) else np.array(steps)
            try:
                value = change(Cells(self, sweep, act.rows, at))
            except NOT_AT_ONCE:
                self.failed.update(act.worlds)
                continue
            if value is not None:
                found.append((act, at, value))
                bits = sum([1 << world for world in act.worlds])
                moves = sweep.moves if self.sheet.tracked else sweep.moves[:1]
                for move in moves if at is None else [moves[number] for number in steps or ()]:
                    self._mark(move, bits)
        return found

    def _mark(self, move: Move, worlds: int) -> None:
        name = move.target.tensor
        self._reached[name] = self._reached.get(name, 0) | worlds


def in_worlds(
    call: Call, trace: Trace, ideas: Sequence[Changes], window: Window, until: int | None = None
) -> tuple[list[Array | None], Collection[int]]:
    """What is in a ``window`` of the trace of ``call`` in the world of each idea.

    None where an idea does not reach it, or nobody could write the value down. With these come the numbers of the ideas
    that have to be followed step by step. With ``until``, the position of a step, no more is done than leads to that.
    """
    if not ideas:
        return [], ()
    acting: dict[tuple[str, Change], list[int]] = {}
    for world, idea in enumerate(ideas):
        for act in idea.items():
            acting.setdefault(act, []).append(world)
    form, tensor = form_of(call, trace), "" if until is not None else window.tensor
    sheet = sheet_of(form, trace, acts_of(acting), until, tensor, call.op == "track")
    if sheet is not None and not sheet.sweeps:
        return [None] * len(ideas), ()
    try:
        run = None if sheet is None else Run(sheet, trace, len(ideas), acting)
    except TypeError:
        run = None
    if run is None:
        return [None] * len(ideas), range(len(ideas))
    found: list[Array | None] = [None] * len(ideas)
    reached = run.reached(window.tensor)
    if reached:
        values = run.read(window)
        known = np.flatnonzero(np.isfinite(values.reshape(len(values), -1)).all(axis=1))
        for world in known.tolist() if values.size else ():
            if reached >> world & 1:
                found[world] = values[world]
    return found, run.failed
