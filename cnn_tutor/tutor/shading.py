"""Maps that are better seen than read: their numbers as they are, with the cells that are to be found in them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from cnn_tutor.engine.trace import Array, Cell
from cnn_tutor.language import _
from cnn_tutor.tutor.explore import Explore
from cnn_tutor.tutor.linked import Linked, linked, tensors
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


def shadings(explore: Explore) -> tuple[Shading, ...]:
    """The maps of an exercise that are large enough to be seen, the matrix of each that the cursor is about."""
    now = explore.film
    found = linked(now, explore.at, explore.cell) if explore.field is None and explore.at else None
    drawn = []
    for tensor in tensors(now):
        array = now.trace.tensors[tensor]
        if array.ndim >= 2 and all(LEAST <= size <= MOST for size in array.shape[-2:]):
            cells = _linked_cells(found, tensor)
            lead = explore.cell[:-2] if tensor == explore.at else min(cells, default=(0,) * array.ndim)[:-2]
            cursor = explore.cell if tensor == explore.at and found is not None else None
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
