"""A Trace remembers how every number of a forward pass came to be, and computes each step only when it is looked at.

A :class:`Step` is a spreadsheet cell that knows its formula: it reads windows of named tensors and writes a window of
another. Three laws hold for every trace:

1. a step's value is its formula applied to the windows it reads;
2. every cell of every written tensor is written exactly once;
3. no step reads a cell that an earlier step has not written (inputs count as written).
"""

from __future__ import annotations

import bisect
import itertools
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias, overload

import numpy as np
import numpy.typing as npt

from cnn_tutor.engine.formula import Formula

Array: TypeAlias = npt.NDArray[Any]
Cell: TypeAlias = tuple[int, ...]
Index: TypeAlias = tuple[int | slice, ...]


class Window(NamedTuple):
    """A part of one named tensor.

    ``index`` is a NumPy basic index (integers and slices, 0-based): ``tensors[tensor][index]`` are the cells; ``()``
    is the whole tensor.
    """

    tensor: str
    index: Index = ()  # type: ignore[assignment]


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One operation a person would do: ``op`` names its kind, ``formula`` turns what it ``reads`` into ``value``."""

    op: str
    formula: Formula
    reads: tuple[Window, ...]
    writes: tuple[Window, ...]
    value: Any
    operands: tuple[Any, ...]
    """The values of ``reads``, in the same order."""

    @property
    def target(self) -> Window:
        """The one window this step writes."""
        return self.writes[0]


class Plan(NamedTuple):
    """A step before it is computed: everything but the numbers."""

    op: str
    formula: Formula
    reads: tuple[Window, ...]
    target: Window


@dataclass(frozen=True, slots=True)
class Block:
    """``count`` repetitions of ``width`` steps; ``plan(item, part)`` describes one of them in O(1).

    An item is what a person finishes before going on: one output cell, one set of numbers that share a mean.
    ``grid`` is the shape whose cells the items are, row-major, if along each of its axes what a part reads and writes
    only moves forward; ``()`` where that is not so. It is how :mod:`cnn_tutor.engine.find` finds a step. ``every``
    describes all steps of an item, where that costs less than one after the other.
    """

    count: int
    width: int
    plan: Callable[[int, int], Plan]
    grid: tuple[int, ...] = ()
    every: Callable[[int], Sequence[Plan]] | None = None

    def plans(self, item: int) -> tuple[Plan, ...]:
        """The steps of an item."""
        if self.every is not None:
            return tuple(self.every(item))
        return tuple(self.plan(item, part) for part in range(self.width))

    def __len__(self) -> int:
        return self.count * self.width


def over(
    grid: Sequence[int],
    width: int,
    plan: Callable[[int, int], Plan],
    every: Callable[[int], Sequence[Plan]] | None = None,
) -> Block:
    """A block with an item for each cell of ``grid``."""
    return Block(math.prod(grid), width, plan, tuple(grid), every)


def block(*plans: Plan) -> Block:
    """A block of steps known beforehand, done once."""
    return Block(1, len(plans), lambda _, part: plans[part], every=lambda _: plans)


@dataclass(frozen=True, slots=True)
class Lazy:
    """A tensor built when it is read: one entry at a time through ``cell``, or all of it through ``whole``.

    ``cell`` gets the first ``rank`` integers of an index and returns what lies there.
    """

    whole: Callable[[], Array]
    rank: int = 0
    cell: Callable[[Cell], Any] | None = None

    @np.errstate(all="ignore")
    def __getitem__(self, index: Index) -> Any:
        lead = tuple(at for at in index[: self.rank] if not isinstance(at, slice))
        if self.cell is None or len(lead) < self.rank:
            return self.whole()[index]
        entry = self.cell(lead)
        return entry[index[self.rank :]] if index[self.rank :] else entry


class Tensors(Mapping[str, Array]):
    """The named tensors of a trace; a lazy one is built as a whole only when asked for by name."""

    def __init__(self, stored: Mapping[str, Array | Lazy]) -> None:
        self._stored = dict(stored)

    def __getitem__(self, name: str) -> Array:
        return np.asarray(self._stored[name][()])

    def __contains__(self, name: object) -> bool:
        return name in self._stored

    def __iter__(self) -> Iterator[str]:
        return iter(self._stored)

    def __len__(self) -> int:
        return len(self._stored)

    def read(self, window: Window) -> Any:
        """The cells of one window, without building the rest of its tensor."""
        return self._stored[window.tensor][window.index]

    def renamed(self, names: Mapping[str, str]) -> Tensors:
        """The same tensors; those in ``names`` under their new name."""
        return Tensors({names.get(name, name): tensor for name, tensor in self._stored.items()})

    def __or__(self, other: Tensors) -> Tensors:
        return Tensors(self._stored | other._stored)


class Steps(Sequence[Step]):
    """The steps of a trace in the order a person would do them; length, indexing and slicing cost O(1) a step."""

    def __init__(self, blocks: Sequence[Block], tensors: Tensors) -> None:
        self.blocks = tuple(one for one in blocks if len(one))
        self._ends = list(itertools.accumulate(len(one) for one in self.blocks))
        self._tensors = tensors

    def __len__(self) -> int:
        return self._ends[-1] if self._ends else 0

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> list[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | list[Step]:
        if isinstance(index, slice):
            return [self._step(i) for i in range(*index.indices(len(self)))]
        position = index + len(self) if index < 0 else index
        if not 0 <= position < len(self):
            raise IndexError(f"step {index} of {len(self)}")
        return self._step(position)

    def locate(self, position: int) -> tuple[int, int, int]:
        """(block, item, part) of the step at ``position``."""
        number = bisect.bisect_right(self._ends, position)
        start = self._ends[number - 1] if number else 0
        return number, *divmod(position - start, self.blocks[number].width)

    def _step(self, position: int) -> Step:
        number, item, part = self.locate(position)
        plan = self.blocks[number].plan(item, part)
        operands = tuple(self._tensors.read(window) for window in plan.reads)
        return Step(plan.op, plan.formula, plan.reads, (plan.target,), plan.formula.compute(*operands), operands)


@dataclass(frozen=True, slots=True, eq=False)
class Story:
    """How an output came to be: the named tensors, the blocks of steps, the names that were given and the result's."""

    tensors: Tensors
    blocks: tuple[Block, ...]
    inputs: tuple[str, ...]
    result: str = "y"


