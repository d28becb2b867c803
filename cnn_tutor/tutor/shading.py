"""Maps that are better seen than read: their numbers as they are, with the cells that are to be found in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from cnn_tutor.engine.trace import Array, Cell
from cnn_tutor.language import _
from cnn_tutor.tutor.explore import Explore
from cnn_tutor.tutor.linked import Linked, tensors
from cnn_tutor.tutor.symbols import number, symbol

LEAST, MOST = 6, 64
"""A map with fewer rows or columns is read, and one with more does not fit."""


@dataclass(frozen=True, slots=True)
class Shading:
    """A map to be shaded from ``low`` (dark) to ``high`` (bright)."""

    title: str
    rows: tuple[tuple[float, ...], ...]
    low: float
    high: float
    cursor: tuple[int, int] | None = None
    marked: frozenset[tuple[int, int]] = frozenset()
    """Cells that hang together with the one under the cursor."""

    def halved(self) -> Shading:
        """The same in half as many rows and columns: each cell the mean of four."""
        rows, columns = (-(-len(one) // 2) for one in (self.rows, self.rows[0]))
        quarters = [[_quarter(self.rows, row, column) for column in range(columns)] for row in range(rows)]
        cursor = None if self.cursor is None else (self.cursor[0] // 2, self.cursor[1] // 2)
        marked = frozenset((row // 2, column // 2) for row, column in self.marked)
        return Shading(self.title, tuple(map(tuple, quarters)), self.low, self.high, cursor, marked)


def _quarter(rows: Sequence[Sequence[float]], row: int, column: int) -> float:
    cells = [value for one in rows[2 * row : 2 * row + 2] for value in one[2 * column : 2 * column + 2]]
    return sum(cells) / len(cells)


def near(shadings: Sequence[Shading], at: int, count: int) -> Sequence[Shading]:
    """So many maps beside each other, the one at place ``at`` among them."""
    start = max(0, min(at - 1, len(shadings) - count))
    return shadings[start : start + count]


def shadings(explore: Explore, found: Linked | None) -> tuple[Shading, ...]:
    """The maps of an exercise that are large enough to be seen, the matrix of each that the cursor is about."""
    now = explore.film
    drawn = []
    for tensor in tensors(now):
        array = now.trace.tensors[tensor]
        if array.ndim >= 2 and all(LEAST <= size <= MOST for size in array.shape[-2:]):
            cells = _linked_cells(found, tensor)
            lead = explore.cell[:-2] if tensor == explore.at else min(cells, default=(0,) * array.ndim)[:-2]
            cursor = explore.cell if tensor == explore.at else None
            drawn.append(_shading(symbol(tensor), array, lead, cursor, cells))
    return tuple(drawn)


def _linked_cells(found: Linked | None, tensor: str) -> frozenset[Cell]:
    if found is None:
        return frozenset()
    return found.fed_by.get(tensor) or found.meets.get(tensor) or found.feeds.get(tensor) or frozenset()


def _shading(name: str, array: Array, lead: Cell, cursor: Cell | None, cells: Collection[Cell]) -> Shading:
    one = np.asarray(array[lead], dtype=float)
    low, high = float(one.min()), float(one.max())
    which = f"[{','.join(str(at + 1) for at in lead)}]" if lead else ""
    title = _("{name}: {low} dark, {high} bright").format(name=name + which, low=number(low, 2), high=number(high, 2))
    rows = tuple(map(tuple, one.tolist()))
    own = frozenset((cell[-2], cell[-1]) for cell in cells if cell[:-2] == lead)
    return Shading(title, rows, low, high, None if cursor is None else (cursor[-2], cursor[-1]), own)
