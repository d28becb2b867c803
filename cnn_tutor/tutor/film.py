"""An exercise as a film: every step of its layers, one layer after the other, each worked out when it is looked at."""

from __future__ import annotations

import bisect
import itertools
from dataclasses import dataclass
from functools import cached_property

from cnn_tutor.engine import Step, Trace, chain
from cnn_tutor.engine.links import written_at
from cnn_tutor.engine.trace import Cell
from cnn_tutor.lesson.network import LayerTrace, run
from cnn_tutor.lesson.schema import Exercise
from cnn_tutor.tutor.remembered import remembered


@dataclass(frozen=True, eq=False)
class Film:
    """The layers of ``exercise``, run. A position counts steps from 0, over all layers."""

    exercise: Exercise
    network: tuple[LayerTrace, ...]

    @cached_property
    def ends(self) -> tuple[int, ...]:
        """The position behind the last step of each layer."""
        return tuple(itertools.accumulate(len(source.trace.steps) for source in self.network))

    @cached_property
    def trace(self) -> Trace:
        """All layers as one trace."""
        return chain(*(source.trace for source in self.network))

    def __len__(self) -> int:
        return self.ends[-1] if self.ends else 0

    def locate(self, position: int) -> tuple[LayerTrace, int]:
        """The layer of the step at ``position``, and its position there."""
        number = bisect.bisect_right(self.ends, position)
        return self.network[number], position - (self.ends[number - 1] if number else 0)

    def step(self, position: int) -> Step:
        """The step at ``position``, worked out."""
        source, local = self.locate(position)
        return source.trace.steps[local]

    def item(self, position: int) -> tuple[int, int]:
        """Where the output cell (or set, or row) that a step belongs to begins, and where the next one does."""
        source, local = self.locate(position)
        block, _, part = source.trace.steps.locate(local)
        begin = position - part
        return begin, begin + source.trace.steps.blocks[block].width

    def source(self, output: str) -> LayerTrace | None:
        """The layer that writes ``output``, if any does."""
        return next((source for source in self.network if source.output == output), None)


def film(exercise: Exercise) -> Film:
    """The film of an exercise. Raises ShapeError when something in it does not fit."""
    return Film(exercise, run(exercise))


@remembered(64)
def writers(source: LayerTrace, tensor: str, axes: tuple[range, ...]) -> dict[Cell, int]:
    """The positions, within their layer, of the steps that write the cells of a part of a tensor."""
    return written_at(source.trace, tensor, itertools.product(*axes))
