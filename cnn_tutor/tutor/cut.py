"""The part of a tensor that is drawn: all of it where that fits, else what lies around the cell that matters."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from cnn_tutor.engine import Trace, Window
from cnn_tutor.engine.trace import Array, Cell, Index
from cnn_tutor.language import _

ROWS, COLUMNS = 8, 12
"""What is drawn of a matrix at most."""

NEAR = (5, 7)
"""What is drawn of a matrix that is larger than that, where it is seen as a picture beside it."""

MAPS = 4
"""So many matrices of a tensor are drawn side by side; of more, the one that matters."""


@dataclass(frozen=True, slots=True)
class Cut:
    """The cells of a tensor along each of its axes; all but the last two axes have one."""

    axes: tuple[range, ...]
    shape: tuple[int, ...]

    @property
    def lead(self) -> Cell:
        """Where the matrix stands in its tensor."""
        return tuple(one.start for one in self.axes[:-2])

    @property
    def size(self) -> tuple[int, ...]:
        """The shape of what is drawn."""
        return tuple(map(len, self.axes[-2:]))

    def cells(self) -> Iterator[Cell]:
        """Its cells, row-major."""
        return itertools.product(*self.axes)

    def values(self, trace: Trace, tensor: str) -> Array:
        """What stands there."""
        index: Index = (*self.lead, *(slice(one.start, one.stop) for one in self.axes[-2:]))
        return np.asarray(trace.tensors.read(Window(tensor, index)))

    def inside(self, index: Index) -> Array:
        """Which of its cells lie in a window of the tensor."""
        masks = []
        for axis, cells in enumerate(self.axes):
            at = np.asarray(cells)
            one = index[axis] if axis < len(index) else slice(None)
            if isinstance(one, slice):
                start, stop = one.start or 0, self.shape[axis] if one.stop is None else one.stop
                masks.append((at >= start) & (at < stop) & ((at - start) % (one.step or 1) == 0))
            else:
                masks.append(at == one)
        return self._met(masks)

    def among(self, cells: Collection[Cell]) -> Array:
        """Which of its cells are among ``cells``."""
        return np.array([cell in cells for cell in self.cells()], dtype=bool).reshape(self.size)

    def _met(self, masks: Sequence[Array]) -> Array:
        met = np.ones((), dtype=bool)
        for mask in masks:
            met = np.logical_and.outer(met, mask)
        return met.reshape(self.size)

    def title(self, name: str) -> str:
        """The name of the tensor, which matrix of it this is, and which part of that."""
        lead = f"[{','.join(str(one + 1) for one in self.lead)}]" if self.lead else ""
        parts = [_span(*one) for one in zip(self.axes[-2:], self.shape[-2:], _names(len(self.shape)), strict=True)]
        return ", ".join([name + lead, *filter(None, parts)])


def _names(rank: int) -> tuple[str, ...]:
    return (_("rows {range}"), _("columns {range}")) if rank > 1 else (_("entries {range}"),) * rank


def _span(cells: range, size: int, name: str) -> str:
    return "" if len(cells) == size else name.format(range=f"{cells.start + 1}–{cells.stop}")


def cuts(shape: tuple[int, ...], focus: Cell | None = None, rows: int = ROWS, columns: int = COLUMNS) -> list[Cut]:
    """The matrices to draw of a tensor of ``shape``; ``focus`` is the cell (or its first indices) that matters."""
    at = (tuple(focus or ()) + (0,) * len(shape))[: len(shape)]
    outer, inner = shape[:-2], shape[-2:]
    room = (rows, columns)[-len(inner) :] if len(inner) > 1 else (columns,) * len(inner)
    last = tuple(_around(*one) for one in zip(inner, at[len(outer) :], room, strict=True))
    leads = itertools.product(*map(range, outer)) if math.prod(outer) <= MAPS else iter([at[: len(outer)]])
    return [Cut((*(range(one, one + 1) for one in lead), *last), shape) for lead in leads]


def _around(size: int, at: int, room: int) -> range:
    """``room`` cells of an axis that have ``at`` among them; the part moves by half its length, not cell by cell."""
    if size <= room:
        return range(size)
    half = max(1, room // 2)
    start = min(max(0, (at // half) * half - half // 2), size - room)
    return range(start, start + room)
