"""Finding the steps that read or write some cells, without looking at all the others.

The items of a block with a grid are found by halving the grid: what a part reads and writes only moves forward along
each of its axes, so that the first and the last window of a box tell what any between them can touch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from cnn_tutor.engine.trace import Array, Block, Cell, Plan, Trace, Window

Windows: TypeAlias = Callable[[Plan], Sequence[Window]]
"""What a step reads, or what it writes."""


def _reads(plan: Plan) -> Sequence[Window]:
    """What a step reads."""
    return plan.reads


def _writes(plan: Plan) -> Sequence[Window]:
    """What a step writes."""
    return (plan.target,)


READS: Windows = _reads
WRITES: Windows = _writes


def touching(trace: Trace, tensor: str, cells: set[Cell], windows: Windows) -> Iterator[int]:
    """The positions of the steps that read (or write) any of the ``cells`` of a tensor."""
    if not cells or (windows is WRITES and tensor in trace.inputs):
        return
    array = np.array(sorted(cells), dtype=np.int64).reshape(len(cells), -1)
    places = _places(trace, windows)
    for start, block, part in (*places.get(tensor, ()), *places.get(ANY, ())):
        for item in _items(block, part, tensor, array, windows):
            yield start + item * block.width + part


ANY = ""
"""Stands for every tensor, where the steps looked at read none at all."""


@lru_cache(maxsize=8)
def _places(trace: Trace, windows: Windows) -> dict[str, list[tuple[int, Block, int]]]:
    """For each tensor the parts of blocks that may read (or write) it, each with the position its block begins at."""
    found: dict[str, list[tuple[int, Block, int]]] = {}
    start = 0
    for block in trace.steps.blocks:
        looked_at = _some_items(block)
        for part in range(block.width):
            touched = {window.tensor for item in looked_at for window in windows(block.plan(item, part))}
            for tensor in touched or {ANY}:
                found.setdefault(tensor, []).append((start, block, part))
        start += len(block)
    return found


def _some_items(block: Block) -> Iterable[int]:
    """Items that between them touch every tensor that any does, or none: the middle and the ends of a grid."""
    if not block.grid:
        return range(block.count)
    return {0, _ravel(tuple(size // 2 for size in block.grid), block.grid), block.count - 1}


def _items(block: Block, part: int, tensor: str, cells: Array, windows: Windows) -> Iterator[int]:
    """The items of a block in which a part touches the cells: by halving its grid, or one by one where it has none."""
    if not block.grid:
        for item in range(block.count):
            own = [window for window in windows(block.plan(item, part)) if window.tensor == tensor]
            if any(holds(window, cells).any() for window in own):
                yield item
        return
    pending = [((0,) * len(block.grid), block.grid, cells)]
    while pending:
        low, high, left = pending.pop()
        last = tuple(end - 1 for end in high)
        first = windows(block.plan(_ravel(low, block.grid), part))
        final = first if low == last else windows(block.plan(_ravel(last, block.grid), part))
        if first and final:
            near = _between(first, final, tensor, left)
            if not near.any():
                continue
            left = left[near]
        if low == last:
            if any(window.tensor == tensor and holds(window, left).any() for window in first):
                yield _ravel(low, block.grid)
            continue
        axis = max(range(len(low)), key=lambda one: high[one] - low[one])
        middle = (low[axis] + high[axis]) // 2
        pending.append((low, (*high[:axis], middle, *high[axis + 1 :]), left))
        pending.append(((*low[:axis], middle, *low[axis + 1 :]), high, left))


def _between(first: Sequence[Window], final: Sequence[Window], tensor: str, cells: Array) -> Array:
    """Which cells a window of the tensor may touch on its way from where it is first to where it is at last."""
    near = np.zeros(len(cells), dtype=bool)
    for one, other in zip(first, final, strict=False):
        if one.tensor != tensor or other.tensor != tensor:
            continue
        inside = np.ones(len(cells), dtype=bool)
        for axis, (begin, end) in enumerate(zip(one.index, other.index, strict=True)):
            low = (begin.start or 0) if isinstance(begin, slice) else begin
            high = end.stop if isinstance(end, slice) else end + 1
            inside &= cells[:, axis] >= low
            if high is not None:
                inside &= cells[:, axis] < high
        near |= inside
    return near


def holds(window: Window, cells: Array) -> Array:
    """Which of the cells of its tensor lie in a window."""
    inside = np.ones(len(cells), dtype=bool)
    for axis, one in enumerate(window.index):
        at = cells[:, axis]
        if isinstance(one, slice):
            start = one.start or 0
            inside &= (at >= start) & ((at - start) % (one.step or 1) == 0)
            inside &= True if one.stop is None else at < one.stop
        else:
            inside &= at == one
    return inside


def _ravel(at: Cell, grid: Cell) -> int:
    """The inverse of :func:`unravel`."""
    item = 0
    for one, size in zip(at, grid, strict=True):
        item = item * size + one
    return item
