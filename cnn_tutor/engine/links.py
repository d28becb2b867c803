"""Which numbers hang together: what a cell was worked out from, what it is used for, and what it is multiplied with.

Everything here follows from what the steps of a trace read and write. Within a step, an entry matters to another if a
NaN in its place gets there: NaN goes through every sum, product and maximum. A step is found without looking at all
the others, by halving the grid that its block is numbered over.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.trace import Array, Block, Cell, Plan, Step, Trace, Window

Linked: TypeAlias = Mapping[str, set[Cell]]
"""Cells by their tensor."""

Windows: TypeAlias = Callable[[Plan], Sequence[Window]]
"""What a step reads, or what it writes."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two cells that a step multiplies, and the cell that their product is written to or added into."""

    one: tuple[str, Cell]
    other: tuple[str, Cell]
    target: tuple[str, Cell]


def fed_by(trace: Trace, tensor: str, cells: Iterable[Cell]) -> Linked:
    """Every cell that the numbers in ``cells`` were worked out from, at any distance; themselves included."""

    def sources(step: Step, found: Linked) -> Iterator[tuple[str, set[Cell]]]:
        wanted = _entries(step.target, np.shape(step.value), found[step.target.tensor])
        for number, read in enumerate(step.reads):
            yield read.tensor, _cells(read, _needed(trace, step, number, wanted))

    return _followed(trace, tensor, cells, _written, sources)


def feeds(trace: Trace, tensor: str, cells: Iterable[Cell]) -> Linked:
    """Every cell that the numbers in ``cells`` are used for, at any distance; themselves included."""

    def uses(step: Step, found: Linked) -> Iterator[tuple[str, set[Cell]]]:
        reached = np.zeros(np.shape(step.value), dtype=bool)
        for number, read in enumerate(step.reads):
            tainted = _entries(read, np.shape(step.operands[number]), found.get(read.tensor, set()))
            reached |= _reached(trace, step, number, tainted)
        yield step.target.tensor, _cells(step.target, reached)

    return _followed(trace, tensor, cells, _read, uses)


def _followed(
    trace: Trace,
    tensor: str,
    cells: Iterable[Cell],
    windows: Windows,
    onward: Callable[[Step, Linked], Iterator[tuple[str, set[Cell]]]],
) -> Linked:
    """All cells that are reached from ``cells``, a step further each time, until there are no new ones."""
    found: dict[str, set[Cell]] = {}
    fresh = {tensor: set(cells)}
    while fresh:
        for name, new in fresh.items():
            found.setdefault(name, set()).update(new)
        touched = {place for name, new in fresh.items() for place in _touching(trace, name, new, windows)}
        fresh = {}
        for position in touched:
            for name, reached in onward(trace.steps[position], found):
                new = reached - found.get(name, set())
                if new:
                    fresh.setdefault(name, set()).update(new)
    return found


def pairs(trace: Trace, tensor: str, cell: Cell) -> Iterator[Pair]:
    """Every pair that a cell is one half of, in the order in which a person multiplies them."""
    for position in sorted(_touching(trace, tensor, {cell}, _read)):
        step = trace.steps[position]
        if step.formula not in (f.TIMES, f.DOT):
            continue
        for number, read in enumerate(step.reads):
            own = _entries(read, np.shape(step.operands[number]), {cell}) if read.tensor == tensor else np.zeros(())
            if own.any():
                yield from _pairs(step, number, own, (tensor, cell))


def _pairs(step: Step, number: int, own: Array, one: tuple[str, Cell]) -> Iterator[Pair]:
    """The pairs that a step makes of the ``own`` entries of one operand."""
    other = 1 - number
    read, shape = step.reads[other], np.shape(step.operands[other])
    if step.formula is f.DOT:
        (into,) = _cells(step.target, np.ones((), dtype=bool))
        for partner in _cells(read, own.reshape(shape)):
            yield Pair(one, (read.tensor, partner), (step.target.tensor, into))
        return
    for entry in np.argwhere(_probe(step, number, own)):
        wanted = np.zeros(np.shape(step.value), dtype=bool)
        wanted[tuple(entry)] = True
        for partner in _cells(read, _halved(step, other, wanted)):
            (into,) = _cells(step.target, wanted)
            yield Pair(one, (read.tensor, partner), (step.target.tensor, into))


def written_at(trace: Trace, tensor: str, cells: Iterable[Cell]) -> dict[Cell, int]:
    """The position of the step that writes each of ``cells``; those that were given are left out."""
    order = sorted(set(cells))
    array = np.array(order, dtype=np.int64).reshape(len(order), -1)
    places: dict[Cell, int] = {}
    for position in _touching(trace, tensor, set(order), _written):
        number, item, part = trace.steps.locate(position)
        target = trace.steps.blocks[number].plan(item, part).target
        places |= dict.fromkeys(itertools.compress(order, _holds(target, array).tolist()), position)
    return places


def _read(plan: Plan) -> Sequence[Window]:
    return plan.reads


