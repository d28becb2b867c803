"""Which numbers hang together: what a cell was worked out from, what it is used for, and what it is multiplied with.

Everything here follows from what the steps of a trace read and write. Within a step, an entry matters to another if a
NaN in its place gets there: NaN goes through every sum, product and maximum. A step is found without looking at all
the others, by halving the grid that its block is numbered over.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from cnn_tutor.engine import formula as f
from cnn_tutor.engine.find import READS, WRITES, Windows, holds, touching
from cnn_tutor.engine.trace import Array, Cell, Step, Trace, Window

Linked: TypeAlias = Mapping[str, set[Cell]]
"""Cells by their tensor."""


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

    return _followed(trace, tensor, cells, WRITES, sources)


def feeds(trace: Trace, tensor: str, cells: Iterable[Cell]) -> Linked:
    """Every cell that the numbers in ``cells`` are used for, at any distance; themselves included."""

    def uses(step: Step, found: Linked) -> Iterator[tuple[str, set[Cell]]]:
        reached = np.zeros(np.shape(step.value), dtype=bool)
        for number, read in enumerate(step.reads):
            tainted = _entries(read, np.shape(step.operands[number]), found.get(read.tensor, set()))
            reached |= _reached(trace, step, number, tainted)
        yield step.target.tensor, _cells(step.target, reached)

    return _followed(trace, tensor, cells, READS, uses)


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
        touched = {place for name, new in fresh.items() for place in touching(trace, name, new, windows)}
        fresh = {}
        for position in touched:
            for name, reached in onward(trace.steps[position], found):
                new = reached - found.get(name, set())
                if new:
                    fresh.setdefault(name, set()).update(new)
    return found


def pairs(trace: Trace, tensor: str, cell: Cell) -> Iterator[Pair]:
    """Every pair that a cell is one half of, in the order in which a person multiplies them."""
    for position in sorted(touching(trace, tensor, {cell}, READS)):
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
    for position in touching(trace, tensor, set(order), WRITES):
        number, item, part = trace.steps.locate(position)
        target = trace.steps.blocks[number].plan(item, part).target
        places |= dict.fromkeys(itertools.compress(order, holds(target, array).tolist()), position)
    return places


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


_ENTRYWISE = frozenset(
    (f.COPY, f.UNROLL, f.PLUS, f.MINUS, f.TIMES, f.OVER, f.SQUARE, f.RELU, f.EXP, f.EXP_NEGATIVE, f.LOGISTIC)
)
"""Formulas whose entries go with those of an operand of the same size, one by one."""


def _is_entrywise(step: Step, number: int) -> bool:
    return step.formula in _ENTRYWISE and np.size(step.operands[number]) == np.size(step.value)


def _probe(step: Step, number: int, entries: Array) -> Array:
    """Which entries of a step's value depend on those ``entries`` of one operand."""
    if _is_entrywise(step, number):
        return entries.reshape(np.shape(step.value))
    operands = [np.ones(np.shape(one)) for one in step.operands]
    operands[number][entries] = np.nan
    try:
        return np.isnan(np.asarray(step.formula.compute(*operands), dtype=np.float64))
    except (ValueError, TypeError, OverflowError):
        return np.full(np.shape(step.value), entries.any())


def _halved(step: Step, number: int, wanted: Array) -> Array:
    """Which entries of one operand the ``wanted`` entries of a step's value depend on."""
    shape = np.shape(step.operands[number])
    if _is_entrywise(step, number):
        return wanted.reshape(shape)
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
    for position in touching(trace, read.tensor, cells, WRITES):
        writer = trace.steps[position]
        depends = np.zeros(np.shape(writer.value), dtype=bool)
        for one, operand in enumerate(writer.operands):
            depends |= _probe(writer, one, np.ones(np.shape(operand), dtype=bool))
        idle |= _entries(read, shape, _cells(writer.target, ~depends))
    return idle
