"""Pointing at cells with the arrow keys: a box of the right shape that moves as one, or cells marked one by one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from cnn_tutor.engine.trace import Cell
from cnn_tutor.tutor.place import Places, cells
from cnn_tutor.tutor.question import Question

_MARKED = ("set", "sum")
"""Kinds of step whose cells are marked one by one."""
_STEPS: Mapping[str, tuple[int, int]] = {"left": (-1, -1), "right": (-1, 1), "up": (-2, -1), "down": (-2, 1)}
"""Which axis, from the last, a key moves along, and which way."""


@dataclass(frozen=True)
class Pointer:
    """Where a student points in a tensor of ``shape``; ``at`` counts from 0.

    ``box`` are the cells of a box by their distance from its corner, which stands ``at``; without it the cells in
    ``marked`` are chosen.
    """

    shape: tuple[int, ...]
    at: Cell
    box: frozenset[Cell] = frozenset()
    marked: Places = frozenset()

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that move it or mark a cell."""
        arrows = ("left", "right", "up", "down") if len(self.shape) > 1 else ("left", "right")
        return arrows if self.box else (*arrows, "space")

    @property
    def chosen(self) -> Places:
        """The cells pointed at, counting from 1."""
        if not self.box:
            return self.marked
        return frozenset(tuple(a + d + 1 for a, d in zip(self.at, cell, strict=True)) for cell in self.box)

    @property
    def cursor(self) -> Cell | None:
        """The cell that Space marks."""
        return None if self.box else self.at

    def steered(self, key: str) -> Pointer:
        """After one of its ``keys``; at an edge it stays."""
        if key == "space":
            return replace(self, marked=self.marked ^ {tuple(one + 1 for one in self.at)})
        axis, way = _STEPS[key]
        at = list(self.at)
        room = self.shape[axis] - max((cell[axis] for cell in self.box), default=0)
        at[axis] = min(max(0, at[axis] + way), room - 1)
        return replace(self, at=tuple(at))


def pointer(question: Question) -> Pointer:
    """A pointer for the cells that ``question`` asks: a box at the window before, or nothing marked."""
    assert question.part is not None
    shape = question.extent
    if question.part.ask.kind in _MARKED:
        return Pointer(shape, (0,) * len(shape))
    _, box = _box(question, question.part.positions[0])
    before = _position_before(question)
    start = (0,) * len(shape) if before is None else _box(question, before)[0]
    fits = all(a + max(c[i] for c in box) < n for i, (a, n) in enumerate(zip(start, shape, strict=True)))
    return Pointer(shape, start if fits else (0,) * len(shape), box)


def _box(question: Question, position: int) -> tuple[Cell, frozenset[Cell]]:
    """The corner of what a step reads first, and its cells seen from there."""
    assert question.source is not None
    read = question.source.trace.steps[position].reads[0]
    found = cells(read.index, question.extent) - 1
    corner = found.min(axis=0)
    return tuple(map(int, corner)), frozenset(tuple(map(int, cell)) for cell in np.subtract(found, corner))


def _position_before(question: Question) -> int | None:
    """The same step of the item before."""
    assert question.source is not None and question.part is not None
    steps, position = question.source.trace.steps, question.part.positions[0]
    number, item, _ = steps.locate(position)
    return position - steps.blocks[number].width if item else None
