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
from cnn_tutor.tutor.remembered import remembered
from cnn_tutor.tutor.script import Acts, Move, leading, script
from cnn_tutor.tutor.sheet import Operand, Sheet, Sweep

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
        return self._read(self._sweep.seen.get(name) or self._run.sheet.look(self._sweep, name))

    @property
    def operands(self) -> list[Abreast]:
        """What the steps themselves read. Raises TypeError where that is not told apart."""
        if self._sweep.joined is not None:
            raise TypeError("the operands are in one row")
        return [self._read(one) for one in self._run.sheet.operands(self._sweep)]

    @property
    def layer(self) -> str:
        """The layer of the only step. Raises TypeError where there are several."""
        if len(self._sweep.moves) > 1:
            raise TypeError("many steps are not those of one layer")
        return self._sweep.moves[0].layer

    def tensor(self, name: str) -> Abreast:
        """A whole tensor by its full name."""
        return self._run.cells(self._run.sheet.at(name), self._worlds)

    def _read(self, operand: Operand) -> Abreast:
        if self._steps is not None:
            operand = operand.at(self._steps)
        return operand.right if operand.slots is None else self._run.cells(operand, self._worlds)


class Run:
    """The worlds of some ideas on one sheet: a row each of what the sheet writes."""

    def __init__(self, sheet: Sheet, ideas: Sequence[Changes]) -> None:
        self.sheet = sheet
        self.failed: set[int] = set()
        """The worlds that could not be worked out side by side."""
        self._count = len(ideas)
        acting: dict[str, dict[Change, list[int]]] = {}
        for world, idea in enumerate(ideas):
            for kind, change in idea.items():
                acting.setdefault(kind, {}).setdefault(change, []).append(world)
        self._acting = {
            kind: [Act(change, worlds, np.array(worlds)) for change, worlds in changes.items()]
            for kind, changes in acting.items()
        }
        self._reached: dict[str, int] = {}
        self._state = np.tile(sheet.right, (len(ideas), 1))
        with np.errstate(all="ignore"):
            for sweep in sheet.sweeps:
                self._do(sweep)

    def read(self, window: Window) -> Array:
        """What is in a window of the trace, a world a row."""
        operand = self.sheet.at(window.tensor, window.index)
        if operand.slots is None:
            raise KeyError(window.tensor)
        return self._at(operand, operand.slots, self._state)[:, 0]

    def reached(self, tensor: str) -> int:
        """The worlds, as bits, whose ideas change a tensor or something that it comes from."""
        return self._reached.get(tensor, 0)

    def cells(self, operand: Operand, worlds: Array | None = None) -> Abreast:
        """Numbers of some steps in some worlds; once for all worlds where none has changed them."""
        slots = operand.slots
        if slots is None or self._reached.keys().isdisjoint(operand.tensors):
            return operand.right
        return Abreast(aligned(self._at(operand, slots, self._state if worlds is None else self._state[worlds])))

    def _at(self, operand: Operand, slots: Array, state: Array) -> Array:
        found: Array = state[:, slots]
        if slots.size and slots.min() < 0:
            right = operand.right.array.reshape(1, *slots.shape)
            return np.where(slots < 0, right, found)
        return found

    def _do(self, sweep: Sweep) -> None:
        """A sweep in all worlds: its formula where an idea has changed what it reads, then what ideas make of it."""
        found = self._again(sweep)
        changed = self._changed(sweep)
        if found is None and not changed:
            return
        slots = sweep.targets
        if found is not None:
            self._state[:, slots] = _fitted(found, slots.ndim - 1)
        for act, steps, value in changed:
            rows = act.rows.reshape(-1, *[1] * slots.ndim)
            try:
                self._state[rows, slots if steps is None else slots[steps]] = _fitted(value, slots.ndim - 1)
            except NOT_AT_ONCE:
                self.failed.update(act.worlds)

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
            return sweep.formula(*map(self.cells, self.sheet.operands(sweep)))
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


def _fitted(value: Any, axes: int) -> Array:
    """A value as (worlds, steps, *cells) with so many axes of cells. Raises ValueError where it has more."""
    array = value.array if isinstance(value, Abreast) else aligned(np.asarray(value)[None, None])
    return array.reshape(array.shape[: LEAD + axes])


def in_worlds(
    call: Call, trace: Trace, ideas: Sequence[Changes], window: Window, until: int | None = None
) -> tuple[list[Array | None], Collection[int]]:
    """What is in a ``window`` of the trace of ``call`` in the world of each idea.

    None where an idea does not reach it, or nobody could write the value down. With these come the numbers of the ideas
    that have to be followed step by step. With ``until``, the position of a step, no more is done than leads to that.
    """
    if not ideas:
        return [], ()
    sheet = _sheet(call, trace, acts_of(*ideas), until, "" if until is not None else window.tensor)
    if sheet is None or not sheet.sweeps:
        return [None] * len(ideas), range(len(ideas) if sheet is None else 0)
    run = Run(sheet, ideas)
    found: list[Array | None] = [None] * len(ideas)
    reached = run.reached(window.tensor)
    if reached:
        values = run.read(window)
        known = np.flatnonzero(np.isfinite(values.reshape(len(values), -1)).all(axis=1))
        for world in known.tolist() if values.size else ():
            if reached >> world & 1:
                found[world] = values[world]
    return found, run.failed


@remembered(64)
def _sheet(call: Call, trace: Trace, acts: Acts, until: int | None, tensor: str) -> Sheet | None:
    moves = script(call, trace, acts, until)
    try:
        return Sheet(trace, moves if until is not None else leading(moves, tensor), tracked=call.op == "track")
    except (TypeError, ValueError):
        return None