def _written(plan: Plan) -> Sequence[Window]:
    return (plan.target,)


def _touching(trace: Trace, tensor: str, cells: set[Cell], windows: Windows) -> Iterator[int]:
    """The positions of the steps that read (or write) any of the ``cells`` of a tensor."""
    if not cells or (windows is _written and tensor in trace.inputs):
        return
    array = np.array(sorted(cells), dtype=np.int64).reshape(len(cells), -1)
    places = _places(trace, windows)
    for start, block, part in (*places.get(tensor, ()), *places.get(ANY, ())):
        for item in _items(block, part, tensor, array, windows):
            yield start + item * block.width + part


ANY = ""
"""Stands for every tensor, where the steps looked at read none at all."""


@lru_cache(maxsize=32)
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
            if any(_holds(window, cells).any() for window in own):
                yield item
        return
    pending = [((0,) * len(block.grid), block.grid, cells)]
    while pending:
        low, high, left = pending.pop()
        last = tuple(end - 1 for end in high)
        first, final = (windows(block.plan(_ravel(at, block.grid), part)) for at in (low, last))
        if first and final:
            near = _between(first, final, tensor, left)
            if not near.any():
                continue
            left = left[near]
        if low == last:
            if any(window.tensor == tensor and _holds(window, left).any() for window in first):
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


def _holds(window: Window, cells: Array) -> Array:
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
    return int(np.ravel_multi_index(at, grid))


def _axes(window: Window, shape: tuple[int, ...]) -> list[range]:
    """The cells of a window along each axis of its tensor; ``shape`` is that of what it holds."""
    sizes = iter(shape)
    axes = []
    for one in window.index:
        if isinstance(one, slice):
            start, step = one.start or 0, one.step or 1
            axes.append(range(start, start + step * next(sizes), step))
        else:
            axes.append(range(one, one + 1))
    return axes + [range(size) for size in sizes]


def _entries(window: Window, shape: tuple[int, ...], cells: set[Cell]) -> Array:
    """Which entries of what a window holds are among ``cells``."""
    axes = _axes(window, shape)
    entries = [cell in cells for cell in itertools.product(*axes)]
    return np.array(entries, dtype=bool).reshape(shape)


def _cells(window: Window, entries: Array) -> set[Cell]:
    """The cells of a window's tensor where its ``entries`` are true."""
    every = itertools.product(*_axes(window, entries.shape))
    return set(itertools.compress(every, entries.reshape(-1).tolist()))


def _probe(step: Step, number: int, entries: Array) -> Array:
    """Which entries of a step's value depend on those ``entries`` of one operand."""
    operands = [np.ones(np.shape(one)) for one in step.operands]
    operands[number][entries] = np.nan
    try:
        return np.isnan(np.asarray(step.formula.compute(*operands), dtype=np.float64))
    except (ValueError, TypeError, OverflowError):
        return np.full(np.shape(step.value), entries.any())


def _halved(step: Step, number: int, wanted: Array) -> Array:
    """Which entries of one operand the ``wanted`` entries of a step's value depend on."""
    shape = np.shape(step.operands[number])
    found = np.zeros(int(np.prod(shape)), dtype=bool)
    pending = [(0, found.size)]
    while pending:
        low, high = pending.pop()
        some = np.zeros(found.size, dtype=bool)
        some[low:high] = True
        if not (_probe(step, number, some.reshape(shape)) & wanted).any():
            continue
        if high - low == 1 or not wanted.shape:
            found |= some
        else:
            middle = (low + high) // 2
            pending += [(low, middle), (middle, high)]
    return found.reshape(shape)


def _reached(trace: Trace, step: Step, number: int, entries: Array) -> Array:
    """As :func:`_probe`; in a dot product, what meets a 0 that nobody worked out is not used."""
    if step.formula is f.DOT:
        entries = entries & ~_idle(trace, step, 1 - number)
    return _probe(step, number, entries)


def _needed(trace: Trace, step: Step, number: int, wanted: Array) -> Array:
    """As :func:`_halved`; in a dot product, what meets a 0 that nobody worked out is not used."""
    needed = _halved(step, number, wanted)
    return needed & ~_idle(trace, step, 1 - number) if step.formula is f.DOT else needed


def _idle(trace: Trace, step: Step, number: int) -> Array:
    """Which entries of an operand depend on nothing at all, as the zeros of a Toeplitz matrix beside its kernel."""
    read, shape = step.reads[number], np.shape(step.operands[number])
    idle = np.zeros(shape, dtype=bool)
    cells = set(itertools.product(*_axes(read, shape)))
    for position in _touching(trace, read.tensor, cells, _written):
        writer = trace.steps[position]
        depends = np.zeros(np.shape(writer.value), dtype=bool)
        for one, operand in enumerate(writer.operands):
            depends |= _probe(writer, one, np.ones(np.shape(operand), dtype=bool))
        idle |= _entries(read, shape, _cells(writer.target, ~depends))
    return idle