@dataclass(frozen=True, eq=False)
class Trace:
    """The ``output`` of an op and its story, which is put together only when it is first asked for."""

    output: Array
    tell: Callable[[], Story] = field(repr=False)

    @cached_property
    def story(self) -> Story:
        return self.tell()

    @property
    def tensors(self) -> Tensors:
        """Every named tensor: what was given, what was worked out on the way, and the output."""
        return self.story.tensors

    @property
    def blocks(self) -> tuple[Block, ...]:
        return self.story.blocks

    @property
    def inputs(self) -> tuple[str, ...]:
        """The names of the tensors that were given."""
        return self.story.inputs

    @property
    def result(self) -> str:
        """The name of the output tensor."""
        return self.story.result

    @cached_property
    def steps(self) -> Steps:
        """Every step, in the order a person would do them."""
        return Steps(self.blocks, self.tensors)

    def __array__(self, dtype: npt.DTypeLike | None = None, copy: bool | None = None) -> Array:
        return np.array(self.output, dtype=dtype, copy=copy)

    def __int__(self) -> int:
        return int(self.output)

    __index__ = __int__

    def renamed(self, names: Mapping[str, str]) -> Trace:
        """The same trace under other tensor names."""

        def rename(window: Window) -> Window:
            return Window(names.get(window.tensor, window.tensor), window.index)

        def relabel(old: Block) -> Block:
            def renamed(was: Plan) -> Plan:
                return Plan(was.op, was.formula, tuple(map(rename, was.reads)), rename(was.target))

            def plan(item: int, part: int) -> Plan:
                return renamed(old.plan(item, part))

            return Block(old.count, old.width, plan, old.grid, lambda item: [*map(renamed, old.plans(item))])

        def tell() -> Story:
            return Story(
                self.tensors.renamed(names),
                tuple(map(relabel, self.blocks)),
                tuple(names.get(name, name) for name in self.inputs),
                names.get(self.result, self.result),
            )

        return Trace(self.output, tell)


def chain(first: Trace, *others: Trace) -> Trace:
    """One trace from several whose tensors share names: what one writes a later one reads."""
    last = others[-1] if others else first

    def tell() -> Story:
        tensors, blocks, inputs = first.tensors, first.blocks, list(first.inputs)
        written = {first.result}
        for other in others:
            tensors = tensors | other.tensors
            blocks += other.blocks
            inputs += [name for name in other.inputs if name not in written and name not in inputs]
            written.add(other.result)
        return Story(tensors, blocks, tuple(inputs), last.result)

    return Trace(last.output, tell)


def unravel(item: int, shape: Sequence[int]) -> Cell:
    """The row-major index of the ``item``-th cell of a tensor of ``shape``."""
    index = []
    for size in reversed(shape):
        item, at = divmod(item, size)
        index.append(at)
    return tuple(reversed(index))
